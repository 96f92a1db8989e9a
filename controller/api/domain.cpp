#include <idn2.h>

#include <algorithm>
#include <memory>

#include "api/address.h"

namespace splitdelivery::api {
namespace {

// RFC 1035, 2.3.4.
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestDomain = 253;

constexpr std::string_view kPlainWanted = "must consist of letters, digits, hyphens and dots, such as example.com";

tl::unexpected<base::Error> refuse(std::string message) {
  return base::fail(base::ErrorKind::Refuse, "InvalidDomain", std::move(message));
}

bool isAscii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/// Whether libidn2 has to look at it: U-labels, and A-labels that may be wrong ones.
bool isInternational(std::string_view lowered) {
  return !std::ranges::all_of(lowered, isAscii) || lowered.starts_with("xn--") ||
         lowered.find(".xn--") != std::string_view::npos;
}

/// Non-transitional: "straße.de" and "strasse.de" are two domains, as registries and browsers say.
base::Result<std::string> toALabels(const std::string& text) {
  std::uint8_t* raw = nullptr;
  // Not IDN2_USE_STD3_ASCII_RULES, which drops signs without a word; `checked` refuses them.
  const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
  const int code = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(text.c_str()), &raw, flags);
  if (code != IDN2_OK) {
    return refuse(std::string("must be a valid international domain name (IDNA2008): ") + idn2_strerror(code));
  }
  const std::unique_ptr<std::uint8_t, decltype(&idn2_free)> held(raw, &idn2_free);
  return std::string(reinterpret_cast<const char*>(held.get()));
}

/// Empty when the label is good.
std::string_view labelFault(std::string_view label) {
  if (label.empty()) return "must have no empty part between its dots";
  if (label.size() > kLongestLabel) return "must have no part of more than 63 characters between its dots";
  if (label.front() == '-' || label.back() == '-') return "must have no part that starts or ends with a hyphen";
  const bool plain =
      std::ranges::all_of(label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!plain) return "must consist of letters, digits, hyphens and dots, such as example.com";
  return {};
}

base::Result<std::string> checked(std::string domain) {
  if (domain.size() > kLongestDomain) return refuse("must have at most 253 characters");
  std::string_view rest = domain;
  std::string_view last;
  std::size_t labels = 0;
  for (bool more = true; more; ++labels) {
    const auto dot = rest.find('.');
    more = dot != std::string_view::npos;
    last = rest.substr(0, dot);
    if (const auto fault = labelFault(last); !fault.empty()) return refuse(std::string(fault));
    if (more) rest.remove_prefix(dot + 1);
  }
  if (labels < 2) return refuse("must have at least two parts, such as example.com");
  if (last.find_first_not_of("0123456789") == std::string_view::npos) {
    return refuse("must be a domain name, not an IP address");
  }
  return domain;
}

}  // namespace

base::Result<std::string> canonicalDomain(std::string_view domain) {
  if (domain.starts_with('[')) return refuse("must be a domain name, not an IP address");
  std::string text = canonicalLocal(domain);
  // Before libidn2, which takes some of them out, and a NUL for the end.
  const bool plain = std::ranges::all_of(text, [](char c) { return !isAscii(c) || isPlain(c) || c == '.'; });
  if (!plain) return refuse(std::string(kPlainWanted));
  if (isInternational(text)) {
    auto converted = toALabels(text);
    if (!converted) return converted;
    text = std::move(*converted);
  }
  if (text.ends_with('.')) text.pop_back();
  return checked(std::move(text));
}

bool liesWithin(std::string_view name, std::string_view domain) {
  if (!name.ends_with(domain)) return false;
  name.remove_suffix(domain.size());
  return name.empty() || name.ends_with('.');
}

}  // namespace splitdelivery::api
