// The listener on real loopback sockets: what it answers.

#include <gmock/gmock.h>

#include "http/blocking_run.h"
#include "http/cpprest_transport.h"
#include "http/listening.h"
#include "support/message_style.h"

namespace splitdelivery::http {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(ListenerTest, HandsOnWhatWasAsked) {
  const std::string address = listen(echo);
  EXPECT_THAT(address, AllOf(StartsWith("127.0.0.1:"), Not(EndsWith(":0"))));
  EXPECT_THAT(ask(address, get("/a%20b?x=1&y?z", "Accept: text/plain\r\nConnection: close\r\n")),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("X-Of: ours\r\n"),
                    HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"), HasSubstr("Connection: close\r\n"),
                    EndsWith("\r\n\r\nGET|/a%20b|x=1&y?z|text/plain")));
}

TEST_F(ListenerTest, KeepsAConnectionForSeveralRequestsAndTakesThemAllAtOnceToo) {
  Caller caller(listen(echo));
  for (const std::string path : {"/1", "/2", "/3"}) {
    caller.send(get(path, ""));
    EXPECT_THAT(caller.answerEndingWith("GET|" + path + "||"), StartsWith("HTTP/1.1 200"));
  }
  caller.send(get("/4", "") + get("/5", "") + get("/6"));
  EXPECT_THAT(caller.rest(), AllOf(HasSubstr("GET|/4||HTTP/1.1 200"), HasSubstr("GET|/5||"), EndsWith("GET|/6||")));
}

TEST_F(ListenerTest, AnswersHTTP10AndClosesWhenThatSaysSo) {
  EXPECT_THAT(ask(listen(echo), "GET /old HTTP/1.0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.0 200"), EndsWith("GET|/old||")));
}

TEST_F(ListenerTest, AnswersHeadWithTheLengthAndNoBody) {
  EXPECT_THAT(ask(listen(echo), "HEAD /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Length: 9\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(ListenerTest, RefusesEveryOtherMethod) {
  const std::string address = listen(echo);
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
    EXPECT_THAT(
        ask(address, method + " / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"),
        AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET, HEAD\r\n")))
        << method;
  }
}

/// A web page could lead a name of its own to 127.0.0.1, and read what a browser on this machine may read.
TEST_F(ListenerTest, AnswersOnlyToThisMachinesNamesWhereOnlyThisMachineCanConnect) {
  const auto statusFor = [](const std::string& address, const std::string& host) {
    return ask(address, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").substr(9, 3);
  };
  const std::string address = listen(echo);
  for (const std::string host :
       {"localhost", "LocalHost:8080", "status.localhost:1", "127.0.0.1", "127.1.2.3:80", "[::1]:8080", "192.0.2.7"}) {
    EXPECT_EQ(statusFor(address, host), "200") << host;
  }
  for (const std::string host :
       {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "1::evil.example",
        "[::1].evil.example", "[::1", ":8080", "["}) {
    EXPECT_EQ(statusFor(address, host), "421") << host;
  }
  const std::string everywhere = listen(echo, {}, ":0");
  EXPECT_EQ(statusFor("127.0.0.1" + everywhere.substr(everywhere.rfind(':')), "mail.example"), "200");
}

TEST_F(ListenerTest, RefusesWhatIsNoRequest) {
  const std::string address = listen(echo);
  EXPECT_THAT(ask(address, "\x16\x03\x01\x02\x00\x01\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(address, "GET /\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(address, "GET / HTTP/1.1\r\nbad header\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(address, get("/fine")), StartsWith("HTTP/1.1 200"));
}

TEST_F(ListenerTest, RefusesHeadersAndBodiesThatAreTooLarge) {
  const std::string address = listen(echo);
  EXPECT_THAT(ask(address, "GET / HTTP/1.1\r\nA: " + std::string(9'000, 'x')), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(ask(address, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(ask(address, "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n" +
                               std::string(0x4000, 'x')),
              AllOf(Not(HasSubstr("200")), Not(HasSubstr("GET|"))));
}

base::Task<OutgoingAnswer> throwing(IncomingRequest) {
  throw std::runtime_error("the secret is 42");
  co_return OutgoingAnswer{};
}

TEST_F(ListenerTest, TellsNobodyWhyAHandlerFailed) {
  const std::string address = listen(throwing);
  EXPECT_THAT(ask(address, get("/")),
              AllOf(StartsWith("HTTP/1.1 500"), HasSubstr("internal error"), Not(HasSubstr("42"))));
}

TEST_F(ListenerTest, SurvivesAHandlerThatThrowsBeforeItsTaskExists) {
  const std::string address =
      listen([](const IncomingRequest&) -> base::Task<OutgoingAnswer> { throw std::runtime_error("at once"); });
  EXPECT_THAT(ask(address, get("/")), StartsWith("HTTP/1.1 500"));
}

TEST_F(ListenerTest, AnswersOurOwnTransport) {
  CpprestTransport transport(executor_, {});
  const auto answer = runBlocking(
      executor_, transport.send({.origin = "http://" + listen(echo), .path = "/ours", .deadline = kPatience}, {}));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->body, StartsWith("GET|/ours|"));
}

TEST_F(ListenerTest, ListensAtEveryFormOfAddress) {
  EXPECT_THAT(listen(echo, {}, "localhost:0"), StartsWith("127.0.0.1:"));
  const std::string everywhere = listen(echo, {}, ":0");
  EXPECT_THAT(everywhere, ::testing::AnyOf(StartsWith("[::]:"), StartsWith("0.0.0.0:")));
  const std::string port = everywhere.substr(everywhere.rfind(':'));
  EXPECT_THAT(ask("127.0.0.1" + port, get("/four")), EndsWith("GET|/four||"));
  if (everywhere.starts_with("[::]")) EXPECT_THAT(ask("[::1]" + port, get("/six")), EndsWith("GET|/six||"));
}

TEST_F(ListenerTest, TakesAPortAgainRightAfterItWasFreed) {
  const std::string address = listen(echo);
  EXPECT_THAT(ask(address, get("/")), StartsWith("HTTP/1.1 200"));
  listener_.reset();
  EXPECT_EQ(listen(echo, {}, address), address);
}

TEST_F(ListenerTest, SaysWhyItCannotListenAndWhatToDo) {
  const auto failure = [this](const std::string& hostPort) {
    const auto opened = AsioListener::open(executor_, hostPort, echo);
    EXPECT_FALSE(opened) << hostPort;
    if (opened) return base::Error{};
    EXPECT_EQ(opened.error().kind, base::ErrorKind::Stall);
    EXPECT_EQ(opened.error().reason, "ListenFailed");
    testing::expectStyle(opened.error());
    EXPECT_THAT(opened.error().message, HasSubstr("\"" + hostPort + "\""));
    return opened.error();
  };
  for (const char* malformed : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", "host:80",
                                "::1:80", "[127.0.0.1]:80", "[]:80", "http://0.0.0.0:80", "127.0.0.1:80 ", ":-1"}) {
    EXPECT_THAT(failure(malformed).message, HasSubstr("must be HOST:PORT"));
  }
  EXPECT_THAT(failure(listen(echo)).message, HasSubstr("another program listens there"));
  EXPECT_THAT(failure("192.0.2.1:0").message, HasSubstr("no interface of this machine"));
  if (::geteuid() != 0) EXPECT_THAT(failure("127.0.0.1:80").message, HasSubstr("1024"));
}

}  // namespace
}  // namespace splitdelivery::http
