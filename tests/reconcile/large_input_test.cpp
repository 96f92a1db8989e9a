// A resource with all the addresses that it may have: bounded in time and in what its status holds.

#include <gmock/gmock.h>

#include <chrono>

#include "plan/plan.h"
#include "reconcile/report.h"
#include "reconcile/universe.h"
#include "source/status_document.h"
#include "source/value_json.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;

/// Far more than it takes; what grows with the square takes longer.
constexpr auto kPatience = 60s;
constexpr int kEntries = 10'000;

std::size_t sizeOf(const api::Status& status) {
  return source::toJson(source::statusDocument({"mail", "d0"}, status)).dump().size();
}

TEST(TenThousandExtras, ArePlannedInTimeAndLeaveAShortStatus) {
  Universe u;
  u.addUser("anna");
  u.resource.spec.policy = api::Policy::Observe;
  for (int i = 0; i < kEntries; ++i) u.resource.spec.addresses.extra.push_back("a" + std::to_string(100'000 + i));
  const auto began = std::chrono::steady_clock::now();
  const PassReport report = u.pass();
  EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience);
  EXPECT_EQ(readyReason(report), "Observed");
  EXPECT_EQ(report.status.forwarders.desired, kEntries + 1U);
  EXPECT_LT(sizeOf(report.status), 16U << 10U);
}

TEST(TenThousandConflicts, LeaveAShortStatus) {
  Universe u;
  for (int i = 0; i < kEntries; ++i) {
    const std::string local = "a" + std::to_string(100'000 + i);
    u.resource.spec.addresses.extra.push_back(local);
    u.forward(local, std::string(60, 'x') + "@" + std::string(60, 'y') + ".example");
  }
  u.addUser("anna");
  const PassReport report = u.pass();
  EXPECT_EQ(report.status.forwarders.conflicts, static_cast<unsigned>(kEntries));
  EXPECT_LT(sizeOf(report.status), 64U << 10U);
}

TEST(AStatus, CutsWhateverIsTooLong) {
  Universe u;
  Findings findings;
  findings.blocker = base::Error{base::ErrorKind::Stall, "InvalidSpec", std::string(1023, 'a') + "äöü"};
  findings.plan.emplace().conflicts.push_back({.local = "anna", .reason = plan::ConflictReason::DifferentDestination});
  for (int i = 0; i < 100; ++i) {
    findings.plan->conflicts.front().present.push_back("a" + std::to_string(i) + "@elsewhere.example");
  }
  const api::Status status = makeStatus(u.resource, {}, findings, u.executor.wallTime());
  expectLegal(status);
  EXPECT_TRUE(condition(status, "Ready").message.ends_with("a…"));
  ASSERT_EQ(status.conflicts.size(), 1U);
  EXPECT_TRUE(status.conflicts.front().message.ends_with("…")) << status.conflicts.front().message;
}

}  // namespace
}  // namespace splitdelivery::reconcile
