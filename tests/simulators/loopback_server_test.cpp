#include "simulators/loopback_server.h"

#include <gmock/gmock.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>
#include <thread>

#include "simulators/asking.h"
#include "simulators/world.h"

namespace splitdelivery::simulators {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A client of few words: sends bytes, reads them.
class Peer {
 public:
  explicit Peer(std::uint16_t port) {
    socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    socket_.set_option(tcp::no_delay(true));
  }

  void send(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }
  void get(const std::string& target) {
    send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + basic("dauser0", "dakey0") + "\r\n\r\n");
  }
  /// Reads until `end` has come.
  std::string readUntil(std::string_view end) {
    std::string text;
    while (!text.ends_with(end)) text += some();
    return text;
  }
  /// Reads until the connection ends; how it ended is in `error`.
  std::string readAll() {
    std::string text;
    for (std::string more = some(); !error; more = some()) text += more;
    return text;
  }
  bool hasNothingYet() {
    socket_.non_blocking(true);
    some();
    socket_.non_blocking(false);
    return error == asio::error::would_block;
  }

  boost::system::error_code error;

 private:
  std::string some() {
    std::array<char, 4096> bytes{};
    const auto count = socket_.read_some(asio::buffer(bytes), error);
    if (error && error != asio::error::would_block && error != asio::error::eof &&
        error != asio::error::connection_reset) {
      throw boost::system::system_error(error);
    }
    return {bytes.data(), count};
  }

  asio::io_context context_;
  tcp::socket socket_{context_};
};

class ALoopbackServer : public ::testing::Test {
 protected:
  ALoopbackServer() {
    world.da.addAccount({.user = "dauser0", .keys = {{.key = "dakey0"}}});
    world.da.addDomain("dauser0", "example.com");
    port = server.listen("127.0.0.1:0", world.daService);
    thread = std::thread([this] { server.run(); });
  }
  ~ALoopbackServer() override {
    server.stop();
    thread.join();
  }
  void fault(Fault fault) {
    server.perform([&] { world.faults.add({.fault = std::move(fault)}); });
  }
  std::size_t mutations() {
    std::size_t count = 0;
    server.perform([&] { count = world.journal.mutationCount(); });
    return count;
  }

  World world;
  LoopbackServer server;
  std::uint16_t port = 0;
  std::thread thread;
  static constexpr const char* kDomains = "/CMD_API_SHOW_DOMAINS?json=yes";
  static constexpr const char* kAnswer = R"(["example.com"])";
};

TEST_F(ALoopbackServer, AnswersOverOneConnectionAgainAndAgain) {
  Peer peer(port);
  for (int i = 0; i < 3; ++i) {
    peer.get(kDomains);
    const std::string answer = peer.readUntil(kAnswer);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("content-length: 15\r\n"));
  }
}

TEST_F(ALoopbackServer, TakesABodyAndClosesWhenAskedTo) {
  Peer peer(port);
  const std::string body = "action=create&domain=example.com&user=a&email=a%40b.example";
  peer.send(
      "POST /CMD_API_EMAIL_FORWARDERS?json=yes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: " +
      basic("dauser0", "dakey0") + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_THAT(peer.readAll(), HasSubstr("Forwarder Created"));
  EXPECT_EQ(peer.error, asio::error::eof);
  EXPECT_EQ(mutations(), 1U);
}

TEST_F(ALoopbackServer, ClosesOnABrokenRequest) {
  Peer peer(port);
  peer.send("HELO example.com\r\n\r\n");
  EXPECT_THAT(peer.readAll(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(ALoopbackServer, ResetsTheConnectionForReal) {
  fault({.kind = FaultKind::ResetAfter});
  Peer peer(port);
  peer.get(kDomains);
  EXPECT_EQ(peer.readAll(), "");
  EXPECT_EQ(peer.error, asio::error::connection_reset);
}

TEST_F(ALoopbackServer, BreaksAnAnswerOff) {
  fault({.kind = FaultKind::Truncate});
  Peer peer(port);
  peer.get(kDomains);
  EXPECT_THAT(peer.readAll(), EndsWith("\r\n\r\n[\"examp"));
  EXPECT_EQ(peer.error, asio::error::eof);
}

TEST_F(ALoopbackServer, KeepsSilentInAHangAndNoticesWhenThePeerLeaves) {
  fault({.kind = FaultKind::Hang});
  {
    Peer peer(port);
    peer.get(kDomains);
    std::size_t asked = 0;
    while (asked == 0) server.perform([&] { asked = world.journal.requests("da"); });
    EXPECT_TRUE(peer.hasNothingYet());
  }
  // Once the silent connection is gone the next one is alone.
  std::size_t open = 2;
  while (open == 2) {
    server.perform([&] {
      world.journal.clear();
      const auto visit = world.journal.arrive("da");
      open = world.journal.maxConcurrency("da");
    });
  }
  EXPECT_EQ(open, 1U);
}

TEST_F(ALoopbackServer, DripsASlowBodyInChunks) {
  fault({.kind = FaultKind::SlowBody, .delay = std::chrono::milliseconds(40)});
  Peer peer(port);
  peer.get(kDomains);
  const std::string answer = peer.readUntil("\r\n0\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("transfer-encoding: chunked"));
  EXPECT_THAT(answer, HasSubstr("1\r\n[\r\n1\r\n\"\r\n1\r\ne\r\n"));
}

TEST_F(ALoopbackServer, PoursOutAHugeBody) {
  fault({.kind = FaultKind::HugeBody, .size = 300'000});
  Peer peer(port);
  peer.get(kDomains);
  EXPECT_GT(peer.readUntil("\r\n0\r\n\r\n").size(), 300'000U);
}

TEST_F(ALoopbackServer, AnswersLateWhenToldTo) {
  fault({.kind = FaultKind::Latency, .delay = std::chrono::milliseconds(30)});
  const auto start = std::chrono::steady_clock::now();
  Peer peer(port);
  peer.get(kDomains);
  peer.readUntil(kAnswer);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
}

TEST(ALoopbackAddress, IsTheOnlyOneListenedTo) {
  LoopbackServer server;
  const LoopbackServer::Answer answer = [](const Request&) { return Delivery{}; };
  for (const char* wrong :
       {"0.0.0.0:0", "192.0.2.1:0", "[::]:0", "example.com:80", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:99999"}) {
    EXPECT_THROW(server.listen(wrong, answer), std::invalid_argument) << wrong;
  }
  EXPECT_GT(server.listen("localhost:0", answer), 0);
  EXPECT_GT(server.listen("127.0.0.2:0", answer), 0);
}

TEST(ALoopbackAddress, ThatIsTakenIsAnError) {
  LoopbackServer server;
  const LoopbackServer::Answer answer = [](const Request&) { return Delivery{}; };
  const auto port = server.listen("127.0.0.1:0", answer);
  LoopbackServer second;
  EXPECT_THROW(second.listen("127.0.0.1:" + std::to_string(port), answer), std::runtime_error);
}

}  // namespace
}  // namespace splitdelivery::simulators
