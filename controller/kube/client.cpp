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

Client::Client(base::Executor& executor, http::Transport& transport, Config config)
    : executor_(executor), transport_(transport), config_(std::move(config)) {}

Client::Call Client::call(std::string_view verb, std::string method, ResourceType type, std::string ns,
                          std::string path) const {
  return {.verb = verb,
          .request = {.method = std::move(method),
                      .origin = config_.origin,
                      .path = config_.pathPrefix + std::move(path),
                      .headers = {{"Accept", "application/json"}},
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

base::Task<Result<http::Response>> Client::send(Call call, std::stop_token stop) {
  const bool stale = config_.token.empty() || executor_.now() - tokenReadAt_ >= kTokenKept;
  if (!config_.tokenFile.empty() && stale) co_await refreshToken();
  if (!config_.token.empty()) call.request.authorization = base::Secret("Bearer " + config_.token.reveal());
  auto answer = co_await transport_.send(std::move(call.request), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  if (isSuccess(answer->status)) co_return std::move(*answer);
  constexpr int kUnauthorized = 401;
  if (answer->status == kUnauthorized) tokenReadAt_ = {};
  co_return fail(refusal({call.verb, call.type, call.ns, call.subresource}, *answer, executor_.wallTime()));
}

base::Task<Result<Json>> Client::exchange(Call call, std::stop_token stop) {
  auto answer = co_await send(std::move(call), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  Json json = Json::parse(answer->body, nullptr, false);
  if (!json.is_object()) {
    co_return fail(base::ErrorKind::Retry, "APIServerError", "the API server's answer is no JSON object");
  }
  co_return json;
}

base::Task<Result<Json>> Client::get(ResourceType type, std::string ns, const std::string& name, std::stop_token stop) {
  const std::string path = type.object(ns, name);
  return exchange(call("get", "GET", type, std::move(ns), path), std::move(stop));
}

base::Task<Result<Json>> Client::list(ResourceType type, std::string ns, const std::string& query,
                                      std::stop_token stop) {
  const std::string path = type.collection(ns) + (query.empty() ? "" : "?") + query;
  return exchange(call("list", "GET", type, std::move(ns), path), std::move(stop));
}

base::Task<Result<Json>> Client::create(ResourceType type, std::string ns, const Json& object, std::stop_token stop) {
  const std::string path = type.collection(ns);
  Call call = this->call("create", "POST", type, std::move(ns), path);
  call.request.body = textOf(object);
  call.request.contentType = "application/json";
  return exchange(std::move(call), std::move(stop));
}

base::Task<Result<Json>> Client::replace(ResourceType type, std::string ns, const std::string& name, const Json& object,
                                         std::stop_token stop) {
  const std::string path = type.object(ns, name);
  Call call = this->call("update", "PUT", type, std::move(ns), path);
  call.request.body = textOf(object);
  call.request.contentType = "application/json";
  return exchange(std::move(call), std::move(stop));
}

base::Task<Result<Json>> Client::patch(ResourceType type, std::string ns, const std::string& name,
                                       const std::string& subresource, PatchType kind, const Json& patch,
                                       std::stop_token stop) {
  const std::string path = type.object(ns, name) + (subresource.empty() ? "" : "/") + subresource;
  Call call = this->call("patch", "PATCH", type, std::move(ns), path);
  call.subresource = subresource;
  call.request.body = textOf(patch);
  call.request.contentType = kind == PatchType::Merge ? "application/merge-patch+json" : "application/json-patch+json";
  return exchange(std::move(call), std::move(stop));
}

base::Task<Result<Done>> Client::remove(ResourceType type, std::string ns, const std::string& name,
                                        std::stop_token stop) {
  const std::string path = type.object(ns, name);
  auto answer = co_await send(call("delete", "DELETE", type, std::move(ns), path), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  co_return Done{};
}

base::Task<Result<Done>> Client::watch(ResourceType type, std::string ns, const std::string& query,
                                       std::function<void(std::string_view)> onBody, std::chrono::milliseconds deadline,
                                       std::stop_token stop) {
  const std::string path = type.collection(ns) + "?watch=1" + (query.empty() ? "" : "&") + query;
  Call call = this->call("watch", "GET", type, std::move(ns), path);
  call.request.onBody = std::move(onBody);
  call.request.deadline = deadline;
  auto answer = co_await send(std::move(call), std::move(stop));
  if (!answer) co_return fail(std::move(answer).error());
  co_return Done{};
}

}  // namespace splitdelivery::kube
