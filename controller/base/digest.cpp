#include "base/digest.h"

#include <openssl/evp.h>

#include <array>

namespace splitdelivery::base {
namespace {

EVP_MD_CTX* contextOf(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

void Digest::Free::operator()(void* context) const {
  EVP_MD_CTX_free(contextOf(context));
}

Digest::Digest() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(contextOf(context_.get()), EVP_sha256(), nullptr);
}

Digest& Digest::add(std::string_view part) {
  const std::string length = std::to_string(part.size()) + ":";
  EVP_DigestUpdate(contextOf(context_.get()), length.data(), length.size());
  EVP_DigestUpdate(contextOf(context_.get()), part.data(), part.size());
  return *this;
}

std::string Digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(contextOf(context_.get()), bytes.data(), &size);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(std::size_t{size} * 2);
  for (unsigned int i = 0; i < size; ++i) {
    text.push_back(kHex[bytes.at(i) >> 4U]);
    text.push_back(kHex[bytes.at(i) & 15U]);
  }
  return text;
}

std::string sha256Base64(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), sum.data(), &size, EVP_sha256(), nullptr);
  std::array<unsigned char, (EVP_MAX_MD_SIZE / 3 + 1) * 4 + 1> text{};
  const int length = EVP_EncodeBlock(text.data(), sum.data(), static_cast<int>(size));
  return {text.begin(), text.begin() + length};
}

std::string digest(std::initializer_list<std::string_view> parts) {
  Digest sum;
  for (const std::string_view part : parts) sum.add(part);
  return sum.hex();
}

}  // namespace splitdelivery::base
