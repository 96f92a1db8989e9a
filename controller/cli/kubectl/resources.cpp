#include "cli/kubectl/resources.h"

#include <algorithm>
#include <utility>

#include "api/enums.h"
#include "api/suggest.h"
#include "http/percent.h"
#include "source/cluster/book_reading.h"
#include "source/cluster/object.h"
#include "source/cluster/resource_types.h"

namespace splitdelivery::cli::kubectl {
namespace {

namespace cluster = source::cluster;
using base::Error;
using base::ErrorKind;
using base::fail;
using base::Result;
using kube::Json;

std::string textAt(const Json& object, const char* part, const char* name) {
  const auto found = object.find(part);
  if (found == object.end() || !found->is_object()) return {};
  const auto value = found->find(name);
  return value != found->end() && value->is_string() ? value->get<std::string>() : std::string();
}

bool flagAt(const Json& object, const char* part, const char* name) {
  const auto found = object.find(part);
  return found != object.end() && found->is_object() && found->contains(name) && found->at(name) == true;
}

/// "a, b, c and 4 more"
std::string someOf(const std::vector<std::string_view>& names) {
  constexpr std::size_t kNamed = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    text.append(i > 0 ? ", " : "").append(names[i]);
  }
  return names.size() > kNamed ? text + " and " + std::to_string(names.size() - kNamed) + " more" : text;
}

tl::unexpected<Error> notThere(const std::string& message) {
  return fail(ErrorKind::Refuse, std::string(kube::reason::kNotFound), message);
}

/// Of one that is not there: where a person may have meant to look. `seen`: all that could be listed.
std::string suggestion(const Session& session, const api::ObjectKey& key, const std::vector<Resource>& seen) {
  std::vector<std::string_view> here;
  for (const Resource& each : seen) {
    if (each.key.ns == key.ns) here.push_back(each.key.name);
    if (each.key.name == key.name && each.key.ns != key.ns) {
      return ": it is in the namespace " + each.key.ns + ", so add -n " + each.key.ns;
    }
  }
  if (auto meant = api::didYouMean(key.name, here); !meant.empty()) return meant;
  for (const Resource& each : seen) {
    if (each.domain == key.name) return ": the one for that domain is " + each.key.text();
  }
  if (!here.empty()) return ": there are " + someOf(here);
  return ": that namespace has none; look in all with kubectl sdd status -A, or give another -n" +
         (session.options.ns.empty() ? " (this is the context's own)" : std::string());
}

/// As much as may be seen: of all namespaces, or of the one at hand.
base::Task<Result<std::vector<Resource>>> whatThereIs(const Session& session, std::string ns) {
  auto all = co_await listResources(session, "");
  if (all) co_return all;
  co_return co_await listResources(session, std::move(ns));
}

}  // namespace

std::string Resource::annotation(std::string_view name) const {
  const auto found = annotations.find(name);
  return found == annotations.end() ? std::string() : found->second;
}

Resource resourceFrom(const Json& object) {
  cluster::Metadata about = cluster::metadataOf(object);
  Resource resource{.key = std::move(about.key),
                    .version = std::move(about.version),
                    .generation = about.generation,
                    .deleted = about.deleted,
                    .annotations = {},
                    .spec = std::nullopt,
                    .domain = textAt(object, "spec", "domain"),
                    .policy = textAt(object, "spec", "policy"),
                    .suspended = flagAt(object, "spec", "suspend"),
                    .status = cluster::statusOf(object)};
  std::vector<api::FieldError> newer;
  if (auto parsed = cluster::domainFrom(object, newer)) {
    resource.annotations = std::move(parsed->annotations);
    resource.domain = parsed->spec.domain;
    resource.spec = std::move(parsed->spec);
  }
  return resource;
}

Error explained(const Session& session, Error error, std::string_view verb, kube::ResourceType type,
                const std::string& ns) {
  const std::string where = ns.empty() ? " in all namespaces" : " in the namespace " + ns;
  if (error.reason == kube::reason::kForbidden && error.message.find("admission") == std::string::npos) {
    error.message = "you may not " + std::string(verb) + " " + std::string(type.plural) + "." +
                    std::string(type.group) + where + ": ask for the verb \"" + std::string(verb) +
                    "\" on it (deploy/people.yaml has roles for that)";
  } else if (error.reason == kube::reason::kUnauthorized) {
    error.message = "the API server of the context " + session.context +
                    " does not know you: log in again, or choose another --context";
  } else if (error.reason == kube::reason::kKindNotServed ||
             (error.reason == kube::reason::kNotFound && verb == "list")) {
    error.message = "the API server of the context " + session.context +
                    " has no SplitDeliveryDomains: install the CRDs (kubectl apply -f crds/), or choose another "
                    "--context";
  } else if (http::neverSent(error) || error.reason == http::reason::kTimedOut ||
             error.reason == http::reason::kConnectionLost) {
    error.message = "the API server of the context " + session.context + " is not reached: " + error.message;
  }
  return error;
}

base::Task<Result<std::vector<Resource>>> listResources(const Session& session, std::string ns) {
  std::vector<Resource> resources;
  std::string next;
  do {
    const std::string query = "limit=500" + (next.empty() ? "" : "&continue=" + http::percentEncoded(next));
    auto page = co_await session.client.list(cluster::kDomains, ns, query, session.stop);
    if (!page) co_return fail(explained(session, std::move(page).error(), "list", cluster::kDomains, ns));
    const kube::Object list(*page);
    const Json items = list.parsed("items");
    if (!items.is_array()) {
      co_return fail(ErrorKind::Retry, "APIServerError", "the API server's list is none: check what stands between");
    }
    for (const Json& item : items) resources.push_back(resourceFrom(item));
    next = textAt({{"metadata", list.parsed("metadata")}}, "metadata", "continue");
  } while (!next.empty());
  std::ranges::sort(resources, {}, &Resource::key);
  co_return resources;
}

base::Task<Result<Resource>> getResource(const Session& session) {
  const api::ObjectKey key = session.key();
  auto object = co_await session.client.get(cluster::kDomains, key.ns, key.name, session.stop);
  if (object) co_return resourceFrom(*object);
  if (object.error().reason != kube::reason::kNotFound) {
    co_return fail(explained(session, std::move(object).error(), "get", cluster::kDomains, key.ns));
  }
  const auto seen = co_await whatThereIs(session, key.ns);
  // Where even the list is not found there is no such kind.
  if (!seen && seen.error().reason == kube::reason::kNotFound) co_return fail(seen.error());
  co_return notThere("there is no SplitDeliveryDomain " + key.text() +
                     (seen ? suggestion(session, key, *seen) : ": check its name and -n"));
}

base::Task<Result<Resource>> mergeInto(const Session& session, Resource resource, Json change) {
  if (!resource.version.empty()) change["metadata"]["resourceVersion"] = resource.version;
  auto patched = co_await session.client.patch(cluster::kDomains, resource.key.ns, resource.key.name, "",
                                               kube::PatchType::Merge, change, session.stop);
  if (patched) co_return resourceFrom(*patched);
  if (patched.error().reason == kube::reason::kConflict) {
    co_return fail(ErrorKind::Refuse, std::string(kube::reason::kConflict),
                   "somebody else changes " + resource.key.text() + " at the same time: look at it and try again");
  }
  if (patched.error().reason == kube::reason::kNotFound) {
    co_return notThere(resource.key.text() + " has just been deleted: there is nothing left to change");
  }
  co_return fail(explained(session, std::move(patched).error(), "patch", cluster::kDomains, resource.key.ns));
}

base::Task<Result<std::optional<api::AddressBook>>> bookOf(const Session& session, api::ObjectKey key) {
  const std::string ns = key.ns;
  auto book = co_await cluster::readBook(session.client, std::move(key), session.stop);
  if (!book) co_return fail(explained(session, std::move(book).error(), "get", cluster::kBooks, ns));
  co_return std::move(*book);
}

}  // namespace splitdelivery::cli::kubectl
