#include "kube/patient_transport.h"

#include <gmock/gmock.h>

#include "support/virtual_executor.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;
using Answer = base::Result<http::Response>;

Answer status(int code, std::vector<std::pair<std::string, std::string>> headers = {}) {
  return http::Response{.status = code, .body = "{}", .headers = std::move(headers)};
}

Answer lost(std::string_view reason) {
  return base::fail(base::ErrorKind::Retry, std::string(reason), "the connection was lost");
}

/// Gives one answer for a while, then 200.
class Flaky final : public http::Transport {
 public:
  explicit Flaky(base::Executor& executor) : executor_(executor) {}

  base::Task<Answer> send(http::Request request, std::stop_token /*stop*/) override {
    times.push_back(executor_.now());
    bodies.push_back(std::move(request.body));
    if (bad-- > 0) co_return answer;
    co_return status(200);
  }

  int bad = 0;
  Answer answer = status(429);
  std::vector<base::SteadyTime> times;
  std::vector<std::string> bodies;

 private:
  base::Executor& executor_;
};

class APatientTransport : public ::testing::Test {
 protected:
  Answer send(const std::string& method) {
    return executor.run(patient.send({.method = method, .origin = "https://kube", .body = "what is asked"}, {}));
  }
  /// How often it is sent when `answer` comes twice.
  std::size_t sends(const std::string& method, Answer answer) {
    flaky.bad = 2;
    flaky.answer = std::move(answer);
    flaky.times.clear();
    static_cast<void>(send(method));
    return flaky.times.size();
  }

  testing::VirtualExecutor executor;
  Flaky flaky{executor};
  PatientTransport patient{executor, flaky};
};

TEST_F(APatientTransport, AsksAgainAfter429WhateverWasAsked) {
  for (const char* method : {"GET", "PATCH", "PUT", "POST", "DELETE"}) {
    EXPECT_EQ(sends(method, status(429)), 3U) << method;
    EXPECT_EQ(flaky.bodies.back(), "what is asked");
  }
}

TEST_F(APatientTransport, AsksAgainWhatWasNeverSent) {
  for (const char* method : {"GET", "PATCH", "PUT", "POST", "DELETE"}) {
    EXPECT_EQ(sends(method, lost(http::reason::kConnectFailed)), 3U) << method;
  }
}

TEST_F(APatientTransport, AsksAgainWhereItIsUnclearWhatWasDone) {
  for (const Answer& unclear : {status(500), status(503), lost(http::reason::kConnectionLost)}) {
    for (const char* method : {"GET", "PATCH", "PUT", "POST", "DELETE"}) EXPECT_EQ(sends(method, unclear), 3U);
  }
}

TEST_F(APatientTransport, TakesAnyOtherAnswer) {
  for (const int code : {200, 201, 401, 403, 404, 409, 410, 422}) EXPECT_EQ(sends("GET", status(code)), 1U) << code;
  EXPECT_EQ(sends("GET", lost(http::reason::kTimedOut)), 1U);
  EXPECT_EQ(sends("GET", base::fail(base::ErrorKind::Stall, "TLSFailed", "the certificate is not trusted")), 1U);
}

TEST_F(APatientTransport, TellsOfEachThatIsMadeOnceMore) {
  std::vector<int> told;
  PatientTransport telling(executor, flaky, [&](std::string_view method, const Answer& answer) {
    EXPECT_EQ(method, "PATCH");
    told.push_back(answer ? answer->status : 0);
  });
  flaky.bad = 2;
  flaky.answer = status(429);
  EXPECT_TRUE(executor.run(telling.send({.method = "PATCH", .origin = "https://kube"}, {})));
  EXPECT_THAT(told, ::testing::ElementsAre(429, 429)) << "and not of the last answer";
}

TEST_F(APatientTransport, WaitsAsLongAsItIsAskedTo) {
  EXPECT_EQ(sends("GET", status(429, {{"retry-after", "7"}})), 3U);
  EXPECT_GE(flaky.times[1] - flaky.times[0], 7s);
  EXPECT_LE(flaky.times[2] - flaky.times[1], 8s) << "and not longer and longer";
}

TEST_F(APatientTransport, GivesTheLastAnswerWhenItsPatienceIsOver) {
  flaky.bad = 1000;
  const auto began = executor.now();
  const auto answer = send("GET");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 429);
  EXPECT_LE(executor.now() - began, PatientTransport::kPatience);
  EXPECT_GE(executor.now() - began, PatientTransport::kPatience / 2);
  EXPECT_LT(flaky.times.size(), 25U);
}

TEST_F(APatientTransport, DoesNotBeginAWaitThatWouldBeTooLong) {
  flaky.bad = 1;
  flaky.answer = status(429, {{"retry-after", "60"}});
  const auto began = executor.now();
  EXPECT_EQ(send("GET")->status, 429);
  EXPECT_EQ(executor.now(), began);
}

TEST_F(APatientTransport, NeverAsksForAWatchAgain) {
  flaky.bad = 1;
  http::Request watch{.method = "GET", .origin = "https://kube"};
  watch.onBody = [](std::string_view) {};
  EXPECT_EQ(executor.run(patient.send(std::move(watch), {}))->status, 429);
}

TEST_F(APatientTransport, EndsWithItsCallerAndWithTheProgram) {
  flaky.bad = 1000;
  std::stop_source stop;
  executor.runAt(executor.now() + 1s, [&stop] { stop.request_stop(); });
  const auto began = executor.now();
  EXPECT_EQ(executor.run(patient.send({.method = "GET"}, stop.get_token()))->status, 429);
  EXPECT_LE(executor.now() - began, 1s);
  patient.hurry();
  flaky.times.clear();
  EXPECT_EQ(send("GET")->status, 429);
  EXPECT_EQ(flaky.times.size(), 1U);
}

}  // namespace
}  // namespace splitdelivery::kube
