#include "reconcile/write_gate.h"

#include <algorithm>

namespace splitdelivery::reconcile {

using base::ErrorKind;
using base::fail;
using plan::Operation;
using plan::OpKind;

namespace {

base::Error forbidden() {
  return {ErrorKind::Refuse, "WriteForbidden", "a write that this pass may not make was stopped", std::nullopt, true};
}

}  // namespace

/// What keeps every write back, whatever it is.
std::optional<base::Error> WriteGate::refusalOfAll() const {
  if (context_.stop.stop_requested()) {
    return base::Error{ErrorKind::Stopped, "Stopped", "the program was asked to stop", std::nullopt, true};
  }
  if (context_.mode != Mode::Sync || context_.spec.suspend) return forbidden();
  return std::nullopt;
}

std::optional<base::Error> WriteGate::refusal(const Operation& operation, OpKind kind) const {
  if (auto no = refusalOfAll()) return no;
  const api::Policy policy = context_.spec.policy;
  const bool policyAllows = policy == api::Policy::Sync ||
                            (policy == api::Policy::UpsertOnly && kind != OpKind::Delete) ||
                            (policy == api::Policy::CreateOnly && kind == OpKind::Create);
  const bool arrives = context_.routingReady || kind == OpKind::Delete;
  const bool held = std::ranges::binary_search(held_, operation.local, {}, &Operation::local);
  const bool ours = kind == OpKind::Create || !operation.present.empty();
  if (policyAllows && arrives && !held && ours && operation.kind == kind) return std::nullopt;
  return forbidden();
}

base::Task<base::Result<base::Done>> WriteGate::create(Operation operation) {
  if (auto no = refusal(operation, OpKind::Create)) co_return fail(*std::move(no));
  co_return co_await context_.store.create(context_.spec.domain,
                                           {.local = operation.local, .destinations = operation.wanted}, context_.stop);
}

base::Task<base::Result<base::Done>> WriteGate::update(Operation operation, base::SteadyTime notAfter) {
  if (auto no = refusal(operation, OpKind::Update)) co_return fail(*std::move(no));
  api::Forwarder changed{.local = operation.local, .destinations = operation.wanted, .name = operation.name};
  co_return co_await context_.store.replace(context_.spec.domain, std::move(changed), notAfter, context_.stop);
}

base::Task<base::Result<base::Done>> WriteGate::remove(std::vector<Operation> operations, base::SteadyTime notAfter) {
  std::vector<std::string> names;
  for (const Operation& operation : operations) {
    if (auto no = refusal(operation, OpKind::Delete)) co_return fail(*std::move(no));
    names.push_back(operation.name.empty() ? operation.local : operation.name);
  }
  co_return co_await context_.store.remove(context_.spec.domain, std::move(names), notAfter, context_.stop);
}

base::Task<base::Result<base::Done>> WriteGate::setLocalDelivery(bool on) {
  if (auto no = refusalOfAll()) co_return fail(*std::move(no));
  const bool asked = context_.spec.directAdmin.localDelivery == api::LocalDelivery::Ensure;
  const bool policyAllows =
      context_.spec.policy == api::Policy::Sync || context_.spec.policy == api::Policy::UpsertOnly;
  if (!asked || !policyAllows || (on && !(context_.routingReady && held_.empty()))) co_return fail(forbidden());
  co_return co_await context_.store.setLocalDelivery(context_.spec.domain, on, context_.stop);
}

}  // namespace splitdelivery::reconcile
