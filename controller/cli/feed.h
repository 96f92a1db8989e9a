#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "base/task.h"

namespace splitdelivery::cli {

/// Keeps the controller of `run` fed without a cluster. Lives on the executor.
class Feed {
 public:
  Feed() = default;
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;
  virtual ~Feed() = default;

  /// Before the service begins. Error: it cannot begin.
  virtual base::Task<base::Result<base::Done>> begin() = 0;
  /// Looks again whenever there is reason to, until a stop is asked for.
  virtual base::Task<base::Done> follow(std::stop_token stop) = 0;
  /// Looks soon, also when nothing seems to have changed (SIGHUP).
  virtual void poke() = 0;
  /// What stands in the way of knowing the resources now; nothing when all is well. For readiness.
  [[nodiscard]] virtual const std::optional<std::string>& trouble() const = 0;
  /// That, where it is no more than what each start has; else nothing.
  [[nodiscard]] virtual std::optional<std::string> beginning() const { return std::nullopt; }
};

}  // namespace splitdelivery::cli
