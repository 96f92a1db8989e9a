// Address books that are too long for one object.

#include <gmock/gmock.h>

#include "source/a_cluster.h"
#include "source/book_json.h"

namespace splitdelivery::source::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ABookInSlices : public ACluster {
 protected:
  /// The connection breaks after so many writes.
  void breakAfter(std::size_t writes) {
    server.setFault(
        [left = writes](const http::Request& request) mutable -> std::optional<base::Result<http::Response>> {
          if (request.method == "GET" || left-- > 0) return std::nullopt;
          ++left;
          return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
        });
  }
};

TEST_F(ABookInSlices, KeepsALongBookInSlices) {
  const auto first = longBook(12'000);
  ASSERT_TRUE(loadAndSave(first));
  EXPECT_GT(server.names(kBooksPath).size(), 2U);
  for (const auto& name : server.names(kBooksPath)) {
    EXPECT_LT(server.get(kBooksPath, name)->dump().size(), std::size_t{1} << 20U);
  }
  books.forgetAll();
  EXPECT_EQ(loaded().book, first);
  ASSERT_TRUE(save(book("anna")));
  EXPECT_THAT(server.names(kBooksPath), ElementsAre("d0")) << "old slices go";
  books.forgetAll();
  EXPECT_EQ(loaded().book, book("anna"));
}

TEST_F(ABookInSlices, KeepsTheOldBookWholeWhenANewOneBreaksOff) {
  ASSERT_TRUE(loadAndSave(longBook(12'000)));
  for (std::size_t written = 0;; ++written) {
    breakAfter(written);
    auto next = longBook(12'001);
    next.ledger.entries.front().local = "a" + std::to_string(written);
    const bool saved = save(next).has_value();
    server.setFault(nullptr);
    books.forgetAll();
    const auto found = loaded();
    EXPECT_EQ(found.setAside, "") << "after " << written << " writes";
    EXPECT_GE(found.book.ledger.entries.size(), 12'001U);
    if (saved) break;
    ASSERT_LT(written, 20U);
  }
}

TEST_F(ABookInSlices, WritesNoBookOverASliceNameThatAnotherResourceHas) {
  const auto long_ = longBook(12'000);
  const std::string name = slicesOf("d0", encodeBook(long_)).front().name;
  server.put(kBooksPath, {{"metadata", {{"name", name}}}, {"record", {{"resource", name}, {"data", "{}"}}}});
  const auto failed = loadAndSave(long_);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().reason, "BookNameTaken");
  ASSERT_TRUE(executor.run(books.release(kKey)));
  EXPECT_THAT(server.names(kBooksPath), ElementsAre(name)) << "it is not ours to remove";
  server.erase(kBooksPath, name);
  EXPECT_TRUE(loadAndSave(long_));
}

TEST_F(ABookInSlices, TakesABookThatLacksASliceForNone) {
  ASSERT_TRUE(loadAndSave(longBook(12'000)));
  for (const auto& name : server.names(kBooksPath)) {
    if (name == "d0") continue;
    server.merge(kBooksPath, name, {{"record", {{"data", "changed"}}}});
    break;
  }
  books.forgetAll();
  const auto found = loaded();
  EXPECT_NE(found.setAside, "");
  EXPECT_THAT(found.book.ledger.entries, IsEmpty());
}

TEST_F(ABookInSlices, DoesNotTakeAnothersSliceForABook) {
  server.put(kBooksPath, {{"metadata", {{"name", "d0"}}}, {"record", {{"sliceOf", "other"}, {"data", "x"}}}});
  const auto taken = executor.run(books.load(kKey));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().reason, "BookNameTaken");
  ASSERT_TRUE(executor.run(books.release(kKey)));
  EXPECT_THAT(server.names(kBooksPath), ElementsAre("d0")) << "it is not ours to remove";
}

TEST_F(ABookInSlices, LetsAResourceGoWithItsBookAndSlices) {
  ASSERT_TRUE(loadAndSave(longBook(12'000)));
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  EXPECT_TRUE(server.get(kDomainsPath, "d0")) << "held back";
  ASSERT_TRUE(executor.run(books.release(kKey)));
  EXPECT_FALSE(server.get(kDomainsPath, "d0"));
  EXPECT_THAT(server.names(kBooksPath), IsEmpty());
  EXPECT_TRUE(executor.run(books.release(kKey))) << "twice is once";
}

TEST_F(ABookInSlices, LeavesNoneBehindWhereverItsWritesBreakOff) {
  for (const bool isFirst : {true, false}) {
    for (std::size_t written = 0;; ++written) {
      SCOPED_TRACE((isFirst ? "the first book, " : "a later one, ") + std::to_string(written) + " writes");
      ASSERT_LT(written, 20U);
      server.put(kDomainsPath, domain());
      executor.advance(10ms);
      if (!isFirst) ASSERT_TRUE(loadAndSave(longBook(5'000)));
      static_cast<void>(loaded());
      breakAfter(written);
      const bool saved = save(longBook(5'500)).has_value();
      server.setFault(nullptr);
      books.forgetAll();  // as after a crash
      server.erase(kDomainsPath, "d0");
      executor.advance(10ms);
      ASSERT_TRUE(executor.run(books.release(kKey)));
      EXPECT_THAT(server.names(kBooksPath), IsEmpty());
      if (saved) break;
    }
  }
}

TEST_F(ABookInSlices, RemovesWhatABrokenWriteLeftWithTheNextOne) {
  ASSERT_TRUE(loadAndSave(longBook(5'000)));
  breakAfter(2);  // the announcement and one slice
  ASSERT_FALSE(save(longBook(5'500)));
  server.setFault(nullptr);
  ASSERT_TRUE(loadAndSave(longBook(6'000)));
  const std::size_t expected = slicesOf("d0", encodeBook(longBook(6'000))).size() + 1;
  EXPECT_EQ(server.names(kBooksPath).size(), expected);
  ASSERT_TRUE(save(book("anna")));
  EXPECT_THAT(server.names(kBooksPath), ElementsAre("d0"));
}

TEST_F(ABookInSlices, DoesNotGrowOverSavesThatFail) {
  ASSERT_TRUE(loadAndSave(longBook(5'000)));
  for (std::size_t tries = 0; tries < 5; ++tries) {
    static_cast<void>(loaded());
    server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.method != "PUT") return std::nullopt;
      return http::Response{.status = 500, .body = "{}", .headers = {}};
    });
    ASSERT_FALSE(save(longBook(5'100 + tries)));
    server.setFault(nullptr);
  }
  static_cast<void>(loaded());
  EXPECT_EQ(server.names(kBooksPath).size(), slicesOf("d0", encodeBook(longBook(5'000))).size() + 1);
}

TEST_F(ABookInSlices, ThatWasOnlyAnnouncedIsNoneAndNotDamaged) {
  static_cast<void>(loaded());
  breakAfter(2);  // the finalizer of the resource and the announcement
  ASSERT_FALSE(save(longBook(5'000)));
  server.setFault(nullptr);
  ASSERT_TRUE(server.get(kBooksPath, "d0"));
  const auto found = loaded();
  EXPECT_EQ(found.setAside, "");
  EXPECT_THAT(found.book.ledger.entries, IsEmpty());
  EXPECT_TRUE(save(longBook(5'000)));
}

TEST_F(ABookInSlices, ThatSomebodyDeletesIsNotForgottenBeforeItsSlicesAreGone) {
  for (const char* method : {"GET", "PATCH", "DELETE"}) {
    ASSERT_TRUE(loadAndSave(longBook(5'000)));
    server.erase(kBooksPath, "d0");
    books.forgetAll();
    server.setFault([method](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.method != method || request.path.find(".slice-") == std::string::npos) return std::nullopt;
      return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
    });
    EXPECT_FALSE(executor.run(books.load(kKey))) << method;
    server.setFault(nullptr);
    EXPECT_THAT(loaded().book.ledger.entries, IsEmpty());
    EXPECT_THAT(server.names(kBooksPath), IsEmpty()) << method;
  }
}

TEST_F(ABookInSlices, IsRemovedWithASliceThatSomebodyHasDamaged) {
  ASSERT_TRUE(loadAndSave(longBook(5'000)));
  const auto slice = slicesOf("d0", encodeBook(longBook(5'000))).front().name;
  server.merge(kBooksPath, slice, {{"record", nullptr}});
  ASSERT_TRUE(executor.run(books.release(kKey)));
  EXPECT_THAT(server.names(kBooksPath), IsEmpty());
}

TEST_F(ABookInSlices, HoldsASliceAgainThatWasAboutToGo) {
  ASSERT_TRUE(loadAndSave(longBook(5'000)));
  static_cast<void>(loaded());
  ASSERT_TRUE(save(book("anna")));
  auto half = sliceObject(kKey, slicesOf("d0", encodeBook(longBook(5'000))).front());
  half["metadata"].erase("finalizers");
  server.put(kBooksPath, half);
  ASSERT_TRUE(save(longBook(5'000)));
  EXPECT_THAT(metadataOf(*server.get(kBooksPath, half["metadata"]["name"])).finalizers,
              ElementsAre(std::string(kFinalizer)));
}

TEST_F(ABookInSlices, KnowsItsOwnAnnouncementAgainWhoseAnswerWasLost) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  bool first = true;
  server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    const bool isIt = request.method == "PATCH" && request.path.ends_with("/addressbooks/d0");
    if (isIt && std::exchange(first, false)) {
      server.merge(kBooksPath, "d0", {{"record", Json::parse(request.body).at("record")}});
    }
    return std::nullopt;  // and now it is asked for a second time
  });
  EXPECT_TRUE(save(longBook(5'000)));
  EXPECT_FALSE(first);
}

}  // namespace
}  // namespace splitdelivery::source::cluster
