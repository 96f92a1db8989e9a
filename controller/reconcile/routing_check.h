#pragma once

#include <cstdint>
#include <string>

namespace splitdelivery::reconcile {

/// Something that a person should know and that stops nothing.
struct Warning {
  std::string reason;   ///< CamelCase
  std::string message;  ///< one sentence, names the fix

  friend bool operator==(const Warning&, const Warning&) = default;
};

/// How one question of S13 came out.
struct RoutingCheck {
  enum class Result : std::uint8_t {
    Good,
    Unknown,  ///< cannot be told: a warning, or a hold, as the question has it
    Bad,
  };
  Result result = Result::Unknown;
  std::string reason;   ///< CamelCase
  std::string message;  ///< Good: what was found. Else: what is wrong and how it is mended

  friend bool operator==(const RoutingCheck&, const RoutingCheck&) = default;
};

}  // namespace splitdelivery::reconcile
