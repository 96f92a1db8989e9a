#include "mailserver/directadmin/complaint.h"

#include <algorithm>
#include <array>

#include "mailserver/directadmin/ascii.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::ErrorKind;
using nlohmann::json;

/// Current versions write `error` and `result`, older ones `text` and `details`.
constexpr std::array<std::string_view, 4> kTexts{"error", "text", "details", "result"};

template <std::size_t N>
bool containsAny(std::string_view words, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [words](std::string_view part) { return contains(words, part); });
}

bool isNothing(std::string_view value) {
  return value.empty() || value == "0";
}

bool isError(const json& value) {
  if (value.is_string()) return !isNothing(trimmed(value.get_ref<const std::string&>()));
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  return value.is_object();
}

bool isFailure(const json& success) {
  if (success.is_boolean()) return !success.get<bool>();
  if (!success.is_string()) return false;
  const std::string said = lowered(success.get_ref<const std::string&>());
  return said == "no" || said == "false" || said == "0";
}

bool saysForeignDomain(std::string_view words) {
  return containsAny<2>(words, {"do not own", "does not belong to you"});
}

bool saysMissing(std::string_view words) {
  return containsAny<3>(words, {"not exist", "n't exist", "no such"});
}

}  // namespace

std::optional<Complaint> complaintIn(const json& body) {
  if (!body.is_object()) return std::nullopt;
  const auto error = body.find("error");
  const auto success = body.find("success");
  const bool complains = (error != body.end() && isError(*error)) || (success != body.end() && isFailure(*success));
  if (!complains) return std::nullopt;
  Complaint complaint;
  for (const std::string_view key : kTexts) {
    const auto text = body.find(key);
    if (text != body.end() && text->is_string()) complaint.words += lowered(text->get_ref<const std::string&>()) + "\n";
  }
  return complaint;
}

std::optional<Complaint> complaintIn(const FormFields& fields) {
  const std::string* error = findField(fields, "error");
  if (error == nullptr || isNothing(trimmed(*error))) return std::nullopt;
  Complaint complaint;
  for (const std::string_view key : kTexts) {
    if (const std::string* text = findField(fields, key)) complaint.words += lowered(*text) + "\n";
  }
  return complaint;
}

bool saysRefused(std::string_view words) {
  return containsAny<3>(words, {"not logged in", "does not exist in your authority level", "directadmin login"});
}

base::Error explain(const Complaint& complaint, const Command& command, const std::string& server) {
  const std::string& words = complaint.words;
  const bool read = command.effect == Effect::Read;
  // Seen for a foreign domain in a read; a write gets the same first line for other reasons too.
  const bool unknownDomain = read && (contains(words, "could not execute your request") || saysMissing(words));
  if (!command.domain.empty() && (saysForeignDomain(words) || unknownDomain)) {
    return {ErrorKind::Stall, "DomainNotOnServer",
            "the account at " + server + " does not have the domain " + command.domain +
                ": add it there, or correct the server, the user or spec.domain"};
  }
  if (!read && containsAny<2>(words, {"limit", "exceed"})) {
    return {ErrorKind::Refuse, "ForwarderLimitReached",
            server + " has no room for " + command.about +
                ": raise the account's limit of forwarders, or remove some that nobody needs"};
  }
  if (!read && contains(words, "exist") && !saysMissing(words)) {
    return {ErrorKind::Refuse, "AlreadyExists",
            server + " says that there is already one under the name of " + command.about +
                "; the next listing shows whose it is"};
  }
  return {
      ErrorKind::Refuse, "RefusedByServer",
      server + " refused " + command.name + " for " + command.about + ": try the same by hand in its panel to see why"};
}

}  // namespace splitdelivery::mailserver::directadmin
