// What a service says of its passes: what is new, once.

#include "cli/run_log.h"

#include <gmock/gmock.h>

#include "base/log.h"

namespace splitdelivery::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ALog : public ::testing::Test {
 protected:
  void SetUp() override { base::setUpLogging(base::LogLevel::Info, base::LogFormat::Text); }
  ~ALog() override { base::setUpLogging(base::LogLevel::Off, base::LogFormat::Text); }

  /// What it says of a pass that leaves a plan of this id waiting; empty: nothing waits.
  std::string saidOf(const std::string& plan, const std::string& message = "so it is") {
    reconcile::PassReport report;
    report.resource.key = {"mail", "d0"};
    if (!plan.empty()) {
      report.plan.emplace().id = plan;
      report.plan->held.push_back({.kind = plan::OpKind::Delete, .local = "anna"});
    }
    report.status.conditions.set(api::condition::kReady, api::ConditionStatus::False,
                                 plan.empty() ? "TimedOut" : "DeletionsHeld", message, {}, 1);
    ::testing::internal::CaptureStderr();
    log_.passEnded(report);
    return ::testing::internal::GetCapturedStderr();
  }

 private:
  RunLog log_;
};

TEST_F(ALog, TellsOfEachPlanThatIsHeldOnce) {
  EXPECT_THAT(saidOf("9f3c", "approve 9f3c"), AllOf(HasSubstr("WARN"), HasSubstr("approve 9f3c")));
  EXPECT_THAT(saidOf("9f3c", "approve 9f3c"), IsEmpty());
  EXPECT_THAT(saidOf("51d0", "approve 51d0"), HasSubstr("approve 51d0")) << "the id that was logged approves nothing";
  EXPECT_THAT(saidOf(""), HasSubstr("TimedOut"));
  EXPECT_THAT(saidOf("51d0", "approve 51d0"), HasSubstr("approve 51d0"));
}

TEST_F(ALog, HasNoAddressInIt) {
  EXPECT_THAT(saidOf("", "anna@example.com is in the way"),
              AllOf(Not(HasSubstr("anna")), HasSubstr("see status.conditions")));
}

}  // namespace
}  // namespace splitdelivery::cli
