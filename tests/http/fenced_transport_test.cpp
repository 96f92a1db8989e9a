#include "http/fenced_transport.h"

#include <gmock/gmock.h>

#include "support/message_style.h"
#include "support/virtual_executor.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;

class Wire final : public Transport {
 public:
  base::Task<base::Result<Response>> send(Request request, std::stop_token /*stop*/) override {
    sent.push_back(std::move(request));
    co_return Response{.status = 200};
  }
  std::vector<Request> sent;
};

struct S11TheFence : ::testing::Test {
  base::Result<Response> send(Request request) { return executor.run(fenced.send(std::move(request), {})); }
  static Request write() { return {.method = "POST", .deadline = 30s, .provider = "directadmin"}; }

  testing::VirtualExecutor executor;
  Wire wire;
  std::optional<base::SteadyTime> until;
  FencedTransport fenced{executor, wire, [this] { return until; }};
};

TEST_F(S11TheFence, GivesAWriteNoMoreTimeThanIsLeft) {
  until = executor.now() + 13s;
  ASSERT_TRUE(send(write()));
  EXPECT_EQ(wire.sent.back().deadline, 13s);
  until = executor.now() + 1h;
  ASSERT_TRUE(send(write()));
  EXPECT_EQ(wire.sent.back().deadline, 30s);
}

TEST_F(S11TheFence, LetsNoWriteThroughOnceItIsClosed) {
  for (const auto closed : {std::optional<base::SteadyTime>{}, std::optional(executor.now())}) {
    until = closed;
    const auto refused = send(write());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "LeadershipLost");
    EXPECT_TRUE(refused.error().neverSent);
    testing::expectStyle(refused.error());
  }
  EXPECT_TRUE(wire.sent.empty());
}

TEST_F(S11TheFence, LetsEverythingElsePass) {
  ASSERT_TRUE(send({.method = "GET", .provider = "directadmin"}));
  ASSERT_TRUE(send({.method = "POST", .provider = "zoho"})) << "a token is no write";
  ASSERT_TRUE(send({.method = "POST", .provider = "kubernetes"}));
  EXPECT_EQ(wire.sent.size(), 3U);
}

}  // namespace
}  // namespace splitdelivery::http
