#include "simulators/dns_wire.h"

#include <algorithm>

namespace splitdelivery::simulators {
namespace {

constexpr std::uint16_t kMx = 15;
constexpr std::uint16_t kTxt = 16;
constexpr std::uint16_t kCname = 5;
constexpr std::uint16_t kOpt = 41;
constexpr std::uint16_t kIn = 1;
constexpr std::uint16_t kResponse = 0x8000;
constexpr std::uint16_t kTruncated = 0x0200;
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kRecursionAvailable = 0x0080;

/// Reads numbers and names from the front; `failed` once there is nothing left to read.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t octet() {
    if (bytes_.empty()) {
      failed = true;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::uint16_t number() {
    const unsigned high = octet();
    return static_cast<std::uint16_t>(high << 8U | octet());
  }
  std::string name() {
    std::string name;
    for (std::size_t length = octet(); length > 0 && !failed; length = octet()) {
      if (!name.empty()) name += '.';
      while (length-- > 0) name += static_cast<char>(octet());
    }
    return name;
  }

  bool failed = false;

 private:
  std::string_view bytes_;
};

std::string octet(std::size_t value) {
  return {static_cast<char>(value)};
}

std::string number(std::size_t value) {
  return octet(value >> 8U & 0xFFU) + octet(value & 0xFFU);
}

std::string nameBytes(std::string_view name) {
  std::string bytes;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    bytes += octet(label.size());
    bytes += label;
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  return bytes + octet(0);
}

std::string head(const DnsQuestion& question, DnsRcode code, bool truncated, std::size_t answers) {
  unsigned flags = kResponse | kRecursionAvailable | static_cast<unsigned>(code);
  if (question.recursion) flags |= kRecursionDesired;
  if (truncated) flags |= kTruncated;
  return number(question.id) + number(flags) + number(1) + number(answers) + number(0) + number(0) +
         nameBytes(question.name) + number(question.type) + number(kIn);
}

std::string record(std::string_view owner, std::uint16_t type, const std::string& data) {
  constexpr std::size_t kLifetime = 300;
  return nameBytes(owner) + number(type) + number(kIn) + number(0) + number(kLifetime) + number(data.size()) + data;
}

std::string txtData(const std::vector<std::string>& strings) {
  std::string data;
  for (const auto& text : strings) data += octet(text.size()) + text;
  return data;
}

}  // namespace

bool DnsQuestion::asksFor(DnsType wanted) const {
  return type == (wanted == DnsType::Mx ? kMx : kTxt);
}

std::optional<DnsQuestion> readQuestion(std::string_view message) {
  Reader reader(message);
  DnsQuestion question{.id = reader.number()};
  const unsigned flags = reader.number();
  question.recursion = (flags & kRecursionDesired) != 0;
  const auto questions = reader.number();
  const auto answers = reader.number();
  const auto authorities = reader.number();
  const auto additional = reader.number();
  question.name = reader.name();
  question.type = reader.number();
  const auto type = reader.number();
  if (reader.failed || (flags & kResponse) != 0 || questions != 1 || answers != 0 || authorities != 0 || type != kIn) {
    return std::nullopt;
  }
  if (additional > 0 && reader.name().empty() && reader.number() == kOpt) question.room = reader.number();
  if (reader.failed) return std::nullopt;
  return question;
}

std::string writeReply(const DnsQuestion& question, const DnsReply& reply) {
  std::string records;
  for (const auto& [alias, target] : reply.cnames) records += record(alias, kCname, nameBytes(target));
  for (const auto& mx : reply.mx) {
    records += record(reply.owner, kMx, number(mx.preference) + nameBytes(mx.host));
  }
  for (const auto& strings : reply.txt) records += record(reply.owner, kTxt, txtData(strings));
  const auto code = static_cast<DnsRcode>(reply.code);
  return head(question, code, false, reply.cnames.size() + reply.mx.size() + reply.txt.size()) + records;
}

std::string writeEmpty(const DnsQuestion& question, DnsRcode code, bool truncated) {
  return head(question, code, truncated, 0);
}

std::string writeBroken(const DnsQuestion& question) {
  const std::string whole = record(question.name, question.type, std::string(40, 'x'));
  return head(question, DnsRcode::NoError, false, 1) + whole.substr(0, whole.size() / 2);
}

}  // namespace splitdelivery::simulators
