#include "base/text.h"

#include <gtest/gtest.h>

namespace splitdelivery::base {
namespace {

TEST(AShortenedText, IsTheTextWhereItFits) {
  EXPECT_EQ(shortened("", 8), "");
  EXPECT_EQ(shortened("12345678", 8), "12345678");
}

TEST(AShortenedText, EndsInAnEllipsisWithinTheLimit) {
  EXPECT_EQ(shortened("123456789", 8), "12345…");
  EXPECT_EQ(shortened(std::string(5000, 'a'), 1024).size(), 1024U);
}

TEST(AShortenedText, IsCutBetweenTwoCharacters) {
  EXPECT_EQ(shortened("1234äöü", 8), "1234…") << "no half of the ä is left";
  EXPECT_EQ(shortened("123ä56789", 8), "123ä…");
  EXPECT_EQ(shortened("12€456789", 8), "12€…");
  EXPECT_EQ(shortened("1😀23456789", 8), "1😀…");
  EXPECT_EQ(shortened("😀😀😀", 6), "…");
}

}  // namespace
}  // namespace splitdelivery::base
