#include "zoho/groups.h"

#include <span>
#include <utility>

namespace splitdelivery::zoho {
namespace {

using api::Kind;

void add(Page& page, Row& row, std::string_view mail, Kind kind) {
  auto address = api::parseAddress(mail);
  if (!address) {
    ++page.skipped;
    ++row.skipped;
    return;
  }
  row.addresses.push_back({std::move(*address), kind});
}

void readAliases(const Json& list, Page& page, Row& row) {
  // One alias may come as itself, as one row does elsewhere; no alias as "".
  const auto aliases = list.is_string() ? std::optional(std::span(&list, 1)) : rowsOf(list);
  if (!aliases) {
    page.malformed = true;
    return;
  }
  for (const Json& alias : *aliases) {
    const std::string_view mail =
        alias.is_string() ? std::string_view(alias.get_ref<const std::string&>()) : textOf(alias, "mailId");
    if (mail.empty() && list.is_string()) continue;
    add(page, row, mail, Kind::GroupAlias);
  }
}

void read(const Json& group, Page& page) {
  auto id = idOf(group, "zgid");
  if (!id) {
    ++page.skipped;
    page.malformed = true;
    return;
  }
  Row row{.id = std::move(*id)};
  if (const auto mail = textOf(group, "emailId"); !mail.empty()) {
    add(page, row, mail, Kind::Group);
    if (const Json* aliases = member(group, "aliasList")) readAliases(*aliases, page, row);
  }
  page.rows.push_back(std::move(row));
}

}  // namespace

std::optional<Page> readGroups(const Json& data, std::size_t start) {
  const Json* list = &data;
  Page page;
  if (data.is_object()) {
    page.claimed = numberOf(data, "count").value_or(0);
    list = member(data, "groups");
    if (list == nullptr) {
      // Behind its end the list may be left out; in front an organisation without groups must say so.
      const auto count = numberOf(data, "count");
      return count && (start > 0 || *count == 0) ? std::optional(page) : std::nullopt;
    }
  }
  const auto groups = rowsOf(*list);
  if (!groups) return std::nullopt;
  page.received = groups->size();
  for (const Json& group : *groups) read(group, page);
  return page;
}

std::optional<Row> readGroup(const Json& data) {
  Page page;
  read(data, page);
  if (page.rows.empty()) return std::nullopt;
  return std::move(page.rows.front());
}

}  // namespace splitdelivery::zoho
