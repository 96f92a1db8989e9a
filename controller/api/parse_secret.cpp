#include <algorithm>

#include "api/base64.h"
#include "api/parse_parts.h"

namespace splitdelivery::api {
namespace {

/// `echo key | base64` and `|` blocks end in a line end that no credential has, and that every
/// provider answers with "wrong password".
std::string withoutLineEnd(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

bool isDataKey(std::string_view key) {
  return !key.empty() && key.size() <= 253 && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

}  // namespace

Parsed<SecretObject> parseSecret(const Value& document) {
  FieldErrors errors;
  const Fields fields(&document, "", {"apiVersion", "kind", "metadata", "data", "stringData", "type", "immutable"},
                      errors);
  checkType(fields, "v1", "Secret");
  Metadata metadata = parseMetadata(fields);
  SecretObject secret{std::move(metadata.key), {}};
  if (const auto servers = metadata.annotations.find(annotation::kServers); servers != metadata.annotations.end()) {
    auto patterns = parseServerPatterns(servers->second);
    if (!patterns) {
      errors.push_back({fieldPath("metadata.annotations", annotation::kServers), patterns.error().message});
    }
    secret.servers = std::move(patterns).value_or(std::vector<ServerPattern>{});
  }
  const auto keep = [&](std::string_view part, const std::string& key, std::string value) {
    if (!isDataKey(key)) errors.push_back({fieldPath(part, key), "must be letters, digits, hyphens, _ and dots"});
    secret.values.insert_or_assign(key, base::Secret(withoutLineEnd(std::move(value))));
  };
  for (const auto& [key, text] : fields.textMap("data")) {
    auto decoded = decodeBase64(text);
    if (!decoded) {
      errors.push_back({fieldPath("data", key), "must be base64: write plain text into stringData instead"});
    }
    keep("data", key, std::move(decoded).value_or(""));
  }
  for (const auto& [key, text] : fields.textMap("stringData")) keep("stringData", key, text);
  static_cast<void>(fields.text("type"));
  static_cast<void>(fields.flag("immutable", false));
  if (errors.empty()) return secret;
  sortAsIn(document, errors);
  return tl::unexpected(std::move(errors));
}

}  // namespace splitdelivery::api
