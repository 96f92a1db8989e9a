#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "http/client.h"
#include "http/test_certificate.h"
#include "support/message_style.h"
#include "support/temporary_folder.h"

namespace splitdelivery::http {
namespace {

using ::testing::HasSubstr;

base::Error failure(const std::string& origin, const std::string& caBundle) {
  Client client({.caBundle = caBundle});
  const auto answer = client.get(origin);
  EXPECT_FALSE(answer) << "it should have been refused";
  return answer ? base::Error{} : answer.error();
}

void expectRefusal(const base::Error& error, const std::string& why) {
  EXPECT_EQ(error.reason, reason::kTlsFailed);
  EXPECT_EQ(error.kind, base::ErrorKind::Stall);
  EXPECT_THAT(error.message, HasSubstr(why));
  testing::expectStyle(error);
}

TEST(ATlsServer, WhoseCertificateIsInTheCaBundleIsTrusted) {
  const TestCertificate certificate;
  const TestCertificate other;
  RawServer server(answering(okAnswer()), certificate.server());
  Client client({.caBundle = "# ours\n" + other.pem() + "\n" + certificate.pem()});
  EXPECT_EQ(verdict(client.get(server.origin())), "ok") << "by address";
  EXPECT_EQ(verdict(client.get(server.origin("localhost"))), "ok") << "by name";
}

TEST(ATlsServer, OfAnUnknownAuthorityIsRefusedWithTheAdviceOfWhoAsked) {
  const TestCertificate certificate;
  RawServer server(answering(okAnswer()), certificate.server());
  expectRefusal(failure(server.origin(), ""), "nobody who is trusted here");
  expectRefusal(failure(server.origin(), TestCertificate().pem()), "a known authority");
  Client client;
  const auto advised = client.send({.origin = server.origin(), .path = "/", .trustAdvice = "ask Ida"});
  ASSERT_FALSE(advised);
  expectRefusal(advised.error(), "; ask Ida");
}

TEST(ATlsServer, RefusedForAnotherReasonIsNotAnsweredWithAdviceOnTrust) {
  const TestCertificate certificate("DNS:eagle.example");
  RawServer server(answering(okAnswer()), certificate.server());
  Client client({.caBundle = certificate.pem()});
  const auto answer = client.send({.origin = server.origin(), .path = "/", .trustAdvice = "ask Ida"});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, ::testing::Not(HasSubstr("ask Ida")));
}

TEST(ATlsServer, OfAnotherNameIsRefusedAndTheNameIsBlamed) {
  const TestCertificate certificate("DNS:eagle.example,IP:192.0.2.1");
  RawServer server(answering(okAnswer()), certificate.server());
  expectRefusal(failure(server.origin(), certificate.pem()), "another host name");
  expectRefusal(failure(server.origin("localhost"), certificate.pem()), "another host name");
}

TEST(ATlsServer, WithAnExpiredCertificateIsRefused) {
  const TestCertificate certificate("IP:127.0.0.1", -1);
  RawServer server(answering(okAnswer()), certificate.server());
  expectRefusal(failure(server.origin(), certificate.pem()), "expired");
}

TEST(ATlsServer, OlderThanTls12IsRefused) {
  TestCertificate certificate;
  certificate.offerAtMost(TLS1_1_VERSION);
  RawServer server(answering(okAnswer()), certificate.server());
  expectRefusal(failure(server.origin(), certificate.pem()), "TLS 1.2");
}

TEST(ATlsServer, OfTls12IsGoodEnough) {
  TestCertificate certificate;
  certificate.offerAtMost(TLS1_2_VERSION);
  RawServer server(answering(okAnswer()), certificate.server());
  Client client({.caBundle = certificate.pem()});
  EXPECT_EQ(verdict(client.get(server.origin())), "ok");
}

TEST(APlainServer, BehindAnHttpsAddressIsRefused) {
  RawServer server([](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    peer.awaitClose();
  });
  expectRefusal(failure("https" + server.origin().substr(4), ""), "does not speak TLS");
}

TEST(AResetInTheHandshake, IsPassingTrouble) {
  RawServer server([](Peer& peer) {
    peer.awaitBytes();
    peer.reset();
  });
  const auto error = failure("https" + server.origin().substr(4), "");
  EXPECT_EQ(error.reason, reason::kConnectionLost);
  EXPECT_EQ(error.kind, base::ErrorKind::Retry);
}

/// What OpenSSL takes for the system's authorities, for as long as this lives.
class SystemAuthorities {
 public:
  explicit SystemAuthorities(const std::string& pem) {
    std::ofstream(file_) << pem;
    ::setenv("SSL_CERT_FILE", file_.c_str(), 1);
  }
  ~SystemAuthorities() { ::unsetenv("SSL_CERT_FILE"); }
  void remove() { std::filesystem::remove(file_); }

 private:
  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "authorities.pem";
};

TEST(TheSystemsAuthorities, AreReadOnceAndNotForEachConnection) {
  const TestCertificate certificate;
  SystemAuthorities system(certificate.pem());
  RawServer server(answeringOnce(okAnswer()), certificate.server());
  Client client;
  EXPECT_EQ(verdict(client.get(server.origin())), "ok");
  system.remove();
  EXPECT_EQ(verdict(client.get(server.origin())), "ok") << "a connection of its own, on what was read for the first";
  EXPECT_EQ(server.connections(), 2U);
}

TEST(TheSystemsAuthorities, CountBesidesACaBundleUnlessItStandsAlone) {
  const TestCertificate certificate;
  const SystemAuthorities system(certificate.pem());
  RawServer server(answering(okAnswer()), certificate.server());
  const std::string others = TestCertificate().pem();
  Client besides({.caBundle = others});
  EXPECT_EQ(verdict(besides.get(server.origin())), "ok");
  Client alone({.caBundle = others, .caBundleAlone = true});
  EXPECT_EQ(verdict(alone.get(server.origin())), reason::kTlsFailed);
  Client noBundle({.caBundleAlone = true});
  EXPECT_EQ(verdict(noBundle.get(server.origin())), "ok") << "without a bundle there is nothing to stand alone";
}

TEST(ACaBundle, WithoutACertificateRefusesEveryTlsServer) {
  const TestCertificate certificate;
  RawServer server(answering(okAnswer()), certificate.server());
  const std::string pem = certificate.pem();
  for (const std::string& bundle : {std::string("eagle.example"), pem.substr(0, pem.size() / 2)}) {
    expectRefusal(failure(server.origin(), bundle), "-----BEGIN CERTIFICATE-----");
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(AnAnswerUntilTheEnd, OverTlsIsWholeOnlyAfterAProperGoodbye) {
  const TestCertificate certificate;
  const std::string answer = "HTTP/1.1 200 OK\r\n\r\nwhole?";
  RawServer polite(
      [&answer](Peer& peer) {
        peer.readRequest();
        peer.send(answer);
        peer.sayGoodbye();
      },
      certificate.server());
  RawServer cutOff(answeringOnce(answer), certificate.server());
  Client client({.caBundle = certificate.pem()});
  EXPECT_EQ(verdict(client.get(polite.origin())), "ok");
  EXPECT_EQ(verdict(client.get(cutOff.origin())), reason::kConnectionLost);
}

}  // namespace
}  // namespace splitdelivery::http
