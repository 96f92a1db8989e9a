#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Form encoding, as DirectAdmin writes and reads it.
namespace splitdelivery::mailserver::directadmin {

/// In the order of the text; a key may be repeated (`list[]=a&list[]=b`).
using FormFields = std::vector<std::pair<std::string, std::string>>;

/// `a=1&b=2`, keys and values percent-encoded.
[[nodiscard]] std::string encodeForm(const FormFields& fields);

/// The fields of a form-encoded answer; nothing when the text is none (no '=', tags, line breaks).
///
/// Old versions of DirectAdmin write a character as `&#` and two decimal digits without a semicolon,
/// separators too: those are undone before the text is split. Values are decoded once; a value that
/// is a form of its own is parsed by a second call.
[[nodiscard]] std::optional<FormFields> parseForm(std::string_view text);

/// The fields of all lines together. Lines that are no form are left out: records are written in ways
/// that we know nothing of. Nothing when no line is one, or when something in the text could be markup.
[[nodiscard]] std::optional<FormFields> parseFormLines(std::string_view text);

/// The first value of that key; nullptr when there is none.
[[nodiscard]] const std::string* findField(const FormFields& fields, std::string_view key);

}  // namespace splitdelivery::mailserver::directadmin
