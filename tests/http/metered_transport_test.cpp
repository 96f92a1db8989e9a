#include "http/metered_transport.h"

#include <gmock/gmock.h>

#include "base/await.h"
#include "support/virtual_executor.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Gives the same answer to everything, after a while.
class SlowTransport final : public Transport {
 public:
  explicit SlowTransport(base::Executor& executor) : executor_(executor) {}

  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override {
    seen.push_back(request.path);
    const auto slept = co_await base::sleepFor(executor_, 250ms, stop);
    if (slept == base::Slept::Stopped) co_return base::fail(base::ErrorKind::Stopped, "Stopped", "we were stopped");
    co_return answer;
  }

  base::Result<Response> answer = Response{.status = 200};
  std::vector<std::string> seen;

 private:
  base::Executor& executor_;
};

class Notes final : public TrafficObserver {
 public:
  void answered(const Traffic& traffic) override {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(traffic.took).count();
    std::string line;
    for (const auto part : {traffic.provider, traffic.endpoint, traffic.method, traffic.host, traffic.code}) {
      line += std::string(part) + " ";
    }
    lines.push_back(line + std::to_string(took) + (traffic.streamed ? " streamed" : ""));
  }
  std::vector<std::string> lines;
};

struct Metered {
  testing::VirtualExecutor executor{};
  SlowTransport next{executor};
  Notes notes{};
  MeteredTransport transport{executor, next, notes};

  static Request request() {
    return {.method = "POST",
            .origin = "https://mail.example:2222",
            .path = "/CMD?kim@example.com",
            .provider = "directadmin",
            .endpoint = "CMD_API_POP"};
  }
  base::Result<Response> send(Request request, std::stop_token stop = {}) {
    return executor.run(transport.send(std::move(request), std::move(stop)));
  }
};

TEST(AMeteredRequest, IsToldWithItsCodeAndDurationAndNothingOfItsPath) {
  Metered metered;
  metered.next.answer = Response{.status = 403};
  EXPECT_EQ(metered.send(Metered::request())->status, 403);
  EXPECT_THAT(metered.notes.lines, ElementsAre("directadmin CMD_API_POP POST mail.example:2222 403 250"));
}

TEST(AMeteredRequest, ThatFailsIsToldWithTheReason) {
  Metered metered;
  metered.next.answer = base::fail(base::ErrorKind::Retry, "TimedOut", "it took too long");
  EXPECT_EQ(metered.send(Metered::request()).error().reason, "TimedOut");
  EXPECT_THAT(metered.notes.lines, ElementsAre("directadmin CMD_API_POP POST mail.example:2222 TimedOut 250"));
}

TEST(AMeteredRequest, ThatWasStoppedIsNotToldOf) {
  Metered metered;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(metered.send(Metered::request(), stop.get_token()).error().reason, "Stopped");
  EXPECT_THAT(metered.notes.lines, IsEmpty());
}

/// Deals out a body in two pieces, a second each, then ends as it was told to.
class StreamingTransport final : public Transport {
 public:
  explicit StreamingTransport(base::Executor& executor) : executor_(executor) {}

  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override {
    for (int i = 0; i < pieces; ++i) {
      co_await base::sleepFor(executor_, 1s, stop);
      request.onBody("piece");
    }
    co_return answer;
  }

  int pieces = 2;
  base::Result<Response> answer = Response{.status = 200};

 private:
  base::Executor& executor_;
};

class AWatch : public ::testing::Test {
 protected:
  void follow() {
    Request request = Metered::request();
    request.onBody = [this](std::string_view bytes) { body += bytes; };
    base::spawn(executor, transport.send(std::move(request), {}), [](const auto&, const auto&) {});
  }

  testing::VirtualExecutor executor;
  StreamingTransport next{executor};
  Notes notes;
  MeteredTransport transport{executor, next, notes};
  std::string body;
};

TEST_F(AWatch, IsToldOfOnceAndWhenItBegins) {
  follow();
  executor.advance(1s);
  EXPECT_THAT(notes.lines, ElementsAre("directadmin CMD_API_POP POST mail.example:2222 200 1000 streamed"));
  executor.advance(1min);
  EXPECT_THAT(notes.lines, ::testing::SizeIs(1));
  EXPECT_EQ(body, "piecepiece");
}

TEST_F(AWatch, ThatBreaksLaterWasAGoodOne) {
  next.answer = base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost");
  follow();
  executor.advance(1min);
  EXPECT_THAT(notes.lines, ElementsAre("directadmin CMD_API_POP POST mail.example:2222 200 1000 streamed"));
}

TEST_F(AWatch, ThatIsRefusedIsToldWithItsCode) {
  next.pieces = 0;
  next.answer = Response{.status = 410};
  follow();
  executor.advance(1min);
  EXPECT_THAT(notes.lines, ElementsAre("directadmin CMD_API_POP POST mail.example:2222 410 0 streamed"));
}

TEST(ARequestWithoutProviderOrEndpoint, IsSentAndNotToldOf) {
  Metered metered;
  Request nameless = Metered::request();
  nameless.provider = "";
  EXPECT_TRUE(metered.send(nameless));
  Request aimless = Metered::request();
  aimless.endpoint = "";
  EXPECT_TRUE(metered.send(aimless));
  EXPECT_EQ(metered.next.seen.size(), 2U);
  EXPECT_THAT(metered.notes.lines, IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::http
