#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/executor.h"
#include "cli/options.h"
#include "http/fenced_transport.h"
#include "http/metered_transport.h"
#include "http/recording_transport.h"

namespace splitdelivery::cli {

/// One transport for each set of trusted certificates; each is logged, and recorded and metered where
/// that is asked for.
class TransportPool {
 public:
  /// `record`: the folder of `--record`, or empty. `meter` may be nullptr; else it outlives the pool. `fence`: where
  /// several replicas may write; empty: nowhere.
  TransportPool(base::Executor& executor, const std::string& record, http::TrafficObserver* meter = nullptr,
                http::Fence fence = nullptr);

  /// Outlived by nothing that it gave.
  http::Transport& trusting(const std::string& caBundle);

 private:
  /// From the wire outwards.
  using Layers = std::vector<std::unique_ptr<http::Transport>>;
  base::Executor& executor_;
  std::optional<http::Recording> recording_;
  http::TrafficObserver* meter_;
  http::Fence fence_;
  std::map<std::string, Layers> layers_;
};

/// Where --from-env keeps its state: the image's volume, a systemd unit's StateDirectory.
inline constexpr const char* kEnvState = "/var/lib/splitdelivery";

/// --state; else .splitdelivery in the manifests' folder, beside the file where PATH is one, or kEnvState. Error: Stall
/// "ManifestsUnreadable", there is no such path.
[[nodiscard]] base::Result<std::filesystem::path> stateFolder(const FolderOptions& options);

}  // namespace splitdelivery::cli
