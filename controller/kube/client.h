#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"
#include "http/transport.h"
#include "kube/config.h"
#include "kube/resource_type.h"

namespace splitdelivery::kube {

using Json = nlohmann::json;

/// Reasons of what the API server refuses, as metav1.Status names them.
namespace reason {
inline constexpr std::string_view kNotFound = "NotFound";            ///< the object, or its namespace
inline constexpr std::string_view kKindNotServed = "KindNotServed";  ///< 404 of all its kind: no such CRD
inline constexpr std::string_view kAlreadyExists = "AlreadyExists";
inline constexpr std::string_view kConflict = "Conflict";    ///< another resourceVersion, or a failed `test` of a patch
inline constexpr std::string_view kForbidden = "Forbidden";  ///< RBAC lacks the verb, which the message names
inline constexpr std::string_view kUnauthorized = "Unauthorized";
inline constexpr std::string_view kExpired = "Expired";  ///< 410: this resourceVersion is no longer kept
inline constexpr std::string_view kInvalid = "Invalid";
}  // namespace reason

enum class PatchType { Merge, Json };

/// Speaks to one API server for us: JSON in, JSON out, an answer that is no success as an error with a policy.
///
/// Errors: Refuse with one of the reasons above; Stall "Forbidden" and "KindNotServed"; Wait "TooManyRequests" with
/// what the server asks for; Retry "Unauthorized" (a token is being rotated), "APIServerError"; the transport's.
///
/// Lives on the executor; must outlive its tasks. What is given by reference is used up before a task is returned.
class Client {
 public:
  Client(base::Executor& executor, http::Transport& transport, Config config);

  base::Task<base::Result<Json>> get(ResourceType type, std::string ns, const std::string& name, std::stop_token stop);
  /// `query`: "limit=500&continue=…", or empty.
  base::Task<base::Result<Json>> list(ResourceType type, std::string ns, const std::string& query,
                                      std::stop_token stop);
  base::Task<base::Result<Json>> create(ResourceType type, std::string ns, const Json& object, std::stop_token stop);
  base::Task<base::Result<Json>> replace(ResourceType type, std::string ns, const std::string& name, const Json& object,
                                         std::stop_token stop);
  /// `subresource`: "status", or empty.
  base::Task<base::Result<Json>> patch(ResourceType type, std::string ns, const std::string& name,
                                       const std::string& subresource, PatchType kind, const Json& patch,
                                       std::stop_token stop);
  base::Task<base::Result<base::Done>> remove(ResourceType type, std::string ns, const std::string& name,
                                              std::stop_token stop);

  /// A watch: `onBody` gets the stream as it comes; ends with the stream, after `deadline` at the latest.
  base::Task<base::Result<base::Done>> watch(ResourceType type, std::string ns, const std::string& query,
                                             std::function<void(std::string_view)> onBody,
                                             std::chrono::milliseconds deadline, std::stop_token stop);

  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Call {
    std::string_view verb;  ///< as RBAC names it
    http::Request request;
    ResourceType type;
    std::string ns;
    std::string subresource{};
  };
  [[nodiscard]] Call call(std::string_view verb, std::string method, ResourceType type, std::string ns,
                          std::string path) const;
  base::Task<base::Result<http::Response>> send(Call call, std::stop_token stop);
  base::Task<base::Result<Json>> exchange(Call call, std::stop_token stop);
  base::Task<base::Done> refreshToken();

  base::Executor& executor_;
  http::Transport& transport_;
  Config config_;
  base::SteadyTime tokenReadAt_{};
};

}  // namespace splitdelivery::kube
