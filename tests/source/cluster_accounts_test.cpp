#include <gmock/gmock.h>

#include "source/a_cluster.h"
#include "source/cluster/accounts.h"

namespace splitdelivery::source::cluster {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ACluster, KeepsWhatAccountsHaveUsedAndNeverAToken) {
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.accessToken = base::Secret("1000.secret");
  record.expiresAt = executor.wallTime() + 1h;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("account", record));
  const auto map = server.get("/api/v1/namespaces/system/configmaps", "accounts");
  ASSERT_TRUE(map);
  EXPECT_THAT(map->dump(), ::testing::Not(HasSubstr("1000.secret")));
  EXPECT_EQ(executor.run(accounts.load("account")).accessToken, record.accessToken) << "in memory it is kept";
  Accounts later(executor, client, "accounts");
  const auto found = executor.run(later.load("account"));
  EXPECT_EQ(found.mints, record.mints);
  EXPECT_TRUE(found.accessToken.empty());
}

TEST_F(ACluster, WritesWhatIsSavedAtTheSameTimeTogether) {
  Accounts accounts(executor, client, "accounts");
  std::vector<base::Task<base::Done>> saves;
  for (int i = 0; i < 50; ++i) {
    api::AccountRecord record;
    record.mints = {executor.wallTime()};
    saves.push_back(accounts.save("account" + std::to_string(i), record));
  }
  executor.run(base::all(executor, std::move(saves)));
  EXPECT_LE(server.count("PATCH", "/api/v1/namespaces/system/configmaps"), 3U);
  Accounts later(executor, client, "accounts");
  EXPECT_THAT(executor.run(later.load("account49")).mints, SizeIs(1));
}

TEST_F(ACluster, WritesOfItsAccountsOnlyWhatHasChanged) {
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("first", record));
  executor.run(accounts.save("second", record));
  const auto& last = server.asked().back();
  EXPECT_EQ(last.method, "PATCH");
  EXPECT_THAT(last.body, HasSubstr("second"));
  EXPECT_THAT(last.body, ::testing::Not(HasSubstr("first")));
}

TEST_F(ACluster, ForgetsAccountsThatNothingIsToBeKeptOf) {
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("unused", record));
  executor.advance(11min);
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("used", record));
  const auto map = server.get("/api/v1/namespaces/system/configmaps", "accounts");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->at("data").size(), 1U);
  EXPECT_TRUE(map->at("data").contains("used"));
}

TEST_F(ACluster, ForgetsAnAccountTooWhoseWriteGotNoAnswer) {
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("used", record));
  server.merge("/api/v1/namespaces/system/configmaps", "accounts", {{"data", {{"theirs", "something else"}}}});
  server.setFault([this](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method != "PATCH") return std::nullopt;
    server.merge("/api/v1/namespaces/system/configmaps", "accounts", Json::parse(request.body));
    return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
  });
  executor.run(accounts.save("unused", record));
  server.setFault(nullptr);
  executor.advance(11min);
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("used", record));
  const auto map = server.get("/api/v1/namespaces/system/configmaps", "accounts");
  ASSERT_TRUE(map);
  EXPECT_FALSE(map->at("data").contains("unused"));
  EXPECT_TRUE(map->at("data").contains("theirs")) << "not ours to remove";
}

TEST_F(ACluster, WritesAllOfItsAccountsAgainWhenSomebodyHasDeletedThem) {
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("first", record));
  server.erase("/api/v1/namespaces/system/configmaps", "accounts");
  executor.run(accounts.save("second", record));
  Accounts later(executor, client, "accounts");
  EXPECT_THAT(executor.run(later.load("first")).mints, SizeIs(1));
}

TEST_F(ACluster, WritesLaterWhatCouldNotBeWritten) {
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("first", record));
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method != "PATCH") return std::nullopt;
    return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
  });
  executor.run(accounts.save("second", record));
  server.setFault(nullptr);
  executor.run(accounts.save("third", record));
  Accounts later(executor, client, "accounts");
  for (const char* account : {"first", "second", "third"}) {
    EXPECT_THAT(executor.run(later.load(account)).mints, SizeIs(1)) << account;
  }
}

TEST_F(ACluster, DoesNotWriteOverRecordsThatCouldNotBeRead) {
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  Accounts before(executor, client, "accounts");
  executor.run(before.save("theirs", record));
  bool down = true;
  server.setFault([&down](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (!down || request.method != "GET") return std::nullopt;
    return base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
  });
  Accounts accounts(executor, client, "accounts");
  EXPECT_THAT(executor.run(accounts.load("ours")).mints, IsEmpty());
  executor.run(accounts.save("ours", record));
  down = false;
  executor.run(accounts.save("ours", record));
  Accounts later(executor, client, "accounts");
  EXPECT_THAT(executor.run(later.load("theirs")).mints, SizeIs(1));
  EXPECT_THAT(executor.run(later.load("ours")).mints, SizeIs(1));
}

TEST_F(ACluster, DoesItsWorkWithoutTheRightToKeepAccounts) {
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.path.find("configmaps") == std::string::npos) return std::nullopt;
    return http::Response{.status = 403, .body = "{}", .headers = {}};
  });
  Accounts accounts(executor, client, "accounts");
  api::AccountRecord record;
  record.mints = {executor.wallTime()};
  executor.run(accounts.save("account", record));
  EXPECT_THAT(executor.run(accounts.load("account")).mints, SizeIs(1));
}

}  // namespace
}  // namespace splitdelivery::source::cluster
