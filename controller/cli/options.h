#pragma once

#include <cstddef>
#include <string>

namespace splitdelivery::cli {

/// What plan and sync were asked for on the command line or in the environment.
struct FolderOptions {
  std::string manifests;
  std::string state;  ///< empty: PATH/.splitdelivery, beside the file where PATH is one
  std::string output = "text";
  std::string logLevel = "warn";
  std::string logFormat = "text";
  std::size_t workers = 16;
};

}  // namespace splitdelivery::cli
