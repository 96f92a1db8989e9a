// An address book as one object: what others do to it, and what of a save is lost.

#include <gmock/gmock.h>

#include "source/a_cluster.h"
#include "support/message_style.h"

namespace splitdelivery::source::cluster {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

class ABookThatSomebodyElse : public ACluster, public ::testing::WithParamInterface<int> {};

TEST_P(ABookThatSomebodyElse, TouchedStopsTheSaveAndOwnsNothingAfterwards) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  switch (GetParam()) {
    case 0:
      server.merge(kBooksPath, "d0", {{"record", nullptr}});
      break;
    case 1:
      server.merge(kBooksPath, "d0", {{"record", {{"data", "{nonsense"}}}});
      break;
    case 2:
      server.erase(kBooksPath, "d0");
      break;
    default:
      server.merge(kBooksPath, "d0", {{"metadata", {{"finalizers", nullptr}}}});
      server.erase(kBooksPath, "d0");
  }
  EXPECT_EQ(loaded().book, book("anna")) << "not looked at for each pass";
  const auto failed = save(book("bob"));
  ASSERT_FALSE(failed) << "so nothing is done outside";
  EXPECT_EQ(failed.error().reason, "BookChanged");
  EXPECT_EQ(failed.error().kind, base::ErrorKind::Retry);
  splitdelivery::testing::expectStyle(failed.error());
  EXPECT_FALSE(save(book("bob"))) << "a pass that goes on must not bring back what it believed";
  EXPECT_THAT(loaded().book.ledger.entries, IsEmpty());
  ASSERT_TRUE(save(book("cleo"))) << "it is written anew";
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("cleo"));
}

INSTANTIATE_TEST_SUITE_P(EmptiedDamagedDeletedOrRemoved, ABookThatSomebodyElse, ::testing::Range(0, 4));

TEST_F(ACluster, SaysAgainWhyASaveFailedUntilTheBookIsReadAgain) {
  static_cast<void>(loaded());
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method != "PATCH") return std::nullopt;
    return http::Response{.status = 403, .body = "{}", .headers = {}};
  });
  EXPECT_EQ(save(book("anna")).error().reason, "Forbidden");
  server.setFault(nullptr);
  EXPECT_EQ(save(book("anna")).error().reason, "Forbidden") << "it is that verb which a person has to grant";
  EXPECT_TRUE(loadAndSave(book("anna")));
}

TEST_F(ACluster, KnowsItsOwnWriteAgainWhoseAnswerWasLost) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.setFault([this](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method == "PUT") server.merge(kBooksPath, "d0", {{"record", Json::parse(request.body).at("record")}});
    return std::nullopt;  // and now it is asked for a second time
  });
  EXPECT_TRUE(save(book("bob")));
  server.setFault(nullptr);
  EXPECT_EQ(loaded().book, book("bob"));
  EXPECT_TRUE(save(book("cleo")));
}

TEST_F(ACluster, ThatANewerVersionWroteIntoIsNotTouched) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.merge(kBooksPath, "d0", {{"record", {{"data", R"({"version": 99})"}}}});
  books.forgetAll();
  const auto newer = executor.run(books.load(kKey));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().reason, "BookTooNew");
  EXPECT_EQ(newer.error().kind, base::ErrorKind::Stall);
}

TEST_F(ACluster, UsesTheBookOfADeletedResourceThoughItIsBeingDeletedToo) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.erase(kBooksPath, "d0");
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("anna")) << "a namespace that goes deletes both";
}

}  // namespace
}  // namespace splitdelivery::source::cluster
