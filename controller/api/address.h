#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace splitdelivery::api {

/// An e-mail address in canonical form: lower-case local part, lower-case A-label domain (IDNA2008,
/// libidn2) without a trailing dot. Everything is brought into this form before any comparison.
struct Address {
  std::string local;
  std::string domain;

  [[nodiscard]] std::string text() const { return local + "@" + domain; }
  friend auto operator<=>(const Address&, const Address&) = default;
};

/// Canonical form of a domain name: at least two labels, letters, digits and hyphens, U-labels
/// turned into A-labels. Error: Refuse, "InvalidDomain".
[[nodiscard]] base::Result<std::string> canonicalDomain(std::string_view domain);

/// Whether a domain name is `domain` or lies below it; both canonical.
[[nodiscard]] bool liesWithin(std::string_view name, std::string_view domain);

/// Canonical form of an address, split at its last '@'. The local part may be anything without
/// white space and control characters; `isForwardable` is the stricter question.
/// Error: Refuse, "InvalidAddress".
[[nodiscard]] base::Result<Address> parseAddress(std::string_view text);

/// Canonical form of a local part: ASCII letters in lower case, everything else untouched.
[[nodiscard]] std::string canonicalLocal(std::string_view local);

/// Whether a local part may be written to a mail server, as the name of a forwarder and at the head
/// of its destination. Exim reads `|`, `/`, `:`, `"`, `*` and `,` in an alias file as something
/// else, so only letters, digits and `. _ + - = & ' ~` pass, not starting with `.`, `-`, `=`, `&`,
/// `'` or `~`, without `..`, not ending in `.`, at most 64 bytes. Expects canonical form.
[[nodiscard]] bool isForwardable(std::string_view local);

/// Where a forwarder leads: canonical, sorted, without repetition. An entry without '@' (`:fail:`,
/// `:blackhole:`, a pipe, a bare account name) is kept as it stands, trimmed.
using Destinations = std::vector<std::string>;

[[nodiscard]] Destinations canonicalDestinations(std::vector<std::string> raw);

}  // namespace splitdelivery::api
