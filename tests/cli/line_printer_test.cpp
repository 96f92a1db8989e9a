#include "cli/line_printer.h"

#include <gmock/gmock.h>

#include <sstream>

namespace splitdelivery::cli {
namespace {

TEST(PlainText, StaysAsItIs) {
  for (const char* text : {"", "anna@example.com → x", "⏸ ✗ · ✓", "Größe", "日本語", "\xF0\x9F\x93\xA7"}) {
    EXPECT_EQ(plain(text), text);
  }
}

TEST(PlainText, HasNothingThatControlsATerminal) {
  EXPECT_EQ(plain("a\x1b[31mb"), "a?[31mb");
  EXPECT_EQ(plain("a\r\n\tb\x7f"), "a???b?");
  EXPECT_EQ(plain(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(plain("C1: \xC2\x9B"
                  "31m and \x9B"
                  "31m"),
            "C1: ?31m and ?31m");
  EXPECT_EQ(plain("\xE2\x80\xAE"
                  "moc\xE2\x81\xA9"),
            "?moc?");
  EXPECT_EQ(plain("cut off \xE2\x80"), "cut off ??");
  EXPECT_EQ(plain("overlong \xC0\x9B"), "overlong ??");
}

TEST(ALine, HasTheColourOfItsFirstSignWhereColoursAreWanted) {
  std::ostringstream out;
  LinePrinter coloured(out, true);
  coloured.line("  ", "+ a");
  coloured.line("", "= 1");
  EXPECT_EQ(out.str(), "  \x1b[32m+ a\x1b[0m\n= 1\n");
  std::ostringstream bare;
  LinePrinter(bare, false).line("  ", "+ a\x1b");
  EXPECT_EQ(bare.str(), "  + a?\n");
}

}  // namespace
}  // namespace splitdelivery::cli
