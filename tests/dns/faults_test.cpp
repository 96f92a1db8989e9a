// Everything that a DNS server can do wrong. Nothing is known then: never NoSuchName, never NoData.

#include <gmock/gmock.h>

#include "dns/asker.h"
#include "support/message_style.h"

namespace splitdelivery::dns {
namespace {

using simulators::DnsFault;
using ::testing::HasSubstr;

class AFaultyServer : public TheCaresResolver {
 protected:
  AFaultyServer() {
    zone.setMx(kName, {{10, "mx.zoho.com"}});
    zone.setTxt(kName, {"v=spf1 -all"});
  }
  /// Both questions end in the same failure, which is returned.
  std::string failureUnder(DnsFault fault) {
    zone.setFault(kName, fault);
    const auto mailServers = mx(kName);
    const auto texts = txt(kName);
    EXPECT_EQ(mailServers.outcome, Outcome::Failed);
    EXPECT_EQ(texts.outcome, Outcome::Failed);
    EXPECT_EQ(mailServers.failure, texts.failure);
    splitdelivery::testing::expectStyle({.reason = "DNS", .message = mailServers.failure});
    return mailServers.failure;
  }

  static constexpr const char* kName = "zoho.example.com";
};

TEST_F(AFaultyServer, ThatFailsIsNamedSo) {
  EXPECT_THAT(failureUnder(DnsFault::ServFail), HasSubstr("SERVFAIL"));
  EXPECT_THAT(failureUnder(DnsFault::Refused), HasSubstr("REFUSED"));
  EXPECT_THAT(failureUnder(DnsFault::NotImp), HasSubstr("NOTIMP"));
}

TEST_F(AFaultyServer, ThatBreaksOffInARecordIsNotBelieved) {
  EXPECT_THAT(failureUnder(DnsFault::Broken), HasSubstr("cannot be read"));
}

TEST_F(AFaultyServer, ThatIsSilentIsAskedSoOftenAndNoLonger) {
  open(2 * kShort, 3);
  const auto start = std::chrono::steady_clock::now();
  zone.setFault(kName, DnsFault::Silent);
  EXPECT_EQ(mx(kName).failure, "the resolvers did not answer in time");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 6 * kShort);
  EXPECT_LE(zone.questions(), 3U);
  EXPECT_GE(zone.questions(), 2U);
}

TEST_F(AFaultyServer, ThatTalksRubbishIsNotHeard) {
  open(kShort);
  EXPECT_EQ(failureUnder(DnsFault::Garbage), "the resolvers did not answer in time");
  EXPECT_EQ(failureUnder(DnsFault::WrongId), "the resolvers did not answer in time") << "somebody guesses";
}

TEST_F(AFaultyServer, ThatTruncatesIsAskedOverTcp) {
  zone.setFault(kName, DnsFault::Truncated);
  EXPECT_EQ(mx(kName).outcome, Outcome::Found);
  EXPECT_EQ(txt(kName).outcome, Outcome::Found);
  EXPECT_EQ(server.answersOverTcp(), 2U);
}

TEST_F(AFaultyServer, ThatIsSlowIsWaitedFor) {
  zone.setSlowness(kShort);
  zone.setFault(kName, DnsFault::Slow);
  EXPECT_EQ(mx(kName).outcome, Outcome::Found);
}

TEST_F(AFaultyServer, ThatRecoversBetweenTriesIsBelieved) {
  open(kShort, 300);
  zone.setFault(kName, DnsFault::Silent);
  executor.post(
      [this] { executor.runAt(executor.now() + 2 * kShort, [this] { zone.setFault(kName, DnsFault::None); }); });
  EXPECT_EQ(mx(kName).outcome, Outcome::Found);
  EXPECT_GE(zone.questions(), 2U);
}

TEST_F(AFaultyServer, DoesNotMatterWhenTheNextOneAnswers) {
  simulators::DnsZone broken;
  simulators::DnsServer first(broken);
  for (const auto fault : {DnsFault::ServFail, DnsFault::Refused, DnsFault::NotImp, DnsFault::Silent}) {
    broken.setFaultOfAll(fault);
    openAt({first.endpoint(), server.endpoint()}, fault == DnsFault::Silent ? kShort : kPatience, 300);
    EXPECT_EQ(mx(kName).outcome, Outcome::Found) << nameOf(fault);
  }
}

TEST_F(AFaultyServer, ThatIsNotThereCannotBeReached) {
  std::string gone;
  {
    const simulators::DnsServer brief(zone);
    gone = brief.endpoint();
  }
  openAt({gone});
  EXPECT_EQ(mx(kName).failure, "no resolver could be reached");
}

}  // namespace
}  // namespace splitdelivery::dns
