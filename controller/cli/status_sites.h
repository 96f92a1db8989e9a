#pragma once

#include <functional>
#include <string>

#include "cli/cluster_feed.h"
#include "cli/feed.h"
#include "cli/intake.h"
#include "cli/options.h"
#include "cli/status_page.h"
#include "cli/uncovered_watch.h"

namespace splitdelivery::cli {

/// The status page of a folder of manifests, or of --from-env, which has no `uncovered`: it covers every domain. What
/// is given by reference outlives the page.
[[nodiscard]] StatusSite folderSite(const FolderOptions& options, const Intake& intake, const Feed& feed,
                                    const UncoveredWatch* uncovered);

/// What the status page of a cluster is made of; all of it outlives the page.
struct ClusterSources {
  std::string server;  ///< the API server
  bool addresses;      ///< as StatusSite has it
  const source::cluster::Domains& domains;
  const ClusterFeed& feed;
  const UncoveredWatch& uncovered;
  std::function<bool()> works;          ///< whether this replica does the work
  std::function<std::string()> leader;  ///< the identity of the one that does: a pod, "_" and what makes it unique
  std::string ns;                       ///< of these pods
};
[[nodiscard]] StatusSite clusterSite(ClusterSources sources);

/// A word as a shell reads it: quoted where it has to be.
[[nodiscard]] std::string shellWord(const std::string& word);

}  // namespace splitdelivery::cli
