#include "cli/line_printer.h"

#include <array>
#include <cstdint>
#include <ostream>

namespace splitdelivery::cli {
namespace {

struct Colour {
  std::string_view sign;
  std::string_view code;
};

constexpr auto kColours = std::to_array<Colour>({{"+", "\x1b[32m"},
                                                 {"✓", "\x1b[32m"},
                                                 {"-", "\x1b[31m"},
                                                 {"~", "\x1b[33m"},
                                                 {"!", "\x1b[35m"},
                                                 {"⏸", "\x1b[33m"},
                                                 {"✗", "\x1b[31m"}});

std::uint8_t byteAt(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
}

/// How many bytes at `at` make one character that is no text: C0, DEL, C1 (U+0080–U+009F), U+200E, U+200F,
/// U+2028–U+202E and U+2066–U+2069; 0 when what stands there is text.
std::size_t controlAt(std::string_view text, std::size_t at) {
  const auto first = byteAt(text, at);
  const auto second = byteAt(text, at + 1);
  const auto third = byteAt(text, at + 2);
  if (first < 0x20 || first == 0x7F) return 1;
  if (first == 0xC2 && second >= 0x80 && second <= 0x9F) return 2;
  const bool marks =
      first == 0xE2 && second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE));
  const bool isolates = first == 0xE2 && second == 0x81 && third >= 0xA6 && third <= 0xA9;
  return marks || isolates ? 3 : 0;
}

/// Bytes of the UTF-8 character at `at`; 0 when there is none: a terminal may take a stray byte for a control.
std::size_t characterAt(std::string_view text, std::size_t at) {
  const auto first = byteAt(text, at);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (at + size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byteAt(text, at + i) & 0xC0U) != 0x80U) return 0;
  }
  return size;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t control = controlAt(text, at);
    const std::size_t size = control > 0 ? 0 : characterAt(text, at);
    if (size > 0) {
      clean += text.substr(at, size);
      at += size;
    } else {
      clean += '?';
      at += control > 0 ? control : 1;
    }
  }
  return clean;
}

void LinePrinter::line(std::string_view indent, std::string_view text) {
  std::string_view code;
  for (const Colour& colour : kColours) {
    if (colour_ && text.starts_with(colour.sign)) code = colour.code;
  }
  out_ << indent << code << plain(text) << (code.empty() ? "" : "\x1b[0m") << "\n";
}

void LinePrinter::headline(std::string_view text) {
  out_ << (colour_ ? "\x1b[1m" : "") << plain(text) << (colour_ ? "\x1b[0m" : "") << "\n";
}

void LinePrinter::gap() {
  out_ << "\n";
}

}  // namespace splitdelivery::cli
