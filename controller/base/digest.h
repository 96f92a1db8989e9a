#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace splitdelivery::base {

/// SHA-256 over parts. Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ.
class Digest {
 public:
  Digest();

  Digest& add(std::string_view part);
  /// 64 lower-case hexadecimal digits. Ends the digest: nothing may be added after it.
  [[nodiscard]] std::string hex();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

/// SHA-256 of these bytes and nothing else, in base64: as a Content-Security-Policy names what it lets in.
[[nodiscard]] std::string sha256Base64(std::string_view bytes);

/// The digest of these parts.
[[nodiscard]] std::string digest(std::initializer_list<std::string_view> parts);

}  // namespace splitdelivery::base
