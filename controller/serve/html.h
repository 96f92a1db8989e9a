#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace splitdelivery::serve {

/// `text` with a mark in place of each e-mail address. An address has no white space in it, so the whole word goes.
[[nodiscard]] std::string withoutAddresses(std::string_view text);

/// Writes an HTML page. Markup comes from literals alone; all else is escaped on its way in, and so nothing that
/// somebody else has written can become markup, in a text or in a quoted attribute.
class Html {
 public:
  /// `addresses`: whether e-mail addresses may be shown.
  explicit Html(bool addresses) : addresses_(addresses) {}

  /// Markup of ours.
  template <std::size_t N>
  Html& operator<<(const char (&markup)[N]) {  // NOLINT(modernize-avoid-c-arrays): what a literal is
    out_.append(markup, N - 1);
    return *this;
  }
  /// Text from anywhere, without addresses unless they may be shown.
  Html& text(std::string_view text);
  /// Text of ours, such as a command with a path in it: shown as it is.
  Html& ours(std::string_view text);
  Html& number(std::uint64_t number);
  /// A literal that was chosen among several.
  Html& markup(std::string_view literal) {
    out_.append(literal);
    return *this;
  }

  [[nodiscard]] bool addresses() const { return addresses_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool addresses_;
};

}  // namespace splitdelivery::serve
