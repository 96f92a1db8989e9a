#include "source/status_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/folder/yaml.h"
#include "source/folder/yaml_writer.h"

namespace splitdelivery::source::folder {
namespace {

using namespace std::chrono_literals;

const base::WallTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

api::Status fullStatus() {
  api::Status status;
  status.observedGeneration = 3;
  status.lastHandledReconcileAt = "2026-03-01 first: \"now\"";
  status.firstReceiver = "Zoho";
  status.zoho = {12, 7, 2, 1, {"groups"}};
  status.forwarders = {20, 19, 18, 1, 2, 1};
  status.changes = {1, 2, 3, 4};
  status.plan = {"9f3c", 1, 2, 3, true, 2, {"+ anna", "- bob"}};
  status.conflicts = {{"kim@example.com", "MailboxExists", "a mailbox: delete it, or exclude it"}};
  status.lastSyncTime = kNoon;
  status.lastChangeTime = kNoon - 1h;
  status.conditions.set(api::condition::kReady, api::ConditionStatus::False, "DeletionsHeld", "look: then approve",
                        kNoon, 3);
  status.conditions.set(api::condition::kStalled, api::ConditionStatus::Unknown, "Progressing", "", kNoon, 3);
  return status;
}

api::Status thereAndBack(const api::Status& status) {
  const auto documents = readYaml(writeYaml(statusDocument({"default", "x"}, status)));
  if (documents.size() == 1 && documents.front().value) return statusFrom(*documents.front().value);
  ADD_FAILURE() << "is no YAML";
  return {};
}

TEST(AStatus, ComesBackAsItWasWritten) {
  EXPECT_EQ(thereAndBack(fullStatus()), fullStatus());
  EXPECT_EQ(thereAndBack(api::Status{}), api::Status{});
}

TEST(AStatus, KeepsWholeSecondsAsKubernetesDoes) {
  api::Status status;
  status.lastSyncTime = kNoon + 999ms;
  EXPECT_EQ(thereAndBack(status).lastSyncTime, kNoon);
}

TEST(AStatus, IsWrittenAsTheResourceWouldShowIt) {
  EXPECT_EQ(writeYaml(statusDocument({"default", "example-com"}, fullStatus())),
            R"(apiVersion: splitdelivery.dev/v1alpha1
kind: SplitDeliveryDomain
metadata:
  name: example-com
  namespace: default
status:
  observedGeneration: 3
  lastHandledReconcileAt: "2026-03-01 first: \"now\""
  firstReceiver: Zoho
  zoho:
    users: 12
    aliases: 7
    groups: 2
    skipped: 1
    incomplete:
      - groups
  forwarders:
    desired: 20
    inSync: 19
    managed: 18
    found: 1
    unmanaged: 2
    conflicts: 1
  changes:
    created: 1
    updated: 2
    deleted: 3
    failed: 4
  plan:
    id: "9f3c"
    creates: 1
    updates: 2
    deletes: 3
    held: true
    heldCount: 2
    sample:
      - "+ anna"
      - "- bob"
  conflicts:
    - address: "kim@example.com"
      reason: MailboxExists
      message: "a mailbox: delete it, or exclude it"
  lastSyncTime: "2026-03-01T12:00:00Z"
  lastChangeTime: "2026-03-01T11:00:00Z"
  conditions:
    - type: Ready
      status: "False"
      observedGeneration: 3
      lastTransitionTime: "2026-03-01T12:00:00Z"
      reason: DeletionsHeld
      message: "look: then approve"
    - type: Stalled
      status: Unknown
      observedGeneration: 3
      lastTransitionTime: "2026-03-01T12:00:00Z"
      reason: Progressing
      message: ""
)");
}

TEST(AStatusOfAnotherShape, GivesWhatCanBeRead) {
  const auto read = [](const std::string& text) { return statusFrom(*readYaml(text).front().value); };
  EXPECT_EQ(read("just text"), api::Status{});
  EXPECT_EQ(read("status: [1]"), api::Status{});
  EXPECT_EQ(read("status: {observedGeneration: x, zoho: 5, plan: {held: maybe, creates: -1}, conditions: x}"),
            api::Status{});
  EXPECT_EQ(read("status: {forwarders: {desired: 99999999999, found: 2}}").forwarders,
            (api::ForwarderCounts{.found = 2}));
  EXPECT_TRUE(read("status: {conditions: [{type: Ready, status: Maybe}, {status: \"True\"}, "
                   "{type: Ready, status: \"True\", lastTransitionTime: never}]}")
                  .conditions.list()
                  .empty());
}

}  // namespace
}  // namespace splitdelivery::source::folder
