#include "cli/kubectl/handled_watch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/await.h"
#include "source/cluster/object.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::cli::kubectl {
namespace {

namespace cluster = source::cluster;

/// How often it is looked whether the watch can still come to something.
constexpr std::chrono::milliseconds kLook{500};

/// Takes out of `waiting` what has had its pass.
class Waiting final : public kube::Sink {
 public:
  Waiting(base::Executor& executor, Requests requests) : all_(executor), result_{.waiting = std::move(requests)} {}

  void begin() override { listed_.clear(); }
  void listed(const kube::Object& object) override {
    listed_.insert(keyOf(object));
    changed(object);
  }
  void commit() override {
    std::erase_if(result_.waiting, [&](const auto& request) {
      const bool isGone = !listed_.contains(request.first);
      if (isGone) result_.gone.push_back(request.first);
      return isGone;
    });
    tellWhenDone();
  }
  void changed(const kube::Object& object) override {
    Resource resource = resourceFrom(object.whole());
    const auto request = result_.waiting.find(resource.key);
    if (request == result_.waiting.end()) return;
    const std::string& last = resource.status.lastHandledReconcileAt;
    // Somebody who asks after us writes over our value: their pass answers us too.
    auto& asked = asked_[resource.key];
    if (auto now = resource.annotation(api::annotation::kReconcileAt); !now.empty()) asked.insert(std::move(now));
    if (last != request->second && !asked.contains(last)) return;
    asked_.erase(resource.key);
    result_.waiting.erase(request);
    result_.handled.push_back(std::move(resource));
    tellWhenDone();
  }
  void removed(const kube::Object& object) override {
    const api::ObjectKey key = keyOf(object);
    if (result_.waiting.erase(key) > 0) result_.gone.push_back(key);
    tellWhenDone();
  }

  void end() { all_.resolve(true); }
  [[nodiscard]] const base::Deferred<bool>& all() const { return all_; }
  [[nodiscard]] Handled take() { return std::move(result_); }

 private:
  static api::ObjectKey keyOf(const kube::Object& object) {
    return {std::string(object.ns()), std::string(object.name())};
  }
  void tellWhenDone() {
    if (result_.waiting.empty()) end();
  }

  base::Deferred<bool> all_;
  Handled result_;
  std::map<api::ObjectKey, std::set<std::string>> asked_;  ///< what the annotation was since we wrote it
  std::set<api::ObjectKey> listed_;
};

/// One namespace, where all are of one, and one name, where it is one.
kube::Reflector::Collection collectionOf(const Requests& requests) {
  kube::Reflector::Collection collection{cluster::kDomains, requests.begin()->first.ns};
  for (const auto& [key, value] : requests) {
    if (key.ns != collection.ns) collection.ns.clear();
  }
  if (requests.size() == 1) collection.name = requests.begin()->first.name;
  return collection;
}

/// Ends the wait when no more is to be hoped for; sets why.
base::Task<base::Done> lookOut(base::Executor& executor, const kube::Reflector& reflector, Waiting& waiting,
                               std::optional<base::Error>& trouble, base::SteadyTime deadline, std::stop_token stop) {
  while (executor.now() < deadline) {
    const auto next = std::min(deadline, executor.now() + base::Duration(kLook));
    if (co_await base::sleepUntil(executor, next, stop) == base::Slept::Stopped) break;
    const auto& error = reflector.trouble();
    const bool hopeless = error && (error->kind == base::ErrorKind::Stall || error->kind == base::ErrorKind::Refuse ||
                                    error->reason == kube::reason::kUnauthorized);
    if (!hopeless) continue;
    trouble = error;
    break;
  }
  waiting.end();
  co_return base::Done{};
}

/// When the task has ended.
base::Deferred<bool> started(base::Executor& executor, base::Task<base::Done> task) {
  base::Deferred<bool> ended(executor);
  base::spawn(executor, std::move(task),
              [ended](const std::exception_ptr&, const std::optional<base::Done>&) { ended.resolve(true); });
  return ended;
}

}  // namespace

base::Task<Handled> waitUntilHandled(const Session& session, Requests requests, std::chrono::nanoseconds patience) {
  base::Executor& executor = session.executor;
  const auto collection = collectionOf(requests);
  Waiting waiting(executor, std::move(requests));
  kube::Reflector reflector(executor, session.client, collection, waiting);
  std::optional<base::Error> trouble;
  std::stop_source ending;
  const std::stop_callback stopped(session.stop, [&ending] { ending.request_stop(); });
  const auto watched = started(executor, reflector.run(ending.get_token()));
  const auto lookedOut =
      started(executor, lookOut(executor, reflector, waiting, trouble, executor.now() + patience, ending.get_token()));
  co_await waiting.all();
  ending.request_stop();
  co_await lookedOut;
  co_await watched;
  Handled handled = waiting.take();
  if (trouble && !handled.waiting.empty()) {
    // A server that cannot stream lists is asked for a list first.
    const bool whileListing = trouble->message.find(" us list ") != std::string::npos;
    handled.trouble =
        explained(session, *std::move(trouble), whileListing ? "list" : "watch", cluster::kDomains, collection.ns);
  }
  co_return handled;
}

}  // namespace splitdelivery::cli::kubectl
