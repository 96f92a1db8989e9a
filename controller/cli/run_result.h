#pragma once

#include <vector>

#include "cli/cli.h"
#include "reconcile/reconciler.h"
#include "source/source.h"

namespace splitdelivery::cli {

/// What plan or sync came to, over all documents.
struct RunResult {
  reconcile::Mode mode = reconcile::Mode::Plan;
  std::vector<reconcile::PassReport> passes;  ///< in the order of the resources' names
  std::vector<source::DocumentError> errors;
  std::vector<std::string> notes;  ///< about no resource: address books without a document

  [[nodiscard]] int exitCode() const;
};

}  // namespace splitdelivery::cli
