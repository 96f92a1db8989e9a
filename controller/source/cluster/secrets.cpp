#include "source/cluster/secrets.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace splitdelivery::source::cluster {

/// One Secret and its watch. Kept alive by the watch until that has ended.
struct Secrets::Watched final : kube::Sink {
  Watched(Secrets& owner, api::ObjectKey name)
      : secrets(owner),
        key(std::move(name)),
        reflector(owner.executor_, owner.client_, {kube::kSecrets, key.ns, key.name}, *this) {}

  void begin() override { found.reset(); }
  void listed(const kube::Object& object) override { found = read(object); }
  void commit() override { tell(std::exchange(found, {})); }
  void changed(const kube::Object& object) override { tell(read(object)); }
  void removed(const kube::Object& /*object*/) override { tell(std::nullopt); }

  /// One that cannot be read counts as missing.
  [[nodiscard]] std::optional<api::SecretObject> read(const kube::Object& object) const {
    auto secret = secretFrom(object.whole());
    if (secret) return std::move(*secret);
    base::log(base::LogLevel::Error, "a Secret cannot be used",
              {{"secret", key.text()}, {"error", secret.error().front().text()}});
    return std::nullopt;
  }
  void tell(std::optional<api::SecretObject> secret) {
    if (stop.stop_requested()) return;
    looked = true;
    secrets.news_.insert_or_assign(key, std::move(secret));
    secrets.onNews_();
  }

  Secrets& secrets;
  const api::ObjectKey key;
  std::optional<api::SecretObject> found{};
  bool looked = false;
  std::stop_source stop;
  kube::Reflector reflector;
};

void Secrets::want(const api::ObjectKey& user, std::set<api::ObjectKey> secrets) {
  const auto known = wanted_.find(user);
  const std::set<api::ObjectKey> before = known == wanted_.end() ? std::set<api::ObjectKey>{} : known->second;
  if (before == secrets) return;
  for (const auto& key : secrets) {
    if (users_[key].insert(user).second && users_[key].size() == 1) follow(key);
  }
  for (const auto& key : before) {
    if (secrets.contains(key)) continue;
    auto& users = users_[key];
    users.erase(user);
    if (!users.empty()) continue;
    users_.erase(key);
    unfollow(key);
  }
  if (secrets.empty()) {
    wanted_.erase(user);
  } else {
    wanted_.insert_or_assign(user, std::move(secrets));
  }
}

void Secrets::follow(const api::ObjectKey& key) {
  auto watched = std::make_shared<Watched>(*this, key);
  watched_.insert_or_assign(key, watched);
  ++running_;
  base::spawn(executor_, watched->reflector.run(watched->stop.get_token()),
              [this, watched](const std::exception_ptr& bug, const std::optional<base::Done>&) {
                if (bug) {
                  bug_ = bug;
                  onNews_();
                }
                if (--running_ == 0 && ended_) ended_->resolve(true);
              });
}

void Secrets::unfollow(const api::ObjectKey& key) {
  const auto watched = watched_.extract(key);
  watched.mapped()->stop.request_stop();
  news_.insert_or_assign(key, std::nullopt);
  onNews_();
}

bool Secrets::synced(const api::ObjectKey& user) const {
  const auto wanted = wanted_.find(user);
  if (wanted == wanted_.end()) return true;
  return std::ranges::all_of(wanted->second, [this](const auto& key) { return watched_.at(key)->looked; });
}

Secrets::News Secrets::takeNews() {
  News news;
  for (auto& [key, secret] : std::exchange(news_, {})) {
    if (secret) {
      news.secrets.push_back(std::move(*secret));
    } else {
      news.gone.push_back(key);
    }
  }
  return news;
}

std::optional<std::string> Secrets::trouble() const {
  for (const auto& [key, watched] : watched_) {
    const auto& error = watched->reflector.trouble();
    if (error && !watched->looked) return "Secret " + key.text() + " cannot be read: " + error->message;
  }
  return std::nullopt;
}

base::Task<base::Done> Secrets::end() {
  for (const auto& [key, watched] : watched_) watched->stop.request_stop();
  if (running_ > 0) co_await ended_.emplace(executor_);
  co_return base::Done{};
}

}  // namespace splitdelivery::source::cluster
