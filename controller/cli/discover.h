#pragma once

#include <stop_token>
#include <string>

#include "reconcile/uncovered.h"

namespace splitdelivery::cli {

/// What `discover` prints.
struct DiscoverResult {
  std::string yaml;       ///< for standard output: documents ready to be saved, the rest as comments
  std::string report;     ///< for standard error: what could not be asked; empty when all was
  bool complete = false;  ///< every account was asked
};

/// The documents for what no resource covers: server, organisation and Secrets as the resource has them
/// whose accounts host the domain, under the policy Observe. Pure.
[[nodiscard]] DiscoverResult describeUncovered(const reconcile::Uncovered& uncovered,
                                               const std::vector<api::SplitDeliveryDomain>& resources);

/// Asks, and describes the answer. Writes nothing anywhere.
base::Task<DiscoverResult> discover(reconcile::Accounts& accounts, source::Snapshot snapshot, std::stop_token stop);

}  // namespace splitdelivery::cli
