#include "zoho/listing.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "http/percent.h"
#include "zoho/accounts.h"
#include "zoho/answer.h"
#include "zoho/domains.h"
#include "zoho/groups.h"
#include "zoho/pages.h"

namespace splitdelivery::zoho {
namespace {

using api::Completeness;
using base::ErrorKind;
using base::Result;
using base::Task;

/// The domains, with the state of that part.
struct DomainPart {
  DomainList list{};
  api::PartState state{};
};

Task<Result<DomainPart>> readDomainPart(MailApi& api, std::stop_token stop) {
  const auto data = co_await api.get("domains", std::move(stop));
  if (!data && concernsAll(data.error())) co_return base::fail(data.error());
  auto list = data ? readDomains(*data) : std::nullopt;
  if (!list) co_return DomainPart{{}, failed(data ? noList("domains") : data.error())};

  DomainPart part{std::move(*list), {Completeness::Complete, std::nullopt}};
  if (part.list.malformed) {
    part.state = failed(malformedRows("domains"));
  } else if (part.list.domains.empty()) {
    part.state = failed({ErrorKind::Retry, std::string(reason::kEmptyDomainList),
                         "Zoho lists no domain at all for this organisation: check the organizationId"});
  }
  co_return part;
}

OwnDomains namesOf(const DomainPart& part) {
  if (!part.state.complete()) return std::nullopt;
  std::set<std::string, std::less<>> names;
  for (const auto& domain : part.list.domains) names.insert(domain.name);
  return names;
}

Task<Result<PagedList>> readUsers(MailApi& api, OwnDomains own, std::stop_token stop) {
  auto users = co_await readPages(
      api, {"accounts", 500, [own = std::move(own)](const Json& data, std::size_t) { return readAccounts(data, own); }},
      std::move(stop));
  if (users && users->state.complete() && users->rows.empty()) {
    users->state = failed({ErrorKind::Retry, std::string(reason::kEmptyOrganization),
                           "Zoho lists no user at all for this organisation, which is taken for a failure: check the "
                           "organizationId"});
  }
  co_return users;
}

/// The groups that users are in and that the list does not show.
std::map<std::string, Row> unlisted(const std::vector<Row>& users, const std::vector<Row>& groups) {
  std::map<std::string, Row> missing;
  for (const Row& user : users) {
    for (const auto& mention : user.groups) {
      Row row{.id = mention.id, .addresses = {{mention.address, api::Kind::Group}}};
      missing.try_emplace(mention.id, std::move(row));
    }
  }
  for (const Row& group : groups) missing.erase(group.id);
  return missing;
}

/// Adds to a stagnating list what the users know about their groups. Best effort: the list stays
/// incomplete, so a failure here only leaves addresses out that were out before.
Task<PagedList> withMentionedGroups(MailApi& api, PagedList groups, std::map<std::string, Row> missing,
                                    std::stop_token stop) {
  std::size_t asked = 0;
  for (auto& [id, row] : missing) {
    if (asked++ < kMostGroupDetails) {
      const auto data = co_await api.get("groups/" + http::percentEncoded(id), stop);
      if (!data && concernsAll(data.error())) asked = kMostGroupDetails;
      auto details = data ? readGroup(*data) : std::nullopt;
      if (details && details->id == id) std::ranges::move(details->addresses, std::back_inserter(row.addresses));
    }
    groups.rows.push_back(std::move(row));
  }
  co_return groups;
}

void collect(PagedList& list, api::Listing& listing) {
  for (Row& row : list.rows) std::ranges::move(row.addresses, std::back_inserter(listing.addresses));
  listing.skipped += list.skipped;
}

bool isFailed(const api::PartState& part) {
  return part.completeness == Completeness::Failed;
}

}  // namespace

std::vector<api::ZohoAddress> merged(std::vector<api::ZohoAddress> addresses) {
  std::ranges::sort(addresses, {},
                    [](const api::ZohoAddress& entry) { return std::tie(entry.address.domain, entry.address.local); });
  std::vector<api::ZohoAddress> once;
  once.reserve(addresses.size());
  for (auto& entry : addresses) {
    if (once.empty() || once.back().address != entry.address) {
      once.push_back(std::move(entry));
      continue;
    }
    once.back().kinds |= entry.kinds;
    once.back().blocked = once.back().blocked && entry.blocked;
  }
  return once;
}

Task<Result<api::Listing>> readListing(MailApi& api, base::WallTime takenAt, std::stop_token stop) {
  auto domains = co_await readDomainPart(api, stop);
  if (!domains) co_return base::fail(domains.error());
  auto users = co_await readUsers(api, namesOf(*domains), stop);
  if (!users) co_return base::fail(users.error());
  // Zoho takes no more than 25 for `limit` here.
  auto groups = co_await readPages(api, {"groups", 25, readGroups}, stop);
  if (!groups) co_return base::fail(groups.error());
  if (groups->state.completeness == Completeness::Stagnant) {
    auto missing = unlisted(users->rows, groups->rows);
    *groups = co_await withMentionedGroups(api, std::move(*groups), std::move(missing), stop);
  }
  if (isFailed(domains->state) && isFailed(users->state) && isFailed(groups->state)) {
    co_return base::fail(*users->state.error);
  }

  api::Listing listing{.domains = std::move(domains->list.domains),
                       .accounts = users->state,
                       .groups = groups->state,
                       .domainList = domains->state,
                       .skipped = domains->list.skipped,
                       .takenAt = takenAt};
  collect(*users, listing);
  collect(*groups, listing);
  listing.addresses = merged(std::move(listing.addresses));
  co_return listing;
}

Task<Result<std::vector<api::Address>>> readFirstRows(MailApi& api, std::stop_token stop) {
  const auto users = co_await api.get("accounts", stop);
  if (!users) co_return base::fail(users.error());
  const auto groups = co_await api.get("groups", stop);
  if (!groups) co_return base::fail(groups.error());
  const auto userPage = readAccounts(*users, std::nullopt);
  if (!userPage) co_return base::fail(noList("accounts"));
  const auto groupPage = readGroups(*groups);
  if (!groupPage) co_return base::fail(noList("groups"));

  std::vector<api::Address> seen;
  for (const Page* page : {&*userPage, &*groupPage}) {
    for (const Row& row : page->rows) {
      for (const auto& entry : row.addresses) seen.push_back(entry.address);
    }
  }
  std::ranges::sort(seen);
  const auto repeated = std::ranges::unique(seen);
  seen.erase(repeated.begin(), repeated.end());
  co_return seen;
}

}  // namespace splitdelivery::zoho
