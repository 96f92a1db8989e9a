#include "simulators/zoho_rows.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace splitdelivery::simulators {
namespace {

using Json = nlohmann::json;

std::optional<std::size_t> number(const std::string& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Nineteen digits, more than a double can hold.
std::uint64_t longId(std::uint64_t id) {
  return 6'123'450'000'000'000'000ULL + id * 1000 + 2;
}

Json asId(std::uint64_t id, ZohoBehavior::AccountIds form) {
  const bool text =
      form == ZohoBehavior::AccountIds::Strings || (form == ZohoBehavior::AccountIds::Mixed && id % 2 == 0);
  return text ? Json(std::to_string(longId(id))) : Json(longId(id));
}

Json address(const std::string& mailId, bool primary, bool alias, bool confirmed) {
  return {{"mailId", mailId}, {"isPrimary", primary}, {"isAlias", alias}, {"isConfirmed", confirmed}};
}

Json addresses(const ZohoUser& user) {
  Json list = Json::array({address(user.email, true, false, true)});
  for (const auto& alias : user.aliases) list.push_back(address(alias, false, true, true));
  for (const auto& alias : user.unconfirmedAliases) list.push_back(address(alias, false, true, false));
  for (const auto& other : user.outside) list.push_back(address(other, false, false, true));
  return list;
}

bool isMember(const ZohoGroup& group, const ZohoUser& user) {
  return std::ranges::find(group.members, user.email) != group.members.end();
}

Json groupsOf(const ZohoOrganization& organization, const ZohoUser& user) {
  Json list = Json::array();
  for (const auto& group : organization.groups) {
    if (!isMember(group, user)) continue;
    Json row{{"zgid", group.zgid}, {"name", group.name}, {"role", "member"}};
    if (!group.email.empty()) row["emailId"] = group.email;
    list.push_back(std::move(row));
  }
  return list;
}

Json accountRow(const ZohoOrganization& organization, const ZohoUser& user, const ZohoBehavior& behavior) {
  const std::string name = user.name.empty() ? user.email.substr(0, user.email.find('@')) : user.name;
  return {{"zuid", user.zuid},
          {"accountId", asId(user.zuid, behavior.accountIds)},
          {"type", "ZOHO_ACCOUNT"},
          {"role", user.role},
          {"primaryEmailAddress", user.email},
          {"mailboxAddress", user.email},
          {"incomingUserName", user.email},
          {"accountDisplayName", name},
          {"displayName", name},
          {"mailboxStatus", user.disabled ? "disabled" : "enabled"},
          {"status", !user.disabled},
          {"enabled", !user.disabled},
          {"iamStatus", 1},
          {"incomingBlocked", user.incomingBlocked},
          {"outgoingBlocked", false},
          {"policyId", {{"zoid", std::stoull(organization.id)}}},
          {"emailAddress", addresses(user)},
          // Somebody else's address on purpose: whoever scans whole rows picks it up.
          {"sendMailDetails", Json::array({{{"fromAddress", "assistant@elsewhere.example"}, {"displayName", name}}})},
          {"groupList", groupsOf(organization, user)}};
}

Json aliasList(const std::vector<std::string>& aliases, bool objects) {
  Json list = Json::array();
  for (const auto& alias : aliases) list.push_back(objects ? Json{{"mailId", alias}} : Json(alias));
  return list;
}

Json memberList(const ZohoOrganization& organization, const ZohoGroup& group) {
  Json list = Json::array();
  for (const auto& member : group.members) {
    const auto user = std::ranges::find(organization.users, member, &ZohoUser::email);
    const bool known = user != organization.users.end();
    list.push_back({{"memberEmailId", member},
                    {"zuid", known ? Json(user->zuid) : Json()},
                    {"role", "member"},
                    {"status", "active"},
                    {"memberType", known ? "orgUser" : "externalUser"}});
  }
  return list;
}

Json domainRow(const ZohoOrganization& organization, const ZohoDomain& domain, std::size_t index,
               const ZohoBehavior& behavior) {
  Json row{{"domainName", domain.name},
           {"domainId", asId(index, behavior.accountIds)},
           {"zoid", std::stoull(organization.id)},
           {"primary", domain.primary},
           {"status", "enabled"},
           {"verificationStatus", domain.verified},
           {"mailHostingEnabled", domain.mailHosting},
           {"isDomainAlias", !domain.aliasOf.empty()},
           {"mxstatus", domain.mailHosting ? "enabled" : "expired"},
           {"spfstatus", true},
           {"dkimstatus", true},
           {"catchAllAddress", domain.catchAll},
           {"catchAllExcludeAddresses", Json::array()}};
  const auto alias = std::ranges::find(organization.domains, domain.name, &ZohoDomain::aliasOf);
  if (domain.aliasOf.empty()) row["domainAlias"] = alias == organization.domains.end() ? "" : alias->name;
  if (domain.subDomainStripping && behavior.strippingAsBoolean) row["subDomainStripping"] = *domain.subDomainStripping;
  if (domain.subDomainStripping && !behavior.strippingAsBoolean) {
    row["subDomainStripping"] = *domain.subDomainStripping ? 1 : 0;
  }
  return row;
}

template <class Rows>
auto cut(const Rows& rows, ZohoPage page) {
  const auto first = std::min(page.offset, rows.size());
  const auto last = first + std::min(page.limit, rows.size() - first);
  return std::pair{first, last};
}

}  // namespace

std::optional<ZohoPage> ZohoPage::of(const Fields& query, unsigned firstRow, std::size_t defaultLimit,
                                     std::size_t maxLimit) {
  const auto start = query.has("start") ? number(query.value("start")) : std::optional<std::size_t>(firstRow);
  const auto limit = query.has("limit") ? number(query.value("limit")) : std::optional(defaultLimit);
  if (!start || !limit || *limit == 0) return std::nullopt;
  return ZohoPage{*start > firstRow ? *start - firstRow : 0, std::min(*limit, maxLimit)};
}

Json accountRows(const ZohoOrganization& organization, const ZohoBehavior& behavior, ZohoPage page) {
  const auto [first, last] = cut(organization.users, page);
  Json rows = Json::array();
  for (auto i = first; i < last; ++i) rows.push_back(accountRow(organization, organization.users[i], behavior));
  if (behavior.singleUserAsObject && rows.size() == 1) return rows.front();
  return rows;
}

Json groupRow(const ZohoOrganization& organization, const ZohoGroup& group, const ZohoBehavior& behavior) {
  Json row{{"zgid", group.zgid}, {"name", group.name}, {"groupMemberCount", group.members.size()}};
  if (group.email.empty()) {
    row["iamGroupExist"] = true;
    return row;
  }
  row["emailId"] = group.email;
  row["accessType"] = group.accessType;
  row["mailboxId"] = longId(group.zgid);
  row["aliasList"] = aliasList(group.aliases, behavior.aliasObjects);
  row["mailGroupMemberList"] = memberList(organization, group);
  if (group.sharedMailbox) row["mbtype"] = "2";
  return row;
}

Json groupRows(const ZohoOrganization& organization, const ZohoBehavior& behavior, ZohoPage page) {
  if (behavior.stagnantGroups) page = {0, behavior.defaultLimit};
  std::vector<const ZohoGroup*> groups;
  groups.reserve(organization.groups.size());
  for (const auto& group : organization.groups) groups.push_back(&group);
  std::ranges::sort(groups, {}, [](const ZohoGroup* group) { return group->zgid; });
  const auto [first, last] = cut(groups, page);
  Json rows = Json::array();
  for (auto i = first; i < last; ++i) rows.push_back(groupRow(organization, *groups[i], behavior));
  if (behavior.groupsAsBareArray) return rows;
  return {{"count", rows.size()}, {"groups", std::move(rows)}};
}

Json domainRows(const ZohoOrganization& organization, const ZohoBehavior& behavior, ZohoPage page) {
  if (!behavior.pagedDomains) page = {0, std::numeric_limits<std::size_t>::max()};
  const auto [first, last] = cut(organization.domains, page);
  Json rows = Json::array();
  for (auto i = first; i < last; ++i) rows.push_back(domainRow(organization, organization.domains[i], i, behavior));
  return {{"domainVO", std::move(rows)}};
}

}  // namespace splitdelivery::simulators
