#include "reconcile/local_delivery.h"

#include <algorithm>
#include <utility>

#include "api/enums.h"
#include "api/find_local.h"
#include "reconcile/write_gate.h"

namespace splitdelivery::reconcile {
namespace {

using base::Done;
using base::ErrorKind;
using base::fail;
using base::Result;

bool isEnsured(const api::Spec& spec) {
  return spec.directAdmin.localDelivery == api::LocalDelivery::Ensure;
}

/// The first address that Zoho delivers and the mail server would bounce.
const api::ZohoAddress* firstWithoutForwarder(const api::Spec& spec, const Observation& seen) {
  const auto found = std::ranges::find_if(seen.addresses, [&](const api::ZohoAddress& address) {
    if (address.blocked) return false;
    const auto* forwarder = api::findLocal(*seen.forwarders, address.address.local);
    const std::string target = address.address.local + "@" + spec.routingHost;
    return forwarder == nullptr || std::ranges::find(forwarder->destinations, target) == forwarder->destinations.end();
  });
  return found == seen.addresses.end() ? nullptr : &*found;
}

/// Sends the request, and asks what came of it: "yes" and no answer are not believed.
base::Task<Result<Done>> turn(const Services& services, Pass& pass, bool on) {
  mailserver::ForwarderStore& store = pass.account->store();
  const std::vector<plan::Operation> held = pass.findings.plan ? pass.findings.plan->held : decltype(held){};
  WriteGate gate({.store = store,
                  .spec = pass.resource.spec,
                  .mode = Mode::Sync,
                  .routingReady = pass.findings.routingReady(),
                  .stop = pass.stop},
                 held);
  auto answer = co_await gate.setLocalDelivery(on);
  if (!answer && (answer.error().neverSent || answer.error().kind == ErrorKind::Refuse)) co_return answer;
  auto now = co_await store.localDelivery(pass.resource.spec.domain, pass.stop);
  if (!now) co_return fail(answer ? std::move(now).error() : std::move(answer).error());
  if (*now == on) co_return Done{};
  if (!answer) co_return answer;
  co_return fail(
      ErrorKind::Refuse, "NoEffect",
      std::string("the mail server accepted the request, but local delivery is still ") + (on ? "off" : "on"));
}

}  // namespace

std::string whyNotOn(const api::Spec& spec, const Findings& findings) {
  const bool writes = spec.policy == api::Policy::Sync || spec.policy == api::Policy::UpsertOnly;
  if (!writes) return "the policy " + std::string(api::choiceText(spec.policy)) + " forbids it";
  if (!findings.routingReady()) return "the routing host is not ready";
  const Observation& seen = findings.seen;
  if (!seen.plannable() || !incompleteParts(seen).empty()) return "Zoho's listing is not complete";
  const plan::Plan& plan = *findings.plan;
  if (!findings.failures.empty() || findings.ended || plan.writes()) return "not every change has been made";
  if (!plan.held.empty()) return "changes wait for approval";
  if (!plan.conflicts.empty()) return "there are conflicts";
  if (plan.released > 0 || !plan.left.empty()) return "some addresses are left alone";
  if (const auto* address = firstWithoutForwarder(spec, seen)) {
    return address->address.local + "@" + spec.domain + " has no forwarder";
  }
  return "";
}

bool isToBeTurnedOn(const api::Spec& spec, const ServerSettings& settings) {
  return isEnsured(spec) && settings.localDelivery == false;
}

base::Task<Result<Done>> ensureLocalDelivery(const Services& services, Pass& pass, ServerSettings settings, Mode mode) {
  const api::Spec& spec = pass.resource.spec;
  Findings& findings = pass.findings;
  if (!isToBeTurnedOn(spec, settings)) co_return Done{};
  const std::string isOff = "local delivery for " + spec.domain + " is off, so the mail server refuses its mail";
  if (const std::string because = whyNotOn(spec, findings); !because.empty()) {
    findings.localDelivery = isOff + "; it is turned on once every address has its forwarder: " + because;
    co_return Done{};
  }
  if (mode == Mode::Plan) {
    findings.localDelivery = isOff + ": sync turns it on";
    co_return Done{};
  }
  const auto writing = services.claims.beginWriting(pass.resource.key, spec.domain);
  if (!writing) co_return fail(writing.error());
  const bool isFirst = !pass.book.localDelivery;
  if (isFirst) {
    pass.book.localDelivery = api::SwitchRecord{.before = false, .turnedAt = services.executor.wallTime()};
    auto saved = co_await services.books.save(pass.resource.key, pass.book);
    if (!saved) co_return saved;
  }
  auto turned = co_await turn(services, pass, true);
  if (turned) {
    findings.localDelivery = "local delivery for " + spec.domain + " was off and is now on";
    co_return Done{};
  }
  findings.ended = std::move(turned).error();
  if (isFirst && (findings.ended->neverSent || findings.ended->kind == ErrorKind::Refuse)) {
    pass.book.localDelivery.reset();
    auto saved = co_await services.books.save(pass.resource.key, pass.book);
    if (!saved) co_return saved;
  }
  findings.ended->message = "local delivery for " + spec.domain + " could not be turned on: " + findings.ended->message;
  co_return Done{};
}

bool hasSwitchToRestore(const Pass& pass) {
  return isEnsured(pass.resource.spec) && pass.book.localDelivery.has_value();
}

base::Task<Result<Done>> restoreLocalDelivery(const Services& services, Pass& pass) {
  const api::Spec& spec = pass.resource.spec;
  if (!hasSwitchToRestore(pass)) co_return Done{};
  const bool before = pass.book.localDelivery->before;
  auto now = co_await pass.account->store().localDelivery(spec.domain, pass.stop);
  Result<Done> restored = Done{};
  if (!now) {
    restored = fail(std::move(now).error());
  } else if (*now != before) {
    restored = co_await turn(services, pass, before);
  }
  if (!restored) {
    base::Error error = std::move(restored).error();
    error.message =
        "local delivery for " + spec.domain + " could not be turned off again, so nothing is deleted: " + error.message;
    co_return fail(std::move(error));
  }
  pass.book.localDelivery.reset();
  co_return co_await services.books.save(pass.resource.key, pass.book);
}

}  // namespace splitdelivery::reconcile
