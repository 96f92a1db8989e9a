#include <ostream>

#include "api/enums.h"
#include "api/time.h"
#include "cli/cli.h"
#include "cli/kubectl/commands.h"
#include "cli/kubectl/resource_json.h"
#include "cli/kubectl/resources.h"
#include "cli/kubectl/words.h"
#include "plan/plan_line.h"
#include "plan/words.h"

namespace splitdelivery::cli::kubectl {
namespace {

using nlohmann::ordered_json;
using plan::PlanLine;

ordered_json lineJson(const std::string& text) {
  const PlanLine line = plan::readPlanLine(text);
  ordered_json json;
  if (line.about == PlanLine::About::Operation) json["operation"] = api::choiceText(line.kind);
  if (line.about == PlanLine::About::Conflict) json["operation"] = "conflict";
  if (line.about != PlanLine::About::Other) {
    json["address"] = line.address;
    json["held"] = line.held;
    json["left"] = line.left;
  }
  json["text"] = text;
  return json;
}

ordered_json planJson(const Resource& resource, const api::AddressBook& book) {
  const api::PlanSummary& summary = resource.status.plan;
  ordered_json json{{"namespace", resource.key.ns},
                    {"name", resource.key.name},
                    {"domain", resource.domain},
                    {"policy", resource.policy},
                    {"suspended", resource.suspended},
                    {"id", summary.held ? summary.id : ""},
                    {"verifiedAt", api::rfc3339(book.directory.verifiedAt)},
                    {"lines", ordered_json::array()}};
  for (const std::string& line : book.plan) json["lines"].push_back(lineJson(line));
  return json;
}

void printText(const Session& session, const Resource& resource, const api::AddressBook& book) {
  LinePrinter print = session.printer();
  // The headline and the lines of `splitdelivery plan`.
  print.headline(resource.domain + "  (" + resource.key.text() + ", policy " + resource.policy + ")");
  for (const std::string& line : book.plan) print.line("  ", line);
  if (book.plan.empty()) print.line("  ", "nothing is wanted, and nothing is there");
  for (const std::string& caveat : caveatsOf(session, resource)) print.line("  ", "note: " + caveat);
  if (const auto* ready = resource.condition(api::condition::kReady);
      ready != nullptr && ready->status != api::ConditionStatus::True && ready->reason != "DeletionsHeld") {
    print.line("  ", "note: not Ready: " + conditionText(resource, api::condition::kReady));
  }
  print.line("  ",
             "note: both sides were last listed " + timeText(book.directory.verifiedAt, session.executor.wallTime()));
  if (resource.status.plan.held) {
    print.line("  ",
               "to approve what is held: " + commandFor(session, "approve", resource.key, resource.status.plan.id));
  }
}

}  // namespace

base::Task<int> showPlan(const Session& session) {
  const auto resource = co_await getResource(session);
  if (!resource) co_return failed(session, resource.error());
  const auto book = co_await bookOf(session, resource->key);
  if (!book) co_return failed(session, book.error());
  if (!*book || (*book)->directory.verifiedAt == base::WallTime{}) {
    co_return failed(session, {base::ErrorKind::Refuse, "NoPlan",
                               "there is no plan for " + resource->key.text() + " yet (" +
                                   conditionText(*resource, api::condition::kReady) + "): wait for its first pass"});
  }
  if (session.json()) {
    printJson(session.out, planJson(*resource, **book));
  } else {
    printText(session, *resource, **book);
  }
  co_return kOk;
}

}  // namespace splitdelivery::cli::kubectl
