#include "kubectl_rig.h"

namespace splitdelivery::cli::kubectl {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kReconcileAt = "splitdelivery.dev/reconcile-at";

struct AResync : ATerminal {
  void SetUp() override { server.put(kDomainsPath, seen("d0")); }

  /// What a controller does when it sees the annotation: a pass that takes so long.
  void handleAfter(base::Duration pause, const std::string& name = "d0", const std::string& ready = "True") {
    executor.runAt(executor.now() + pause, [this, name, ready] {
      const std::string at = annotation(name, kReconcileAt);
      server.merge(kDomainsPath, name,
                   {{"status",
                     {{"lastHandledReconcileAt", at},
                      {"conditions", {condition("Ready", ready.c_str(), "Whatever", "what came of it")}}}}});
    });
  }
};

TEST_F(AResync, WaitsForThePassAndShowsWhatCameOfIt) {
  handleAfter(7s);
  const auto said = run({"resync", "d0"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.out, "mail/d0 is asked for a pass\n✓ mail/d0  Ready True  Whatever: what came of it\n");
  EXPECT_GE(executor.now().time_since_epoch(), 7s);
  EXPECT_LT(executor.now().time_since_epoch(), 8s);
  EXPECT_THAT(annotation("d0", kReconcileAt), ::testing::StartsWith("2026-01-01T00:00:00"));
  EXPECT_EQ(server.watches(), 0U) << "nothing is left behind";
}

TEST_F(AResync, ThatLeavesItNotReadyIsNoFailure) {
  handleAfter(1s, "d0", "False");
  const auto said = run({"resync", "d0"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("✗ mail/d0  Ready False"));
}

TEST_F(AResync, ThatIsFasterThanTheWatchIsSeenAllTheSame) {
  handleAfter(2500us);  // the patch takes effect after 2 ms, the watch begins at 3
  EXPECT_EQ(run({"resync", "d0"}).code, 0);
  EXPECT_LT(executor.now().time_since_epoch(), 2s);
}

TEST_F(AResync, EndsAfterItsTimeOut) {
  const auto said = run({"resync", "d0", "--timeout", "90s"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("within 90 s: check that a controller runs"));
  EXPECT_GE(executor.now().time_since_epoch(), 90s);
  EXPECT_LT(executor.now().time_since_epoch(), 92s);
}

TEST_F(AResync, WorksOnAServerThatCannotStreamListsAndBreaksWatches) {
  server.setStreamsLists(false);
  executor.runAt(executor.now() + 3s, [this] { server.cutWatches(); });
  handleAfter(3100ms);
  EXPECT_EQ(run({"resync", "d0"}).code, 0);
}

TEST_F(AResync, WithoutWaitingNeedsNoWatch) {
  EXPECT_EQ(run({"resync", "d0", "--wait=false"}).out, "mail/d0 is asked for a pass\n");
  EXPECT_EQ(server.count("GET", std::string(kDomainsPath) + "?"), 0U);
}

TEST_F(AResync, AsksAgainWithAnotherValue) {
  run({"resync", "d0", "--no-wait"});
  const auto first = annotation("d0", kReconcileAt);
  executor.advance(1ms);
  run({"resync", "d0", "--no-wait"});
  EXPECT_NE(annotation("d0", kReconcileAt), first);
}

TEST_F(AResync, IsAnsweredByThePassOfSomebodyWhoAskedLater) {
  executor.runAt(executor.now() + 1s, [this] {
    server.merge(kDomainsPath, "d0", {{"metadata", {{"annotations", {{kReconcileAt, "theirs"}}}}}});
  });
  handleAfter(2s);
  EXPECT_EQ(run({"resync", "d0"}).code, 0);
}

TEST_F(AResync, IsAnsweredThoughOthersAskAgainAndAgain) {
  const auto ask = [this](const char* value) {
    server.merge(kDomainsPath, "d0", {{"metadata", {{"annotations", {{kReconcileAt, value}}}}}});
  };
  executor.runAt(executor.now() + 1s, [ask] { ask("theirs"); });
  executor.runAt(executor.now() + 2s, [ask] { ask("theirs, again"); });
  executor.runAt(executor.now() + 3s, [this] {
    server.merge(kDomainsPath, "d0", {{"status", {{"lastHandledReconcileAt", "theirs"}}}});
  });
  EXPECT_EQ(run({"resync", "d0"}).code, 0);
  EXPECT_LT(executor.now().time_since_epoch(), 4s);
}

TEST_F(AResync, OfOneThatIsDeletedMeanwhileSaysSo) {
  executor.runAt(executor.now() + 1s, [this] { server.erase(kDomainsPath, "d0"); });
  const auto said = run({"resync", "d0"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("mail/d0 was deleted meanwhile"));
  EXPECT_LT(executor.now().time_since_epoch(), 3s);
}

TEST_F(AResync, OfASuspendedOneIsRefusedAndWritesNothing) {
  server.merge(kDomainsPath, "d0", {{"spec", {{"suspend", true}}}});
  const auto said = run({"resync", "d0"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("kubectl sdd resume d0"));
  EXPECT_EQ(writes(), 0U);
}

TEST_F(AResync, OfOneThatCannotBeUsedIsRefused) {
  server.merge(kDomainsPath, "d0", {{"spec", {{"policy", "Whatever"}}}});
  EXPECT_THAT(run({"resync", "d0"}).err, HasSubstr("mend its spec"));
}

TEST_F(AResync, OfAllWaitsForEachButThoseThatAreSuspended) {
  server.put(kDomainsPath, seen("d1"));
  Json asleep = seen("d2");
  asleep["spec"]["suspend"] = true;
  server.put(kDomainsPath, asleep);
  server.put(domainsPath("other"), seen("d3"));
  handleAfter(1s);
  handleAfter(5s, "d1");
  const auto said = run({"resync", "--all"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("✓ mail/d0"));
  EXPECT_THAT(said.out, HasSubstr("✓ mail/d1"));
  EXPECT_THAT(said.err, HasSubstr("mail/d2 is suspended"));
  EXPECT_THAT(said.out, Not(HasSubstr("d3")));
  EXPECT_THAT(run({"resync", "--all", "-A", "--no-wait"}).out, HasSubstr("other/d3 is asked for a pass"));
}

TEST_F(AResync, OfAllTellsWhichHadNoPass) {
  server.put(kDomainsPath, seen("d1"));
  handleAfter(1s);
  const auto said = run({"resync", "--all", "--timeout", "5s"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.out, HasSubstr("✓ mail/d0"));
  EXPECT_THAT(said.err, HasSubstr("no pass of mail/d1"));
}

TEST_F(AResync, WithoutTheVerbWatchSaysSoAtOnce) {
  answer("GET", "watch=1", 403);
  const auto said = run({"resync", "d0"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("ask for the verb \"watch\""));
  EXPECT_LT(executor.now().time_since_epoch(), 2s);
}

TEST_F(AResync, EndsWhenThePersonEndsIt) {
  executor.runAt(executor.now() + 2s, [this] { stop.request_stop(); });
  const auto said = run({"resync", "d0"});
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.err, "");
  EXPECT_LT(executor.now().time_since_epoch(), 3s);
}

}  // namespace
}  // namespace splitdelivery::cli::kubectl
