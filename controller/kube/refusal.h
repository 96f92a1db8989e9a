#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/transport.h"
#include "kube/resource_type.h"

namespace splitdelivery::kube {

/// What was asked, as RBAC sees it.
struct Asked {
  std::string_view verb;  ///< "watch"
  ResourceType type;
  std::string ns;                  ///< empty: all
  std::string_view subresource{};  ///< "status", or empty
};

/// The error that an answer which is no success stands for. Nothing of the server's text is quoted.
[[nodiscard]] base::Error refusal(const Asked& asked, const http::Response& answer, base::WallTime now);

}  // namespace splitdelivery::kube
