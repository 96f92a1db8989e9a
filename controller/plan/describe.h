#pragma once

#include <string>
#include <vector>

#include "api/resource.h"
#include "plan/plan.h"

namespace splitdelivery::plan {

/// One operation as a person reads it: "+ anna@example.com → anna@zoho.example.com".
[[nodiscard]] std::string describe(const Operation& operation, const std::string& domain);

/// Why a conflict is one, and what ends it.
[[nodiscard]] std::string conflictMessage(const Conflict& conflict, const api::Spec& spec);

/// How many changes wait for approval, and why; empty when nothing is held.
[[nodiscard]] std::string heldReason(const Plan& plan, const api::Spec& spec);

/// Whether a plan is still to be carried out, or is what a pass that wrote has left over.
enum class Tense : std::uint8_t { Ahead, LeftOver };

/// The whole plan, a line each, without the domain's headline: operations in order of the address,
/// conflicts, held ones, then the counts.
[[nodiscard]] std::vector<std::string> describe(const Plan& plan, const api::Spec& spec, Tense tense = Tense::Ahead);

/// The first lines of what would change, short, for the status: "+ anna", "- bob".
[[nodiscard]] std::vector<std::string> sample(const Plan& plan, std::size_t most);

}  // namespace splitdelivery::plan
