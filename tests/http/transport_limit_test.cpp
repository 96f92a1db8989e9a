#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <charconv>

#include "http/client.h"
#include "http/test_certificate.h"

namespace splitdelivery::http {
namespace {

constexpr std::size_t kLimit = 100'000;
constexpr std::size_t kEndless = 100'000'000;  ///< what the servers below would send

/// Sends `piece` again and again; counts what the client took before it went away.
void pour(Peer& peer, const std::string& piece, std::atomic<std::size_t>& taken) {
  while (taken < kEndless && peer.send(piece)) taken += piece.size();
}

Request limited(const std::string& origin, std::size_t limit = kLimit) {
  return {.origin = origin, .path = "/", .deadline = Client::kPatience, .bodyLimit = limit};
}

std::string chunk(std::size_t size) {
  std::array<char, 20> digits{};
  const char* const end = std::to_chars(digits.begin(), digits.end(), size, 16).ptr;
  return std::string(digits.data(), static_cast<std::size_t>(end - digits.data())) + "\r\n" + std::string(size, 'x') +
         "\r\n";
}

constexpr const char* kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(AnAnswerThatAnnouncesTooMuch, IsRefusedBeforeItsBodyIsRead) {
  std::promise<void> closed;
  RawServer server([&closed](Peer& peer) {
    peer.readRequest();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n");
    peer.awaitClose();
    closed.set_value();
  });
  Client client;
  const auto answer = client.send(limited(server.origin()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, reason::kAnswerTooLarge);
  EXPECT_EQ(answer.error().kind, base::ErrorKind::Retry);
  EXPECT_EQ(closed.get_future().wait_for(Client::kPatience), std::future_status::ready);
}

struct Endless {
  const char* name;
  std::string head;
  std::string piece;
  bool tls = false;
};

class AnEndlessAnswer : public ::testing::TestWithParam<Endless> {};

TEST_P(AnEndlessAnswer, IsCutOffWhileItArrives) {
  const TestCertificate certificate;
  std::atomic<std::size_t> taken = 0;
  RawServer server(
      [&taken](Peer& peer) {
        peer.readRequest();
        peer.send(GetParam().head);
        pour(peer, GetParam().piece, taken);
      },
      GetParam().tls ? certificate.server() : nullptr);
  Client client({.caBundle = certificate.pem()});
  EXPECT_EQ(verdict(client.send(limited(server.origin()))), reason::kAnswerTooLarge);
  // The limit, and what the sockets on both sides hold.
  EXPECT_LT(taken, 20'000'000U);
}

INSTANTIATE_TEST_SUITE_P(
    , AnEndlessAnswer,
    ::testing::Values(Endless{"Chunked", kChunkedHead, chunk(10'000)},
                      Endless{"ChunkedInTinyPieces", kChunkedHead, chunk(7)},
                      Endless{"UntilTheEnd", "HTTP/1.1 200 OK\r\n\r\n", std::string(10'000, 'x')},
                      // The library collects these whole before it shows us anything: only the count of TLS
                      // records stops them. (Plain http, to loopback alone, has just the deadline for that.)
                      Endless{"OneGiantChunk", std::string(kChunkedHead) + "7ffffff0\r\n", std::string(10'000, 'x'),
                              true},
                      Endless{"NegativeChunk", std::string(kChunkedHead) + "-5\r\n", std::string(10'000, 'x'), true},
                      Endless{"Headers", "HTTP/1.1 200 OK\r\n", "X-More: " + std::string(10'000, 'x') + "\r\n", true}),
    [](const auto& info) { return info.param.name; });

// With two threads in cpprestsdk's pool this is a crash: the one that cancels closes the socket while
// the other reads on. It is a matter of luck (1 run in 10 of 200 requests; 8 in 10 with the close
// slowed down), so a pass here proves little; RealExecutor's pool of one thread is what prevents it.
TEST(ARequest, ThatIsGivenUpInTheMiddleOfAGiantChunkHarmsNothing) {
  const TestCertificate certificate;
  RawServer server(
      [](Peer& peer) {
        peer.readRequest();
        peer.send(std::string(kChunkedHead) + "7ffffff0\r\n");
        std::atomic<std::size_t> taken = 0;
        pour(peer, std::string(16'000, 'x'), taken);
      },
      certificate.server());
  Client client({.caBundle = certificate.pem()});
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(verdict(client.send(limited(server.origin()))), reason::kAnswerTooLarge);
  }
}

TEST(AnAnswer, OfExactlyTheLimitIsWhole) {
  RawServer plain(answeringOnce(okAnswer(std::string(kLimit, 'x'))));
  RawServer chunked(answeringOnce(kChunkedHead + chunk(kLimit - 10) + chunk(10) + "0\r\n\r\n"));
  RawServer untilEnd(answeringOnce("HTTP/1.1 200 OK\r\n\r\n" + std::string(kLimit, 'x')));
  Client client;
  for (const auto* server : {&plain, &chunked, &untilEnd}) {
    const auto answer = client.send(limited(server->origin()));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body.size(), kLimit);
  }
}

TEST(AnAnswer, OfOneByteMoreThanTheLimitIsTooLarge) {
  RawServer plain(answeringOnce(okAnswer(std::string(kLimit + 1, 'x'))));
  RawServer chunked(answeringOnce(kChunkedHead + chunk(kLimit) + chunk(1) + "0\r\n\r\n"));
  RawServer untilEnd(answeringOnce("HTTP/1.1 200 OK\r\n\r\n" + std::string(kLimit + 1, 'x')));
  Client client;
  for (const auto* server : {&plain, &chunked, &untilEnd}) {
    EXPECT_EQ(verdict(client.send(limited(server->origin()))), reason::kAnswerTooLarge);
  }
}

TEST(ALargeAnswer, WithinTheLimitPassesOverTls) {
  const TestCertificate certificate;
  const std::size_t size = 8'000'000;
  RawServer server(answeringOnce(okAnswer(std::string(size, 'x'))), certificate.server());
  Client client({.caBundle = certificate.pem()});
  const auto answer = client.send(limited(server.origin(), size));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body.size(), size);
}

}  // namespace
}  // namespace splitdelivery::http
