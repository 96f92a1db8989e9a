#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace splitdelivery::cli {

/// What plan and sync were asked for on the command line or in the environment.
struct FolderOptions {
  std::string manifests;
  std::string state;  ///< empty: PATH/.splitdelivery, beside the file where PATH is one
  std::string output = "text";
  std::string logLevel = "warn";
  std::string logFormat = "text";
  std::size_t workers = 16;
  std::vector<std::string> dnsServers{};  ///< as dns::parseServerAddress reads them; empty: the system's
};

}  // namespace splitdelivery::cli
