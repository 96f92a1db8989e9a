#include "source/packed_book.h"

#include <concepts>
#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

namespace splitdelivery::source {
namespace {

using api::AddressBook;

/// Writes what it is given, one after the other.
class Packer {
 public:
  template <std::integral Number>
  void operator()(const Number& number) {
    // Seven bits a byte, the lowest first: most numbers are small.
    auto rest = static_cast<std::uint64_t>(number);
    for (; rest >= kMore; rest >>= kBits) bytes_ += static_cast<char>(rest | kMore);
    bytes_ += static_cast<char>(rest);
  }
  void operator()(const std::string& text) {
    (*this)(text.size());
    bytes_ += text;
  }

  [[nodiscard]] std::string take() { return std::move(bytes_); }

  static constexpr std::uint64_t kMore = 0x80;
  static constexpr unsigned kBits = 7;

 private:
  std::string bytes_;
};

/// Reads it again, in the same order.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <std::integral Number>
  void operator()(Number& number) {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += Packer::kBits) {
      const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[at_++]));
      value |= (byte & (Packer::kMore - 1)) << shift;
      if ((byte & Packer::kMore) == 0) break;
    }
    number = static_cast<Number>(value);
  }
  void operator()(std::string& text) {
    std::size_t size = 0;
    (*this)(size);
    text.assign(bytes_.substr(at_, size));
    at_ += size;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

template <class Archive>
constexpr bool kReads = std::is_same_v<Archive, Unpacker>;

/// By way of a number that stands for the value.
template <class Archive, class Value, class Number>
void as(Archive& archive, Value& value, Number number, auto fromNumber) {
  archive(number);
  if constexpr (kReads<Archive>) value = fromNumber(number);
}

template <class Archive, class Enum>
  requires std::is_enum_v<Enum>
void visit(Archive& archive, Enum& value) {
  as(archive, value, static_cast<std::uint8_t>(value), [](std::uint8_t number) { return static_cast<Enum>(number); });
}

template <class Archive>
void visit(Archive& archive, api::Kinds& kinds) {
  as(archive, kinds, kinds.bits(), &api::Kinds::fromBits);
}

template <class Archive>
void visit(Archive& archive, base::WallTime& time) {
  as(archive, time, static_cast<std::int64_t>(time.time_since_epoch().count()),
     [](std::int64_t count) { return base::WallTime(base::Duration(count)); });
}

template <class Archive, class Plain>
  requires std::integral<Plain> || std::same_as<Plain, std::string>
void visit(Archive& archive, Plain& value) {
  archive(value);
}

// What a book is made of. A member that is missing here is lost: the test packs books of every shape.
template <class Archive>
void visit(Archive& archive, api::Identity& identity);
template <class Archive>
void visit(Archive& archive, api::LedgerEntry& entry);
template <class Archive>
void visit(Archive& archive, api::Tally& tally);
template <class Archive>
void visit(Archive& archive, api::ZohoAddress& address);
template <class Archive>
void visit(Archive& archive, api::Forwarder& forwarder);
template <class Archive>
void visit(Archive& archive, api::SwitchRecord& record);

template <class Archive, class T>
void visit(Archive& archive, std::vector<T>& list) {
  std::size_t size = list.size();
  archive(size);
  if constexpr (kReads<Archive>) list.resize(size);
  for (T& each : list) visit(archive, each);
}

template <class Archive, class T>
void visit(Archive& archive, std::optional<T>& value) {
  bool there = value.has_value();
  archive(there);
  if constexpr (kReads<Archive>) {
    if (there) value.emplace();
  }
  if (there) visit(archive, *value);
}

template <class Archive, class... Members>
void all(Archive& archive, Members&... members) {
  (visit(archive, members), ...);
}

template <class Archive>
void visit(Archive& archive, api::Identity& identity) {
  all(archive, identity.provider, identity.host, identity.user, identity.domain, identity.organization);
}
template <class Archive>
void visit(Archive& archive, api::LedgerEntry& entry) {
  all(archive, entry.local, entry.state, entry.destinations, entry.previous, entry.kinds, entry.approved);
}
template <class Archive>
void visit(Archive& archive, api::Tally& tally) {
  all(archive, tally.at, tally.count);
}
template <class Archive>
void visit(Archive& archive, api::ZohoAddress& address) {
  all(archive, address.address.local, address.address.domain, address.kinds, address.blocked);
}
template <class Archive>
void visit(Archive& archive, api::Forwarder& forwarder) {
  all(archive, forwarder.local, forwarder.destinations, forwarder.name);
}
template <class Archive>
void visit(Archive& archive, api::SwitchRecord& record) {
  all(archive, record.before, record.turnedAt);
}

template <class Archive>
void visitBook(Archive& archive, AddressBook& book) {
  api::Ledger& ledger = book.ledger;
  all(archive, ledger.identity, ledger.entries, ledger.changes, ledger.managed, ledger.approvalsUsed);
  api::Directory& directory = book.directory;
  all(archive, directory.zoho, directory.accounts, directory.groups, directory.domains, directory.verifiedAt,
      directory.mailboxes, directory.mailboxesKnown, directory.forwarders);
  api::RoutingRecord& routing = book.routing;
  all(archive, routing.routingHost, routing.exists, routing.mx, routing.seenAt);
  all(archive, book.plan, book.localDelivery);
}

}  // namespace

std::string packBook(const AddressBook& book) {
  Packer packer;
  visitBook(packer, const_cast<AddressBook&>(book));  // NOLINT(*-const-cast): a packer changes nothing
  std::string packed = packer.take();
  packed.shrink_to_fit();
  return packed;
}

AddressBook unpackBook(std::string_view packed) {
  AddressBook book;
  Unpacker unpacker(packed);
  visitBook(unpacker, book);
  return book;
}

}  // namespace splitdelivery::source
