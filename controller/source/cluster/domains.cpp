#include "source/cluster/domains.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "source/cluster/patches.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::source::cluster {
namespace {

using base::Done;
using base::ErrorKind;
using base::fail;
using base::Result;

api::ObjectKey keyOf(const kube::Object& object) {
  return {std::string(object.ns()), std::string(object.name())};
}

std::size_t textDigest(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

std::string joined(const std::vector<api::FieldError>& errors) {
  constexpr std::size_t kNamed = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(errors.size(), kNamed); ++i) text += (i > 0 ? "; " : "") + errors[i].text();
  if (errors.size() > kNamed) text += "; and " + std::to_string(errors.size() - kNamed) + " more";
  return text;
}

}  // namespace

/// One namespace, or all of them: what a list of it lacks is gone.
class Domains::Scope final : public kube::Sink {
 public:
  Scope(Domains& domains, std::string ns) : domains_(domains), ns_(std::move(ns)) {}

  void begin() override { listing_.clear(); }
  void listed(const kube::Object& object) override { domains_.take(object, listing_); }
  void commit() override { domains_.replace(ns_, std::exchange(listing_, {})); }
  void changed(const kube::Object& object) override {
    if (domains_.isEcho(object)) return;
    domains_.take(object, domains_.known_);
    domains_.onNews_();
  }
  void removed(const kube::Object& object) override { domains_.removed(keyOf(object)); }

 private:
  Domains& domains_;
  const std::string ns_;
  KnownByKey listing_;  ///< a list that is not whole yet
};

kube::Sink& Domains::sinkOf(const std::string& ns) {
  auto& scope = scopes_[ns];
  if (!scope) scope = std::make_unique<Scope>(*this, ns);
  return *scope;
}

void Domains::replace(const std::string& ns, KnownByKey listed) {
  const auto isElsewhere = [&ns](const api::ObjectKey& key) { return !ns.empty() && key.ns != ns; };
  for (auto& [key, known] : known_) {
    if (isElsewhere(key)) listed.insert_or_assign(key, std::move(known));
  }
  // Also one that was handed on from a list that broke off.
  std::erase_if(handedOn_, [&](const auto& handed) {
    const bool gone = !isElsewhere(handed.first) && !listed.contains(handed.first);
    if (gone) news_.insert_or_assign(handed.first, Gone{});
    return gone;
  });
  known_ = std::move(listed);
  onNews_();
}

void Domains::removed(const api::ObjectKey& key) {
  known_.erase(key);
  handedOn_.erase(key);
  news_.insert_or_assign(key, Gone{});
  onNews_();
}

/// Whether this event tells of nothing but our own patch of the status: it is the version that the patch was answered
/// with, and nothing is another that people decide. (The answer to a patch that was sent twice may name the version of
/// somebody's edit.)
bool Domains::isEcho(const kube::Object& object) {
  const auto known = known_.find(keyOf(object));
  if (known == known_.end() || known->second.about.uid != object.uid()) return false;
  if (known->second.patchedTo != object.version() || known->second.will != object.will()) return false;
  known->second.statusText = textDigest(object.part("status"));
  return true;
}

void Domains::take(const kube::Object& object, KnownByKey& into) {
  Json document = {{"metadata", object.parsed("metadata")}};
  const Json& metadata = document["metadata"];
  Metadata about = metadataOf(document);
  const api::ObjectKey key = about.key;
  const auto found = known_.find(key);
  const bool same = found != known_.end() && found->second.about.uid == about.uid;
  const bool seen = same && found->second.about.generation == about.generation;
  const std::size_t orders = ordersOf(metadata, object.part("spec"));
  into.insert_or_assign(key, knownFrom(object, std::move(about)));
  const auto handed = handedOn_.find(key);
  if (handed != handedOn_.end() && handed->second == orders) return askedAgain(key, reconcileAtOf(metadata));
  document["spec"] = object.parsed("spec");
  std::vector<api::FieldError> passedOver;
  auto resource = domainFrom(document, passedOver);
  handedOn_.insert_or_assign(key, resource ? orders : 0);
  news_.insert_or_assign(key, std::move(resource));
  if (passedOver.empty() || seen) return;
  base::log(base::LogLevel::Warn, "fields of a newer version are passed over: run that version of the controller",
            {{"resource", key.text()}, {"fields", joined(passedOver)}});
}

/// What is known of it from now on.
Domains::Known Domains::knownFrom(const kube::Object& object, Metadata about) const {
  const auto found = known_.find(about.key);
  const bool same = found != known_.end() && found->second.about.uid == about.uid;
  const std::size_t statusText = textDigest(object.part("status"));
  // The answer to a patch of ours may have come before the watch tells of an older version.
  if (same && isNewer(found->second.about.version, about.version)) {
    Known now = found->second;
    now.will = object.will();
    if (now.statusText != statusText) {
      // Somebody has touched the status before our patch: the echo of that is read in full.
      now.isOurs = false;
      now.patchedTo.clear();
    }
    return now;
  }
  Known now{.about = std::move(about), .will = object.will(), .statusText = statusText};
  if (same && found->second.statusText == statusText) {
    now.status = found->second.status;  // a copy: a list that breaks off changes nothing
    now.isOurs = found->second.isOurs;
  } else {
    now.status = statusOf({{"status", object.parsed("status")}});
  }
  return now;
}

/// What was heard before, and has not been fetched yet, is not lost.
void Domains::askedAgain(const api::ObjectKey& key, std::optional<std::string> reconcileAt) {
  const auto waiting = news_.find(key);
  auto* unread =
      waiting == news_.end() ? nullptr : std::get_if<api::Parsed<api::SplitDeliveryDomain>>(&waiting->second);
  if (unread != nullptr && *unread) return setReconcileAt(**unread, std::move(reconcileAt));
  news_.insert_or_assign(key, AskedAgain{std::move(reconcileAt)});
}

void Domains::setReconcileAt(api::SplitDeliveryDomain& resource, std::optional<std::string> reconcileAt) {
  if (reconcileAt) {
    resource.annotations.insert_or_assign(std::string(api::annotation::kReconcileAt), *std::move(reconcileAt));
  } else {
    resource.annotations.erase(std::string(api::annotation::kReconcileAt));
  }
}

Domains::News Domains::takeNews() {
  News news;
  for (auto& [key, what] : std::exchange(news_, {})) {
    if (auto* asked = std::get_if<AskedAgain>(&what)) {
      news.askedAgain.emplace(key, std::move(asked->reconcileAt));
    } else if (auto* read = std::get_if<api::Parsed<api::SplitDeliveryDomain>>(&what); read == nullptr) {
      news.gone.push_back(key);
    } else if (*read) {
      news.resources.push_back(std::move(**read));
    } else {
      const auto known = known_.find(key);
      api::SplitDeliveryDomain resource{.key = key};
      if (known != known_.end()) resource.generation = known->second.about.generation;
      if (isLeaving(key)) resource.deletedAt = executor_.wallTime();
      news.invalid.push_back({std::move(resource), joined(read->error())});
    }
  }
  return news;
}

bool Domains::isLeaving(const api::ObjectKey& key) const {
  const auto known = known_.find(key);
  return known == known_.end() || known->second.about.deleted;
}

base::Task<api::Status> Domains::load(api::ObjectKey key) {
  const auto known = known_.find(key);
  co_return known == known_.end() ? api::Status{} : known->second.status;
}

const api::Status* Domains::statusNow(const api::ObjectKey& key) const {
  const auto known = known_.find(key);
  return known == known_.end() ? nullptr : &known->second.status;
}

std::string Domains::uidOf(const api::ObjectKey& key) const {
  const auto known = known_.find(key);
  return known == known_.end() ? std::string() : known->second.about.uid;
}

Json Domains::patchTo(const api::ObjectKey& key, const api::Status& status) const {
  const auto before = known_.find(key);
  const bool isOurs = before != known_.end() && before->second.isOurs;
  return statusPatch(status, isOurs ? &before->second.status : nullptr);
}

base::Task<Result<Done>> Domains::save(api::ObjectKey key, api::Status status) {
  Json patch = patchTo(key, status);
  return write(std::move(key), std::move(status), std::move(patch));
}

base::Task<Result<Done>> Domains::saveUnchanged(api::ObjectKey key, api::Status status) {
  Json patch = patchTo(key, status);
  if (const auto known = known_.find(key); known != known_.end()) {
    patch["metadata"] = {{"resourceVersion", known->second.about.version}};
  }
  return write(std::move(key), std::move(status), std::move(patch));
}

base::Task<Result<Done>> Domains::write(api::ObjectKey key, api::Status status, Json patch) {
  const std::uint64_t patchNumber = ++lastPatch_;
  if (const auto before = known_.find(key); before != known_.end()) {
    // While one is under way, or has failed, nobody knows what stands there.
    before->second.isOurs = false;
    before->second.patchNumber = patchNumber;
  }
  saving_.insert(key);
  auto patched = co_await client_.patch(kDomains, key.ns, key.name, "status", kube::PatchType::Merge, patch, {},
                                        kube::Answer::Metadata);
  saving_.erase(saving_.find(key));
  if (!patched) {
    if (patched.error().reason == kube::reason::kNotFound) co_return Done{};
    co_return fail(std::move(patched).error());
  }
  Metadata about = metadataOf(*patched);
  const auto known = known_.find(key);
  // Deleted and made anew meanwhile, it is another one.
  if (known == known_.end() || known->second.about.uid != about.uid) co_return Done{};
  // A later one may have been answered, or heard of, first.
  if (isNewer(known->second.about.version, about.version)) co_return Done{};
  known->second.patchedTo = about.version;
  known->second.about = std::move(about);  // all of it: what others have changed before it may not have been heard yet
  known->second.status = std::move(status);
  known->second.isOurs = known->second.patchNumber == patchNumber;
  co_return Done{};
}

base::Task<Result<Done>> Domains::hold(api::ObjectKey key) {
  const auto known = known_.find(key);
  if (known != known_.end() && isHeld(known->second.about)) co_return Done{};
  if (known == known_.end() || known->second.about.deleted) {
    co_return fail(ErrorKind::Refuse, "ResourceGone",
                   "the resource " + key.text() + " is being deleted: nothing new is begun for it");
  }
  co_return co_await patchFinalizers(key, true);
}

base::Task<Result<Done>> Domains::release(api::ObjectKey key) {
  const auto known = known_.find(key);
  if (known == known_.end() || !isHeld(known->second.about)) co_return Done{};
  co_return co_await patchFinalizers(key, false);
}

/// As it is heard of, which is mostly right; after that has failed, as it is. Error: the API server's.
base::Task<Result<Metadata>> Domains::aboutNow(api::ObjectKey key, bool again) {
  const auto known = known_.find(key);
  if (!again && known != known_.end()) co_return known->second.about;
  auto current = co_await client_.get(kDomains, key.ns, key.name, {});
  if (!current) co_return fail(std::move(current).error());
  co_return metadataOf(*current);
}

base::Task<Result<Done>> Domains::patchFinalizers(api::ObjectKey key, bool held) {
  constexpr int kTries = 3;
  for (int tries = 1;; ++tries) {
    auto about = co_await aboutNow(key, tries > 1);
    if (!about && !held && about.error().reason == kube::reason::kNotFound) co_return Done{};
    if (!about) co_return fail(std::move(about).error());
    if (isHeld(*about) == held) co_return Done{};
    const std::vector<std::string> next = finalizersOf(*about, held);
    auto patched = co_await client_.patch(kDomains, key.ns, key.name, "", kube::PatchType::Json,
                                          finalizersPatch(*about, next), {}, kube::Answer::Metadata);
    if (patched) {
      const auto known = known_.find(key);
      if (known != known_.end() && known->second.about.uid == about->uid) known->second.about.finalizers = next;
      co_return Done{};
    }
    const bool raced =
        patched.error().reason == kube::reason::kConflict || patched.error().reason == kube::reason::kInvalid;
    if (!raced || tries == kTries) co_return fail(std::move(patched).error());
  }
}

}  // namespace splitdelivery::source::cluster
