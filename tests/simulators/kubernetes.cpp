#include "simulators/kubernetes.h"

#include <algorithm>

namespace splitdelivery::simulators {

namespace {

using Json = nlohmann::json;

http::Response refused(int status, const std::string& reason) {
  return {.status = status,
          .body = Json{{"kind", "Status"}, {"status", "Failure"}, {"code", status}, {"reason", reason}}.dump(),
          .headers = {}};
}

http::Response ok(const Json& body) {
  return {.status = 200, .body = body.dump(), .headers = {}};
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text + at) {
    if (c != at) {
      part += c;
    } else {
      parts.push_back(std::exchange(part, {}));
    }
  }
  return parts;
}

Json& metadata(Json& object) {
  return object["metadata"];
}

bool isHeldBack(const Json& object) {
  const auto finalizers = object.at("metadata").find("finalizers");
  return finalizers != object.at("metadata").end() && finalizers->is_array() && !finalizers->empty();
}

}  // namespace

struct Kubernetes::Target {
  std::string collection;  ///< with its namespace, where there is one
  std::string kinds;       ///< without: "/api/v1/secrets"
  std::string ns;
  std::string name;
  std::string subresource;
  std::map<std::string, std::string> query;

  [[nodiscard]] std::string path() const { return collection + "/" + name; }
};

struct Kubernetes::Watch {
  explicit Watch(base::Executor& executor) : ended(executor) {}
  Target target;
  std::function<void(std::string_view)> onBody;
  base::Deferred<base::Result<http::Response>> ended;
};

Kubernetes::Target Kubernetes::parse(const http::Request& request) {
  Target target;
  const auto question = request.path.find('?');
  const auto parts = split(request.path.substr(0, question), '/');
  std::size_t next = parts.at(1) == "api" ? 3 : 4;
  std::string root;
  for (std::size_t i = 1; i < next; ++i) root += "/" + parts.at(i);
  if (parts.size() > next + 2 && parts[next] == "namespaces") {
    target.ns = parts[next + 1];
    next += 2;
  }
  target.kinds = root + "/" + parts.at(next);
  target.collection = root + (target.ns.empty() ? "" : "/namespaces/" + target.ns) + "/" + parts[next];
  if (parts.size() > next + 1) target.name = parts[next + 1];
  if (parts.size() > next + 2) target.subresource = parts[next + 2];
  if (question == std::string::npos) return target;
  for (const auto& pair : split(request.path.substr(question + 1), '&')) {
    const auto equals = pair.find('=');
    std::string value = equals == std::string::npos ? "" : pair.substr(equals + 1);
    for (auto at = value.find("%2F"); at != std::string::npos; at = value.find("%2F")) value.replace(at, 3, "/");
    target.query[pair.substr(0, equals)] = value;
  }
  return target;
}

bool Kubernetes::matches(const Target& target, const std::string& path) const {
  // The path of an object ends in KIND/NAME; the kind's root and the namespace come before.
  const auto slash = path.rfind('/');
  const std::string collection = path.substr(0, slash);
  if (!target.ns.empty() && collection != target.collection) return false;
  if (target.ns.empty()) {
    const auto kind = target.kinds.substr(target.kinds.rfind('/'));
    const auto root = target.kinds.substr(0, target.kinds.rfind('/'));
    if (!collection.starts_with(root + "/namespaces/") || !collection.ends_with(kind)) return false;
  }
  const auto selector = target.query.find("fieldSelector");
  return selector == target.query.end() || selector->second == "metadata.name%3D" + path.substr(slash + 1);
}

base::Task<base::Result<http::Response>> Kubernetes::send(http::Request request, std::stop_token stop) {
  asked_.push_back({request.method, request.path, request.contentType, request.body, executor_.now()});
  constexpr std::chrono::milliseconds kLatency{1};
  if (co_await base::sleepFor(executor_, kLatency, stop) == base::Slept::Stopped) {
    co_return base::fail(base::ErrorKind::Stopped, "Stopped", "stopped");
  }
  if (fault_) {
    if (auto given = fault_(request)) co_return std::move(*given);
  }
  Target target = parse(request);
  if (target.query.contains("watch")) co_return co_await watch(std::move(target), std::move(request), std::move(stop));
  co_return answer(target, request);
}

http::Response Kubernetes::answer(const Target& target, const http::Request& request) {
  if (request.method == "POST") return create(target, Json::parse(request.body));
  if (request.method == "GET" && target.name.empty()) return list(target);
  if (!objects_.contains(target.path())) return refused(404, "NotFound");
  if (request.method == "PUT") return replace(target, Json::parse(request.body));
  if (request.method == "PATCH") return patch(target, request);
  if (request.method == "DELETE") return remove(target);
  return ok(objects_.at(target.path()));
}

http::Response Kubernetes::list(const Target& target) {
  Json items = Json::array();
  const auto from = target.query.find("continue");
  std::string next;
  for (const auto& [path, object] : objects_) {
    if (!matches(target, path)) continue;
    if (from != target.query.end() && path < from->second) continue;
    if (pageSize_ > 0 && items.size() == pageSize_) {
      next = path;
      break;
    }
    items.push_back(object);
  }
  Json about = {{"resourceVersion", std::to_string(revision_)}};
  if (!next.empty()) about["continue"] = next;
  return ok({{"metadata", about}, {"items", items}});
}

http::Response Kubernetes::create(const Target& target, Json object) {
  const std::string name = object.at("metadata").at("name");
  if (objects_.contains(target.collection + "/" + name)) return refused(409, "AlreadyExists");
  put(target.collection, std::move(object));
  return {.status = 201, .body = objects_.at(target.collection + "/" + name).dump(), .headers = {}};
}

http::Response Kubernetes::replace(const Target& target, Json object) {
  const Json& present = objects_.at(target.path());
  const Json& about = present.at("metadata");
  const auto wanted = object.at("metadata").find("resourceVersion");
  if (wanted != object.at("metadata").end() && *wanted != about.at("resourceVersion")) return refused(409, "Conflict");
  for (const char* kept : {"uid", "generation", "creationTimestamp", "deletionTimestamp"}) {
    if (about.contains(kept)) metadata(object)[kept] = about.at(kept);
  }
  store(target.path(), std::move(object));
  return ok(objects_.at(target.path()));
}

http::Response Kubernetes::patch(const Target& target, const http::Request& request) {
  Json object = objects_.at(target.path());
  const Json before = object;
  try {
    const Json patch = Json::parse(request.body);
    if (request.contentType == "application/json-patch+json") {
      object = object.patch(patch);
    } else {
      object.merge_patch(patch);
    }
  } catch (const Json::exception&) {
    return refused(422, "Invalid");
  }
  // One that a patch names has to be the present one.
  if (object.at("metadata").at("resourceVersion") != before.at("metadata").at("resourceVersion")) {
    return refused(409, "Conflict");
  }
  if (target.subresource != "status") {
    if (before.contains("status")) object["status"] = before.at("status");
    if (object.value("spec", Json()) != before.value("spec", Json())) {
      metadata(object)["generation"] = before.at("metadata").value("generation", 1) + 1;
    }
  }
  if (object == before) return ok(before);
  store(target.path(), object);
  const auto found = objects_.find(target.path());
  return ok(found == objects_.end() ? object : found->second);
}

http::Response Kubernetes::remove(const Target& target) {
  erase(target.collection, target.name);
  return ok({{"kind", "Status"}, {"status", "Success"}});
}

void Kubernetes::store(const std::string& path, Json object) {
  metadata(object)["resourceVersion"] = std::to_string(++revision_);
  const bool isNew = !objects_.contains(path);
  if (object.at("metadata").contains("deletionTimestamp") && !isHeldBack(object)) {
    objects_.erase(path);
    return happened("DELETED", path, std::move(object));
  }
  objects_[path] = object;
  happened(isNew ? "ADDED" : "MODIFIED", path, std::move(object));
}

void Kubernetes::put(const std::string& collection, Json object) {
  const auto parts = split(collection, '/');
  const auto ns = std::ranges::find(parts, "namespaces");
  const std::string path = collection + "/" + object.at("metadata").at("name").get<std::string>();
  Json& about = metadata(object);
  if (ns != parts.end()) about["namespace"] = *(ns + 1);
  if (const auto present = objects_.find(path); present != objects_.end()) {
    about["uid"] = present->second.at("metadata").at("uid");
    about["generation"] = present->second.at("metadata").value("generation", 1) + 1;
  } else {
    about["uid"] = "uid-" + std::to_string(++uids_);
    about["generation"] = 1;
    about["creationTimestamp"] = "2026-11-24T00:00:00Z";
  }
  store(path, std::move(object));
}

void Kubernetes::merge(const std::string& collection, const std::string& name, const Json& patch) {
  Json object = objects_.at(collection + "/" + name);
  object.merge_patch(patch);
  store(collection + "/" + name, std::move(object));
}

void Kubernetes::erase(const std::string& collection, const std::string& name) {
  const std::string path = collection + "/" + name;
  const auto found = objects_.find(path);
  if (found == objects_.end()) return;
  Json object = found->second;
  if (object.at("metadata").contains("deletionTimestamp") && isHeldBack(object)) return;
  metadata(object)["deletionTimestamp"] = "2026-11-24T00:00:01Z";
  store(path, std::move(object));
}

std::optional<Json> Kubernetes::get(const std::string& collection, const std::string& name) const {
  const auto found = objects_.find(collection + "/" + name);
  return found == objects_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Kubernetes::names(const std::string& collection) const {
  std::vector<std::string> names;
  for (const auto& [path, object] : objects_) {
    if (path.substr(0, path.rfind('/')) == collection) names.push_back(path.substr(path.rfind('/') + 1));
  }
  return names;
}

std::size_t Kubernetes::count(const std::string& method, const std::string& path) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      asked_, [&](const Asked& asked) { return asked.method == method && asked.path.starts_with(path); }));
}

void Kubernetes::happened(const std::string& type, const std::string& path, Json object) {
  events_.push_back({revision_, type, path, std::move(object)});
  for (const auto& watch : watches_) tell(*watch, events_.back());
}

void Kubernetes::tell(Watch& watch, const Event& event) const {
  if (!matches(watch.target, event.path)) return;
  push(watch, Json{{"type", event.type}, {"object", event.object}}.dump());
}

/// In two pieces, as a network deals it out.
void Kubernetes::push(Watch& watch, const std::string& line) {
  const std::string bytes = line + "\n";
  const std::size_t half = bytes.size() / 2;
  watch.onBody(std::string_view(bytes).substr(0, half));
  watch.onBody(std::string_view(bytes).substr(half));
}

void Kubernetes::cutWatches(bool cleanly) {
  for (const auto& watch : std::exchange(watches_, {})) {
    if (cleanly) {
      watch->ended.resolve(http::Response{.status = 200, .body = {}, .headers = {}});
    } else {
      watch->ended.resolve(base::fail(base::ErrorKind::Retry, "ConnectionLost", "the connection was lost"));
    }
  }
}

void Kubernetes::sendBookmarks() {
  for (const auto& watch : watches_) {
    push(*watch,
         Json{{"type", "BOOKMARK"}, {"object", {{"metadata", {{"resourceVersion", std::to_string(revision_)}}}}}}
             .dump());
  }
}

void Kubernetes::sendLine(const std::string& line) {
  for (const auto& watch : watches_) push(*watch, line);
}

base::Task<base::Result<http::Response>> Kubernetes::watch(Target target, http::Request request, std::stop_token stop) {
  const bool fromStart = target.query.contains("sendInitialEvents");
  if (fromStart && !streamsLists_) co_return refused(422, "Invalid");
  auto watch = std::make_shared<Watch>(executor_);
  watch->target = target;
  watch->onBody = request.onBody;
  if (fromStart) {
    for (const auto& [path, object] : objects_) tell(*watch, {revision_, "ADDED", path, object});
    push(*watch, Json{{"type", "BOOKMARK"},
                      {"object",
                       {{"metadata",
                         {{"resourceVersion", std::to_string(revision_)},
                          {"annotations", {{"k8s.io/initial-events-end", "true"}}}}}}}}
                     .dump());
  } else {
    const auto since = std::stoull(target.query["resourceVersion"]);
    if (since < compacted_) co_return refused(410, "Expired");
    for (const Event& event : events_) {
      if (event.revision > since) tell(*watch, event);
    }
  }
  watches_.insert(watch);
  const auto end = std::chrono::seconds(std::stoll(target.query["timeoutSeconds"]));
  const auto timer = executor_.runAt(executor_.now() + end, [watch] {
    watch->ended.resolve(http::Response{.status = 200, .body = {}, .headers = {}});
  });
  const std::stop_callback stopped(
      stop, [watch] { watch->ended.resolve(base::fail(base::ErrorKind::Stopped, "Stopped", "stopped")); });
  auto ended = co_await watch->ended;
  executor_.cancel(timer);
  watches_.erase(watch);
  co_return ended;
}

}  // namespace splitdelivery::simulators
