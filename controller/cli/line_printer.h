#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace splitdelivery::cli {

/// Text fit for a terminal: control characters, and those that turn the direction of writing, become '?'. What mail
/// servers and other people write may hold any.
[[nodiscard]] std::string plain(std::string_view text);

/// Writes lines for a person; a line's colour follows from its first sign (`+ - ~ ! ⏸ ✗ ✓`).
class LinePrinter {
 public:
  /// `out` outlives this. `colour`: ANSI colours.
  LinePrinter(std::ostream& out, bool colour) : out_(out), colour_(colour) {}

  void line(std::string_view indent, std::string_view text);
  void headline(std::string_view text);
  void gap();

 private:
  std::ostream& out_;
  bool colour_;
};

}  // namespace splitdelivery::cli
