#include <gmock/gmock.h>

#include "http/client.h"
#include "support/message_style.h"

namespace splitdelivery::http {
namespace {

using base::ErrorKind;
using ::testing::HasSubstr;

struct Broken {
  const char* name;
  std::string answer;
};

class ABrokenAnswer : public ::testing::TestWithParam<Broken> {};

TEST_P(ABrokenAnswer, IsAnErrorAndNeverAShortSuccess) {
  RawServer server(answeringOnce(GetParam().answer));
  Client client;
  const auto answer = client.get(server.origin());
  ASSERT_FALSE(answer) << answer->status << " " << answer->body;
  EXPECT_EQ(answer.error().reason, reason::kConnectionLost);
  EXPECT_EQ(answer.error().kind, ErrorKind::Retry);
  EXPECT_THAT(answer.error().message, HasSubstr(server.origin().substr(7)));
  testing::expectStyle(answer.error());
}

INSTANTIATE_TEST_SUITE_P(
    , ABrokenAnswer,
    ::testing::Values(Broken{"NoneAtAll", ""}, Broken{"HalfTheHeaders", "HTTP/1.1 200 OK\r\nContent-"},
                      Broken{"LessThanContentLength", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"},
                      Broken{"ChunkCutOff", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"},
                      Broken{"LastChunkMissing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"},
                      Broken{"ChunkSizeIsNoNumber",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"},
                      Broken{"ContentLengthIsNoNumber", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc"},
                      Broken{"ContentLengthHasATail", "HTTP/1.1 200 OK\r\nContent-Length: 3, 10\r\n\r\nabc"},
                      Broken{"InterimAnswerOnly", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"},
                      Broken{"NotHttp", "220 mail.example.com ESMTP\r\n\r\n"}),
    [](const auto& info) { return info.param.name; });

TEST(AReset, IsALostConnection) {
  RawServer server([](Peer& peer) {
    peer.readRequest();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    peer.reset();
  });
  Client client;
  EXPECT_EQ(verdict(client.get(server.origin())), reason::kConnectionLost);
}

TEST(AnInterimAnswer, LeavesNothingBehindForTheNextRequest) {
  RawServer server([](Peer& peer) {
    while (!peer.readRequest().empty()) {
      if (!peer.send("HTTP/1.1 103 Early Hints\r\n\r\n" + okAnswer("the late answer to the request before"))) return;
    }
  });
  Client client;
  EXPECT_EQ(verdict(client.get(server.origin())), reason::kConnectionLost);
  EXPECT_EQ(verdict(client.get(server.origin())), reason::kConnectionLost);
}

TEST(AServerThatHangs, IsTimedOutAndItsConnectionClosed) {
  std::promise<void> closed;
  RawServer server([&closed](Peer& peer) {
    peer.readRequest();
    peer.awaitClose();
    closed.set_value();
  });
  Client client;
  const auto answer = client.send({.origin = server.origin(), .path = "/", .deadline = Client::kShort});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, reason::kTimedOut);
  EXPECT_EQ(answer.error().kind, ErrorKind::Retry);
  EXPECT_THAT(answer.error().message, HasSubstr("150 ms"));
  testing::expectStyle(answer.error());
  EXPECT_EQ(closed.get_future().wait_for(Client::kPatience), std::future_status::ready);
}

TEST(AServerThatDrips, IsTimedOutByTheDeadlineForAll) {
  RawServer server([](Peer& peer) {
    peer.readRequest();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (peer.send("x") && !peer.closedWithin(std::chrono::milliseconds{10})) {
    }
  });
  Client client;
  const auto answer = client.send({.origin = server.origin(), .path = "/", .deadline = Client::kShort});
  EXPECT_EQ(verdict(answer), reason::kTimedOut);
}

TEST(ADeadline, ThatHasPassedSendsNothing) {
  RawServer server(answering(okAnswer()));
  Client client;
  const auto answer = client.send({.origin = server.origin(), .path = "/", .deadline = std::chrono::milliseconds{0}});
  EXPECT_EQ(verdict(answer), reason::kTimedOut);
  EXPECT_TRUE(neverSent(answer.error()));
  testing::expectStyle(answer.error());
  EXPECT_EQ(server.connections(), 0U);
}

TEST(AStop, EndsARequestThatIsUnderWayAndClosesItsConnection) {
  std::stop_source stop;
  std::promise<void> closed;
  RawServer server([&](Peer& peer) {
    peer.readRequest();
    stop.request_stop();
    peer.awaitClose();
    closed.set_value();
  });
  Client client;
  const auto answer = client.send({.origin = server.origin(), .path = "/"}, stop.get_token());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::Stopped);
  EXPECT_EQ(answer.error().reason, reason::kStopped);
  EXPECT_EQ(closed.get_future().wait_for(Client::kPatience), std::future_status::ready);
}

TEST(AStop, ThatCameBeforeSendsNothing) {
  RawServer server(answering(okAnswer()));
  std::stop_source stop;
  stop.request_stop();
  Client client;
  EXPECT_EQ(verdict(client.send({.origin = server.origin(), .path = "/"}, stop.get_token())), reason::kStopped);
  EXPECT_EQ(server.connections(), 0U);
}

TEST(ATransport, ThatIsDestroyedStopsWhatIsUnderWay) {
  Client client;
  std::promise<void> arrived;
  RawServer server([&](Peer& peer) {
    peer.readRequest();
    arrived.set_value();
    peer.awaitClose();
  });
  std::promise<std::string> ended;
  base::spawn(client.executor(), client.transport().send({.origin = server.origin(), .path = "/"}, {}),
              [&ended](const std::exception_ptr&, const std::optional<base::Result<Response>>& answer) {
                ended.set_value(verdict(*answer));
              });
  arrived.get_future().wait();
  client.destroyTransport();
  EXPECT_EQ(ended.get_future().get(), reason::kStopped);
}

TEST(NobodyListening, IsAFailedConnectThatWasNeverSent) {
  std::string origin;
  {
    const RawServer server(answering(okAnswer()));
    origin = server.origin();
  }
  Client client;
  const auto answer = client.get(origin);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, reason::kConnectFailed);
  EXPECT_EQ(answer.error().kind, ErrorKind::Retry);
  EXPECT_TRUE(neverSent(answer.error()));
  EXPECT_THAT(answer.error().message, HasSubstr(origin.substr(7)));
  testing::expectStyle(answer.error());
}

TEST(AHostThatCannotExist, IsNotFound) {
  Client client;
  // A label longer than DNS allows: the answer comes from the C library, no name server is asked.
  const auto answer = client.get("https://" + std::string(64, 'a') + ".example:444");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, reason::kHostNotFound);
  EXPECT_TRUE(neverSent(answer.error()));
  EXPECT_THAT(answer.error().message, HasSubstr(".example:444"));
  testing::expectStyle(answer.error());
}

TEST(PlainHttp, GoesToLoopbackOnly) {
  Client client;
  for (const char* origin : {"http://192.0.2.1", "http://127.0.0.1.example.com", "http://localhost.example.com:80",
                             "http://[2001:db8::1]:80", "HTTP://EXAMPLE.com"}) {
    const auto answer = client.get(origin);
    ASSERT_FALSE(answer) << origin;
    EXPECT_EQ(answer.error().reason, reason::kPlainHttp) << origin;
    EXPECT_EQ(answer.error().kind, ErrorKind::Stall) << origin;
    EXPECT_TRUE(neverSent(answer.error()));
    testing::expectStyle(answer.error());
  }
}

TEST(PlainHttp, ReachesLoopbackByName) {
  RawServer server(answering(okAnswer()));
  Client client;
  EXPECT_EQ(verdict(client.get(server.origin("localhost"))), "ok");
}

struct Unusable {
  const char* name;
  Request request;
};

class AnUnusableRequest : public ::testing::TestWithParam<Unusable> {};

TEST_P(AnUnusableRequest, IsNeverSent) {
  RawServer server(answering(okAnswer()));
  Client client;
  Request request = GetParam().request;
  if (request.origin.empty()) request.origin = server.origin();
  const auto answer = client.send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, reason::kInvalidRequest);
  EXPECT_EQ(answer.error().kind, ErrorKind::Stall);
  EXPECT_TRUE(neverSent(answer.error()));
  EXPECT_THAT(answer.error().message, ::testing::Not(HasSubstr("hidden")));
  testing::expectStyle(answer.error());
  EXPECT_EQ(server.connections(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    , AnUnusableRequest,
    ::testing::Values(Unusable{"NoScheme", {.origin = "eagle.example:2222", .path = "/"}},
                      Unusable{"OtherScheme", {.origin = "ftp://127.0.0.1", .path = "/"}},
                      Unusable{"PasswordInTheAddress", {.origin = "https://user:hidden@127.0.0.1", .path = "/"}},
                      Unusable{"PathInTheAddress", {.origin = "https://127.0.0.1/x", .path = "/"}},
                      Unusable{"PortOutOfRange", {.origin = "https://127.0.0.1:65536", .path = "/"}},
                      Unusable{"NoHost", {.origin = "https://:443", .path = "/"}},
                      Unusable{"RelativePath", {.path = "x"}}, Unusable{"SpaceInThePath", {.path = "/a b"}},
                      Unusable{"LineBreakInTheSecret", {.path = "/", .authorization = base::Secret("Bearer hidden\n")}},
                      Unusable{"LineBreakInAHeader", {.path = "/", .headers = {{"X-Server", "hidden\r\nA: b"}}}},
                      Unusable{"LineBreakInTheContentType", {.path = "/", .body = "x", .contentType = "a\nb"}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace splitdelivery::http
