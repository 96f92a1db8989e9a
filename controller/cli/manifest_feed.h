#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/await.h"
#include "reconcile/claims.h"
#include "reconcile/controller.h"
#include "source/source.h"

namespace splitdelivery::cli {

/// Keeps a controller fed from a folder of manifests: reads it at first, then when it changes, when `poke` is
/// called (SIGHUP) and every `kLookEvery` when names, sizes or times have changed.
///
/// What stands between a person and their resource is logged once, until it changes: documents with
/// errors, address books that no document has any more (S14). A folder that cannot be read at all
/// leaves everything as it was. Lives on the executor.
class ManifestFeed {
 public:
  static constexpr std::chrono::seconds kLookEvery{60};

  struct Services {
    base::Executor& executor;
    reconcile::Controller& controller;
    reconcile::Claims& claims;
    source::BookStore& books;
    /// Called with each reading, before the controller gets it.
    std::function<void(const source::Snapshot&)> onRead;
  };

  ManifestFeed(Services services, std::filesystem::path path)
      : services_(std::move(services)), path_(std::move(path)), woken_(services.executor) {}

  /// Reads once. Error: the folder cannot be read.
  base::Task<base::Result<base::Done>> read();
  /// Reads again whenever there is reason to, until a stop is asked for.
  base::Task<base::Done> follow(std::stop_token stop);
  /// Reads soon, also when nothing seems to have changed. On the executor.
  void poke();

  /// What stands in the way of a good reading now; nothing when all is well. For readiness.
  [[nodiscard]] const std::optional<std::string>& trouble() const { return trouble_; }
  [[nodiscard]] std::size_t documentErrors() const { return complaints_.size(); }
  /// The documents that cannot be used, and why; address books that no document has. A sentence each.
  [[nodiscard]] const std::set<std::string>& complaints() const { return complaints_; }
  [[nodiscard]] const std::vector<std::string>& orphanTexts() const { return orphanTexts_; }

 private:
  base::Task<base::Done> look();
  base::Task<base::Done> take(source::Snapshot snapshot);

  Services services_;
  std::filesystem::path path_;
  std::string fingerprint_;
  bool poked_ = false;
  base::Deferred<bool> woken_;
  std::optional<std::string> trouble_;
  std::set<std::string> complaints_;  ///< of documents, as logged
  std::set<std::string> orphans_;     ///< names, as logged
  std::vector<std::string> orphanTexts_;
};

}  // namespace splitdelivery::cli
