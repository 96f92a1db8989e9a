#include "plan/plan_line.h"

#include <algorithm>

#include "plan/words.h"

namespace splitdelivery::plan {
namespace {

constexpr std::string_view kHeld = "⏸ held ";
constexpr std::string_view kConflict = "! conflict ";
constexpr std::string_view kArrow = " → ";
constexpr std::string_view kLeft = "  (not done: ";

bool takePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

PlanLine readPlanLine(std::string_view line) {
  PlanLine read{.text = line};
  std::string_view rest = line;
  if (takePrefix(rest, kConflict)) {
    // No address has a blank in it.
    read.about = PlanLine::About::Conflict;
    read.address = rest.substr(0, rest.find(": "));
    return read;
  }
  read.held = takePrefix(rest, kHeld);
  for (const auto& choice : api::kChoices<OpKind>) {
    const auto arrow = rest.find(kArrow);
    if (arrow == std::string_view::npos || !takePrefix(rest, std::string(choice.meaning) + " ")) continue;
    read.about = PlanLine::About::Operation;
    read.kind = choice.value;
    read.left = rest.find(kLeft) != std::string_view::npos;
    read.address = rest.substr(0, rest.find(kArrow));
    return read;
  }
  return read;
}

PlanLine planLineOf(std::span<const std::string> lines, std::string_view address) {
  for (const std::string& line : lines) {
    const PlanLine read = readPlanLine(line);
    if (!read.address.empty() && read.address == address) return read;
  }
  return {};
}

bool isHeldPlan(std::span<const std::string> lines, std::string_view id) {
  const std::string quoted = "\"" + std::string(id) + "\"";
  return !id.empty() && std::ranges::any_of(lines, [&](const std::string& line) {
    const PlanLine read = readPlanLine(line);
    return read.about == PlanLine::About::Other && line.starts_with("⏸ ") && line.find(quoted) != std::string::npos;
  });
}

}  // namespace splitdelivery::plan
