#include "dns/cares_resolver.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <iterator>

#include "dns/asker.h"

namespace splitdelivery::dns {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(TheCaresResolver, SortsMailServersByPreferenceThenName) {
  zone.setMx("zoho.example.com", {{20, "mx2.zoho.com"}, {10, "MX.Zoho.COM"}, {10, "a.zoho.com"}, {50, "mx3.zoho.com"}});
  const auto answer = mx("zoho.example.com");
  EXPECT_EQ(answer.outcome, Outcome::Found);
  EXPECT_THAT(answer.records, ElementsAre(MxRecord{10, "a.zoho.com"}, MxRecord{10, "mx.zoho.com"},
                                          MxRecord{20, "mx2.zoho.com"}, MxRecord{50, "mx3.zoho.com"}));
  EXPECT_THAT(answer.failure, IsEmpty());
}

TEST_F(TheCaresResolver, TakesNamesInAnyCaseAndWithALastDot) {
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  EXPECT_EQ(mx("Example.COM.").outcome, Outcome::Found);
  EXPECT_EQ(zone.questions("example.com"), 1U);
}

TEST_F(TheCaresResolver, GivesTheNullMxAnEmptyHost) {
  zone.setMx("example.com", {{0, ""}});
  EXPECT_THAT(mx("example.com").records, ElementsAre(MxRecord{0, ""}));
}

TEST_F(TheCaresResolver, JoinsTheStringsOfATextAndKeepsTheOrderOfTheRecords) {
  zone.setTxtStrings("example.com", {{"v=spf1 include:zoho", "mail.com ", "-all"}, {"another"}, {""}});
  const auto answer = txt("example.com");
  EXPECT_EQ(answer.outcome, Outcome::Found);
  EXPECT_THAT(answer.records, ElementsAre("v=spf1 include:zohomail.com -all", "another", ""));
}

TEST_F(TheCaresResolver, TellsAMissingNameFromAMissingRecord) {
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  EXPECT_EQ(txt("example.com").outcome, Outcome::NoData);
  EXPECT_EQ(mx("com").outcome, Outcome::NoData) << "a name that exists for what lies below it";
  EXPECT_EQ(mx("zoho.example.com").outcome, Outcome::NoSuchName);
  EXPECT_EQ(txt("zoho.example.com").outcome, Outcome::NoSuchName);
  EXPECT_THAT(mx("zoho.example.com").failure, IsEmpty());
}

TEST_F(TheCaresResolver, UnderstandsAliases) {
  zone.setCname("zoho.example.com", "hosted.example.net");
  EXPECT_EQ(mx("zoho.example.com").outcome, Outcome::NoSuchName) << "an alias that leads to nothing";
  zone.setTxt("hosted.example.net", {"here"});
  EXPECT_EQ(mx("zoho.example.com").outcome, Outcome::NoData) << "an alias alone is no mail server";
  zone.setMx("hosted.example.net", {{10, "mx.zoho.com"}});
  EXPECT_THAT(mx("zoho.example.com").records, ElementsAre(MxRecord{10, "mx.zoho.com"}));
}

TEST_F(TheCaresResolver, AsksAbsoluteNamesOnly) {
  EXPECT_EQ(mx("localhost").outcome, Outcome::NoSuchName) << "neither /etc/hosts nor a search list";
  EXPECT_EQ(zone.questions(), 1U);
}

TEST_F(TheCaresResolver, FetchesALongAnswerOverTcp) {
  std::vector<std::string> records;
  records.reserve(30);
  for (int i = 0; i < 30; ++i) records.push_back("record " + std::to_string(i) + std::string(200, '.'));
  zone.setTxt("example.com", records);
  EXPECT_EQ(txt("example.com").records, records);
  EXPECT_EQ(server.answersOverTcp(), 1U);
}

TEST_F(TheCaresResolver, TakesAnAnswerOfAThousandBytesOverUdp) {
  const std::vector<std::string> records(5, std::string(200, 'x'));
  zone.setTxt("example.com", records);
  EXPECT_EQ(txt("example.com").records, records);
  EXPECT_EQ(server.answersOverTcp(), 0U);
}

TEST_F(TheCaresResolver, SpeaksToAnIpv6Server) {
  simulators::DnsServer other(zone, "[::1]:0");
  openAt({other.endpoint()});
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  EXPECT_EQ(mx("example.com").outcome, Outcome::Found);
}

TEST_F(TheCaresResolver, RefusesNamesThatDnsCannotKnow) {
  for (const std::string& name : {std::string(), std::string("."), std::string("a\0b.example", 11), std::string("a..b"),
                                  std::string(64, 'x') + ".example", std::string(300, '.')}) {
    const auto answer = mx(name);
    EXPECT_EQ(answer.outcome, Outcome::Failed) << name;
    EXPECT_EQ(answer.failure, "this is no name that DNS could know") << name;
  }
  EXPECT_EQ(zone.questions(), 0U);
}

std::ptrdiff_t openFiles() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST_F(TheCaresResolver, HoldsNoSocketWhileItIsIdle) {
  const auto before = openFiles();
  EXPECT_EQ(mx("example.com").outcome, Outcome::NoSuchName);
  // The socket goes right after the answer, on the other thread.
  while (openFiles() != before) std::this_thread::yield();
}

TEST_F(TheCaresResolver, WorksAgainAfterItWasIdle) {
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(mx("example.com").outcome, Outcome::Found);
}

TEST_F(TheCaresResolver, RefusesAServerThatIsNoAddressBeforeAnythingStarts) {
  const auto opened = CaresResolver::open(executor, {.servers = {"127.0.0.1:53", "dns.example.com:53"}});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, base::ErrorKind::Stall);
  EXPECT_THAT(opened.error().message, ::testing::HasSubstr("dns.example.com:53"));
}

TEST_F(TheCaresResolver, OpensWithTheServersOfTheSystem) {
  openAt({});
  EXPECT_EQ(mx("").outcome, Outcome::Failed) << "nothing is sent from a test";
}

}  // namespace
}  // namespace splitdelivery::dns
