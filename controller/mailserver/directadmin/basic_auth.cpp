#include "mailserver/directadmin/basic_auth.h"

#include <cstdint>
#include <string>

namespace splitdelivery::mailserver::directadmin {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Standard base64 with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? kAlphabet[group >> (18U - 6U * k) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace

base::Secret basicAuthorization(std::string_view user, const base::Secret& password) {
  return base::Secret("Basic " + base64(std::string(user) + ":" + password.reveal()));
}

}  // namespace splitdelivery::mailserver::directadmin
