#include "source/book_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "source/random_book.h"

namespace splitdelivery::source::folder {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RandomBook;

TEST(AnAddressBook, ComesBackAsItWasWritten) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const auto book = RandomBook(seed).make();
    const auto decoded = decodeBook(encodeBook(book));
    ASSERT_TRUE(decoded) << seed;
    EXPECT_EQ(decoded->book, book) << seed;
    EXPECT_EQ(decoded->dropped, 0U) << seed;
  }
}

TEST(AnAddressBook, CutShortAnywhereIsDamaged) {
  const std::string text = encodeBook(RandomBook(5).make());
  const std::size_t whole = text.find_last_of('}') + 1;
  for (std::size_t length = 0; length < whole; ++length) {
    const auto decoded = decodeBook(text.substr(0, length));
    ASSERT_FALSE(decoded) << length;
    EXPECT_EQ(decoded.error(), BookFault::Damaged);
  }
}

TEST(AnAddressBook, WithBytesThatAreNotUtf8IsStillJson) {
  api::AddressBook book;
  book.directory.forwarders.push_back({"anna", {"|/bin/\xFF"}, {}});
  EXPECT_TRUE(decodeBook(encodeBook(book)));
}

TEST(AnAddressBookOfANewerVersion, IsKnownAsSuchWhateverItHolds) {
  for (const auto* text : {R"({"version": 2})", R"({"version": 99, "ledger": "sealed"})"}) {
    const auto decoded = decodeBook(text);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error(), BookFault::TooNew);
  }
}

Json book() {
  api::AddressBook made;
  made.ledger.identity = api::Identity{"directadmin", "https://da.example:2222", "user", "a.example", "6001"};
  made.ledger.entries = {
      {"anna", api::LedgerEntry::State::Managed, {"anna@zoho.a.example"}, {}, api::Kind::Primary, {}},
      {"bob", api::LedgerEntry::State::Creating, {"bob@zoho.a.example"}, {}, api::Kind::Alias, {}}};
  made.ledger.changes = {{base::WallTime{}, 3}};
  made.directory.zoho = {{{"anna", "a.example"}, api::Kind::Primary, false}};
  made.directory.forwarders = {{"anna", {"anna@zoho.a.example"}, {}}};
  return Json::parse(encodeBook(made));
}

struct Change {
  std::string pointer;
  Json value;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name that gtest looks for
void PrintTo(const Change& change, std::ostream* out) {
  *out << change.pointer << " = " << change.value.dump();
}

class AWrongShape : public ::testing::TestWithParam<Change> {};

TEST_P(AWrongShape, IsDamage) {
  Json json = book();
  json[Json::json_pointer(GetParam().pointer)] = GetParam().value;
  const auto decoded = decodeBook(json.dump());
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error(), BookFault::Damaged);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, AWrongShape,
    ::testing::Values(Change{"/version", "1"}, Change{"/version", 0}, Change{"/version", -1}, Change{"/version", 1.5},
                      Change{"/version", Json()}, Change{"/ledger", Json::array()}, Change{"/ledger/identity", "x"},
                      Change{"/ledger/identity/host", 1}, Change{"/ledger/entries", Json::object()},
                      Change{"/ledger/changes/0/count", -1}, Change{"/ledger/changes/0/count", 1e10},
                      Change{"/ledger/changes/0/count", 4294967296}, Change{"/ledger/changes/0/at", "yesterday"},
                      Change{"/ledger/managed", Json()}, Change{"/ledger/approvalsUsed", "0"},
                      Change{"/directory", Json()}, Change{"/directory/accounts", "Half"},
                      Change{"/directory/zoho/0/kinds", Json::array({"Robot"})}, Change{"/directory/zoho/0/blocked", 0},
                      Change{"/directory/mailboxes", Json::array({1})},
                      Change{"/directory/forwarders/0/destinations", "x"}, Change{"/plan", "x"}));

TEST(ATextThatIsNoBook, IsDamage) {
  for (const auto* text : {"", "null", "[]", "1", "\"x\"", "{}", "{\"version\":1}", "not json", "\0\0\0"}) {
    const auto decoded = decodeBook(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error(), BookFault::Damaged) << text;
  }
}

class AnUnreliableEntry : public ::testing::TestWithParam<Change> {};

TEST_P(AnUnreliableEntry, LeavesTheLedgerAndSoCountsAsFound) {
  Json json = book();
  json[Json::json_pointer("/ledger/entries/0" + GetParam().pointer)] = GetParam().value;
  const auto decoded = decodeBook(json.dump());
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->book.ledger.entries.size(), 1U);
  EXPECT_EQ(decoded->book.ledger.entries.front().local, "bob");
  EXPECT_EQ(decoded->dropped, 1U);
  EXPECT_TRUE(decoded->book.ledger.identity) << "the rest of the book stands";
}

INSTANTIATE_TEST_SUITE_P(Entries, AnUnreliableEntry,
                         ::testing::Values(Change{"/local", "Anna"}, Change{"/local", "an na"},
                                           Change{"/local", "|/bin/sh"}, Change{"/local", ""}, Change{"/local", 5},
                                           Change{"/state", "Frozen"}, Change{"/state", 1},
                                           Change{"/state", "Updating"}, Change{"/destinations", Json::array()},
                                           Change{"/destinations", "anna@zoho.a.example"},
                                           Change{"/destinations", Json::array({"Anna@zoho.a.example"})},
                                           Change{"/destinations", Json::array({"b@x.example", "a@x.example"})},
                                           Change{"/destinations", Json::array({"a@x.example", "a@x.example"})},
                                           Change{"/kinds", Json::array({"Robot"})}, Change{"/kinds", 1},
                                           Change{"/approved", 1}, Change{"", "anna"}, Change{"", Json::array()},
                                           Change{"", Json()}));

TEST(TwoEntriesOfOneName, CountForNeither) {
  Json json = book();
  json["ledger"]["entries"].push_back(json["ledger"]["entries"][0]);
  const auto decoded = decodeBook(json.dump());
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->book.ledger.entries.size(), 1U);
  EXPECT_EQ(decoded->book.ledger.entries.front().local, "bob");
  EXPECT_EQ(decoded->dropped, 2U);
}

TEST(EntriesOutOfOrder, AreSorted) {
  Json json = book();
  std::swap(json["ledger"]["entries"][0], json["ledger"]["entries"][1]);
  EXPECT_EQ(decodeBook(json.dump())->book.ledger.entries.front().local, "anna");
}

TEST(AnAddressBook, SpeaksInWordsThatAPersonKnows) {
  const std::string text = encodeBook(decodeBook(book().dump())->book);
  EXPECT_THAT(text, HasSubstr("\"state\":\"Managed\""));
  EXPECT_TRUE(text.ends_with("}\n"));
}

}  // namespace
}  // namespace splitdelivery::source::folder
