#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/await.h"
#include "cli/feed.h"
#include "cli/intake.h"

namespace splitdelivery::cli {

/// Keeps a controller fed from a folder of manifests: reads it at first, then when it changes, when `poke` is
/// called (SIGHUP) and every `kLookEvery` when names, sizes or times have changed.
///
/// A folder that cannot be read at all leaves everything as it was. Lives on the executor.
class ManifestFeed final : public Feed {
 public:
  static constexpr std::chrono::seconds kLookEvery{60};

  ManifestFeed(Intake& intake, std::filesystem::path path)
      : executor_(intake.executor()), intake_(intake), path_(std::move(path)), woken_(executor_) {}

  /// Error: the folder cannot be read.
  base::Task<base::Result<base::Done>> begin() override { return read(); }
  base::Task<base::Done> follow(std::stop_token stop) override;
  void poke() override;
  [[nodiscard]] const std::optional<std::string>& trouble() const override { return trouble_; }

 private:
  base::Task<base::Result<base::Done>> read();
  base::Task<base::Done> look();

  base::Executor& executor_;
  Intake& intake_;
  std::filesystem::path path_;
  std::string fingerprint_;
  bool poked_ = false;
  base::Deferred<bool> woken_;
  std::optional<std::string> trouble_;
};

}  // namespace splitdelivery::cli
