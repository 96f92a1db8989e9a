#pragma once

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/await.h"
#include "kube/reflector.h"
#include "source/cluster/object.h"

namespace splitdelivery::source::cluster {

/// The Secrets that resources name: each followed by a watch of its own, for as long as one names it, so that a
/// rotated one is used at once and no other Secret is ever read.
///
/// Lives on the executor; must outlive its watches: await `end`.
class Secrets {
 public:
  struct News {
    std::vector<api::SecretObject> secrets;
    std::vector<api::ObjectKey> gone;
  };

  /// `onNews` is called when there is something for `takeNews`, and when one was looked at for the first time.
  Secrets(base::Executor& executor, kube::Client& client, std::function<void()> onNews)
      : executor_(executor), client_(client), onNews_(std::move(onNews)) {}

  /// The resource `user` names these; nothing when it is gone.
  void want(const api::ObjectKey& user, std::set<api::ObjectKey> secrets);
  /// Whether every one of these has been looked at: only then is one that is missing known to be missing.
  [[nodiscard]] bool synced(const api::ObjectKey& user) const;
  [[nodiscard]] News takeNews();
  /// What keeps one from being looked at, naming it; nothing when all are followed.
  [[nodiscard]] std::optional<std::string> trouble() const;
  /// A bug that has ended one of the watches; none: all go on. `onNews` is called when it comes.
  [[nodiscard]] const std::exception_ptr& bug() const { return bug_; }
  /// Ends all watches.
  base::Task<base::Done> end();

 private:
  struct Watched;

  void follow(const api::ObjectKey& key);
  void unfollow(const api::ObjectKey& key);

  base::Executor& executor_;
  kube::Client& client_;
  std::function<void()> onNews_;
  std::map<api::ObjectKey, std::set<api::ObjectKey>> wanted_;        ///< by user
  std::map<api::ObjectKey, std::set<api::ObjectKey>> users_;         ///< by Secret
  std::map<api::ObjectKey, std::shared_ptr<Watched>> watched_;       ///< by Secret
  std::map<api::ObjectKey, std::optional<api::SecretObject>> news_;  ///< nothing: gone
  std::size_t running_ = 0;
  std::exception_ptr bug_;
  std::optional<base::Deferred<bool>> ended_;
};

}  // namespace splitdelivery::source::cluster
