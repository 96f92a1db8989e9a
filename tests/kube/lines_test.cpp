#include "kube/lines.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace splitdelivery::kube {
namespace {

using ::testing::ElementsAre;

TEST(Lines, AreTheSameHoweverTheBytesAreDealtOut) {
  const std::string text = "one\n\ntwo three\n" + std::string(50, 'x') + "\nrest";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    Lines lines(100);
    std::vector<std::string> got;
    for (std::size_t at = 0; at < text.size(); at += size) {
      ASSERT_TRUE(
          lines.feed(std::string_view(text).substr(at, size), [&](std::string_view line) { got.emplace_back(line); }));
    }
    EXPECT_THAT(got, ElementsAre("one", "two three", std::string(50, 'x'))) << size;
  }
}

TEST(Lines, LongerThanTheLongestEndTheStream) {
  Lines lines(10);
  const auto ignore = [](std::string_view) {};
  EXPECT_TRUE(lines.feed("0123456789\n", ignore));
  EXPECT_TRUE(lines.feed("01234", ignore));
  EXPECT_FALSE(lines.feed("5678901", ignore));
}

}  // namespace
}  // namespace splitdelivery::kube
