#include <algorithm>
#include <unordered_map>

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

constexpr Fields::Words kDocumentKeys{"apiVersion", "kind", "metadata", "data", "stringData", "type", "immutable"};
constexpr Fields::Words kCredentialKeys{"clientId", "clientSecret", "refreshToken", "username", "loginKey"};

/// A key that nobody knows may be a value in the wrong place, as in `loginKey=…` or a line that lost its indentation:
/// its place is told instead.
void hideUnknownKeys(const Value& map, std::string_view parent, Fields::Words known, FieldErrors& errors) {
  const auto* entries = std::get_if<Value::Map>(&map.data);
  if (entries == nullptr) return;
  std::unordered_map<std::string, std::string> places;
  for (std::size_t index = 0; index < entries->size(); ++index) {
    const std::string& key = (*entries)[index].first;
    if (std::ranges::find(known, key) != known.end()) continue;
    places.try_emplace(fieldPath(parent, key),
                       (parent.empty() ? "key " : std::string(parent) + ", key ") + std::to_string(index + 1));
  }
  for (FieldError& error : errors) {
    if (const auto hidden = places.find(error.path); hidden != places.end()) error.path = hidden->second;
  }
}

}  // namespace

Parsed<SecretObject> parseSecret(const Value& document) {
  FieldErrors errors;
  const Fields fields(&document, "", kDocumentKeys, errors);
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
  hideUnknownKeys(document, "", kDocumentKeys, errors);
  for (const std::string_view part : {"data", "stringData"}) {
    if (const Value* map = document.find(part)) hideUnknownKeys(*map, part, kCredentialKeys, errors);
  }
  return tl::unexpected(std::move(errors));
}

}  // namespace splitdelivery::api
