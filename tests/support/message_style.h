#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace splitdelivery::testing {

/// Messages are printed behind "Reason: ", "where: " or "note: ", and the time of the next try may follow:
/// one sentence that starts in lower case, proper names apart, and has no full stop.
inline void expectStyle(const base::Error& error) {
  const std::string_view message = error.message;
  ASSERT_FALSE(message.empty()) << error.reason;
  const bool capital = message.front() >= 'A' && message.front() <= 'Z';
  EXPECT_TRUE(!capital || message.starts_with("Zoho")) << message;
  EXPECT_NE(message.back(), '.') << message;
  EXPECT_EQ(message.find(". "), std::string_view::npos) << "two sentences: " << message;
  EXPECT_EQ(message.find('\n'), std::string_view::npos) << message;
}

}  // namespace splitdelivery::testing
