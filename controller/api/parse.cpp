#include "api/parse.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>

#include "api/parse_parts.h"
#include "api/suggest.h"

namespace splitdelivery::api {
namespace {

void checkAnnotations(const Metadata& metadata, FieldErrors& errors) {
  const auto note = [&](std::string_view name, std::string message) {
    errors.push_back({fieldPath("metadata.annotations", name), std::move(message)});
  };
  for (const auto name : {annotation::kAdopt, annotation::kDelete}) {
    const auto found = metadata.annotations.find(name);
    if (found == metadata.annotations.end() || found->second == "true" || found->second == "false") continue;
    note(name, R"(must be "true" or "false", in quotes)");
  }
  // A slip in one of ours would be ignored without a word, and an approval or adoption with it.
  static constexpr auto kKnown = std::to_array<std::string_view>(
      {annotation::kAdopt, annotation::kApprovedPlan, annotation::kReconcileAt, annotation::kDelete});
  for (const auto& [name, value] : metadata.annotations) {
    const bool ours = std::string_view(name).starts_with(annotation::kPrefix);
    if (ours && std::ranges::find(kKnown, name) == kKnown.end()) {
      note(name, "is no annotation that splitdelivery knows" + didYouMean(name, kKnown));
    }
  }
}

}  // namespace

Parsed<SplitDeliveryDomain> parseSplitDeliveryDomain(const Value& document) {
  FieldErrors unknown;
  auto parsed = parseKnownFields(document, unknown);
  if (unknown.empty()) return parsed;
  FieldErrors errors = parsed ? FieldErrors{} : std::move(parsed).error();
  std::ranges::move(unknown, std::back_inserter(errors));
  sortAsIn(document, errors);
  return tl::unexpected(std::move(errors));
}

Parsed<SplitDeliveryDomain> parseKnownFields(const Value& document, std::vector<FieldError>& passedOver) {
  FieldErrors errors;
  const Fields fields(&document, "", {"apiVersion", "kind", "metadata", "spec", "status"}, errors);
  checkType(fields, kApiVersion, kKind);
  Metadata metadata = parseMetadata(fields);
  checkAnnotations(metadata, errors);
  SplitDeliveryDomain resource{std::move(metadata.key), metadata.generation, std::move(metadata.annotations),
                               metadata.createdAt, parseSpec(fields)};
  const auto unknown = std::ranges::stable_partition(errors, std::logical_not<>{}, &FieldError::isUnknownField);
  passedOver.assign(std::make_move_iterator(unknown.begin()), std::make_move_iterator(unknown.end()));
  errors.erase(unknown.begin(), unknown.end());
  if (errors.empty()) return resource;
  sortAsIn(document, errors);
  return tl::unexpected(std::move(errors));
}

}  // namespace splitdelivery::api
