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
/// caller asks for is checked again against the mode, the policy, suspend, the held operations, the
/// way to Zoho and the stop before anything is sent. tests/house checks that no other file calls a store's writes.
///
/// A request that is on its way is never cut off by a stop: its effect would be unknown.
class WriteGate {
 public:
  struct Context {
    mailserver::ForwarderStore& store;
    const api::Spec& spec;
    Mode mode;
    bool routingReady;  ///< S13: false: mail to the routing host would not reach Zoho
    std::stop_token stop;
  };

  /// `context`'s parts and `held` must outlive the gate.
  WriteGate(Context context, const std::vector<plan::Operation>& held) : context_(std::move(context)), held_(held) {}

  /// Error: Stopped "Stopped", Refuse "WriteForbidden" (nothing was sent); else the store's.
  base::Task<base::Result<base::Done>> create(plan::Operation operation);
  /// Not sent after `notAfter`, when the listing behind it is too old (S2).
  base::Task<base::Result<base::Done>> update(plan::Operation operation, base::SteadyTime notAfter);
  /// At most `deleteBatch()` of the store; not sent after `notAfter`.
  base::Task<base::Result<base::Done>> remove(std::vector<plan::Operation> operations, base::SteadyTime notAfter);
  /// Turns the domain's local-delivery switch (S17): on under Ensure, and off again where it was.
  base::Task<base::Result<base::Done>> setLocalDelivery(bool on);

 private:
  [[nodiscard]] std::optional<base::Error> refusal(const plan::Operation& operation, plan::OpKind kind) const;
  [[nodiscard]] std::optional<base::Error> refusalOfAll() const;

  Context context_;
  const std::vector<plan::Operation>& held_;
};

}  // namespace splitdelivery::reconcile
