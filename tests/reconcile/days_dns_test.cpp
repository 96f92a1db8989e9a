// A week in which DNS is right, wrong, silent and away in turn (S13): nothing is created towards a way that is known
// to be wrong, deletes go on, an outage changes nothing, and all is in sync soon after it is mended.

#include <gtest/gtest.h>

#include <random>

#include "reconcile/days.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::DnsFault;

constexpr const char* kRoutingHost = "zoho.example.com";

class AFlappingDns : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AFlappingDns, HoldsWhatWouldBounceAndNothingElse) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Days days(12, GetParam());
  std::mt19937_64 random(GetParam());
  days.start();
  days.expectWellSoon();
  simulators::DnsZone& zone = days.u.world.dns;
  int hired = 0;
  int wrongs = 0;
  for (const auto end = days.u.executor.now() + 7 * 24h; days.u.executor.now() < end && !HasFailure();) {
    // So rarely that the guard (S5) lets each of those who leave go.
    days.runFor(std::chrono::minutes{480 + random() % 240});
    const bool wrong = random() % 2 == 0;
    if (!wrong) {
      constexpr std::array kFaults{DnsFault::ServFail, DnsFault::Silent, DnsFault::Garbage, DnsFault::Refused};
      zone.setFaultOfAll(kFaults.at(random() % kFaults.size()));
    } else if (random() % 2 == 0) {
      zone.remove(kRoutingHost);
    } else {
      zone.setMx(kRoutingHost, {{10, "mx.somewhere.example"}});
    }
    // Good news is believed for ten minutes; from then on the trouble is known.
    days.runFor(15min);
    const std::string newcomer = "new" + std::to_string(100 + hired++);
    const std::string leaver = *days.witness.atZoho().begin();
    days.join(newcomer);
    days.leave(leaver);
    days.runFor(days.passesTake(2));
    EXPECT_EQ(days.u.forwarders().contains(newcomer), !wrong) << "an outage keeps the last verdict";
    EXPECT_FALSE(days.u.forwarders().contains(leaver)) << "deletes wait for no way";
    EXPECT_EQ(days.ready(), wrong ? "RoutingNotReady" : "Synced");
    wrongs += wrong ? 1 : 0;
    if (random() % 3 == 0) days.restart();
    zone.setFaultOfAll(DnsFault::None);
    simulators::addMailRecords(zone, Universe::kDomain);
    days.expectWellSoon();
  }
  EXPECT_GT(wrongs, 0);
  EXPECT_GT(days.witness.deletes, 0U);
}
INSTANTIATE_TEST_SUITE_P(Seeds, AFlappingDns, ::testing::Range<std::uint64_t>(1, 5));

}  // namespace
}  // namespace splitdelivery::reconcile
