#include "serve/server.h"

#include <gmock/gmock.h>

#include "support/virtual_executor.h"

namespace splitdelivery::serve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Site {
  testing::VirtualExecutor executor{};
  Server server{[] { return std::string("a_metric 1\n"); }};

  /// Asked as the listener asks.
  http::OutgoingAnswer get(std::string path, std::string query = "") {
    return executor.run(server.handler()({.path = std::move(path), .query = std::move(query)}));
  }
};

std::optional<std::string> fine() {
  return std::nullopt;
}

TEST(Metrics, AreServedInTheTextFormat) {
  Site site;
  const auto answer = site.get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.contentType, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(answer.body, "a_metric 1\n");
  EXPECT_EQ(site.get("/metrics", "name[]=x").status, 200);
}

TEST(Health, WithoutChecksIsOk) {
  Site site;
  EXPECT_EQ(site.get("/healthz").status, 200);
  EXPECT_EQ(site.get("/healthz").body, "ok\n");
  EXPECT_EQ(site.get("/readyz").body, "ok\n");
}

TEST(Health, FailsWithOneLineForEachCheckThatFails) {
  Site site;
  site.server.addLivenessCheck("lease", [] { return std::optional<std::string>("renewed 70 s ago"); });
  site.server.addLivenessCheck("executor", fine);
  site.server.addLivenessCheck("passes", [] { return std::optional<std::string>("one runs for 20 min"); });
  const auto answer = site.get("/healthz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "lease: renewed 70 s ago\npasses: one runs for 20 min\n");
}

TEST(Health, ListsEveryCheckWhenThatIsAskedFor) {
  Site site;
  site.server.addReadinessCheck("resources", fine);
  for (const char* query : {"verbose", "verbose=1", "x=1&verbose", "&&verbose="}) {
    EXPECT_EQ(site.get("/readyz", query).body, "[+] resources: ok\nok\n") << query;
  }
  for (const char* query : {"", "verbosely", "x=verbose", "&"}) EXPECT_EQ(site.get("/readyz", query).body, "ok\n");
  site.server.addReadinessCheck("lists", [] { return std::optional<std::string>("not read yet"); });
  const auto answer = site.get("/readyz", "verbose");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "[+] resources: ok\n[-] lists: not read yet\n");
}

TEST(Health, IsNotReadiness) {
  Site site;
  site.server.addReadinessCheck("lists", [] { return std::optional<std::string>("not read yet"); });
  EXPECT_EQ(site.get("/healthz").status, 200);
  EXPECT_EQ(site.get("/readyz").status, 503);
}

TEST(Health, IsAskedAnewEachTimeAndKeptByNobody) {
  Site site;
  int asked = 0;
  site.server.addLivenessCheck("count", [&asked]() -> std::optional<std::string> {
    if (++asked == 1) return "not yet";
    return std::nullopt;
  });
  EXPECT_EQ(site.get("/healthz").status, 503);
  const auto answer = site.get("/healthz");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.headers, ::testing::Contains(::testing::Pair("Cache-Control", "no-store")));
}

TEST(TheIndex, NamesThePages) {
  Site site;
  EXPECT_THAT(site.get("/").body, AllOf(HasSubstr("/metrics"), HasSubstr("/healthz"), HasSubstr("/readyz")));
}

TEST(TheIndex, IsTheStatusPageWhereThereIsOne) {
  Site site;
  site.server.setStatusPage(
      [](std::string_view query) { return http::OutgoingAnswer{.body = "of " + std::string(query)}; });
  EXPECT_EQ(site.get("/", "page=2").body, "of page=2");
  EXPECT_EQ(site.get("/metrics").body, "a_metric 1\n");
}

TEST(Troubles, AreWhatTheChecksFindWrong) {
  Site site;
  site.server.addLivenessCheck("executor", fine);
  site.server.addLivenessCheck("passes", [] { return std::optional<std::string>("one runs for 20 min"); });
  site.server.addReadinessCheck("lists", [] { return std::optional<std::string>("not read yet"); });
  EXPECT_THAT(site.server.troubles(), ::testing::ElementsAre("passes: one runs for 20 min", "lists: not read yet"));
}

TEST(AnUnknownPath, IsNotFound) {
  Site site;
  for (const char* path :
       {"", "/x", "/metrics/", "/Metrics", "//", "/healthz/lease", "/../metrics", "/%6detrics", "*"}) {
    EXPECT_EQ(site.get(path).status, 404) << path;
  }
}

}  // namespace
}  // namespace splitdelivery::serve
