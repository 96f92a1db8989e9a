#include "cli/event_teller.h"

#include <gmock/gmock.h>

#include "cli/watched_cluster.h"
#include "reconcile/reconciler.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using api::ConditionStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EventsOfAResource : public WatchedCluster {
 protected:
  ~EventsOfAResource() override { executor.run(recorder.finish()); }

  reconcile::PassReport report(ConditionStatus ready, const std::string& reason,
                               const std::string& message = "the message") {
    reconcile::PassReport report{.resource = resource()};
    report.status.conditions.set(api::condition::kReady, ready, reason, message, executor.wallTime(), 1);
    return report;
  }
  void pass(const reconcile::PassReport& report) {
    teller.passStarted(report.resource);
    teller.passEnded(report);
  }
  /// A pass after which two deletes wait.
  reconcile::PassReport held(const std::string& id) {
    auto held = report(ConditionStatus::False, "DeletionsHeld");
    held.plan.emplace().held.resize(2);
    held.plan->heldBecause = plan::HeldBecause::ManualApproval;
    held.plan->id = id;
    return held;
  }
  void write(const reconcile::PassReport& report) {
    ASSERT_TRUE(executor.run(domains.save(report.resource.key, report.status)));
  }
  void part(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) {
    executor.run(teller.parting(resource, parting));
  }
  api::SplitDeliveryDomain deleted() {
    auto gone = resource();
    gone.deletedAt = executor.wallTime();
    gone.spec.policy = api::Policy::Sync;
    gone.spec.deletionPolicy = api::DeletionPolicy::Delete;
    return gone;
  }

  kube::EventRecorder recorder{executor, client, {.controller = "splitdelivery.dev/controller", .instance = "one"}};
  EventTeller teller{recorder, domains};
};

TEST_F(EventsOfAResource, TellThatItBecomesReadyOnce) {
  pass(report(ConditionStatus::True, "Synced", "5 addresses are forwarded"));
  pass(report(ConditionStatus::True, "Synced", "6 addresses are forwarded"));
  EXPECT_THAT(told(), ElementsAre("Normal Synced: 5 addresses are forwarded"));
  const auto event = *server.get(kEventsPath, server.names(kEventsPath).front());
  EXPECT_EQ(event.at("regarding").at("uid"), server.get(kDomainsPath, "d0")->at("metadata").at("uid"));
}

TEST_F(EventsOfAResource, TellWhyItStopsBeingReadyAndWhenTheReasonChanges) {
  pass(report(ConditionStatus::True, "Synced", "well"));
  pass(report(ConditionStatus::False, "ConnectFailed", "nobody listens"));
  pass(report(ConditionStatus::False, "ConnectFailed", "nobody listens"));
  pass(report(ConditionStatus::False, "BadCredentials", "the key"));
  EXPECT_THAT(told(), ElementsAre("Normal Synced: well", "Warning ConnectFailed: nobody listens",
                                  "Warning BadCredentials: the key"));
}

TEST_F(EventsOfAResource, DoNotTellWhatPassesByItself) {
  pass(report(ConditionStatus::True, "Synced", "well"));
  pass(report(ConditionStatus::Unknown, "Progressing"));
  pass(report(ConditionStatus::False, "Interrupted"));
  pass(report(ConditionStatus::True, "Synced", "well"));
  EXPECT_THAT(told(), SizeIs(1));
}

TEST_F(EventsOfAResource, AreNotToldAgainByAnotherProcess) {
  write(report(ConditionStatus::True, "Synced"));
  pass(report(ConditionStatus::True, "Synced"));
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(EventsOfAResource, CountWhatWasChanged) {
  auto changed = report(ConditionStatus::True, "Synced", "well");
  changed.changes = {.created = 3, .updated = 0, .deleted = 1, .failed = 0};
  pass(changed);
  EXPECT_THAT(told(), ElementsAre("Normal ForwardersChanged: 3 created, 1 deleted", "Normal Synced: well"));
}

TEST_F(EventsOfAResource, TellWhatIsHeldAndHowToApproveIt) {
  pass(held("9f3c"));
  pass(held("9f3c"));
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_EQ(
      told().front(),
      "Warning DeletionsHeld: 2 changes wait for approval: spec.approval is Manual; to see them: kubectl sdd plan "
      "d0 -n mail; to approve exactly these: kubectl sdd approve d0 9f3c -n mail");
  pass(held("77aa"));
  ASSERT_THAT(told(), SizeIs(2)) << "another plan needs another approval";
  EXPECT_THAT(told().back(), HasSubstr("approve d0 77aa"));
}

TEST_F(EventsOfAResource, TellWhatIsHeldAlsoWhereSomethingElseKeepsItFromBeingReady) {
  auto failed = held("9f3c");
  failed.status.conditions.set(api::condition::kReady, ConditionStatus::False, "ApplyFailed", "a write failed",
                               executor.wallTime(), 1);
  pass(failed);
  ASSERT_THAT(told(), SizeIs(2));
  pass(held("9f3c"));
  EXPECT_THAT(told(), SizeIs(2)) << "the same note belongs to its series";
  EXPECT_EQ(server.count("PATCH", kEventsPath), 1U);
}

TEST_F(EventsOfAResource, DoNotTellAgainInAnotherProcessWhatIsHeld) {
  auto before = held("9f3c");
  before.status.plan = {.id = "9f3c", .deletes = 2, .held = true};
  write(before);
  pass(held("9f3c"));
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(EventsOfAResource, TellThatAnApprovedPlanWasCarriedOut) {
  auto done = report(ConditionStatus::True, "Synced", "well");
  done.resource.annotations["splitdelivery.dev/approved-plan"] = "9f3c";
  done.changes = {.created = 1, .updated = 0, .deleted = 2, .failed = 0};
  done.done.push_back({.kind = plan::OpKind::Create, .local = "cleo"});
  for (const char* local : {"anna", "bob"}) {
    done.done.push_back({.kind = plan::OpKind::Delete, .local = local, .approved = true});
  }
  pass(done);
  EXPECT_THAT(told(), ElementsAre("Normal ForwardersChanged: 1 created, 2 deleted",
                                  "Normal ApprovedPlanCarriedOut: 2 changes of the approved plan 9f3c were carried out",
                                  "Normal Synced: well"));
}

TEST_F(EventsOfAResource, TellOnceThatItIsSuspendedAndOnceThatItIsResumed) {
  write(report(ConditionStatus::True, "Synced"));
  for (int i = 0; i < 3; ++i) teller.suspended(resource());
  for (int i = 0; i < 3; ++i) pass(report(ConditionStatus::True, "Synced"));
  EXPECT_THAT(told(), ElementsAre("Normal Suspended: spec.suspend is true: nothing is done until it is taken back",
                                  "Normal Resumed: spec.suspend was taken back: it is worked on again"));
}

TEST_F(EventsOfAResource, TellOfASuspensionOnceForAllProcesses) {
  teller.suspended(resource());
  executor.advance(1s);
  kube::EventRecorder later(executor, client, {.controller = "splitdelivery.dev/controller", .instance = "two"});
  EventTeller next(later, domains);
  next.suspended(resource());
  executor.advance(1min);
  EXPECT_THAT(server.names(kEventsPath), SizeIs(1));
  auto again = resource();
  again.generation = 3;
  next.resourceIsGone(again.key);
  next.suspended(again);
  executor.advance(1min);
  ASSERT_THAT(server.names(kEventsPath), SizeIs(1));
  const auto event = *server.get(kEventsPath, server.names(kEventsPath).front());
  EXPECT_EQ(event.at("series").at("count"), 2) << "another suspension is counted";
}

TEST_F(EventsOfAResource, TellThatItsAddressBookWasSetAside) {
  write(report(ConditionStatus::True, "Synced"));
  auto damaged = report(ConditionStatus::True, "Synced");
  damaged.bookSetAside = "AddressBook mail/d0, which is written anew";
  pass(damaged);
  ASSERT_THAT(told(), SizeIs(1));
  EXPECT_THAT(told().front(), HasSubstr("Warning AddressBookSetAside: the address book was damaged"));
}

TEST_F(EventsOfAResource, TellWhatIsWrongWithItsFields) {
  teller.invalid(resource(), "spec.policy: must be Sync");
  EXPECT_THAT(told(), ElementsAre("Warning InvalidSpec: spec.policy: must be Sync"));
}

TEST_F(EventsOfAResource, TellItsEndBeforeItIsGone) {
  part(deleted(), {});
  EXPECT_EQ(server.count("POST", kEventsPath), 1U) << "it was waited for";
  EXPECT_THAT(
      told(),
      ElementsAre("Normal ForwardersDeleted: nothing that we made for d0.example.com is left on the mail server"));
}

TEST_F(EventsOfAResource, CountWhatItLeavesAndWhy) {
  part(deleted(), {.left = 2, .because = "nothing accepts a connection at da.test", .gaveUp = true});
  EXPECT_THAT(told(), ElementsAre("Warning ForwardersLeft: 2 forwarders of ours at d0.example.com stay on the mail "
                                  "server: nothing accepts a connection at da.test"));
}

TEST_F(EventsOfAResource, NameAResourceThatCannotBeReadByItsName) {
  auto unreadable = deleted();
  unreadable.spec = {};
  part(unreadable, {.left = 2, .because = "spec.policy: must be Sync", .gaveUp = true});
  EXPECT_THAT(told(), ElementsAre("Warning ForwardersLeft: 2 forwarders of ours at mail/d0 stay on the mail server: "
                                  "spec.policy: must be Sync"));
}

TEST_F(EventsOfAResource, SayThatItIsRetainedAgainstItsDeletionPolicy) {
  part(deleted(), {.left = 1, .because = "the policy Observe deletes nothing; to delete them set it to Sync"});
  EXPECT_THAT(told(), ElementsAre("Warning ForwardersLeft: 1 forwarder of ours at d0.example.com stays on the mail "
                                  "server: the policy Observe deletes nothing; to delete them set it to Sync"));
}

TEST_F(EventsOfAResource, SayThatItIsRetainedAsItWasAskedFor) {
  auto gone = deleted();
  gone.spec.deletionPolicy = api::DeletionPolicy::Retain;
  part(gone, {.left = 2, .because = "spec.deletionPolicy is Retain; to delete them set it to Delete"});
  EXPECT_THAT(told(), ElementsAre("Normal ForwardersRetained: 2 forwarders of ours at d0.example.com stay on the mail "
                                  "server: spec.deletionPolicy is Retain"));
}

TEST_F(EventsOfAResource, TellItsEndOnceAndNothingAfterIt) {
  auto ended = report(ConditionStatus::True, "Deleted");
  ended.resource = deleted();
  ended.changes.deleted = 2;
  for (int i = 0; i < 3; ++i) {
    teller.passStarted(ended.resource);
    part(ended.resource, {});
    teller.passEnded(ended);
  }
  EXPECT_THAT(told(), SizeIs(1));
}

TEST_F(EventsOfAResource, KeepItsEndFromNothing) {
  server.setFault([](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.path.find("/events") == std::string::npos) return std::nullopt;
    return http::Response{.status = 500, .body = "{}", .headers = {}};
  });
  const auto began = executor.now();
  part(deleted(), {});
  EXPECT_LE(executor.now() - began, 2s);
}

TEST_F(EventsOfAResource, AreNoneOnceItIsGone) {
  server.erase(kDomainsPath, "d0");
  executor.advance(1s);
  pass(report(ConditionStatus::False, "ConnectFailed"));
  teller.suspended(resource());
  part(deleted(), {});
  EXPECT_THAT(told(), IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::cli
