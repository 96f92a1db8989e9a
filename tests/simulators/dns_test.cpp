#include "simulators/dns.h"

#include <gmock/gmock.h>

#include "simulators/dns_wire.h"
#include "simulators/world.h"
#include "support/virtual_executor.h"

namespace splitdelivery::simulators {
namespace {

using namespace std::chrono_literals;
using dns::Outcome;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Code = DnsReply::Code;

class ASimulatedDns : public ::testing::Test {
 protected:
  dns::Answer<dns::MxRecord> mx(const std::string& name, std::stop_token stop = {}) {
    return executor.run(resolver.mx(name, std::move(stop)));
  }

  splitdelivery::testing::VirtualExecutor executor;
  DnsZone zone;
  VirtualDns resolver{executor, zone};
};

TEST_F(ASimulatedDns, KnowsWhichNamesExist) {
  zone.setMx("a.b.example.com", {{10, "mx.zoho.com"}});
  EXPECT_EQ(zone.reply("A.b.Example.com.", DnsType::Mx).mx.size(), 1U);
  EXPECT_EQ(zone.reply("b.example.com", DnsType::Mx).code, Code::NoError) << "something lies below it";
  EXPECT_EQ(zone.reply("xb.example.com", DnsType::Mx).code, Code::NoSuchName);
  zone.setFault("lonely.example", DnsFault::Slow);
  EXPECT_EQ(zone.reply("lonely.example", DnsType::Mx).code, Code::NoSuchName) << "a fault is no record";
  EXPECT_TRUE(zone.remove("a.b.example.com"));
  EXPECT_EQ(zone.reply("a.b.example.com", DnsType::Mx).code, Code::NoSuchName);
}

TEST_F(ASimulatedDns, FollowsAliasesAndGivesUpOnALoop) {
  zone.setCname("www.example.com", "Host.example.com.");
  EXPECT_EQ(zone.reply("www.example.com", DnsType::Mx).code, Code::NoSuchName) << "it leads to nothing";
  zone.setMx("host.example.com", {{10, "mx.zoho.com"}});
  EXPECT_EQ(mx("www.example.com").outcome, Outcome::Found);
  zone.setCname("host.example.com", "www.example.com");
  EXPECT_EQ(mx("www.example.com").outcome, Outcome::Failed);
}

TEST_F(ASimulatedDns, AnswersAsAResolverDoes) {
  zone.setMx("example.com", {{20, "B.example."}, {10, "c.example"}, {10, "a.example"}});
  zone.setTxtStrings("example.com", {{"v=spf1 ", "-all"}, {"other"}});
  EXPECT_THAT(mx("example.com").records, ElementsAre(dns::MxRecord{10, "a.example"}, dns::MxRecord{10, "c.example"},
                                                     dns::MxRecord{20, "b.example"}));
  EXPECT_THAT(executor.run(resolver.txt("example.com", {})).records, ElementsAre("v=spf1 -all", "other"));
  EXPECT_EQ(executor.run(resolver.txt("none.example", {})).outcome, Outcome::NoSuchName);
  zone.setMx("mx.only.example", {{0, ""}});
  EXPECT_EQ(executor.run(resolver.txt("mx.only.example", {})).outcome, Outcome::NoData);
  EXPECT_EQ(zone.questions(), 4U);
  EXPECT_EQ(zone.questions("Example.com."), 2U);
}

TEST_F(ASimulatedDns, HasEveryFaultInVirtualTime) {
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  const auto befall = [&](DnsFault fault) {
    zone.setFault("example.com", fault);
    return mx("example.com").outcome;
  };
  for (const auto fault : {DnsFault::None, DnsFault::Truncated, DnsFault::Slow}) {
    EXPECT_EQ(befall(fault), Outcome::Found) << nameOf(fault);
  }
  for (const auto fault : {DnsFault::ServFail, DnsFault::Refused, DnsFault::NotImp, DnsFault::Broken}) {
    EXPECT_EQ(befall(fault), Outcome::Failed) << nameOf(fault);
  }
  EXPECT_LT(executor.now().time_since_epoch(), resolver.patience);
  for (const auto fault : {DnsFault::Silent, DnsFault::Garbage, DnsFault::WrongId}) {
    const auto before = executor.now();
    EXPECT_EQ(befall(fault), Outcome::Failed) << nameOf(fault);
    EXPECT_EQ(executor.now() - before, resolver.patience) << nameOf(fault);
  }
}

TEST_F(ASimulatedDns, IsTooLateWhenItIsSlowerThanPatience) {
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  zone.setFault("example.com", DnsFault::Slow);
  zone.setSlowness(1min);
  EXPECT_EQ(mx("example.com").failure, "the resolvers did not answer in time");
  EXPECT_EQ(executor.now().time_since_epoch(), resolver.patience);
}

TEST_F(ASimulatedDns, FlapsOnSchedule) {
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  const auto start = executor.now();
  resolver.fail(start + 1h, start + 2h);
  resolver.fail(start + 3h, start + 4h, DnsFault::Refused);
  std::vector<Outcome> seen;
  for (int hour = 0; hour < 5; ++hour) {
    executor.advance(start + std::chrono::hours(hour) - executor.now());
    seen.push_back(mx("example.com").outcome);
  }
  EXPECT_THAT(seen, ElementsAre(Outcome::Found, Outcome::Failed, Outcome::Found, Outcome::Failed, Outcome::Found));
}

TEST_F(ASimulatedDns, LetsANamesOwnFaultGoBeforeThatOfAll) {
  zone.setMx("example.com", {{10, "mx.zoho.com"}});
  zone.setFaultOfAll(DnsFault::Refused);
  EXPECT_EQ(mx("example.com").outcome, Outcome::Failed);
  zone.setFault("example.com", DnsFault::Truncated);
  EXPECT_EQ(mx("example.com").outcome, Outcome::Found);
}

TEST_F(ASimulatedDns, GivesAQuestionUpWhenAskedTo) {
  zone.setFaultOfAll(DnsFault::Silent);
  std::stop_source stop;
  executor.runAt(executor.now() + 10ms, [&] { stop.request_stop(); });
  EXPECT_EQ(mx("example.com", stop.get_token()).outcome, Outcome::Failed);
  EXPECT_EQ(executor.now().time_since_epoch(), 10ms);
}

TEST(EveryDnsFault, HasAName) {
  for (int fault = 0; fault <= static_cast<int>(DnsFault::Slow); ++fault) {
    EXPECT_EQ(dnsFault(nameOf(static_cast<DnsFault>(fault))), static_cast<DnsFault>(fault));
  }
  EXPECT_FALSE(dnsFault("Sulk"));
}

TEST(ADnsQuestion, IsReadOnlyWhenItIsWhole) {
  using namespace std::string_literals;
  const std::string whole =
      "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"s + "\x01"s + "a"s + "\x00\x00\x0f\x00\x01"s;
  ASSERT_TRUE(readQuestion(whole));
  EXPECT_EQ(readQuestion(whole)->name, "a");
  EXPECT_EQ(readQuestion(whole)->id, 0x1234);
  EXPECT_TRUE(readQuestion(whole)->asksFor(DnsType::Mx));
  for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_FALSE(readQuestion(whole.substr(0, length)));
  std::string response = whole;
  response[2] = '\x81';
  EXPECT_FALSE(readQuestion(response));
}

TEST(TheWorlds, HaveTheRecordsOfEveryDomain) {
  World demo;
  fillDemoWorld(demo);
  World bench;
  fillBenchWorld(bench, {.organizations = 2, .domainsPerOrganization = 1});
  for (const auto& [zone, domain] :
       {std::pair{&demo.dns, "example.com"}, {&bench.dns, "d0.example.com"}, {&bench.dns, "d1.example.com"}}) {
    EXPECT_THAT(zone->reply(domain, DnsType::Mx).mx, ElementsAre(dns::MxRecord{10, "mx1.mailserver.example"}));
    EXPECT_THAT(zone->reply(domain, DnsType::Txt).txt,
                ElementsAre(ElementsAre("v=spf1 include:zohomail.com include:mailserver.example -all")));
    EXPECT_EQ(zone->reply("zoho." + std::string(domain), DnsType::Mx).mx.size(), 3U);
  }
  EXPECT_THAT(bench.dns.reply("d2.example.com", DnsType::Mx).mx, IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::simulators
