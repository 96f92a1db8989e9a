#include "source/packed_book.h"

#include <gmock/gmock.h>

#include "source/book_json.h"
#include "source/random_book.h"

namespace splitdelivery::source {
namespace {

TEST(APackedBook, IsTheSameAfterwards) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const api::AddressBook book = testing::RandomBook(seed).make();
    EXPECT_EQ(unpackBook(packBook(book)), book) << "seed " << seed;
  }
  EXPECT_EQ(unpackBook(packBook({})), api::AddressBook{});
}

TEST(APackedBook, KeepsNumbersOfEverySizeAndTimesBefore1970) {
  api::AddressBook book;
  for (const auto count : {0U, 1U, 127U, 128U, 4'294'967'295U}) {
    book.ledger.changes.push_back({base::WallTime(-std::chrono::seconds(count)), count});
  }
  book.ledger.changes.push_back({base::WallTime::max(), 0});
  book.ledger.changes.push_back({base::WallTime::min(), 0});
  EXPECT_EQ(unpackBook(packBook(book)), book);
}

TEST(APackedBook, TakesLessThanHalfOfItsJson) {
  api::AddressBook book;
  for (int i = 0; i < 20; ++i) {
    const std::string local = "user" + std::to_string(i);
    book.ledger.entries.push_back({.local = local, .destinations = {local + "@zoho.example.com"}});
    book.directory.forwarders.push_back({.local = local, .destinations = {local + "@zoho.example.com"}});
    book.directory.zoho.push_back({{local, "example.com"}, api::Kind::Primary, false});
  }
  EXPECT_LT(packBook(book).size() * 2, encodeBook(book).size());
}

}  // namespace
}  // namespace splitdelivery::source
