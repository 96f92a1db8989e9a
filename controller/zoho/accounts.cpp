#include "zoho/accounts.h"

#include <utility>

namespace splitdelivery::zoho {
namespace {

using api::Kind;

/// Reads one user's row into `page`.
class UserReader {
 public:
  UserReader(Page& page, const OwnDomains& own) : page_(page), own_(own) {}

  void read(const Json& user) {
    auto id = idOf(user, "zuid");
    if (!id) id = idOf(user, "accountId");
    if (!id) {
      ++page_.skipped;
      page_.malformed = true;
      return;
    }
    row_.id = std::move(*id);
    blocked_ = flagOf(user, "incomingBlocked").value_or(false);
    if (const auto primary = textOf(user, "primaryEmailAddress"); !primary.empty()) keep(primary, Kind::Primary);
    readList(user, "emailAddress", &UserReader::readAddress);
    readList(user, "groupList", &UserReader::readGroup);
    page_.rows.push_back(std::move(row_));
  }

 private:
  using ReadEntry = void (UserReader::*)(const Json&);

  void readList(const Json& user, const char* key, ReadEntry readEntry) {
    const Json* list = member(user, key);
    if (list == nullptr) return;
    const auto entries = rowsOf(*list);
    if (!entries) {
      page_.malformed = true;
      return;
    }
    for (const Json& entry : *entries) (this->*readEntry)(entry);
  }

  void readAddress(const Json& entry) {
    const auto mail = textOf(entry, "mailId");
    const bool confirmed = flagOf(entry, "isConfirmed").value_or(true);
    if (flagOf(entry, "isPrimary").value_or(false)) return keep(mail, Kind::Primary);
    if (!confirmed) return skip();
    if (flagOf(entry, "isAlias").value_or(false)) return keep(mail, Kind::Alias);
    const auto address = api::parseAddress(mail);
    if (!address || !own_ || !own_->contains(address->domain)) return skip();
    row_.addresses.push_back({*address, Kind::Alias, blocked_});
  }

  void readGroup(const Json& entry) {
    auto id = idOf(entry, "zgid");
    auto address = api::parseAddress(textOf(entry, "emailId"));
    if (id && address) row_.groups.push_back({std::move(*id), std::move(*address)});
  }

  void keep(std::string_view mail, Kind kind) {
    auto address = api::parseAddress(mail);
    if (!address) return skip();
    row_.addresses.push_back({std::move(*address), kind, blocked_});
  }

  void skip() {
    ++page_.skipped;
    ++row_.skipped;
  }

  Page& page_;
  const OwnDomains& own_;
  Row row_{};
  bool blocked_ = false;
};

}  // namespace

std::optional<Page> readAccounts(const Json& data, const OwnDomains& own) {
  const auto users = rowsOf(data);
  if (!users) return std::nullopt;
  Page page;
  page.received = users->size();
  page.rows.reserve(users->size());
  for (const Json& user : *users) UserReader(page, own).read(user);
  return page;
}

}  // namespace splitdelivery::zoho
