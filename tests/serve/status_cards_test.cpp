// What the status page says of one domain: its plan, its approval, its conflicts.

#include <gmock/gmock.h>

#include "serve/status_page.h"
#include "serve/status_views.h"

namespace splitdelivery::serve {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(AHeldPlan, HasItsDiffAndTheCommandThatApprovesIt) {
  StatusView view = viewOf({held()});
  view.addresses = true;
  expectOrder(statusPage(view), {"~ change", "ben@held.example.com", "− delete", "anna@held.example.com", "and 29 more",
                                 "where each goes now and would go", "kubectl sdd plan held",
                                 "Run this:", "<pre><code>kubectl sdd approve held 9f3c -n mail</code></pre>"});
}

// Eight updates waited, and of the two deletes that the policy forbids it looked as if they did too.
TEST(AHeldPlan, ShowsNothingThatItsApprovalDoesNotCover) {
  DomainView domain = held();
  domain.plan.updates = 1;
  domain.plan.deletes = 4;
  domain.plan.heldCount = 1;
  StatusView view = viewOf({domain});
  view.addresses = true;
  const std::string shown = statusPage(view);
  expectOrder(
      shown,
      {"The plan that waits", "ben@held", "This shows", "kubectl sdd plan held", "To approve exactly this",
       "<summary>4 other changes, not done either and no part of this approval</summary>", "anna@held", "and 3 more"});
  EXPECT_EQ(times(shown, "anna@held"), 1U);
  view.addresses = false;
  expectOrder(statusPage(view), {"<p>1 change. Addresses are hidden", "<summary>4 other changes"});
  view.domains[0].plan.heldCount = 5;
  EXPECT_THAT(statusPage(view), Not(HasSubstr("other change")));
}

TEST(AHeldPlan, SaysWhatTheCommandNeedsAroundItAndHasNoApprovalWithoutACommand) {
  StatusView view = viewOf({held()});
  view.domains[0].plan.where = "with its variables";
  view.domains[0].plan.held = {.id = "$(x)", .advice = "Not this."};
  const std::string page = statusPage(view);
  EXPECT_THAT(page, AllOf(HasSubstr("would go, with its variables:</p>"), HasSubstr("<p>Not this.</p>\n</div>")));
}

TEST(WhatTheLastPassCouldNotSee, IsToldAsOfThen) {
  StatusView view = viewOf({held()});
  EXPECT_THAT(statusPage(view), Not(HasSubstr("as last seen")));
  view.domains[0].stale = true;
  view.domains[0].seenAt = kNow - 40min;
  expectOrder(statusPage(view), {"numbers are as last seen, <time", "40 min ago</time>", "waits, as last seen</h4>",
                                 "kubectl sdd approve held"});
  view.domains[0].seenAt.reset();
  EXPECT_THAT(statusPage(view), HasSubstr("numbers are as last seen.</p>"));
  view.domains[0].plan = {};
  view.domains[0].desired = 0;
  EXPECT_THAT(statusPage(view), Not(HasSubstr("as last seen"))) << "nothing was seen yet";
}

TEST(ARow, HasTheDifferencesThatThePolicyLeaves) {
  DomainView observed = domain("first", Urgency::Well, "Observed");
  observed.plan.creates = 2;
  observed.plan.sample = {"+ anna"};
  StatusView view = viewOf({observed});
  view.addresses = true;
  expectOrder(statusPage(view),
              {"<td role=\"cell\" data-label=\"State\"", "<summary>2 creates not done so far</summary>",
               "anna@first.example.com", "and 1 more", "kubectl sdd plan first", "</details>", "</td>"});
}

TEST(AHeldPlan, HasNumbersAndTheCommandThatShowsItWhereAddressesAreHidden) {
  StatusView view = viewOf({held()});
  const std::string page = statusPage(view);
  expectOrder(page, {"31 changes. Addresses are hidden", "kubectl sdd plan held", "kubectl sdd approve held 9f3c"});
  EXPECT_THAT(page, AllOf(Not(HasSubstr("anna")), Not(HasSubstr("ben@"))));
}

TEST(Conflicts, AreNamedOrCounted) {
  DomainView taken = domain("taken", Urgency::NeedsPerson, "SyncedWithConflicts");
  taken.message = "1 conflict, the first: kim@example.com: it goes elsewhere";
  taken.conflicts = 3;
  taken.someConflicts = {{"kim@example.com", "MailboxExists", "delete the mailbox of kim@example.com"},
                         {"jo@example.com", "MailboxExists", "delete it"}};
  StatusView view = viewOf({taken});
  EXPECT_THAT(statusPage(view), AllOf(HasSubstr("3 addresses in conflict"), HasSubstr("MailboxExists: 2"),
                                      HasSubstr("the first: (address hidden): it goes"), Not(HasSubstr("kim")),
                                      Not(HasSubstr("jo@")), HasSubstr("kubectl sdd plan taken")));
  view.addresses = true;
  EXPECT_THAT(statusPage(view), AllOf(HasSubstr("<b>kim@example.com</b>: delete the mailbox of kim@"),
                                      HasSubstr("These are the first 2")));
}

}  // namespace
}  // namespace splitdelivery::serve
