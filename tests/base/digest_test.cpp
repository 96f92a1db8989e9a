#include "base/digest.h"

#include <gtest/gtest.h>

namespace splitdelivery::base {
namespace {

TEST(Sha256, InBase64IsWhatACSPNames) {
  // openssl dgst -sha256 -binary | base64
  EXPECT_EQ(sha256Base64(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(sha256Base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

}  // namespace
}  // namespace splitdelivery::base
