#include "mailserver/directadmin/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/percent.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using http::percentDecoded;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;

std::string everyByte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

TEST(PercentDecoding, GivesEveryEncodedByteBack) {
  EXPECT_EQ(percentDecoded(http::percentEncoded(everyByte())), everyByte());
}

TEST(PercentDecoding, TakesPlusForABlankAndLeavesABrokenEscapeAlone) {
  EXPECT_EQ(percentDecoded("a+b%2bc%2Bd"), "a b+c+d");
  EXPECT_EQ(percentDecoded("100%"), "100%");
  EXPECT_EQ(percentDecoded("%4"), "%4");
  EXPECT_EQ(percentDecoded("%zz%4x%40"), "%zz%4x@");
}

TEST(AForm, IsReadBackAsItWasWritten) {
  const FormFields fields{{"action", "create"}, {"user", "a=b&c"}, {"email", everyByte()}, {"empty", ""}};
  EXPECT_EQ(parseForm(encodeForm(fields)), fields);
}

TEST(AForm, KeepsRepeatedKeysInTheirOrder) {
  EXPECT_THAT(parseForm("list[]=b&list[]=a"), Optional(ElementsAre(Pair("list[]", "b"), Pair("list[]", "a"))));
}

TEST(AForm, OfAnOldServerHasTwoDigitEntitiesForSeparatorsToo) {
  EXPECT_THAT(parseForm("anna&#61a&#64x&#46example&#38bob=b@x.example"),
              Optional(ElementsAre(Pair("anna", "a@x.example"), Pair("bob", "b@x.example"))));
  EXPECT_FALSE(parseForm("a=&#9")) << "one digit is no entity, and what is left has no '='";
}

TEST(AForm, ToleratesEmptyFieldsAndTheLineBreakAtTheEnd) {
  EXPECT_THAT(parseForm("\n&a=1&&b=2&\r\n"), Optional(ElementsAre(Pair("a", "1"), Pair("b", "2"))));
}

TEST(AForm, WhoseValueIsAFormAgainIsDecodedOnceAtATime) {
  const auto outer = parseForm("mara=quota%3D1024%26usage%3D12.4%26suspended%3Dno").value_or(FormFields{});
  ASSERT_THAT(outer, ElementsAre(Pair("mara", "quota=1024&usage=12.4&suspended=no")));
  EXPECT_THAT(parseForm(outer.front().second),
              Optional(ElementsAre(Pair("quota", "1024"), Pair("usage", "12.4"), Pair("suspended", "no"))));
}

TEST(AForm, IsWhatHasKeysAndNeitherTagsNorLinesNorBareBlanks) {
  for (const char* text : {"", "   ", "&&&", "hello", "a=1&hello", "=1", "<b>a=1</b>", "a=1\nb=2", "a=1\x01",
                           "Fatal: x=1 went wrong", "Bad Gateway"}) {
    EXPECT_FALSE(parseForm(text)) << text;
  }
}

TEST(AForm, MayHaveBareBlanksInAMessage) {
  const auto fields = parseForm("error=1&text=Not logged in&details=").value_or(FormFields{});
  EXPECT_THAT(findField(fields, "text"), ::testing::Pointee(std::string("Not logged in")));
}

TEST(AField, IsFoundByItsKeyOrNotAtAll) {
  const FormFields fields{{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(*findField(fields, "a"), "1");
  EXPECT_EQ(findField(fields, "b"), nullptr);
  EXPECT_THAT(encodeForm({}), IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
