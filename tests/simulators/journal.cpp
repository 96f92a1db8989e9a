#include "simulators/journal.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace splitdelivery::simulators {
namespace {

double secondsSinceEpoch(Time at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

}  // namespace

Journal::Visit Journal::arrive(std::string_view api) {
  Api& of = apis_[std::string(api)];
  of.maxConcurrency = std::max(of.maxConcurrency, ++*of.open);
  return {of.open.get(), [open = of.open](const void*) { --*open; }};
}

void Journal::record(Entry entry, const std::vector<std::string>& complaints) {
  Api& api = apis_[entry.api];
  ++api.requests;
  ++api.endpoints[entry.endpoint];
  for (const auto& complaint : complaints) ++badRequests_[entry.api + ' ' + entry.endpoint + ": " + complaint];
  for (const auto& change : entry.changes) {
    ++mutationCount_;
    mutations_.push_back({entry.api, entry.user, entry.at, change});
    if (mutations_.size() > kKept) mutations_.pop_front();
  }
  entries_.push_back(std::move(entry));
  if (entries_.size() > kKept) entries_.pop_front();
}

void Journal::clear() {
  for (auto& [name, api] : apis_) {
    api.requests = 0;
    api.endpoints.clear();
    api.maxConcurrency = *api.open;
  }
  entries_.clear();
  mutations_.clear();
  mutationCount_ = 0;
  badRequests_.clear();
}

std::vector<std::string> Journal::changes() const {
  std::vector<std::string> all;
  all.reserve(mutations_.size());
  for (const auto& mutation : mutations_) all.push_back(mutation.what);
  return all;
}

std::size_t Journal::requests(std::string_view api, std::string_view part) const {
  const auto at = apis_.find(api);
  if (at == apis_.end()) return 0;
  std::size_t sum = 0;
  for (const auto& [endpoint, count] : at->second.endpoints) {
    if (endpoint.find(part) != std::string::npos) sum += count;
  }
  return sum;
}

std::size_t Journal::maxConcurrency(std::string_view api) const {
  const auto at = apis_.find(api);
  return at == apis_.end() ? 0 : at->second.maxConcurrency;
}

std::string Journal::log(bool withMutations) const {
  nlohmann::json log{{"apis", nlohmann::json::object()},
                     {"mutationCount", mutationCount_},
                     {"badRequests", nlohmann::json(badRequests_)}};
  for (const auto& [name, api] : apis_) {
    log["apis"][name] = {{"requests", api.requests},
                         {"endpoints", nlohmann::json(api.endpoints)},
                         {"maxConcurrency", api.maxConcurrency}};
  }
  if (!withMutations) return log.dump();
  log["mutations"] = nlohmann::json::array();
  for (const auto& mutation : mutations_) {
    log["mutations"].push_back({{"api", mutation.api},
                                {"user", mutation.user},
                                {"at", secondsSinceEpoch(mutation.at)},
                                {"what", mutation.what}});
  }
  return log.dump(2);
}

}  // namespace splitdelivery::simulators
