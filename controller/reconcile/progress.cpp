#include "reconcile/progress.h"

#include <string>
#include <utility>

#include "reconcile/report.h"

namespace splitdelivery::reconcile {
namespace {

using api::ConditionStatus;
using base::Done;

constexpr const char* kProgressing = "Progressing";

std::string longPass(std::string_view waitsFor) {
  return "the pass takes longer than " + std::to_string(Progress::kLongPass.count()) + " seconds: it waits for " +
         std::string(waitsFor);
}

}  // namespace

api::Status firstSight(const api::SplitDeliveryDomain& resource, api::Status previous, base::WallTime now) {
  const std::string handled = previous.lastHandledReconcileAt;
  api::Status status = makeStatus(resource, std::move(previous), {}, now);
  status.lastHandledReconcileAt = handled;  // nothing was handled yet
  return status;
}

std::optional<api::Status> statusUnderWay(const api::SplitDeliveryDomain& resource, api::Status previous,
                                          std::string_view waitsFor, base::WallTime now) {
  const api::Status before = previous;
  const auto isTrue = [&before](std::string_view type) {
    const api::Condition* found = before.conditions.find(type);
    return found != nullptr && found->status == ConditionStatus::True;
  };
  const bool isSame = before.observedGeneration == resource.generation;
  if (isTrue(api::condition::kReady) || (isSame && isTrue(api::condition::kStalled))) return std::nullopt;
  const api::Condition* reconciling = before.conditions.find(api::condition::kReconciling);
  if (isSame && reconciling != nullptr && reconciling->reason != kProgressing) return std::nullopt;
  const bool isFirst = before.conditions.find(api::condition::kReady) == nullptr;
  api::Status status = isFirst ? firstSight(resource, std::move(previous), now) : std::move(previous);
  status.conditions.remove(api::condition::kStalled);
  status.conditions.set(api::condition::kReconciling, ConditionStatus::True, kProgressing, longPass(waitsFor), now,
                        resource.generation);
  if (status == before) return std::nullopt;
  return status;
}

Progress::Progress(const Services& services, Pass& pass, Mode mode) : services_(services), pass_(pass) {
  if (mode == Mode::Sync) tellAfter(kLongPass);
}

Progress::~Progress() {
  services_.executor.cancel(timer_);
}

void Progress::tellAfter(base::Duration pause) {
  timer_ = services_.executor.runAt(services_.executor.now() + pause, [this] {
    telling_ = true;
    base::spawn(services_.executor, tell(), [this](const std::exception_ptr&, const std::optional<Done>&) {
      telling_ = false;
      if (told_) return told_->resolve(true);
      tellAfter(kAgain);
    });
  });
}

base::Task<Done> Progress::tell() {
  const api::ObjectKey key = pass_.resource.key;
  api::Status previous = co_await services_.statuses.load(key);
  if (ended_) co_return Done{};
  auto status = statusUnderWay(pass_.resource, std::move(previous), pass_.waitsFor, services_.executor.wallTime());
  if (!status) co_return Done{};
  if (co_await services_.statuses.save(key, *status)) pass_.previous = std::move(*status);
  co_return Done{};
}

base::Task<Done> Progress::end() {
  ended_ = true;
  services_.executor.cancel(timer_);
  if (telling_) co_await told_.emplace(services_.executor);
  co_return Done{};
}

}  // namespace splitdelivery::reconcile
