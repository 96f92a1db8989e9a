#include "source/cluster/book_reading.h"

#include <gmock/gmock.h>

#include "simulators/kubernetes.h"
#include "source/book_json.h"
#include "source/cluster/book_object.h"
#include "support/message_style.h"
#include "support/virtual_executor.h"

namespace splitdelivery::source::cluster {
namespace {

constexpr const char* kBooksPath = "/apis/splitdelivery.dev/v1alpha1/namespaces/mail/addressbooks";
const api::ObjectKey kKey{"mail", "d0"};

struct AReader : ::testing::Test {
  ~AReader() override {
    for (const auto& asked : server.asked()) EXPECT_EQ(asked.method, "GET") << "who looks changes nothing";
  }
  /// Of so many addresses: more than a few thousand lie in slices.
  static api::AddressBook book(int addresses, const std::string& first = "anna") {
    api::AddressBook book;
    book.plan = {first};
    for (int i = 0; i < addresses; ++i) {
      book.directory.mailboxes.push_back("somebody-with-a-long-name-" + std::to_string(1'000'000 + i));
    }
    return book;
  }
  std::vector<Slice> put(const api::AddressBook& book) {
    const std::string encoded = encodeBook(book);
    const auto slices = slicesOf("d0", encoded);
    for (const auto& slice : slices) server.put(kBooksPath, sliceObject(kKey, slice));
    server.put(kBooksPath, headObject(kKey, encoded, slices, {}, ""));
    return slices;
  }
  base::Result<std::optional<api::AddressBook>> read() { return executor.run(readBook(client, kKey, {})); }
  void expectError(const char* reason) {
    const auto failed = read();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().reason, reason);
    testing::expectStyle(failed.error());
  }

  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  kube::Client client{executor, server, {.origin = "https://kube"}};
};

TEST_F(AReader, FindsAShortBookAndOneInSlices) {
  put(book(3));
  EXPECT_EQ(read().value(), book(3));
  EXPECT_GT(put(book(20'000)).size(), 1U);
  EXPECT_EQ(read().value(), book(20'000));
}

TEST_F(AReader, FindsNoneWhereThereIsNoneOrAnothers) {
  EXPECT_EQ(read().value(), std::nullopt);
  server.put(kBooksPath, headObject({"mail", "other"}, encodeBook(book(1)), {}, {}, ""));
  server.put(kBooksPath, {{"metadata", {{"name", "d0"}}}, {"record", {{"resource", "other"}, {"data", "{}"}}}});
  EXPECT_EQ(read().value(), std::nullopt);
}

TEST_F(AReader, ReadsTheNewVersionWhereTheOldOneIsReplacedMeanwhile) {
  const auto old = put(book(20'000));
  bool replaced = false;
  server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (!replaced && request.path.find(".slice-") != std::string::npos) {
      replaced = true;
      put(book(20'000, "bob"));
      for (const Slice& slice : old) {
        server.merge(kBooksPath, slice.name, {{"metadata", {{"finalizers", nullptr}}}});
        server.erase(kBooksPath, slice.name);
      }
      put(book(20'000, "bob"));
    }
    return std::nullopt;
  });
  EXPECT_EQ(read().value(), book(20'000, "bob"));
}

TEST_F(AReader, TellsOfABookThatIsDamagedOrTooNew) {
  put(book(20'000));
  server.merge(kBooksPath, slicesOf("d0", encodeBook(book(20'000))).front().name, {{"record", {{"data", "x"}}}});
  expectError("BookUnreadable");
  put(book(1));
  server.merge(kBooksPath, "d0", {{"record", {{"data", "{"}}}});
  expectError("BookUnreadable");
  server.merge(kBooksPath, "d0", {{"record", nullptr}});
  expectError("BookUnreadable");
  server.merge(kBooksPath, "d0", {{"record", {{"data", R"({"version":99})"}}}});
  expectError("BookTooNew");
}

TEST_F(AReader, GivesTheApiServersErrors) {
  server.setFault([](const http::Request&) -> std::optional<base::Result<http::Response>> {
    return http::Response{.status = 403, .body = "{}", .headers = {}};
  });
  expectError("Forbidden");
}

}  // namespace
}  // namespace splitdelivery::source::cluster
