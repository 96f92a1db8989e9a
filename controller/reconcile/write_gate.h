#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "api/resource.h"
#include "mailserver/forwarder_store.h"
#include "plan/operation.h"

namespace splitdelivery::reconcile {

/// What a pass is for.
enum class Mode {
  Plan,  ///< look, and write nothing anywhere
  Sync,  ///< look, and do what the policy and the guard let through
};

/// The one place from which a write leaves for a mail server (S6). It trusts nobody: whatever a
/// caller asks for is checked again against the mode, the policy, suspend, the held operations and
/// the stop before anything is sent. tests/house checks that no other file calls a store's writes.
///
/// A request that is on its way is never cut off by a stop: its effect would be unknown.
class WriteGate {
 public:
  /// `held` must outlive the gate.
  WriteGate(mailserver::ForwarderStore& store, const api::Spec& spec, Mode mode,
            const std::vector<plan::Operation>& held, std::stop_token stop);

  /// Error: Stopped "Stopped", Refuse "WriteForbidden" (nothing was sent); else the store's.
  base::Task<base::Result<base::Done>> create(plan::Operation operation);
  /// Not sent after `notAfter`, when the listing behind it is too old (S2).
  base::Task<base::Result<base::Done>> update(plan::Operation operation, base::SteadyTime notAfter);
  /// At most `deleteBatch()` of the store; not sent after `notAfter`.
  base::Task<base::Result<base::Done>> remove(std::vector<plan::Operation> operations, base::SteadyTime notAfter);

 private:
  [[nodiscard]] std::optional<base::Error> refusal(const plan::Operation& operation, plan::OpKind kind) const;

  mailserver::ForwarderStore& store_;
  std::string domain_;
  api::Policy policy_;
  bool suspended_;
  Mode mode_;
  const std::vector<plan::Operation>& held_;
  std::stop_token stop_;
};

}  // namespace splitdelivery::reconcile
