#include "api/address.h"

#include <algorithm>

namespace splitdelivery::api {
namespace {

bool isBlankOrControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

bool isLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && isBlankOrControl(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlankOrControl(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// What Exim does not take for an address, whatever signs follow: a pipe, a file, `:fail:`.
bool isSpecialDestination(std::string_view text) {
  return !text.empty() && std::string_view("|\"/:\\").find(text.front()) != std::string_view::npos;
}

std::string canonicalDestination(std::string_view raw) {
  std::string text = trimmed(raw);
  if (isSpecialDestination(text)) return text;
  const auto address = parseAddress(text);
  return address ? address->text() : text;
}

}  // namespace

base::Result<Address> parseAddress(std::string_view text) {
  const auto refuse = [](std::string message) {
    return base::fail(base::ErrorKind::Refuse, "InvalidAddress", std::move(message));
  };
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return refuse("must be an address with an @, such as anna@example.com");
  const auto local = text.substr(0, at);
  if (local.empty()) return refuse("must have a name before the @, such as anna@example.com");
  if (std::ranges::any_of(local, isBlankOrControl)) {
    return refuse("must have no blanks and no control characters before the @");
  }
  auto domain = canonicalDomain(text.substr(at + 1));
  if (!domain) return refuse("must have a domain behind the @ that is valid: it " + domain.error().message);
  return Address{canonicalLocal(local), std::move(*domain)};
}

std::string canonicalLocal(std::string_view local) {
  std::string text(local);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool isForwardable(std::string_view local) {
  constexpr std::string_view kSigns = "._+-=&'~";
  constexpr std::string_view kNotFirst = ".-=&'~";
  constexpr std::size_t kLongest = 64;  // RFC 5321, 4.5.3.1.1
  if (local.empty() || local.size() > kLongest) return false;
  if (kNotFirst.find(local.front()) != std::string_view::npos) return false;
  if (local.back() == '.' || local.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(local,
                             [&](char c) { return isLetterOrDigit(c) || kSigns.find(c) != std::string_view::npos; });
}

Destinations canonicalDestinations(std::vector<std::string> raw) {
  for (auto& entry : raw) entry = canonicalDestination(entry);
  std::erase(raw, "");
  std::ranges::sort(raw);
  const auto repeated = std::ranges::unique(raw);
  raw.erase(repeated.begin(), repeated.end());
  return raw;
}

}  // namespace splitdelivery::api
