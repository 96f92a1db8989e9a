#include "reconcile/parting.h"

#include "base/log.h"
#include "reconcile/local_delivery.h"

namespace splitdelivery::reconcile {
namespace {

bool isWithoutSecret(const base::Error& error) {
  return error.reason == "SecretMissing" || error.reason == "SecretKeyMissing";
}

/// What keeps the departure from being done; nothing when it is done, or is to be tried again.
const base::Error* obstacleOf(const Findings& findings) {
  if (findings.blocker) return &*findings.blocker;
  if (findings.ended) return &*findings.ended;
  if (findings.seen.serverError) return &*findings.seen.serverError;
  return findings.failures.empty() ? nullptr : &findings.failures.front().error;
}

}  // namespace

std::optional<Parting> partingOf(const Pass& pass, base::WallTime now) {
  if (!pass.resource.deletedAt) return std::nullopt;
  const Findings& findings = pass.findings;
  const std::size_t left = pass.book.ledger.entries.size();
  if (findings.departure && !findings.departure->retainedBecause.empty()) {
    return Parting{left, findings.departure->retainedBecause};
  }
  if (pass.bookKnown && left == 0 && !hasSwitchToRestore(pass)) return Parting{};
  const base::Error* obstacle = obstacleOf(findings);
  if (obstacle != nullptr && obstacle->kind == base::ErrorKind::Stopped) return std::nullopt;
  const bool secretGone = obstacle != nullptr && isWithoutSecret(*obstacle);
  const base::Duration patience = secretGone ? base::Duration(kWaitForSecret) : base::Duration(kWaitForServer);
  if (now - *pass.resource.deletedAt < patience) return std::nullopt;
  return Parting{left, obstacle == nullptr ? "they could not be deleted within an hour" : obstacle->message, true};
}

base::Task<bool> letGo(source::Finalizers& finalizers, Parting parting, PassReport& report) {
  const std::string resource = report.resource.key.text();
  auto released = co_await finalizers.release(report.resource.key);
  if (!released) {
    report.outcome = Outcome::Failed;
    base::log(base::LogLevel::Warn, "a deleted resource could not be let go; it is tried again",
              {{"resource", resource}, {"error", released.error().message}});
    co_return false;
  }
  if (parting.because.empty()) {
    base::log(base::LogLevel::Info, "a deleted resource is gone, and nothing of it is left on the mail server",
              {{"resource", resource}});
  } else {
    base::log(base::LogLevel::Warn, "a deleted resource is gone, and forwarders of ours stay on the mail server",
              {{"resource", resource},
               {"domain", report.resource.spec.domain},
               {"forwarders", std::to_string(parting.left)},
               {"because", parting.because}});
  }
  co_return true;
}

}  // namespace splitdelivery::reconcile
