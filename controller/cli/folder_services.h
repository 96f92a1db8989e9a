#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/executor.h"
#include "cli/options.h"
#include "http/transport.h"

namespace splitdelivery::cli {

/// One transport for each set of trusted certificates, each logged.
class TransportPool {
 public:
  explicit TransportPool(base::Executor& executor) : executor_(executor) {}

  /// Outlived by nothing that it gave.
  http::Transport& trusting(const std::string& caBundle);

 private:
  struct Entry {
    std::unique_ptr<http::Transport> real;
    std::unique_ptr<http::Transport> logged;
  };
  base::Executor& executor_;
  std::map<std::string, Entry> entries_;
};

/// --state, or .splitdelivery in the manifests' folder.
[[nodiscard]] std::filesystem::path stateFolder(const FolderOptions& options);

}  // namespace splitdelivery::cli
