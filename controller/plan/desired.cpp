#include "plan/desired.h"

#include <algorithm>

namespace splitdelivery::plan {
namespace {

bool contains(const std::vector<std::string>& sorted, const std::string& local) {
  return std::ranges::binary_search(sorted, local);
}

/// What is left of an address's kinds when the switches for aliases and groups have had their say.
api::Kinds switchedOn(const api::AddressesSpec& filters, api::Kinds kinds) {
  api::Kinds left;
  for (const api::Kind kind : {api::Kind::Primary, api::Kind::Alias, api::Kind::Group, api::Kind::GroupAlias}) {
    const bool off = (kind == api::Kind::Alias && !filters.aliases) || (api::kGroupKinds.any(kind) && !filters.groups);
    if (kinds.any(kind) && !off) left |= kind;
  }
  return left;
}

class Sorter {
 public:
  Sorter(const api::AddressesSpec& filters, DesiredSet& out) : filters_(filters), out_(out) {}

  void put(const std::string& local, const api::ZohoAddress* zoho, bool extra) {
    api::Kinds kinds;
    if (zoho != nullptr && !(zoho->blocked && filters_.blocked == api::BlockedUsers::Drop)) {
      kinds = switchedOn(filters_, zoho->kinds);
    }
    if (extra) kinds |= api::Kind::Extra;
    const bool piloted = filters_.only.empty() || contains(filters_.only, local);
    if (kinds.empty() || !piloted || contains(filters_.exclude, local)) {
      out_.released.push_back({local, kinds});
    } else if (!api::isForwardable(local)) {
      out_.invalid.push_back({local, kinds});
    } else {
      out_.wanted.push_back({local, kinds});
    }
  }

 private:
  const api::AddressesSpec& filters_;
  DesiredSet& out_;
};

}  // namespace

DesiredSet desiredSet(const api::AddressesSpec& filters, std::span<const api::ZohoAddress> zoho) {
  DesiredSet set;
  set.listed = zoho.size();
  set.wanted.reserve(zoho.size() + filters.extra.size());
  Sorter sorter(filters, set);
  auto extra = filters.extra.begin();
  for (const api::ZohoAddress& listed : zoho) {
    const std::string& local = listed.address.local;
    for (; extra != filters.extra.end() && *extra < local; ++extra) sorter.put(*extra, nullptr, true);
    const bool alsoExtra = extra != filters.extra.end() && *extra == local;
    if (alsoExtra) ++extra;
    sorter.put(local, &listed, alsoExtra);
  }
  for (; extra != filters.extra.end(); ++extra) sorter.put(*extra, nullptr, true);
  return set;
}

}  // namespace splitdelivery::plan
