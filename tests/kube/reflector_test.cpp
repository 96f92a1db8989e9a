#include "kube/reflector.h"

#include <gmock/gmock.h>

#include <map>

#include "simulators/kubernetes.h"
#include "support/virtual_executor.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr const char* kMaps = "/api/v1/namespaces/mail/configmaps";

/// What the reflector made of the collection: each object's "data".
class View : public Sink {
 public:
  void begin() override { listing_.clear(); }
  void listed(const Object& object) override { listing_[nameOf(object)] = dataOf(object); }
  void commit() override {
    now = std::exchange(listing_, {});
    ++commits;
  }
  void changed(const Object& object) override { now[nameOf(object)] = dataOf(object); }
  void removed(const Object& object) override { now.erase(nameOf(object)); }

  std::map<std::string, std::string> now;
  int commits = 0;

 private:
  static std::string nameOf(const Object& object) { return std::string(object.name()); }
  static std::string dataOf(const Object& object) { return object.parsed("data"); }
  std::map<std::string, std::string> listing_;
};

Json object(const std::string& name, const std::string& data) {
  return {{"metadata", {{"name", name}}}, {"data", data}};
}

class AReflector : public ::testing::Test {
 protected:
  void SetUp() override {
    server.put(kMaps, object("a", "1"));
    server.put(kMaps, object("b", "1"));
  }
  ~AReflector() override {
    stop.request_stop();
    executor.drain();
  }
  void start() {
    base::spawn(executor, reflector.run(stop.get_token()), [](auto, const auto&) {});
  }
  /// Starts it and lets it list.
  void listed() {
    start();
    executor.advance(100ms);
    ASSERT_TRUE(reflector.synced());
  }
  /// Answers every request from now on with this status, until it is taken back.
  void answerAll(int status, std::vector<std::pair<std::string, std::string>> headers = {}) {
    server.setFault([status, headers](const http::Request&) {
      return std::optional<base::Result<http::Response>>(
          http::Response{.status = status, .body = "{}", .headers = headers});
    });
  }

  testing::VirtualExecutor executor;
  simulators::Kubernetes server{executor};
  Client client{executor, server, {.origin = "https://kube"}};
  View view;
  Reflector reflector{executor, client, {kConfigMaps, "mail"}, view};
  std::stop_source stop;
};

TEST_F(AReflector, ShowsWhatThereIsAndThenWhatChanges) {
  listed();
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "1"), Pair("b", "1")));
  server.put(kMaps, object("c", "1"));
  server.put(kMaps, object("a", "2"));
  server.erase(kMaps, "b");
  executor.advance(10ms);
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "2"), Pair("c", "1")));
  EXPECT_EQ(view.commits, 1);
  EXPECT_EQ(server.count("GET", kMaps), 1U) << "one request for all of it";
}

TEST_F(AReflector, ListsInPagesWhereTheServerCannotStreamLists) {
  server.setStreamsLists(false);
  server.setPageSize(1);
  listed();
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "1"), Pair("b", "1")));
  server.put(kMaps, object("c", "1"));
  executor.advance(10ms);
  EXPECT_EQ(view.now.size(), 3U);
}

TEST_F(AReflector, TakesNothingForGoneThatHalfAListDoesNotName) {
  server.setStreamsLists(false);
  bool cut = true;
  server.setFault([&cut](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (!cut || request.path.find("limit=") == std::string::npos) return std::nullopt;
    const std::string half =
        R"({"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}},{"metadata":{"na)";
    return http::Response{.status = 200, .body = half, .headers = {}};
  });
  start();
  executor.advance(100ms);
  EXPECT_EQ(view.commits, 0);
  cut = false;
  executor.advance(1min);
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "1"), Pair("b", "1")));
}

TEST_F(AReflector, GoesOnWhereAWatchEndedAndListsNothingAnew) {
  listed();
  for (const bool cleanly : {true, false}) {
    server.cutWatches(cleanly);
    server.put(kMaps, object("c", cleanly ? "1" : "2"));
    server.erase(kMaps, cleanly ? "a" : "b");
    executor.advance(2s);
  }
  EXPECT_THAT(view.now, ElementsAre(Pair("c", "2")));
  EXPECT_EQ(view.commits, 1);
}

TEST_F(AReflector, ConvergesWhileItsWatchIsCutEverySecond) {
  listed();
  for (int i = 0; i < 60; ++i) {
    server.put(kMaps, object("a", std::to_string(i)));
    server.cutWatches();
    executor.advance(1s);
  }
  executor.advance(2s);
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "59"), Pair("b", "1")));
  EXPECT_EQ(view.commits, 1);
}

TEST_F(AReflector, ListsAnewWhenItsVersionIsGoneAndLearnsWhatWasRemoved) {
  listed();
  server.cutWatches();
  server.erase(kMaps, "b");
  server.put(kMaps, object("c", "1"));
  server.compact();
  executor.advance(3s);
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "1"), Pair("c", "1")));
  EXPECT_EQ(view.commits, 2);
}

TEST_F(AReflector, ListsAnewAfterA410InTheStream) {
  listed();
  server.sendLine(R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})");
  executor.advance(3s);
  EXPECT_EQ(view.commits, 2);
  EXPECT_EQ(server.watches(), 1U);
}

TEST_F(AReflector, ListsAnewWhenSomethingIsDeletedBeforeItsStreamedListIsWhole) {
  server.erase(kMaps, "b");
  server.put(kMaps, object("a", "2"));
  const Json now = server.get(kMaps, "a")->at("metadata");
  const auto event = [&now](const char* type, const char* name, bool last = false) {
    Json metadata = {{"name", name}, {"resourceVersion", now.at("resourceVersion")}};
    if (last) metadata["annotations"]["k8s.io/initial-events-end"] = "true";
    return Json{{"type", type}, {"object", {{"metadata", metadata}, {"data", "2"}}}}.dump() + "\n";
  };
  bool first = true;
  server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (!request.onBody || !std::exchange(first, false)) return std::nullopt;
    request.onBody(event("ADDED", "a") + event("ADDED", "b") + event("DELETED", "b") + event("BOOKMARK", "", true));
    return http::Response{.status = 200, .body = "", .headers = {}};
  });
  start();
  executor.advance(100ms);
  EXPECT_FALSE(reflector.synced()) << "not at once: others may be going too";
  executor.advance(3s);
  EXPECT_FALSE(first);
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "2")));
}

TEST_F(AReflector, KeepsItsVersionOverAnotherErrorInTheStream) {
  listed();
  server.sendLine(R"({"type":"ERROR","object":{"kind":"Status","code":500}})");
  executor.advance(3s);
  EXPECT_EQ(view.commits, 1);
  EXPECT_EQ(server.watches(), 1U);
}

TEST_F(AReflector, IsKeptFreshByBookmarksOfAQuietCollection) {
  listed();
  server.put("/api/v1/namespaces/other/configmaps", object("x", "1"));
  server.sendBookmarks();
  executor.advance(10ms);
  server.compact();
  server.cutWatches();
  executor.advance(3s);
  EXPECT_EQ(view.commits, 1) << "the bookmark's version is still kept";
}

TEST_F(AReflector, WatchesForAtMostFiveMinutesAtATime) {
  listed();
  const auto before = server.count("GET", kMaps);
  executor.advance(1h);
  const auto watches = server.count("GET", kMaps) - before;
  EXPECT_GE(watches, 12U);
  EXPECT_LE(watches, 13U);
}

TEST_F(AReflector, IsNotStoppedByALineThatIsNoEvent) {
  for (const char* line : {"nonsense", "{}", R"({"type":7,"object":{}})", R"({"type":"ADDED","object":[]})", "null"}) {
    stop = {};
    listed();
    server.sendLine(line);
    executor.advance(45s);
    server.put(kMaps, object("c", line));
    executor.advance(10ms);
    EXPECT_EQ(view.now["c"], line);
    stop.request_stop();
    executor.advance(1s);
  }
}

TEST_F(AReflector, AsksLessAndLessOftenWhileNothingHelps) {
  answerAll(500);
  start();
  executor.advance(1h);
  EXPECT_LE(server.asked().size(), 150U) << "about every 30 s in the end";
  EXPECT_GE(server.asked().size(), 60U);
  ASSERT_TRUE(reflector.trouble());
  EXPECT_EQ(reflector.trouble()->reason, "APIServerError");
  server.setFault(nullptr);
  executor.advance(45s);
  EXPECT_TRUE(reflector.synced());
  EXPECT_FALSE(reflector.trouble());
}

TEST_F(AReflector, WaitsAsLongAsTheServerAsksInA429Storm) {
  answerAll(429, {{"retry-after", "120"}});
  start();
  executor.advance(1h);
  EXPECT_LE(server.asked().size(), 31U);
  server.setFault(nullptr);
  executor.advance(121s);
  EXPECT_TRUE(reflector.synced());
}

TEST_F(AReflector, NamesTheVerbThatItLacks) {
  answerAll(403);
  start();
  executor.advance(1s);
  ASSERT_TRUE(reflector.trouble());
  EXPECT_THAT(reflector.trouble()->message, HasSubstr("watch configmaps in the namespace mail"));
  EXPECT_THAT(view.now, IsEmpty());
}

TEST_F(AReflector, SwapsNothingWhileAListIsNotWhole) {
  server.setStreamsLists(false);
  server.setPageSize(1);
  int pages = 0;
  server.setFault([&pages](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.path.find("continue") == std::string::npos || ++pages > 3) return std::nullopt;
    return base::fail(base::ErrorKind::Retry, "ConnectionLost", "lost");
  });
  start();
  executor.advance(500ms);
  EXPECT_FALSE(reflector.synced());
  EXPECT_EQ(view.commits, 0);
  executor.advance(1min);
  EXPECT_THAT(view.now, ElementsAre(Pair("a", "1"), Pair("b", "1")));
}

TEST_F(AReflector, EndsWithABugOfItsSinkAndThrowsNothingAtWhoeverBringsTheEvent) {
  struct Buggy final : View {
    void changed(const Object& /*object*/) override { throw std::logic_error("a bug"); }
  } buggy;
  Reflector single(executor, client, {kConfigMaps, "mail"}, buggy);
  std::exception_ptr bug;
  base::spawn(executor, single.run({}), [&bug](const auto& failure, const auto&) { bug = failure; });
  executor.advance(100ms);
  EXPECT_NO_THROW(server.put(kMaps, object("c", "1"))) << "the transport would end the process";
  executor.advance(1s);
  EXPECT_TRUE(bug);
  EXPECT_TRUE(single.trouble());
}

TEST_F(AReflector, OfOneNameSeesNoOther) {
  View one;
  Reflector single(executor, client, {kConfigMaps, "mail", "b"}, one);
  base::spawn(executor, single.run(stop.get_token()), [](auto, const auto&) {});
  executor.advance(100ms);
  server.put(kMaps, object("c", "1"));
  server.put(kMaps, object("b", "2"));
  executor.advance(10ms);
  EXPECT_THAT(one.now, ElementsAre(Pair("b", "2")));
  stop.request_stop();
  executor.advance(1s);
}

}  // namespace
}  // namespace splitdelivery::kube
