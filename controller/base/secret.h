#pragma once

#include <string>
#include <utility>

namespace splitdelivery::base {

/// A string that cannot be printed, logged or serialised by accident: it has no stream operator, no
/// formatter and no conversion. Only `reveal()` gives it away, and a reader can search for that.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string value_;
};

}  // namespace splitdelivery::base
