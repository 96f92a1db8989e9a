#include <ostream>

#include "api/enums.h"
#include "api/time.h"
#include "cli/cli.h"
#include "cli/kubectl/commands.h"
#include "cli/kubectl/handled_watch.h"
#include "cli/kubectl/words.h"

namespace splitdelivery::cli::kubectl {
namespace {

using base::ErrorKind;
using base::fail;
using base::Result;

/// Why no pass will come; nothing when one will.
std::optional<base::Error> objection(const Session& session, const Resource& resource) {
  const std::string name = resource.key.text();
  if (resource.suspended) {
    return base::Error{ErrorKind::Refuse, "Suspended",
                       name + " is suspended, so no pass comes: " + commandFor(session, "resume", resource.key)};
  }
  if (!resource.spec) {
    return base::Error{
        ErrorKind::Refuse, "InvalidSpec",
        name + " cannot be used as it stands (" + conditionText(resource, api::condition::kReady) + "): mend its spec"};
  }
  return std::nullopt;
}

base::Task<Result<std::vector<Resource>>> targets(const Session& session) {
  if (session.options.all) co_return co_await listResources(session, session.options.allNamespaces ? "" : session.ns());
  auto one = co_await getResource(session);
  if (!one) co_return fail(std::move(one).error());
  co_return std::vector<Resource>{std::move(*one)};
}

/// Unlike approval it takes nothing back, whatever has changed meanwhile: the version is not compared.
base::Task<Result<Resource>> ask(const Session& session, Resource resource, std::string at) {
  resource.version.clear();
  return mergeInto(session, std::move(resource),
                   {{"metadata", {{"annotations", {{std::string(api::annotation::kReconcileAt), std::move(at)}}}}}});
}

int report(const Session& session, const Handled& handled) {
  int code = kOk;
  LinePrinter print = session.printer();
  for (const Resource& resource : handled.handled) {
    const api::Condition* ready = resource.condition(api::condition::kReady);
    const bool well = ready != nullptr && ready->status == api::ConditionStatus::True;
    print.line("", (well ? "✓ " : "✗ ") + resource.key.text() + "  Ready " +
                       std::string(ready == nullptr ? "Unknown" : api::choiceText(ready->status)) + "  " +
                       conditionText(resource, api::condition::kReady));
  }
  for (const api::ObjectKey& key : handled.gone) {
    code = failed(session, {ErrorKind::Refuse, "ResourceGone", key.text() + " was deleted meanwhile"});
  }
  if (handled.trouble) return failed(session, *handled.trouble);
  for (const auto& [key, at] : handled.waiting) {
    if (session.stop.stop_requested()) return kError;
    const auto waited = std::chrono::duration_cast<std::chrono::seconds>(session.options.timeout).count();
    code = failed(session, {ErrorKind::Retry, "TimedOut",
                            "no pass of " + key.text() + " has ended within " + std::to_string(waited) +
                                " s: check that a controller runs and works on that namespace, or wait longer with "
                                "--timeout"});
  }
  return code;
}

}  // namespace

base::Task<int> resync(const Session& session) {
  auto all = co_await targets(session);
  if (!all) co_return failed(session, all.error());
  if (all->empty()) co_return done(session, "there is no SplitDeliveryDomain to ask a pass for");
  const std::string at = api::rfc3339Exact(session.executor.wallTime());
  int code = kOk;
  Requests requests;
  for (Resource& resource : *all) {
    if (const auto error = objection(session, resource)) {
      const int refused = failed(session, *error);
      // One that is suspended is no failure of asking all the others.
      if (!session.options.all) co_return refused;
      continue;
    }
    const api::ObjectKey key = resource.key;
    const auto asked = co_await ask(session, std::move(resource), at);
    if (!asked) {
      code = failed(session, asked.error());
      continue;
    }
    requests.emplace(key, at);
    session.out << plain(key.text()) << " is asked for a pass\n";
  }
  session.out.flush();
  if (requests.empty() || !session.options.wait) co_return code;
  const Handled handled = co_await waitUntilHandled(session, std::move(requests), session.options.timeout);
  const int waited = report(session, handled);
  co_return code == kOk ? waited : code;
}

}  // namespace splitdelivery::cli::kubectl
