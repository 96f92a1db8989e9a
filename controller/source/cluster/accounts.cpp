#include "source/cluster/accounts.h"

#include <utility>

#include "base/log.h"

namespace splitdelivery::source::cluster {
namespace {

using base::Done;

constexpr const char* kKey = "accounts.json";

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
  const auto text = data->find(kKey);
  if (text == data->end() || !text->is_string()) co_return Done{};
  for (auto& [account, theirs] : decodeAccounts(text->get_ref<const std::string&>())) {
    auto& place = records_[account];
    place = mergedRecord(place, theirs, {}, executor_.wallTime());
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
  dirty_ = true;
  if (writing_) {
    base::Deferred<bool> written(executor_);
    waiting_.push_back(written);
    co_await written;
    co_return Done{};
  }
  writing_ = true;
  while (std::exchange(dirty_, false)) {
    const auto waited = std::exchange(waiting_, {});
    co_await write();
    for (const auto& waiter : waited) waiter.resolve(true);
  }
  writing_ = false;
  co_return Done{};
}

base::Task<Done> Accounts::write() {
  // What is stored there and was never read would be lost.
  if (!loaded_) co_await read();
  if (!loaded_) co_return Done{};
  AccountRecords kept = records_;
  for (auto& [account, record] : kept) {
    record.accessToken = {};
    record.expiresAt = {};
  }
  const std::string& ns = client_.config().ns;
  const kube::Json data = {{kKey, encodeAccounts(kept)}};
  auto written = co_await client_.patch(kube::kConfigMaps, ns, name_, "", kube::PatchType::Merge, {{"data", data}}, {});
  if (!written && written.error().reason == kube::reason::kNotFound) {
    written = co_await client_.create(kube::kConfigMaps, ns,
                                      {{"apiVersion", "v1"},
                                       {"kind", "ConfigMap"},
                                       {"metadata", {{"name", name_}, {"namespace", ns}}},
                                       {"data", data}},
                                      {});
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
