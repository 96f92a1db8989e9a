#include "reconcile/server_settings.h"

#include <algorithm>
#include <utility>

namespace splitdelivery::reconcile {
namespace {

template <class T>
void take(ServerSettings& settings, std::optional<T>& place, base::Result<T> answer) {
  if (answer) {
    place = std::move(*answer);
    return;
  }
  settings.complete = false;
  const base::Error& error = answer.error();
  const bool said =
      std::ranges::find(settings.refusals, error.message, &base::Error::message) != settings.refusals.end();
  if (error.kind == base::ErrorKind::Stall && !said) settings.refusals.push_back(std::move(answer).error());
}

}  // namespace

base::Task<ServerSettings> askSettings(mailserver::ForwarderStore& store, std::string domain, bool withSwitch,
                                       std::stop_token stop) {
  ServerSettings settings;
  if (withSwitch) take(settings, settings.localDelivery, co_await store.localDelivery(domain, stop));
  take(settings, settings.catchAll, co_await store.catchAll(domain, stop));
  take(settings, settings.pointers, co_await store.pointers(domain, stop));
  co_return settings;
}

bool inOrder(const ServerSettings& settings) {
  const bool delivers = settings.localDelivery.value_or(true);
  const bool catches = settings.catchAll && settings.catchAll->kind == mailserver::CatchAll::Kind::Address;
  return settings.complete && delivers && !catches;
}

}  // namespace splitdelivery::reconcile
