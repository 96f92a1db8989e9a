#include "http/query.h"

#include <gtest/gtest.h>

namespace splitdelivery::http {
namespace {

TEST(AQuery, GivesTheValueOfAParameter) {
  EXPECT_EQ(queryValue("find=a&page=2", "page"), "2");
  EXPECT_EQ(queryValue("find=a&page=2", "find"), "a");
  EXPECT_EQ(queryValue("refresh", "refresh"), "");
  EXPECT_EQ(queryValue("&&refresh=&", "refresh"), "");
  EXPECT_EQ(queryValue("find=a=b", "find"), "a=b");
  EXPECT_EQ(queryValue("xfind=a&findx=b", "find"), std::nullopt);
  EXPECT_EQ(queryValue("", "find"), std::nullopt);
}

TEST(AQuery, IsDecodedAndWhatIsNoEncodingStays) {
  EXPECT_EQ(queryValue("find=%3Cb%3e+x%20y", "find"), "<b> x y");
  EXPECT_EQ(queryValue("find=100%&x", "find"), "100%");
  EXPECT_EQ(queryValue("find=%4", "find"), "%4");
  EXPECT_EQ(queryValue("find=%zz%+1%-1", "find"), "%zz% 1%-1");
}

TEST(AQuery, IsCut) {
  EXPECT_EQ(queryValue("find=" + std::string(5000, 'a'), "find"), std::string(200, 'a'));
}

}  // namespace
}  // namespace splitdelivery::http
