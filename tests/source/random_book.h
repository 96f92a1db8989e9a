#pragma once

#include <algorithm>
#include <random>
#include <string>

#include "api/address_book.h"

namespace splitdelivery::source::testing {

/// Address books of every shape, from a seed.
class RandomBook {
 public:
  explicit RandomBook(unsigned seed) : random_(seed) {}

  api::AddressBook make() {
    api::AddressBook book;
    if (one(2))
      book.ledger.identity = api::Identity{"directadmin", "https://da.example:2222", "user", "a.example", "6001"};
    for (int i = 0; i < count(); ++i) book.ledger.entries.push_back(entry(i));
    std::ranges::sort(book.ledger.entries, std::less<>{}, &api::LedgerEntry::local);
    for (int i = 0; i < count(); ++i) book.ledger.changes.push_back({time(), number()});
    for (int i = 0; i < count(); ++i) book.ledger.managed.push_back({time(), number()});
    book.ledger.approvalsUsed = number();
    fill(book.directory);
    if (one(2)) book.routing = {"zoho.a.example", one(2), {"mx.zoho.com", "mx2.zoho.com"}, time()};
    if (one(3)) book.localDelivery = api::SwitchRecord{one(2), time()};
    for (int i = 0; i < count(); ++i) book.plan.push_back("+ line \"" + std::to_string(i) + "\" \u20ac");
    return book;
  }

 private:
  bool one(unsigned of) { return random_() % of == 0; }
  std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }
  int count() { return static_cast<int>(random_() % 5); }
  std::string local(int number) { return "user" + std::to_string(number) + (one(2) ? "+tag" : ".x"); }
  base::WallTime time() {
    return base::WallTime{std::chrono::nanoseconds(number()) * static_cast<std::int64_t>(number() / 4)};
  }
  api::Kinds kinds() { return api::Kinds::fromBits(static_cast<std::uint8_t>(random_())); }
  api::Destinations destinations() {
    return api::canonicalDestinations(
        {"d" + std::to_string(random_() % 9) + "@zoho.a.example", one(3) ? ":fail:" : "x@b.example"});
  }
  api::LedgerEntry entry(int number) {
    api::LedgerEntry made{local(number), api::LedgerEntry::State(random_() % 3), destinations(), {}, kinds(), {}};
    if (made.state == api::LedgerEntry::State::Updating) made.previous = destinations();
    if (one(3)) made.approved = "9f3c";
    return made;
  }
  void fill(api::Directory& directory) {
    for (int i = 0; i < count(); ++i) directory.zoho.push_back({{local(i), "a.example"}, kinds(), one(2)});
    directory.accounts = api::Completeness(random_() % 3);
    directory.groups = api::Completeness(random_() % 3);
    directory.domains = api::Completeness(random_() % 3);
    directory.verifiedAt = time();
    for (int i = 0; i < count(); ++i) directory.mailboxes.push_back(local(i));
    directory.mailboxesKnown = one(2);
    for (int i = 0; i < count(); ++i) directory.forwarders.push_back({local(i), destinations(), one(2) ? "User" : ""});
  }

  std::mt19937 random_;
};

}  // namespace splitdelivery::source::testing
