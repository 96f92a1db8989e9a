#include "zoho/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zoho/payloads.h"

namespace splitdelivery::zoho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace payload = splitdelivery::testing::payload;

std::vector<std::string> shown(const Row& row) {
  std::vector<std::string> lines;
  for (const auto& entry : row.addresses) {
    EXPECT_FALSE(entry.blocked);
    lines.push_back(entry.address.text() + " " + std::to_string(entry.kinds.bits()));
  }
  return lines;
}

Page read(const std::string& json) {
  auto page = readGroups(Json::parse(json));
  return page ? std::move(*page) : Page{};
}

TEST(AGroupsPage, HoldsGroupsAndSharedMailboxesAndCountsDepartmentsForPagingOnly) {
  const Page page = read(payload::kGroups);
  EXPECT_EQ(page.received, 3U);
  EXPECT_EQ(page.claimed, 3U);
  EXPECT_EQ(page.skipped, 0U) << "a department has no address to leave out";
  EXPECT_FALSE(page.malformed);
  ASSERT_EQ(page.rows.size(), 3U);
  EXPECT_THAT(shown(page.rows[0]), ElementsAre("sales@fjordlab.example 4", "orders@fjordlab.example 8"));
  EXPECT_THAT(shown(page.rows[1]), ElementsAre("support@fjordlab.example 4", "help@fjordlab.example 8"));
  EXPECT_THAT(shown(page.rows[2]), IsEmpty());
  EXPECT_EQ(page.rows[2].id, "810220902");
}

TEST(AGroupsPage, MayBeTheArrayAlone) {
  const Page page = read(R"([{"zgid":"1","emailId":"a@fjordlab.example"},{"zgid":2,"emailId":"b@fjordlab.example"}])");
  EXPECT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.claimed, 0U);
}

TEST(AGroupsPage, MayLeaveTheListOutOnlyWhenItCountsNone) {
  EXPECT_TRUE(readGroups(Json::parse(R"({"count":0})")).has_value());
  EXPECT_TRUE(readGroups(Json::parse(R"({"count":"0","groups":null})")).has_value());
  EXPECT_TRUE(readGroups(Json::parse(R"({"count":0,"groups":[]})")).has_value());
  for (const char* data : {"{}", R"({"count":3})", R"({"groups":"x"})", "7", "\"x\""}) {
    EXPECT_FALSE(readGroups(Json::parse(data)).has_value()) << data;
  }
}

TEST(AGroupsPage, MayLeaveTheListOutBehindItsEnd) {
  for (const char* data : {R"({"count":3})", R"({"count":"3","groups":null})", R"({"count":0,"groups":[]})"}) {
    const auto page = readGroups(Json::parse(data), 3);
    ASSERT_TRUE(page.has_value()) << data;
    EXPECT_EQ(page->received, 0U);
    EXPECT_EQ(page->claimed, std::string_view(data).find('3') == std::string_view::npos ? 0U : 3U);
  }
  for (const char* data : {R"({"count":"x"})", R"({"groups":"x"})", R"({"name":"x"})", "7"}) {
    EXPECT_FALSE(readGroups(Json::parse(data), 3).has_value()) << data;
  }
}

struct Aliases {
  const char* list;
  std::vector<std::string> kept;
  std::uint32_t skipped = 0;
  bool malformed = false;
};

TEST(AGroupsAliases, ComeInManyForms) {
  const std::vector<Aliases> cases{
      {R"([])", {}},
      {R"(null)", {}},
      {R"("")", {}},
      {R"("a@fjordlab.example")", {"a@fjordlab.example 8"}},
      {R"({"mailId":"a@fjordlab.example"})", {"a@fjordlab.example 8"}},
      {R"(["A@fjordlab.example",{"mailId":"b@fjordlab.example"}])", {"a@fjordlab.example 8", "b@fjordlab.example 8"}},
      {R"(["nonsense","a@fjordlab.example"])", {"a@fjordlab.example 8"}, 1},
      {R"([{"name":"x"},7])", {}, 2},
      {R"(7)", {}, 0, true},
      {R"(true)", {}, 0, true},
  };
  for (const auto& [list, kept, skipped, malformed] : cases) {
    const Page page = read(R"({"count":1,"groups":[{"zgid":1,"emailId":"g@fjordlab.example","aliasList":)" +
                           std::string(list) + "}]}");
    ASSERT_EQ(page.rows.size(), 1U) << list;
    auto expected = kept;
    expected.insert(expected.begin(), "g@fjordlab.example 4");
    EXPECT_EQ(shown(page.rows[0]), expected) << list;
    EXPECT_EQ(page.skipped, skipped) << list;
    EXPECT_EQ(page.malformed, malformed) << list;
  }
}

TEST(AGroup, WithoutAnIdMakesThePageMalformed) {
  const Page page = read(R"({"groups":[{"emailId":"a@fjordlab.example"},{"zgid":2,"emailId":"b@fjordlab.example"}]})");
  EXPECT_TRUE(page.malformed);
  EXPECT_EQ(page.skipped, 1U);
  EXPECT_EQ(page.rows.size(), 1U);
}

TEST(AGroup, WithAnAddressThatIsNoneIsCounted) {
  const Page page = read(R"([{"zgid":1,"emailId":"nonsense"}])");
  EXPECT_EQ(page.skipped, 1U);
  ASSERT_EQ(page.rows.size(), 1U) << "its row still counts for the paging";
  EXPECT_THAT(shown(page.rows[0]), IsEmpty());
}

TEST(AGroupAskedForByItself, IsReadLikeARow) {
  const auto row =
      readGroup(Json::parse(R"({"zgid":9,"emailId":"a@fjordlab.example","aliasList":["b@fjordlab.example"]})"));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->id, "9");
  EXPECT_THAT(shown(*row), ElementsAre("a@fjordlab.example 4", "b@fjordlab.example 8"));
  for (const char* data : {"[]", "{}", "7", R"({"emailId":"a@fjordlab.example"})"}) {
    EXPECT_FALSE(readGroup(Json::parse(data)).has_value()) << data;
  }
}

}  // namespace
}  // namespace splitdelivery::zoho
