#include "source/cluster/accounts.h"

#include <utility>

#include "base/log.h"

namespace splitdelivery::source::cluster {
namespace {

using base::Done;

/// How often it is looked for records that count no more.
constexpr std::chrono::minutes kClear{10};

bool saysNothing(const api::AccountRecord& record) {
  return record.mints.empty() && record.calls.empty() && !record.lockedUntil;
}

}  // namespace

base::Task<Done> Accounts::read() {
  auto map = co_await client_.get(kube::kConfigMaps, client_.config().ns, name_, {});
  if (!map && map.error().reason != kube::reason::kNotFound) {
    tell(map.error().message);
    co_return Done{};
  }
  loaded_ = true;
  if (!map) co_return Done{};
  const auto data = map->find("data");
  if (data == map->end() || !data->is_object()) co_return Done{};
  for (const auto& [account, text] : data->items()) {
    const auto theirs = text.is_string() ? decodeAccount(text.get_ref<const std::string&>()) : std::nullopt;
    if (!theirs) continue;  // whoever wrote that
    written_.insert(account);
    auto& place = records_[account];
    place = mergedRecord(place, *theirs, {}, executor_.wallTime());
  }
  co_return Done{};
}

base::Task<api::AccountRecord> Accounts::load(std::string account) {
  if (!loaded_) co_await read();
  const auto found = records_.find(account);
  co_return found == records_.end() ? api::AccountRecord{} : found->second;
}

base::Task<Done> Accounts::save(std::string account, api::AccountRecord record) {
  auto& place = records_[account];
  place = mergedRecord(record, place, place.accessToken, executor_.wallTime());
  unwritten_.insert(account);
  if (writing_) {
    base::Deferred<bool> written(executor_);
    waiting_.push_back(written);
    co_await written;
    co_return Done{};
  }
  writing_ = true;
  do {
    const auto waited = std::exchange(waiting_, {});
    co_await write();
    for (const auto& waiter : waited) waiter.resolve(true);
  } while (!waiting_.empty());
  writing_ = false;
  co_return Done{};
}

/// What has changed, and null for what counts no more.
kube::Json Accounts::changes() {
  const auto recordOf = [this](const std::string& account) {
    const auto found = records_.find(account);
    return found == records_.end() ? api::AccountRecord{} : mergedRecord(found->second, {}, {}, executor_.wallTime());
  };
  kube::Json data = kube::Json::object();
  for (const std::string& account : unwritten_) {
    if (const auto record = recordOf(account); !saysNothing(record)) data[account] = encodeWithoutToken(record);
  }
  if (!clearedAt_ || executor_.now() - *clearedAt_ >= kClear) {
    clearedAt_ = executor_.now();
    for (const std::string& account : written_) {
      if (!data.contains(account) && saysNothing(recordOf(account))) data[account] = nullptr;
    }
  }
  // An answer may be lost, so before the request: to remove one that is not there does no harm.
  for (const auto& [account, text] : data.items()) written_.insert(account);
  unwritten_.clear();
  return data;
}

base::Task<Done> Accounts::write() {
  // What is stored there and was never read would be lost.
  if (!loaded_) co_await read();
  if (!loaded_) co_return Done{};
  kube::Json data = changes();
  if (data.empty()) co_return Done{};
  const std::string& ns = client_.config().ns;
  auto written = co_await client_.patch(kube::kConfigMaps, ns, name_, "", kube::PatchType::Merge, {{"data", data}}, {},
                                        kube::Answer::Metadata);
  if (!written && written.error().reason == kube::reason::kNotFound) {
    written_.clear();
    for (const auto& [account, record] : records_) unwritten_.insert(account);
    data = changes();
    written = co_await client_.create(kube::kConfigMaps, ns,
                                      {{"apiVersion", "v1"},
                                       {"kind", "ConfigMap"},
                                       {"metadata", {{"name", name_}, {"namespace", ns}}},
                                       {"data", data}},
                                      {}, kube::Answer::Metadata);
  }
  for (const auto& [account, text] : data.items()) {
    if (!written && !text.is_null()) unwritten_.insert(account);
    if (written && text.is_null()) written_.erase(account);
  }
  tell(written ? "" : written.error().message);
  co_return Done{};
}

void Accounts::tell(std::string trouble) {
  if (!trouble.empty() && trouble != said_) {
    base::log(base::LogLevel::Warn, "limits of accounts cannot be kept: after a restart they are counted from nothing",
              {{"configmap", client_.config().ns + "/" + name_}, {"error", trouble}});
  }
  said_ = std::move(trouble);
}

}  // namespace splitdelivery::source::cluster
