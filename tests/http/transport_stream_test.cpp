#include <gmock/gmock.h>

#include "http/client.h"
#include "http/test_certificate.h"

namespace splitdelivery::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string chunk(const std::string& bytes) {
  std::array<char, 16> size{};
  std::snprintf(size.data(), size.size(), "%zx", bytes.size());
  return std::string(size.data()) + "\r\n" + bytes + "\r\n";
}

constexpr const char* kChunkedHead =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

Request streamed(const std::string& origin, Seen& pieces) {
  return {.origin = origin,
          .path = "/",
          .deadline = Client::kPatience,
          .bodyLimit = 4,
          .onBody = [&pieces](std::string_view piece) { pieces.add(std::string(piece)); }};
}

std::string joined(const std::vector<std::string>& pieces) {
  std::string text;
  for (const auto& piece : pieces) text += piece;
  return text;
}

TEST(AStreamedAnswer, ComesPieceByPieceWhileTheServerStillTalks) {
  Seen pieces;
  RawServer server([&pieces](Peer& peer) {
    peer.readRequest();
    peer.send(kChunkedHead + chunk("one\n"));
    while (pieces.all().empty()) std::this_thread::yield();
    peer.send(chunk("two\n") + "0\r\n\r\n");
    peer.readRequest();
  });
  Client client;
  const auto answer = client.send(streamed(server.origin(), pieces));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(answer->body, IsEmpty());
  EXPECT_THAT(pieces.all(), ElementsAre("one\n", "two\n"));
}

TEST(AStreamedAnswer, HasNoBodyLimit) {
  Seen pieces;
  const std::string long_(100000, 'x');
  RawServer server([&long_](Peer& peer) {
    peer.readRequest();
    peer.send(kChunkedHead + chunk(long_) + chunk(long_) + "0\r\n\r\n");
    peer.readRequest();
  });
  Client client;
  ASSERT_TRUE(client.send(streamed(server.origin(), pieces)));
  EXPECT_EQ(joined(pieces.all()).size(), 2 * long_.size());
}

TEST(AStreamedAnswer, ThatIsNoSuccessIsKeptWhole) {
  Seen pieces;
  RawServer server(answering("HTTP/1.1 410 Gone\r\nContent-Length: 5\r\n\r\nolder"));
  Client client;
  const auto answer = client.send(streamed(server.origin(), pieces));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 410);
  EXPECT_EQ(answer->body, "older");
  EXPECT_THAT(pieces.all(), IsEmpty());
}

TEST(AStreamedAnswer, ThatBreaksOffIsAnErrorAfterItsPieces) {
  Seen pieces;
  RawServer server([](Peer& peer) {
    peer.readRequest();
    peer.send(kChunkedHead + chunk("one\n"));
  });
  Client client;
  const auto answer = client.send(streamed(server.origin(), pieces));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::ErrorKind::Retry);
  EXPECT_EQ(joined(pieces.all()), "one\n");
}

TEST(AStreamedAnswer, StopsGivingPiecesOnceItWasStopped) {
  Seen pieces;
  std::stop_source stop;
  std::atomic<bool> ended = false;
  RawServer server([&](Peer& peer) {
    peer.readRequest();
    peer.send(kChunkedHead + chunk("one\n"));
    while (!ended && peer.send(chunk("more\n"))) std::this_thread::yield();
  });
  Client client;
  auto request = streamed(server.origin(), pieces);
  request.onBody = [&](std::string_view piece) {
    pieces.add(std::string(piece));
    stop.request_stop();
  };
  const auto answer = client.send(std::move(request), stop.get_token());
  const auto then = pieces.all().size();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, base::ErrorKind::Stopped);
  EXPECT_EQ(verdict(client.get(RawServer(answering(okAnswer())).origin())), "ok") << "meanwhile pieces could have come";
  EXPECT_EQ(pieces.all().size(), then);
  ended = true;
}

TEST(AClientCertificate, IsShownToAServerThatAsks) {
  const TestCertificate certificate;
  const TestCertificate mine("DNS:me");
  TestCertificate asking;
  SSL_CTX_set_verify(asking.server(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     [](int /*ok*/, X509_STORE_CTX* /*context*/) { return 1; });
  RawServer server(answering(okAnswer()), asking.server());
  Client with({.caBundle = asking.pem(), .clientCertificate = mine.pem(), .clientKey = base::Secret(mine.keyPem())});
  EXPECT_EQ(verdict(with.get(server.origin())), "ok");
  Client without({.caBundle = asking.pem()});
  EXPECT_NE(verdict(without.get(server.origin())), "ok");
}

TEST(AClientCertificate, WithTheKeyOfAnotherIsRefusedBeforeAnythingIsSent) {
  const TestCertificate certificate;
  const TestCertificate mine("DNS:me");
  RawServer server(answering(okAnswer()), certificate.server());
  Client client({.caBundle = certificate.pem(),
                 .clientCertificate = mine.pem(),
                 .clientKey = base::Secret(certificate.keyPem())});
  const auto answer = client.get(server.origin());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, reason::kTlsFailed);
  EXPECT_EQ(answer.error().kind, base::ErrorKind::Stall);
}

}  // namespace
}  // namespace splitdelivery::http
