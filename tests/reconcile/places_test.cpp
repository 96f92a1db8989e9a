// Places at a mail server's account, and the clock of a pass that waits for one.

#include <gtest/gtest.h>

#include "base/await.h"
#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;

/// Several resources of one mail server's account, each pass under way at a time.
class OneAccount : public ::testing::Test {
 protected:
  void start(api::SplitDeliveryDomain resource) {
    const api::ObjectKey key = resource.key;
    base::spawn(u.executor, reconciler.pass(std::move(resource), u.secrets, u.stop.get_token()),
                [this, key](const std::exception_ptr&, const std::optional<PassReport>& report) {
                  if (report) ended.emplace(key, *report);
                });
  }
  api::SplitDeliveryDomain resource(const std::string& domain, const std::string& organization) {
    u.world.zoho.addDomain(organization, {.name = domain});
    u.world.zoho.addUser(organization, {.email = "anna@" + domain});
    u.world.da.addDomain("user", domain);
    simulators::addMailRecords(u.world.dns, domain);
    api::SplitDeliveryDomain made = u.resource;
    made.key.name = domain;
    made.spec.domain = domain;
    made.spec.routingHost = "zoho." + domain;
    made.spec.zoho.organizationId = organization;
    return made;
  }

  Universe u;
  Observer observer;
  Accounts accounts{u.executor, [this](const std::string&) -> http::Transport& { return u.network; }, u.records};
  Claims claims;
  Reconciler reconciler{{u.executor, accounts, u.books, u.statuses, observer, claims, u.dns}, Mode::Sync};
  std::map<api::ObjectKey, PassReport> ended;
};

TEST_F(OneAccount, IsNotBlockedByPassesThatWaitForAnotherOrganization) {
  u.world.zoho.addOrganization({.id = "60099999", .domains = {{.name = "healthy.example", .primary = true}}});
  u.world.faults.add({.api = "zoho", .containing = "60012345/", .fault = {.kind = simulators::FaultKind::Hang}});
  for (int i = 0; i < 20; ++i) start(resource("d" + std::to_string(i) + ".example.com", Universe::kOrganization));
  const auto healthy = resource("healthy2.example", "60099999");
  start(healthy);
  u.executor.advance(5s);
  ASSERT_TRUE(ended.contains(healthy.key)) << "it waits for an organisation that is not its own";
  EXPECT_EQ(readyReason(ended.at(healthy.key)), "Synced");
  EXPECT_EQ(ended.size(), 1U);
  u.stop.request_stop();
  u.executor.advance(1min);
}

TEST_F(OneAccount, HasPlacesForSoManyAtATimeAndTheOthersFollow) {
  MailAccount& account = **accounts.mailAccount(u.resource, u.secrets);
  std::vector<base::Semaphore::Permit> held;
  for (std::size_t i = 0; i < MailAccount::kPasses; ++i) {
    held.push_back(*u.executor.run(account.enter({})));
  }
  start(resource("late.example.com", Universe::kOrganization));
  u.executor.advance(1h);
  EXPECT_TRUE(ended.empty());
  EXPECT_EQ(reconciler.longestRunning(), 0s) << "waiting in line is not counted";
  held.pop_back();
  u.executor.advance(10s);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(readyReason(ended.begin()->second), "Synced");
}

TEST_F(OneAccount, AskZohoAnewAfterALongWait) {
  MailAccount& account = **accounts.mailAccount(u.resource, u.secrets);
  std::vector<base::Semaphore::Permit> held;
  for (std::size_t i = 0; i < MailAccount::kPasses; ++i) held.push_back(*u.executor.run(account.enter({})));
  start(resource("late.example.com", Universe::kOrganization));
  u.executor.advance(10min);
  u.world.zoho.addUser(Universe::kOrganization, {.email = "bob@late.example.com"});
  held.pop_back();
  u.executor.advance(10s);
  EXPECT_TRUE(u.world.da.forwarders("late.example.com").contains("bob")) << "what was read before the wait is old";
}

TEST_F(OneAccount, AStopEndsTheWaiting) {
  MailAccount& account = **accounts.mailAccount(u.resource, u.secrets);
  std::vector<base::Semaphore::Permit> held;
  for (std::size_t i = 0; i < MailAccount::kPasses; ++i) held.push_back(*u.executor.run(account.enter({})));
  start(resource("late.example.com", Universe::kOrganization));
  u.executor.advance(1min);
  u.stop.request_stop();
  u.executor.advance(1s);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(readyReason(ended.begin()->second), "Interrupted");
}

TEST_F(OneAccount, TellsHowLongTheOldestPassHasBeenAtWork) {
  u.world.faults.add({.api = "da", .fault = {.kind = simulators::FaultKind::Hang}});
  start(resource("slow.example.com", Universe::kOrganization));
  u.executor.advance(20s);
  EXPECT_GE(reconciler.longestRunning(), 19s);
  u.stop.request_stop();
  u.executor.advance(5min);
  EXPECT_EQ(reconciler.longestRunning(), 0s);
}

}  // namespace
}  // namespace splitdelivery::reconcile
