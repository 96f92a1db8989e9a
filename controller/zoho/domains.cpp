#include "zoho/domains.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "api/address.h"

namespace splitdelivery::zoho {
namespace {

/// One row, with the domain that it names in `domainAlias`.
struct DomainRow {
  api::ZohoDomain domain;
  std::string linked;  ///< canonical; empty: none
};

/// A flag, or one of the words that clients have seen in its place.
std::optional<bool> verified(const Json& row) {
  if (const auto flag = flagOf(row, "verificationStatus")) return flag;
  const auto word = textOf(row, "verificationStatus");
  if (sameWord(word, "verified")) return true;
  if (sameWord(word, "unverified") || sameWord(word, "pending")) return false;
  return std::nullopt;
}

std::optional<DomainRow> readRow(const Json& row, std::uint32_t& skipped) {
  auto name = api::canonicalDomain(textOf(row, "domainName"));
  if (!name) return std::nullopt;
  DomainRow read{{.name = std::move(*name),
                  .verified = verified(row),
                  .alias = flagOf(row, "isDomainAlias"),
                  .subDomainStripping = flagOf(row, "subDomainStripping")},
                 {}};
  if (auto linked = api::canonicalDomain(textOf(row, "domainAlias"))) read.linked = std::move(*linked);
  if (const auto mail = textOf(row, "catchAllAddress"); !mail.empty()) {
    if (const auto address = api::parseAddress(mail)) {
      read.domain.catchAll = address->text();
    } else {
      ++skipped;
    }
  }
  return read;
}

/// Says of each alias domain which domain it is an alias of; its own word is stronger.
void link(std::vector<DomainRow>& rows) {
  for (auto& row : rows) {
    if (row.domain.alias == true && row.linked != row.domain.name) row.domain.aliasOf = row.linked;
  }
  for (const auto& main : rows) {
    if (main.domain.alias == true || main.linked.empty()) continue;
    const auto alias = std::ranges::find(rows, main.linked, [](const DomainRow& row) { return row.domain.name; });
    if (alias != rows.end() && alias->domain.alias == true && alias->domain.aliasOf.empty()) {
      alias->domain.aliasOf = main.domain.name;
    }
  }
}

}  // namespace

std::optional<DomainList> readDomains(const Json& data) {
  const Json* list = data.is_array() ? &data : member(data, "domainVO");
  const auto rows = list != nullptr ? rowsOf(*list) : std::nullopt;
  if (!rows) return std::nullopt;

  DomainList result;
  std::vector<DomainRow> read;
  for (const Json& row : *rows) {
    if (auto domain = readRow(row, result.skipped)) {
      read.push_back(std::move(*domain));
    } else {
      ++result.skipped;
      result.malformed = true;
    }
  }
  std::ranges::sort(read, std::ranges::less{}, [](const DomainRow& row) -> const auto& { return row.domain.name; });
  const auto sameName = [](const DomainRow& a, const DomainRow& b) { return a.domain.name == b.domain.name; };
  result.malformed |= std::ranges::adjacent_find(read, sameName) != read.end();
  read.erase(std::ranges::unique(read, sameName).begin(), read.end());
  link(read);
  for (auto& row : read) result.domains.push_back(std::move(row.domain));
  return result;
}

}  // namespace splitdelivery::zoho
