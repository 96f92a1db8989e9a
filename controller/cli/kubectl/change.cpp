#include <algorithm>
#include <ostream>

#include "cli/cli.h"
#include "cli/kubectl/commands.h"
#include "cli/kubectl/resources.h"
#include "cli/kubectl/words.h"
#include "plan/plan_line.h"

namespace splitdelivery::cli::kubectl {
namespace {

using base::ErrorKind;
using base::fail;
using base::Result;
using kube::Json;

/// How often a change is tried anew when somebody else was faster: the controller writes too.
constexpr int kTries = 4;

/// Why this id cannot be approved; nothing when it can.
std::optional<base::Error> objection(const Session& session, const Resource& resource) {
  const api::PlanSummary& plan = resource.status.plan;
  if (plan.held && plan.id == session.options.planId) return std::nullopt;
  const std::string text =
      plan.held ? "the plan of " + resource.key.text() + " that is held now is " + plan.id + ", not " +
                      session.options.planId + ": look at it (" + commandFor(session, "plan", resource.key) +
                      ") and approve it with " + commandFor(session, "approve", resource.key, plan.id)
                : "nothing of " + resource.key.text() +
                      " is held, so there is nothing to approve: " + conditionText(resource, api::condition::kReady);
  return base::Error{ErrorKind::Refuse, "PlanNotHeld", text};
}

/// Everything that is held under this id; where the book cannot be read or is of another pass, the status's sample.
base::Task<base::Done> printHeld(const Session& session, Resource resource) {
  LinePrinter print = session.printer();
  const auto book = co_await bookOf(session, resource.key);
  const std::string& id = resource.status.plan.id;
  if (book && *book && plan::isHeldPlan((*book)->plan, id)) {
    for (const std::string& line : (*book)->plan) {
      if (plan::readPlanLine(line).held) print.line("  ", line);
    }
    co_return base::Done{};
  }
  const api::PlanSummary& plan = resource.status.plan;
  const std::size_t shown = std::min<std::size_t>(plan.heldCount, plan.sample.size());
  for (std::size_t index = 0; index < shown; ++index) print.line("  ", plan.sample[index]);
  print.line("  ", "(" + std::to_string(shown) + " of " + std::to_string(plan.heldCount) +
                       ", from the status, which has 20 lines at most" +
                       (book ? std::string(")") : "; the whole plan: " + book.error().message + ")"));
  co_return base::Done{};
}

Json annotationChange(std::string_view name, const std::string& value) {
  return {{"metadata", {{"annotations", {{std::string(name), value}}}}}};
}

/// A change that is made only while `allowed` says so of the resource as it is. Error: what `allowed` gives; the API
/// server's.
template <class Allowed>
base::Task<Result<Resource>> changeWhile(const Session& session, Json change, Allowed allowed) {
  for (int tries = 1;; ++tries) {
    auto resource = co_await getResource(session);
    if (!resource) co_return resource;
    if (auto error = allowed(*resource)) co_return fail(*std::move(error));
    auto changed = co_await mergeInto(session, *resource, change);
    if (changed || changed.error().reason != kube::reason::kConflict || tries == kTries) co_return changed;
  }
}

}  // namespace

base::Task<int> approve(const Session& session) {
  const auto resource = co_await getResource(session);
  if (!resource) co_return failed(session, resource.error());
  if (auto error = objection(session, *resource)) co_return failed(session, *error);
  const std::string& id = session.options.planId;
  session.out << plain(resource->key.text() + " holds as " + id + ":") << "\n";
  co_await printHeld(session, *resource);
  const std::string suspended =
      "; nothing is done while it is suspended: " + commandFor(session, "resume", resource->key);
  if (resource->annotation(api::annotation::kApprovedPlan) == id) {
    co_return done(session, "it was approved already" +
                                (resource->suspended ? suspended : "; the controller has not acted on it yet"));
  }
  // It may have changed since it was shown.
  const auto changed = co_await changeWhile(session, annotationChange(api::annotation::kApprovedPlan, id),
                                            [&session](const Resource& now) { return objection(session, now); });
  if (!changed) co_return failed(session, changed.error());
  co_return done(
      session, "approved" + (changed->suspended ? suspended : "; the controller does it in the pass that begins now"));
}

base::Task<int> setSuspended(const Session& session, bool suspended) {
  const auto before = co_await getResource(session);
  if (!before) co_return failed(session, before.error());
  const std::string name = before->key.text();
  if (before->suspended == suspended) {
    co_return done(session, name + (suspended ? " is suspended already" : " is not suspended: nothing to do"));
  }
  const auto changed = co_await changeWhile(session, {{"spec", {{"suspend", suspended}}}},
                                            [](const Resource&) { return std::optional<base::Error>(); });
  if (!changed) co_return failed(session, changed.error());
  co_return done(session, suspended ? name + " is suspended: nothing is asked or written until " +
                                          commandFor(session, "resume", before->key)
                                    : name + " is resumed; its next pass begins now");
}

}  // namespace splitdelivery::cli::kubectl
