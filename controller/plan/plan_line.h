#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "plan/operation.h"

namespace splitdelivery::plan {

/// One line of `describe` read back, for whoever has the lines alone: the address book keeps the last plan so.
struct PlanLine {
  enum class About : std::uint8_t {
    Operation,  ///< one write
    Conflict,
    Other,  ///< counts, and how to approve
  };
  About about = About::Other;
  OpKind kind = OpKind::Create;  ///< Operation only
  bool held = false;             ///< waits for approval
  bool left = false;             ///< is not done, with nothing to approve: the text says why
  std::string_view address{};    ///< "anna@example.com"; Other: empty
  std::string_view text{};       ///< the whole line
};

/// Views into `line`.
[[nodiscard]] PlanLine readPlanLine(std::string_view line);

/// The line that is about this address; About::Other when there is none. Views into `lines`.
[[nodiscard]] PlanLine planLineOf(std::span<const std::string> lines, std::string_view address);

/// Whether these lines are of the plan that is held under this id.
[[nodiscard]] bool isHeldPlan(std::span<const std::string> lines, std::string_view id);

}  // namespace splitdelivery::plan
