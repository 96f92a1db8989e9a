#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"
#include "http/transport.h"
#include "kube/config.h"
#include "kube/in_flight.h"
#include "kube/object.h"
#include "kube/request_limit.h"
#include "kube/resource_type.h"

namespace splitdelivery::kube {

/// Reasons of what the API server refuses, as metav1.Status names them.
namespace reason {
inline constexpr std::string_view kNotFound = "NotFound";            ///< the object, or its namespace
inline constexpr std::string_view kKindNotServed = "KindNotServed";  ///< 404 of all its kind: no such CRD
inline constexpr std::string_view kAlreadyExists = "AlreadyExists";
inline constexpr std::string_view kConflict = "Conflict";    ///< another resourceVersion, or a failed `test` of a patch
inline constexpr std::string_view kForbidden = "Forbidden";  ///< RBAC lacks the verb, which the message names
inline constexpr std::string_view kNamespaceTerminating = "NamespaceTerminating";  ///< as a cause of 403
inline constexpr std::string_view kUnauthorized = "Unauthorized";
inline constexpr std::string_view kExpired = "Expired";  ///< 410: this resourceVersion is no longer kept
inline constexpr std::string_view kInvalid = "Invalid";
}  // namespace reason

enum class PatchType { Merge, Json };

/// How much of the object the answer to a write has: with Metadata alone (PartialObjectMetadata) it is not sent back
/// to who has just sent it.
enum class Answer { Whole, Metadata };

/// Speaks to one API server for us: JSON in, JSON out, an answer that is no success as an error with a policy.
///
/// Everything but what is asked of Leases, which cannot wait, keeps to a limit on requests; a watch counts when it
/// begins. After a 429 that says how long to wait, the others wait too.
///
/// Errors: Refuse with one of the reasons above; Stall "Forbidden" and "KindNotServed"; Wait "TooManyRequests" with
/// what the server asks for; Retry "Unauthorized" (a token is being rotated), "APIServerError"; the transport's.
///
/// Lives on the executor; must outlive its tasks. What is given by reference is used up before a task is returned.
class Client {
 public:
  Client(base::Executor& executor, http::Transport& transport, Config config, RequestLimit::Options limit = {});

  base::Task<base::Result<Json>> get(ResourceType type, std::string ns, const std::string& name, std::stop_token stop);
  /// `query`: "limit=500&continue=…", or empty. As text: a page of large objects need not become a tree.
  base::Task<base::Result<std::string>> list(ResourceType type, std::string ns, const std::string& query,
                                             std::stop_token stop);
  base::Task<base::Result<Json>> create(ResourceType type, std::string ns, const Json& object, std::stop_token stop,
                                        Answer answer = Answer::Whole);
  base::Task<base::Result<Json>> replace(ResourceType type, std::string ns, const std::string& name, const Json& object,
                                         std::stop_token stop, Answer answer = Answer::Whole);
  /// `subresource`: "status", or empty.
  base::Task<base::Result<Json>> patch(ResourceType type, std::string ns, const std::string& name,
                                       const std::string& subresource, PatchType kind, const Json& patch,
                                       std::stop_token stop, Answer answer = Answer::Whole);
  base::Task<base::Result<base::Done>> remove(ResourceType type, std::string ns, const std::string& name,
                                              std::stop_token stop);

  /// A watch: `onBody` gets the stream as it comes; ends with the stream, after `deadline` at the latest.
  base::Task<base::Result<base::Done>> watch(ResourceType type, std::string ns, const std::string& query,
                                             std::function<void(std::string_view)> onBody,
                                             std::chrono::milliseconds deadline, std::stop_token stop);

  /// Nothing waits in line any more: there is little time left to say how things stand.
  void hurry() { limit_.lift(); }

  /// That a request, a watch too, goes on more than kLost after its deadline: the transport has lost it, and whoever
  /// waits for it waits for ever; only a restart helps. Nothing when all is well. For liveness.
  static constexpr std::chrono::minutes kLost{1};
  [[nodiscard]] std::optional<std::string> stuck() const;

  /// The API server has too much to do: for so long everything but what is asked of Leases waits.
  void slowDown(base::Duration span) { limit_.pause(span); }

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
  base::Task<base::Result<std::string>> text(Call call, std::stop_token stop);
  base::Task<base::Result<Json>> exchange(Call call, std::stop_token stop);
  base::Task<base::Result<Json>> write(Call call, const Json& body, const char* contentType, Answer answer,
                                       std::stop_token stop);
  base::Error refused(const Call& call, const http::Response& answer);
  base::Task<base::Result<base::Done>> finish(Call call, std::stop_token stop);
  base::Task<base::Done> refreshToken();

  base::Executor& executor_;
  http::Transport& transport_;
  Config config_;
  RequestLimit limit_;
  InFlight inFlight_;
  base::SteadyTime tokenReadAt_{};
};

}  // namespace splitdelivery::kube
