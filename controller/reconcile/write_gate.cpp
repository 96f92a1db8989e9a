#include "reconcile/write_gate.h"

#include <algorithm>

namespace splitdelivery::reconcile {

using base::ErrorKind;
using base::fail;
using plan::Operation;
using plan::OpKind;

WriteGate::WriteGate(mailserver::ForwarderStore& store, const api::Spec& spec, Mode mode,
                     const std::vector<Operation>& held, std::stop_token stop)
    : store_(store),
      domain_(spec.domain),
      policy_(spec.policy),
      suspended_(spec.suspend),
      mode_(mode),
      held_(held),
      stop_(std::move(stop)) {}

std::optional<base::Error> WriteGate::refusal(const Operation& operation, OpKind kind) const {
  if (stop_.stop_requested())
    return base::Error{ErrorKind::Stopped, "Stopped", "the program was asked to stop", std::nullopt, true};
  const bool policyAllows = policy_ == api::Policy::Sync ||
                            (policy_ == api::Policy::UpsertOnly && kind != OpKind::Delete) ||
                            (policy_ == api::Policy::CreateOnly && kind == OpKind::Create);
  const bool held = std::ranges::binary_search(held_, operation.local, {}, &Operation::local);
  const bool ours = kind == OpKind::Create || !operation.present.empty();
  if (mode_ == Mode::Sync && !suspended_ && policyAllows && !held && ours && operation.kind == kind)
    return std::nullopt;
  return base::Error{ErrorKind::Refuse, "WriteForbidden", "a write that this pass may not make was stopped",
                     std::nullopt, true};
}

base::Task<base::Result<base::Done>> WriteGate::create(Operation operation) {
  if (auto no = refusal(operation, OpKind::Create)) co_return fail(*std::move(no));
  co_return co_await store_.create(domain_, {.local = operation.local, .destinations = operation.wanted}, stop_);
}

base::Task<base::Result<base::Done>> WriteGate::update(Operation operation, base::SteadyTime notAfter) {
  if (auto no = refusal(operation, OpKind::Update)) co_return fail(*std::move(no));
  api::Forwarder changed{.local = operation.local, .destinations = operation.wanted, .name = operation.name};
  co_return co_await store_.replace(domain_, std::move(changed), notAfter, stop_);
}

base::Task<base::Result<base::Done>> WriteGate::remove(std::vector<Operation> operations, base::SteadyTime notAfter) {
  std::vector<std::string> names;
  for (const Operation& operation : operations) {
    if (auto no = refusal(operation, OpKind::Delete)) co_return fail(*std::move(no));
    names.push_back(operation.name.empty() ? operation.local : operation.name);
  }
  co_return co_await store_.remove(domain_, std::move(names), notAfter, stop_);
}

}  // namespace splitdelivery::reconcile
