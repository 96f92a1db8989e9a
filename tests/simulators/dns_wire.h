#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulators/dns.h"

namespace splitdelivery::simulators {

/// One question as it came over the wire (RFC 1035, section 4).
struct DnsQuestion {
  std::uint16_t id = 0;
  bool recursion = false;
  std::string name{};
  std::uint16_t type = 0;
  std::size_t room = 512;  ///< how large a UDP answer may be: EDNS says (RFC 6891)

  [[nodiscard]] bool asksFor(DnsType wanted) const;
};

/// Nothing when it is no question of class IN.
[[nodiscard]] std::optional<DnsQuestion> readQuestion(std::string_view message);

enum class DnsRcode : std::uint8_t { NoError = 0, ServFail = 2, NoSuchName = 3, NotImp = 4, Refused = 5 };

/// The whole answer.
[[nodiscard]] std::string writeReply(const DnsQuestion& question, const DnsReply& reply);
/// An answer without records.
[[nodiscard]] std::string writeEmpty(const DnsQuestion& question, DnsRcode code, bool truncated = false);
/// An answer that announces one record and ends in the middle of it.
[[nodiscard]] std::string writeBroken(const DnsQuestion& question);

}  // namespace splitdelivery::simulators
