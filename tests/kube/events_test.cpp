#include "kube/events.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/log.h"
#include "simulators/kubernetes.h"
#include "support/virtual_executor.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kEventsPath = "/apis/events.k8s.io/v1/namespaces/mail/events";

Event event(const std::string& note = "5 addresses are forwarded", const std::string& reason = "Synced") {
  return {.regarding = {.apiVersion = "splitdelivery.dev/v1alpha1",
                        .kind = "SplitDeliveryDomain",
                        .ns = "mail",
                        .name = "d0",
                        .uid = "uid-7"},
          .type = EventType::Normal,
          .reason = reason,
          .action = "Reconcile",
          .note = note};
}

class ARecorder : public ::testing::Test {
 protected:
  ~ARecorder() override {
    server.setFault(nullptr);
    executor.run(recorder.finish());
    executor.drain();
  }
  /// What the API server has, in the order of the names.
  [[nodiscard]] std::vector<Json> recorded() const {
    std::vector<Json> all;
    for (const auto& name : server.names(kEventsPath)) all.push_back(*server.get(kEventsPath, name));
    return all;
  }
  void refuse(int status, const std::string& body = "{}") {
    server.setFault([=](const http::Request&) {
      return std::optional<base::Result<http::Response>>(http::Response{.status = status, .body = body, .headers = {}});
    });
  }
  [[nodiscard]] std::size_t asked() const { return server.asked().size(); }

  testing::VirtualExecutor executor{3};
  simulators::Kubernetes server{executor};
  Client client{executor, server, {.origin = "https://kube"}};
  bool leads = true;
  EventRecorder recorder{
      executor, client, {.controller = "splitdelivery.dev/controller", .instance = "replica-1", .mayRecord = [this] {
                           return leads;
                         }}};
};

TEST_F(ARecorder, WritesAnEventThatTheApiServerTakes) {
  recorder.record(event());
  EXPECT_EQ(asked(), 0U) << "sending is somebody else's work";
  executor.advance(1s);
  ASSERT_THAT(recorded(), SizeIs(1));
  const Json written = recorded().front();
  EXPECT_EQ(written.at("reportingController"), "splitdelivery.dev/controller");
  EXPECT_EQ(written.at("reportingInstance"), "replica-1");
  EXPECT_EQ(written.at("type"), "Normal");
  EXPECT_EQ(written.at("reason"), "Synced");
  EXPECT_EQ(written.at("action"), "Reconcile");
  EXPECT_EQ(written.at("note"), "5 addresses are forwarded");
  EXPECT_EQ(written.at("eventTime"), "2026-01-01T00:00:00.000000Z");
  EXPECT_EQ(written.at("regarding").at("uid"), "uid-7");
  EXPECT_EQ(written.at("regarding").at("kind"), "SplitDeliveryDomain");
  EXPECT_FALSE(written.contains("series"));
}

TEST_F(ARecorder, GoesOnWithTheSeriesWhenTheSameComesAgain) {
  recorder.record(event());
  executor.advance(1min);
  recorder.record(event());
  executor.advance(1min);
  ASSERT_THAT(recorded(), SizeIs(1));
  EXPECT_EQ(recorded().front().at("series").at("count"), 2);
  EXPECT_EQ(recorded().front().at("series").at("lastObservedTime"), "2026-01-01T00:01:00.000000Z");
  EXPECT_EQ(server.count("PATCH", kEventsPath), 1U);
}

TEST_F(ARecorder, MakesAnEventAnewThatTheServerHasForgotten) {
  recorder.record(event());
  executor.advance(1min);
  server.erase(kEventsPath, server.names(kEventsPath).front());
  recorder.record(event());
  executor.advance(1min);
  ASSERT_THAT(recorded(), SizeIs(1));
  EXPECT_EQ(recorded().front().at("series").at("count"), 2);
  EXPECT_EQ(recorded().front().at("note"), "5 addresses are forwarded");
}

TEST_F(ARecorder, SendsWhatCameTogetherInOneRequest) {
  for (int i = 0; i < 5; ++i) recorder.record(event());
  executor.advance(1s);
  EXPECT_EQ(asked(), 1U);
  EXPECT_EQ(recorded().front().at("series").at("count"), 5);
}

TEST_F(ARecorder, SendsOneAtATime) {
  std::size_t under = 0;
  server.setFault([&](const http::Request&) -> std::optional<base::Result<http::Response>> {
    EXPECT_EQ(server.asked().size(), ++under) << "the next one was asked before this one was answered";
    return std::nullopt;
  });
  for (const char* note : {"a", "b", "c"}) recorder.record(event(note));
  executor.advance(1s);
  EXPECT_THAT(recorded(), SizeIs(3));
}

TEST_F(ARecorder, DropsWhatANamespaceThatIsBeingDeletedRefuses) {
  refuse(403, R"({"reason":"Forbidden","details":{"causes":[{"reason":"NamespaceTerminating"}]}})");
  recorder.record(event());
  executor.advance(1min);
  EXPECT_EQ(asked(), 1U) << "it is not tried again";
  EXPECT_EQ(recorder.waiting(), 0U);
}

TEST_F(ARecorder, LogsOnceThatItLacksARight) {
  ::testing::internal::CaptureStderr();
  base::setUpLogging(base::LogLevel::Warn, base::LogFormat::Text);
  refuse(403);
  for (const char* note : {"a", "b", "c"}) recorder.record(event(note));
  executor.advance(1min);
  base::setUpLogging(base::LogLevel::Off, base::LogFormat::Text);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("create"));
  EXPECT_EQ(std::ranges::count(log, '\n'), 1) << log;
  EXPECT_EQ(asked(), 3U);
}

TEST_F(ARecorder, TriesAFailureAgainAndThenGivesUp) {
  refuse(500);
  recorder.record(event());
  executor.advance(2s);
  server.setFault(nullptr);
  executor.advance(10s);
  EXPECT_THAT(recorded(), SizeIs(1));
  refuse(500);
  recorder.record(event("another"));
  const auto before = asked();
  executor.advance(10min);
  EXPECT_EQ(asked() - before, 5U);
}

TEST_F(ARecorder, WaitsForAsLongAsTheServerAsks) {
  server.setFault([](const http::Request&) {
    return std::optional<base::Result<http::Response>>(
        http::Response{.status = 429, .body = "{}", .headers = {{"retry-after", "7"}}});
  });
  recorder.record(event());
  executor.advance(6900ms);
  EXPECT_EQ(asked(), 1U);
  executor.advance(1s);
  EXPECT_EQ(asked(), 2U);
}

TEST_F(ARecorder, KeepsSoManyWaitingAndThenDropsTheOldest) {
  for (int i = 0; i < 1200; ++i) {
    auto each = event();
    each.regarding.name = "d" + std::to_string(i);
    recorder.record(each);
  }
  EXPECT_EQ(recorder.waiting(), EventRecorder::kMostWaiting);
  executor.advance(1min);
  EXPECT_THAT(recorded(), SizeIs(EventRecorder::kMostWaiting));
  EXPECT_FALSE(server.names(kEventsPath).front().starts_with("d0."));
}

TEST_F(ARecorder, RecordsNothingWhileItDoesNotLead) {
  leads = false;
  recorder.record(event());
  executor.advance(1s);
  EXPECT_EQ(asked(), 0U);
  leads = true;
  recorder.record(event());
  leads = false;
  executor.advance(1s);
  EXPECT_EQ(asked(), 0U) << "nor sends what it recorded when it led";
}

TEST_F(ARecorder, LeavesANamedEventThatIsThereAlready) {
  auto named = event("suspended");
  named.name = "d0.suspended";
  recorder.record(named);
  executor.advance(1s);
  const auto written = recorded();
  EventRecorder next(executor, client, {.controller = "splitdelivery.dev/controller", .instance = "replica-2"});
  next.record(named);
  executor.advance(1min);
  EXPECT_EQ(recorded(), written);
  EXPECT_EQ(server.count("POST", kEventsPath), 2U);
}

TEST_F(ARecorder, SendsAtTheEndWhatWaits) {
  for (const char* note : {"a", "b", "c"}) recorder.record(event(note));
  executor.run(recorder.finish());
  EXPECT_THAT(recorded(), SizeIs(3));
  recorder.record(event("later"));
  executor.advance(1s);
  EXPECT_THAT(recorded(), SizeIs(3)) << "nothing after the end";
}

TEST_F(ARecorder, WaitsTwoSecondsAtTheEndForAServerThatDoesNotAnswer) {
  refuse(500);
  for (const char* note : {"a", "b", "c"}) recorder.record(event(note));
  const auto began = executor.now();
  executor.run(recorder.finish());
  EXPECT_LE(executor.now() - began, 2100ms);
  EXPECT_GE(executor.now() - began, 1900ms);
}

TEST_F(ARecorder, SendsWhatCannotWaitBeforeTheRest) {
  for (const char* note : {"a", "b", "c"}) recorder.record(event(note));
  executor.run(recorder.recordNow(event("gone", "ForwardersDeleted")));
  ASSERT_GE(asked(), 2U);
  EXPECT_EQ(Json::parse(server.asked()[1].body).at("reason"), "ForwardersDeleted") << "the first was under way";
}

TEST_F(ARecorder, WaitsTwoSecondsForWhatCannotWait) {
  refuse(500);
  const auto began = executor.now();
  executor.run(recorder.recordNow(event()));
  EXPECT_EQ(executor.now() - began, 2s);
  refuse(403);
  executor.advance(1min);
  const auto then = executor.now();
  executor.run(recorder.recordNow(event("another")));
  EXPECT_LE(executor.now() - then, 100ms) << "a refusal keeps nobody";
}

}  // namespace
}  // namespace splitdelivery::kube
