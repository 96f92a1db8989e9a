#include "mailserver/directadmin/form.h"

#include <algorithm>

#include "http/percent.h"
#include "mailserver/directadmin/ascii.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

constexpr bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

std::string withoutEntities(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool entity =
        text.substr(i, 2) == "&#" && i + 3 < text.size() && isDigit(text[i + 2]) && isDigit(text[i + 3]);
    if (!entity) {
      result += text[i];
      continue;
    }
    result += static_cast<char>((text[i + 2] - '0') * 10 + (text[i + 3] - '0'));
    i += 3;
  }
  return result;
}

}  // namespace

std::string encodeForm(const FormFields& fields) {
  std::string result;
  for (const auto& [key, value] : fields) {
    if (!result.empty()) result += '&';
    result += http::percentEncoded(key);
    result += '=';
    result += http::percentEncoded(value);
  }
  return result;
}

std::optional<FormFields> parseForm(std::string_view text) {
  text = trimmed(text);
  const bool encoded = std::none_of(text.begin(), text.end(), [](char c) { return isControl(c) || c == '<'; });
  if (!encoded) return std::nullopt;

  const std::string plain = withoutEntities(text);
  FormFields fields;
  for (std::string_view rest = plain; !rest.empty();) {
    const std::string_view field = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), field.size() + 1));
    if (field.empty()) continue;
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    fields.emplace_back(http::percentDecoded(field.substr(0, equals)), http::percentDecoded(field.substr(equals + 1)));
  }
  if (fields.empty()) return std::nullopt;
  // A blank is written as '+': only messages were seen with bare ones. Prose with a '=' in it is no list.
  if (contains(text, " ") && findField(fields, "error") == nullptr) return std::nullopt;
  return fields;
}

std::optional<FormFields> parseFormLines(std::string_view text) {
  if (contains(text, "<")) return std::nullopt;
  FormFields all;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto fields = parseForm(line);
    if (fields) all.insert(all.end(), fields->begin(), fields->end());
  }
  if (all.empty()) return std::nullopt;
  return all;
}

const std::string* findField(const FormFields& fields, std::string_view key) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [key](const auto& field) { return field.first == key; });
  return found == fields.end() ? nullptr : &found->second;
}

}  // namespace splitdelivery::mailserver::directadmin
