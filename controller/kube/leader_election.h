#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/await.h"
#include "kube/client.h"

namespace splitdelivery::kube {

/// One of several replicas leads: the one that holds a Lease.
///
/// A candidate takes the Lease when nobody holds it, or when its record has not changed for as long as it is good, by
/// the candidate's own clock: the time stamps in it are another machine's and are never compared. A leader renews every
/// two seconds with the version that it wrote last, and leads no longer than ten seconds after the *beginning* of the
/// last renewal that went well.
///
/// The rules of client-go's tools/leaderelection, with its usual 15, 10 and 2 seconds. Lives on the executor; must
/// outlive `run`.
class LeaderElection {
 public:
  static constexpr std::chrono::seconds kLease{15};
  static constexpr std::chrono::seconds kRenewWithin{10};
  static constexpr std::chrono::seconds kRetry{2};
  /// A write has to be over this long before the Lease may be another's (S11).
  static constexpr std::chrono::seconds kMargin{2};
  /// For how long after the end of its Lease a process that has led may still be there.
  static constexpr std::chrono::seconds kGrace{20};

  struct Options {
    std::string ns;
    std::string name;
    std::string identity;  ///< of this replica, different from every other's
  };

  LeaderElection(base::Executor& executor, Client& client, Options options)
      : executor_(executor), client_(client), options_(std::move(options)) {}

  /// Until it leads, or a stop is asked for: then false.
  base::Task<bool> acquire(std::stop_token stop);
  /// After `acquire`: renews until a stop is asked for (true), or until the Lease is lost (false).
  base::Task<bool> keep(std::stop_token stop);
  /// Gives the Lease back, so that the next need not wait. Best effort.
  base::Task<base::Done> release();

  [[nodiscard]] bool leads() const { return until_ && executor_.now() < *until_ - kLease + kRenewWithin; }
  /// The identity of whoever held the Lease when it was last looked at; empty: nobody, or that is not known.
  [[nodiscard]] const std::string& holder() const { return holder_; }
  /// Until when a write may be under way; nothing when none may begin.
  [[nodiscard]] std::optional<base::SteadyTime> writesUntil() const;
  /// That this process should no longer be there: it has led, has neither renewed nor given back its Lease, and that
  /// Lease ended more than kGrace ago. By then it has stopped leading by its own clock, and should have ended; what
  /// hangs is mended by a restart alone. Nothing when all is well, and of one that stands by. For liveness.
  ///
  /// client-go's tools/leaderelection/healthzadaptor.go, with its usual 20 seconds.
  [[nodiscard]] std::optional<std::string> overdue() const;
  /// What went wrong last; nothing when all is well.
  [[nodiscard]] const std::optional<base::Error>& trouble() const { return trouble_; }

 private:
  base::Task<base::Result<base::Done>> tryOnce();
  base::Task<base::Result<Json>> ask(std::function<base::Task<base::Result<Json>>(std::stop_token)> call);
  void observe(const Json& lease);
  [[nodiscard]] bool isFree() const;
  [[nodiscard]] Json record(const std::string& holder) const;
  [[nodiscard]] base::Duration retryPause();
  [[nodiscard]] base::Duration acquirePause();

  base::Executor& executor_;
  Client& client_;
  const Options options_;
  std::string version_{};     ///< of the Lease as seen last; empty: there is none
  std::string holder_{};      ///< as seen last
  base::Duration goodFor_{};  ///< likewise
  std::int64_t transitions_ = 0;
  base::SteadyTime seenAt_{};                ///< when the Lease was first seen as it is
  bool known_ = false;                       ///< it was looked at, and nothing has failed since
  std::optional<base::SteadyTime> until_;    ///< when our Lease ends
  std::optional<base::SteadyTime> renewed_;  ///< when the last renewal that went well began, until it is given back
  std::optional<base::Error> trouble_;
};

}  // namespace splitdelivery::kube
