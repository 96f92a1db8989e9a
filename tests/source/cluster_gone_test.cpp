// A resource that goes without its departure, because somebody took the finalizer off: no book of it may stay, whose
// own finalizer would hold the namespace for ever (S14).

#include <gmock/gmock.h>

#include "source/a_cluster.h"
#include "support/message_style.h"

namespace splitdelivery::source::cluster {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AResourceThatIsGone : public ACluster {
 protected:
  /// As a person who is in a hurry does it.
  void tearOut() {
    server.merge(kDomainsPath, "d0", {{"metadata", {{"finalizers", nullptr}}}});
    server.erase(kDomainsPath, "d0");
  }
};

TEST_F(AResourceThatIsGone, GetsNoBookFromAPassThatWasUnderWay) {
  static_cast<void>(loaded());
  tearOut();
  executor.advance(10ms);
  const auto failed = save(book("anna"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().reason, "ResourceGone");
  splitdelivery::testing::expectStyle(failed.error());
  EXPECT_THAT(server.names(kBooksPath), IsEmpty());
}

TEST_F(AResourceThatIsGone, TakesTheBookAlongThatIsSavedAtThatVeryMoment) {
  for (int requests = 0; requests < 5; ++requests) {
    SCOPED_TRACE(requests);
    server.put(kDomainsPath, domain());
    executor.advance(10ms);
    books.forgetAll();
    static_cast<void>(loaded());
    int left = requests;
    server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
      if (request.path.find("watch=1") == std::string::npos && left-- == 0) tearOut();
      return std::nullopt;
    });
    static_cast<void>(save(longBook(12'000)));
    server.setFault(nullptr);
    executor.advance(10ms);
    executor.run(books.resourceIsGone(kKey));
    ASSERT_FALSE(server.get(kDomainsPath, "d0"));
    EXPECT_THAT(server.names(kBooksPath), IsEmpty());
  }
}

TEST_F(AResourceThatIsGone, TakesItsBookAndSlicesAlong) {
  ASSERT_TRUE(loadAndSave(longBook(12'000)));
  tearOut();
  executor.advance(10ms);
  executor.run(books.resourceIsGone(kKey));
  EXPECT_THAT(server.names(kBooksPath), IsEmpty());
}

TEST_F(AResourceThatIsGone, TakesWhatAFailedSaveLeftAlong) {
  static_cast<void>(loaded());
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method != "POST" || request.body.find("sliceOf") == std::string::npos) return std::nullopt;
    return http::Response{.status = 403, .body = "{}", .headers = {}};
  });
  ASSERT_FALSE(save(longBook(5'000)));
  ASSERT_TRUE(server.get(kBooksPath, "d0"));
  server.setFault(nullptr);
  tearOut();
  executor.advance(10ms);
  executor.run(books.resourceIsGone(kKey));
  EXPECT_THAT(server.names(kBooksPath), IsEmpty());
}

TEST_F(AResourceThatIsGone, TakesNoBookAlongThatIsNotItsOwn) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.merge(kBooksPath, "d0", {{"record", {{"sliceOf", "other"}}}});
  tearOut();
  executor.advance(10ms);
  executor.run(books.resourceIsGone(kKey));
  EXPECT_THAT(server.names(kBooksPath), ElementsAre("d0"));
}

TEST_F(AResourceThatIsGone, IsNotAskedAboutAfterAnOrdinaryDeparture) {
  ASSERT_TRUE(loadAndSave(book("anna")));
  server.erase(kDomainsPath, "d0");
  executor.advance(10ms);
  ASSERT_TRUE(executor.run(books.release(kKey)));
  executor.advance(10ms);
  const auto before = server.asked().size();
  executor.run(books.resourceIsGone(kKey));
  EXPECT_EQ(server.asked().size(), before);
}

}  // namespace
}  // namespace splitdelivery::source::cluster
