#include "cli/text_output.h"

#include <ostream>
#include <string>

#include "api/enums.h"
#include "cli/line_printer.h"
#include "plan/describe.h"
#include "reconcile/verdict.h"

namespace splitdelivery::cli {
namespace {

std::string changesLine(const api::ChangeCounts& changes) {
  std::string text = "done: " + std::to_string(changes.created) + " created, " + std::to_string(changes.updated) +
                     " updated, " + std::to_string(changes.deleted) + " deleted";
  if (changes.failed > 0) text += ", " + std::to_string(changes.failed) + " failed";
  return text;
}

/// What the lines above do not show by themselves.
void printVerdict(LinePrinter& print, const reconcile::PassReport& pass) {
  const api::Condition* ready = pass.status.conditions.find(api::condition::kReady);
  if (ready == nullptr) return;
  const std::string text = ready->reason + ": " + ready->message;
  if (pass.outcome == reconcile::Outcome::Failed && ready->reason != "ApplyFailed") print.line("  ", "✗ " + text);
  if (ready->reason == "RoutingNotReady") print.line("  ", "⏸ " + text);
  if (ready->reason == "Retained" || ready->reason == "Deleted") print.line("  ", text);
}

void printPass(LinePrinter& print, const RunResult& result, const reconcile::PassReport& pass) {
  const api::Spec& spec = pass.resource.spec;
  print.headline(spec.domain + "  (" + pass.resource.key.text() + ", policy " +
                 std::string(api::choiceText(spec.policy)) + ")");
  if (pass.suspended) return print.line("  ", "suspended: spec.suspend is true, nothing was asked or written");
  if (result.mode == reconcile::Mode::Sync && pass.changes.any()) {
    print.line("  ", changesLine(pass.changes));
    for (const auto& operation : pass.done) print.line("    ", plan::describe(operation, spec.domain));
  }
  if (pass.plan) {
    const auto tense = result.mode == reconcile::Mode::Sync ? plan::Tense::LeftOver : plan::Tense::Ahead;
    for (const std::string& line : plan::describe(*pass.plan, spec, tense)) print.line("  ", line);
    if (!pass.plan->held.empty()) {
      print.line("  ", "⏸ " + reconcile::approvalAdvice(pass.resource, pass.plan->id));
    }
  }
  for (const auto& failure : pass.failures) {
    print.line("  ", "✗ " + plan::describe(failure.operation, spec.domain) + ": " + failure.error.message);
  }
  printVerdict(print, pass);
  for (const std::string& note : pass.notes) print.line("  ", "note: " + note);
}

std::string summary(const RunResult& result) {
  std::size_t creates = 0;
  std::size_t updates = 0;
  std::size_t deletes = 0;
  std::size_t held = 0;
  std::size_t conflicts = 0;
  std::size_t failed = 0;
  for (const auto& pass : result.passes) {
    if (pass.outcome == reconcile::Outcome::Failed) ++failed;
    const auto& changes = pass.changes;
    if (result.mode == reconcile::Mode::Sync) {
      creates += changes.created;
      updates += changes.updated;
      deletes += changes.deleted;
    }
    if (!pass.plan) continue;
    if (result.mode == reconcile::Mode::Plan) {
      creates += pass.plan->creates.size();
      updates += pass.plan->updates.size();
      deletes += pass.plan->deletes.size();
    }
    held += pass.plan->held.size();
    conflicts += pass.plan->conflicts.size();
  }
  const bool plan = result.mode == reconcile::Mode::Plan;
  std::string text = std::string(plan ? "Plan: " : "Sync: ") + std::to_string(creates) +
                     (plan ? " to create, " : " created, ") + std::to_string(updates) +
                     (plan ? " to update, " : " updated, ") + std::to_string(deletes) +
                     (plan ? " to delete" : " deleted") + "; " + std::to_string(held) + " held, " +
                     std::to_string(conflicts) + " in conflict";
  if (failed > 0)
    text += "; " + std::to_string(failed) + " of " + std::to_string(result.passes.size()) + " domains failed";
  return text + ".";
}

}  // namespace

void printText(std::ostream& out, const RunResult& result, bool colour) {
  LinePrinter print(out, colour);
  for (const auto& pass : result.passes) {
    printPass(print, result, pass);
    out << "\n";
  }
  for (const auto& error : result.errors) print.line("", "✗ " + error.where + ": " + error.message);
  for (const auto& note : result.notes) print.line("", "note: " + note);
  if (!result.errors.empty() || !result.notes.empty()) out << "\n";
  if (!result.passes.empty()) out << summary(result) << "\n";
}

}  // namespace splitdelivery::cli
