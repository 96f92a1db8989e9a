#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "reconcile/claims.h"
#include "reconcile/controller.h"
#include "source/source.h"

namespace splitdelivery::cli {

/// Gives a controller all resources that there are now, wherever they were read, and logs what stands between a
/// person and theirs, once, until it changes: documents with errors, address books of nobody (S14). Lives on the
/// executor.
class Intake {
 public:
  struct Services {
    base::Executor& executor;
    reconcile::Controller& controller;
    reconcile::Claims& claims;
    source::BookStore& books;
    /// Called with each reading, before the controller gets it.
    std::function<void(const source::Snapshot&)> onRead;
  };

  explicit Intake(Services services) : services_(std::move(services)) {}

  base::Task<base::Done> take(source::Snapshot snapshot);

  [[nodiscard]] base::Executor& executor() const { return services_.executor; }
  [[nodiscard]] std::size_t documentErrors() const { return complaints_.size(); }
  /// The documents that cannot be used, and why; address books that no resource has. A sentence each.
  [[nodiscard]] const std::set<std::string>& complaints() const { return complaints_; }
  [[nodiscard]] const std::vector<std::string>& orphanTexts() const { return orphanTexts_; }

 private:
  Services services_;
  std::set<std::string> complaints_;  ///< of documents, as logged
  std::set<std::string> orphans_;     ///< names, as logged
  std::vector<std::string> orphanTexts_;
};

}  // namespace splitdelivery::cli
