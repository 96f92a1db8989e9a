#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "base/await.h"
#include "cli/feed.h"
#include "cli/from_env.h"
#include "cli/intake.h"

namespace splitdelivery::cli {

/// Keeps a controller fed with the domains that both sides have (--from-env): asks at first, every `kEvery`, and when
/// `poke` is called (SIGHUP). Where a side cannot be asked, it is tried again later and later, up to
/// `kLongestPause`, and everything stays as it was. Lives on the executor.
class EnvFeed final : public Feed {
 public:
  static constexpr std::chrono::hours kEvery{1};
  static constexpr std::chrono::minutes kLongestPause{15};

  EnvFeed(Intake& intake, EnvResources resources)
      : executor_(intake.executor()), intake_(intake), resources_(std::move(resources)), woken_(executor_) {}

  /// Asks nobody yet: a side that does not answer is no reason not to begin.
  base::Task<base::Result<base::Done>> begin() override { co_return base::Done{}; }
  base::Task<base::Done> follow(std::stop_token stop) override;
  void poke() override;
  /// Until the domains are known once; from then on their own passes tell what is wrong.
  [[nodiscard]] const std::optional<std::string>& trouble() const override { return trouble_; }
  [[nodiscard]] std::optional<std::string> beginning() const override {
    return failures_ == 0 ? trouble_ : std::nullopt;
  }

 private:
  /// Gives how long to wait for the next look.
  base::Task<base::Duration> look(std::stop_token stop);
  base::Duration failed(const base::Error& error);

  base::Executor& executor_;
  Intake& intake_;
  EnvResources resources_;
  base::Deferred<bool> woken_;
  bool poked_ = false;
  unsigned failures_ = 0;  ///< in a row
  std::set<std::string> known_;
  std::optional<std::string> trouble_ = "the domains of both sides have not been asked for yet";
  std::string said_;  ///< of failures, last
};

}  // namespace splitdelivery::cli
