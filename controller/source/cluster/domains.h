#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "kube/reflector.h"
#include "source/cluster/object.h"
#include "source/source.h"

namespace splitdelivery::source::cluster {

/// The resources of a cluster: what the watch tells of them, and their status.
///
/// Keeps of each resource its status and where it stands; the resource itself is handed on. Lives on the executor.
class Domains final : public StatusStore, public Finalizers {
 public:
  /// A resource that cannot be used as it stands.
  struct Invalid {
    api::SplitDeliveryDomain resource;  ///< key, generation and deletedAt alone
    std::string message;                ///< what is wrong with which field, one line
  };
  struct News {
    std::vector<api::SplitDeliveryDomain> resources;
    /// Of those of which the annotation splitdelivery.dev/reconcile-at is another one at most: that. Nothing else need
    /// be looked at.
    std::map<api::ObjectKey, std::optional<std::string>> askedAgain;
    std::vector<Invalid> invalid;
    std::vector<api::ObjectKey> gone;
  };

  /// `onNews` is called when there is something for `takeNews`. `client` outlives this.
  Domains(base::Executor& executor, kube::Client& client, std::function<void()> onNews)
      : executor_(executor), client_(client), onNews_(std::move(onNews)) {}

  /// What a reflector of that namespace (empty: all) has to tell. Lives as long as this.
  [[nodiscard]] kube::Sink& sinkOf(const std::string& ns);

  /// What `News::askedAgain` has for a resource.
  static void setReconcileAt(api::SplitDeliveryDomain& resource, std::optional<std::string> reconcileAt);

  /// What has changed since the last time; of each resource the last that was heard.
  [[nodiscard]] News takeNews();

  base::Task<api::Status> load(api::ObjectKey key) override;
  /// The same at once; nullptr: there is no such resource. Until the next that is heard or saved.
  [[nodiscard]] const api::Status* statusNow(const api::ObjectKey& key) const;
  /// Empty: there is no such resource.
  [[nodiscard]] std::string uidOf(const api::ObjectKey& key) const;
  /// Whether a status of it is on its way: what is said now would be older than that.
  [[nodiscard]] bool isBeingSaved(const api::ObjectKey& key) const { return saving_.contains(key); }
  /// Saves a status only if nobody has changed the resource since it was heard of. Error: Refuse "Conflict" if
  /// somebody has.
  base::Task<base::Result<base::Done>> saveUnchanged(api::ObjectKey key, api::Status status);
  /// A resource that is gone needs no status: that is no error.
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::Status status) override;

  /// Takes our finalizer off, if it is there. Called with the book gone.
  base::Task<base::Result<base::Done>> release(api::ObjectKey key) override;
  /// Puts our finalizer on, if it is not there. Error: Refuse "ResourceGone" for one that is being deleted or is gone.
  base::Task<base::Result<base::Done>> hold(api::ObjectKey key);

  /// Whether there is such a resource, leaving or not.
  [[nodiscard]] bool isThere(const api::ObjectKey& key) const { return known_.contains(key); }
  /// Whether a person has deleted it.
  [[nodiscard]] bool isLeaving(const api::ObjectKey& key) const;

 private:
  struct Gone {};
  struct AskedAgain {
    std::optional<std::string> reconcileAt;  ///< nothing: the annotation is gone
  };
  using Heard = std::variant<Gone, AskedAgain, api::Parsed<api::SplitDeliveryDomain>>;
  struct Known {
    Metadata about;
    api::Status status{};
    bool isOurs = false;            ///< `status` is what we wrote last, and nobody has touched it since
    std::uint64_t patchNumber = 0;  ///< of our last patch of it
    std::string patchedTo{};        ///< resourceVersion that our last patch of the status has led to
    std::size_t will = 0;           ///< kube::Object::will of what was heard last
    std::size_t statusText = 0;     ///< digest of its text as it was seen last
  };

  using KnownByKey = std::map<api::ObjectKey, Known>;
  class Scope;

  void take(const kube::Object& object, KnownByKey& into);
  bool isEcho(const kube::Object& object);
  void replace(const std::string& ns, KnownByKey listed);
  void removed(const api::ObjectKey& key);
  [[nodiscard]] Known knownFrom(const kube::Object& object, Metadata about) const;
  void askedAgain(const api::ObjectKey& key, std::optional<std::string> reconcileAt);
  [[nodiscard]] Json patchTo(const api::ObjectKey& key, const api::Status& status) const;
  base::Task<base::Result<base::Done>> write(api::ObjectKey key, api::Status status, Json patch);
  base::Task<base::Result<Metadata>> aboutNow(api::ObjectKey key, bool again);
  base::Task<base::Result<base::Done>> patchFinalizers(api::ObjectKey key, bool held);

  base::Executor& executor_;
  kube::Client& client_;
  std::function<void()> onNews_;
  std::map<std::string, std::unique_ptr<kube::Sink>> scopes_;  ///< by namespace
  KnownByKey known_;
  std::map<api::ObjectKey, std::size_t> handedOn_;  ///< ordersOf what was read last; 0: that could not be used
  std::map<api::ObjectKey, Heard> news_;
  std::uint64_t lastPatch_ = 0;
  std::multiset<api::ObjectKey> saving_;
};

}  // namespace splitdelivery::source::cluster
