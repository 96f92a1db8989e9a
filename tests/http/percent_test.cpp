#include "http/percent.h"

#include <gtest/gtest.h>

namespace splitdelivery::http {
namespace {

TEST(PercentEncoding, LeavesOnlyWhatIsSafeEverywhere) {
  EXPECT_EQ(percentEncoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percentEncoded("a b&c=d+e/f?g,h%@"), "a%20b%26c%3Dd%2Be%2Ff%3Fg%2Ch%25%40");
  EXPECT_EQ(percentEncoded("o'neil#"), "o%27neil%23");
  EXPECT_EQ(percentEncoded("\xC3\xA6\n"), "%C3%A6%0A");
  EXPECT_EQ(percentEncoded(std::string_view("\0\xFF", 2)), "%00%FF");
  EXPECT_EQ(percentEncoded(""), "");
}

}  // namespace
}  // namespace splitdelivery::http
