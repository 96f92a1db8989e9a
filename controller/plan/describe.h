#pragma once

#include <string>
#include <vector>

#include "api/resource.h"
#include "plan/plan.h"

namespace splitdelivery::plan {

/// One operation as a person reads it: "+ anna@example.com → anna@zoho.example.com".
[[nodiscard]] std::string describe(const Operation& operation, const std::string& domain);

/// The sign of an operation: "+", "~" or "-".
[[nodiscard]] std::string_view sign(OpKind kind);

/// Why a conflict is one, and what ends it.
[[nodiscard]] std::string conflictMessage(const Conflict& conflict, const api::Spec& spec);

/// A conflict's reason as a condition spells it: "MailboxExists".
[[nodiscard]] std::string_view toText(ConflictReason reason);
[[nodiscard]] std::string_view toText(LeftBecause reason);
[[nodiscard]] std::string_view toText(HeldBecause reason);

/// Why something is left, in a few words for the end of its line.
[[nodiscard]] std::string_view leftMessage(LeftBecause reason);

/// Why changes wait, and how they are approved; empty when nothing is held.
[[nodiscard]] std::string heldMessage(const Plan& plan, const api::Spec& spec);

/// The whole plan, a line each, without the domain's headline: operations in order of the address,
/// conflicts, held ones, then the counts.
[[nodiscard]] std::vector<std::string> describe(const Plan& plan, const api::Spec& spec);

/// The first lines of what would change, short, for the status: "+ anna", "- bob".
[[nodiscard]] std::vector<std::string> sample(const Plan& plan, std::size_t most);

}  // namespace splitdelivery::plan
