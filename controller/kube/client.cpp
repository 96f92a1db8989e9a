#include "kube/client.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "base/await.h"
#include "kube/refusal.h"

namespace splitdelivery::kube {
namespace {

using base::Done;
using base::fail;
using base::Result;

/// Kubernetes rotates a pod's token an hour after it was made, and takes the old one for a while longer.
constexpr std::chrono::minutes kTokenKept{1};
/// 500 objects of a page, with everything that others write into them.
constexpr std::size_t kLargestAnswer = std::size_t{128} << 20U;

constexpr const char* kJson = "application/json";
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
constexpr const char* kMetadataAlone = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

bool isSuccess(int status) {
  return status >= 200 && status < 300;
}

/// Bytes that are not UTF-8 (a mail server may send any) are replaced, which JSON needs.
std::string textOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string readToken(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::string token;
  input >> token;
  return token;
}

}  // namespace

Client::Client(base::Executor& executor, http::Transport& transport, Config config, RequestLimit::Options limit)
    : executor_(executor), transport_(transport), config_(std::move(config)), limit_(executor, std::move(limit)) {}

Client::Call Client::call(std::string_view verb, std::string method, ResourceType type, std::string ns,
                          std::string path) const {
  return {.verb = verb,
          .request = {.method = std::move(method),
                      .origin = config_.origin,
                      .path = config_.pathPrefix + std::move(path),
                      .headers = {{"Accept", kJson}},
                      .bodyLimit = kLargestAnswer,
                      .provider = "kubernetes",
                      .endpoint = type.plural,
                      .trustAdvice = "check certificate-authority-data of the kubeconfig"},
          .type = type,
          .ns = std::move(ns)};
}

base::Task<Done> Client::refreshToken() {
  auto token = co_await base::offload(executor_, [file = config_.tokenFile] { return readToken(file); });
  // Being replaced just now: the one that we have is good for some minutes yet.
  if (!token.empty()) config_.token = base::Secret(std::move(token));
  tokenReadAt_ = executor_.now();
  co_return Done{};
}

base::Error Client::refused(const Call& call, const http::Response& answer) {
  constexpr int kUnauthorized = 401;
  constexpr int kTooManyRequests = 429;
  if (answer.status == kUnauthorized) tokenReadAt_ = {};
  const auto now = executor_.wallTime();
  if (answer.status == kTooManyRequests) limit_.pause(answer.retryAfter(now).value_or(std::chrono::seconds{0}));
  return refusal({call.verb, call.type, call.ns, call.subresource}, answer, now);
}

base::Task<Result<http::Response>> Client::send(Call call, std::stop_token stop) {
  // A renewal of a Lease that waits in line would lose it.
  const bool limited = call.type.plural != kLeases.plural && !limit_.pass(call.request.method);
  if (limited && !co_await limit_.wait(call.request.method, stop)) {
    co_return fail(base::Error{base::ErrorKind::Stopped, std::string(http::reason::kStopped),
                               "the program was asked to stop", std::nullopt, true});
  }
  const bool stale = config_.token.empty() || executor_.now() - tokenReadAt_ >= kTokenKept;
  if (!config_.tokenFile.empty() && stale) co_await refreshToken();
  if (!config_.token.empty()) call.request.authorization = base::Secret("Bearer " + config_.token.reveal());
  const InFlight::Entry underWay(inFlight_, executor_.now() + call.request.deadline);
  auto answer = co_await transport_.send(std::move(call.request), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  if (isSuccess(answer->status)) co_return std::move(*answer);
  co_return fail(refused(call, *answer));
}

std::optional<std::string> Client::stuck() const {
  const auto due = inFlight_.firstDue();
  if (!due || executor_.now() - *due <= kLost) return std::nullopt;
  const auto late = std::chrono::duration_cast<std::chrono::seconds>(executor_.now() - *due);
  return "a request to the API server should have ended " + std::to_string(late.count()) + " seconds ago";
}

base::Task<Result<std::string>> Client::text(Call call, std::stop_token stop) {
  auto answer = co_await send(std::move(call), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  co_return std::move(answer->body);
}

base::Task<Result<Json>> Client::exchange(Call call, std::stop_token stop) {
  auto answer = co_await send(std::move(call), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  Json json = Object(answer->body).whole();
  if (!json.is_object()) {
    co_return fail(base::ErrorKind::Retry, "APIServerError", "the API server's answer is no JSON object");
  }
  co_return json;
}

base::Task<Result<Done>> Client::finish(Call call, std::stop_token stop) {
  auto answer = co_await send(std::move(call), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  co_return Done{};
}

base::Task<Result<Json>> Client::get(ResourceType type, std::string ns, const std::string& name, std::stop_token stop) {
  const std::string path = type.object(ns, name);
  return exchange(call("get", "GET", type, std::move(ns), path), std::move(stop));
}

base::Task<Result<std::string>> Client::list(ResourceType type, std::string ns, const std::string& query,
                                             std::stop_token stop) {
  const std::string path = type.collection(ns) + (query.empty() ? "" : "?") + query;
  return text(call("list", "GET", type, std::move(ns), path), std::move(stop));
}

base::Task<Result<Json>> Client::write(Call call, const Json& body, const char* contentType, Answer answer,
                                       std::stop_token stop) {
  call.request.body = textOf(body);
  call.request.contentType = contentType;
  if (answer == Answer::Metadata) call.request.headers = {{"Accept", kMetadataAlone}};
  return exchange(std::move(call), std::move(stop));
}

base::Task<Result<Json>> Client::create(ResourceType type, std::string ns, const Json& object, std::stop_token stop,
                                        Answer answer) {
  const std::string path = type.collection(ns);
  return write(call("create", "POST", type, std::move(ns), path), object, kJson, answer, std::move(stop));
}

base::Task<Result<Json>> Client::replace(ResourceType type, std::string ns, const std::string& name, const Json& object,
                                         std::stop_token stop, Answer answer) {
  const std::string path = type.object(ns, name);
  return write(call("update", "PUT", type, std::move(ns), path), object, kJson, answer, std::move(stop));
}

base::Task<Result<Json>> Client::patch(ResourceType type, std::string ns, const std::string& name,
                                       const std::string& subresource, PatchType kind, const Json& patch,
                                       std::stop_token stop, Answer answer) {
  const std::string path = type.object(ns, name) + (subresource.empty() ? "" : "/") + subresource;
  const char* contentType = kind == PatchType::Merge ? "application/merge-patch+json" : "application/json-patch+json";
  Call call = this->call("patch", "PATCH", type, std::move(ns), path);
  call.subresource = subresource;
  return write(std::move(call), patch, contentType, answer, std::move(stop));
}

base::Task<Result<Done>> Client::remove(ResourceType type, std::string ns, const std::string& name,
                                        std::stop_token stop) {
  const std::string path = type.object(ns, name);
  return finish(call("delete", "DELETE", type, std::move(ns), path), std::move(stop));
}

base::Task<Result<Done>> Client::watch(ResourceType type, std::string ns, const std::string& query,
                                       std::function<void(std::string_view)> onBody, std::chrono::milliseconds deadline,
                                       std::stop_token stop) {
  const std::string path = type.collection(ns) + "?watch=1" + (query.empty() ? "" : "&") + query;
  Call call = this->call("watch", "GET", type, std::move(ns), path);
  call.request.onBody = std::move(onBody);
  call.request.deadline = deadline;
  return finish(std::move(call), std::move(stop));
}

}  // namespace splitdelivery::kube
