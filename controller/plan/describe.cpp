#include "plan/describe.h"

#include <algorithm>

#include "plan/words.h"

namespace splitdelivery::plan {
namespace {

constexpr std::string_view kArrow = " → ";

/// Destinations for a line. What is no address (a pipe to a program, `:fail:`) may hold anything, so
/// it is named, not shown.
std::string destinationText(const api::Destinations& destinations) {
  std::string text;
  for (const std::string& destination : destinations) {
    if (!text.empty()) text += ", ";
    // Nor is anything with a blank in it: whoever hides addresses goes by words.
    const bool address = destination.find('@') != std::string::npos && destination.front() != '|' &&
                         destination.front() != '/' && destination.front() != '"' &&
                         destination.find_first_of(" \t\r\n") == std::string::npos;
    text += address ? destination : destination.starts_with(':') ? destination : "a program or local account";
  }
  return text.empty() ? "nowhere" : text;
}

std::string plural(std::uint32_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

void appendCounts(const Plan& plan, std::vector<std::string>& lines) {
  const std::uint32_t unchanged = plan.counts.inSync;
  if (unchanged > 0) lines.push_back("= " + std::to_string(unchanged) + " unchanged");
  if (plan.counts.found > 0) {
    lines.push_back("? found " + std::to_string(plan.counts.found) +
                    ", not made by us: the annotation splitdelivery.dev/adopt: \"true\" lets us manage them");
  }
  if (plan.counts.unmanaged > 0) {
    std::string line = "· " + std::to_string(plan.counts.unmanaged) + " unmanaged";
    if (plan.released > 0) line += " (" + std::to_string(plan.released) + " of them released by spec.addresses)";
    lines.push_back(std::move(line));
  }
}

}  // namespace

std::string describe(const Operation& operation, const std::string& domain) {
  std::string line =
      std::string(api::choiceMeaning(operation.kind)) + " " + operation.local + "@" + domain + std::string(kArrow);
  switch (operation.kind) {
    case OpKind::Create:
      return line + destinationText(operation.wanted);
    case OpKind::Update:
      return line + destinationText(operation.wanted) + " (now " + destinationText(operation.present) + ")";
    case OpKind::Delete:
      return line + destinationText(operation.present);
  }
  return line;
}

std::string conflictMessage(const Conflict& conflict, const api::Spec& spec) {
  const std::string wanted = conflict.local + "@" + spec.routingHost;
  switch (conflict.reason) {
    case ConflictReason::DifferentDestination:
      return "it already goes to " + destinationText(conflict.present) + ", which we did not make: delete that " +
             "forwarder or point it to " + wanted + ", or list the address in spec.addresses.exclude";
    case ConflictReason::SharedDestination:
      return "it goes to " + destinationText(conflict.present) + ": leave " + wanted +
             " as its only destination, or list the address in spec.addresses.exclude";
    case ConflictReason::MailboxExists:
      return "the mail server has a mailbox of this name, which would keep a copy of all mail: list the address in " +
             std::string("spec.addresses.exclude, use delivery: Dual, or move the mailbox's mail to Zoho and then ") +
             "delete the mailbox";
    case ConflictReason::InvalidAddress:
      return "a mail server cannot be given this name safely: rename the address at Zoho, or list it in " +
             std::string("spec.addresses.exclude");
  }
  return "";
}

std::string heldReason(const Plan& plan, const api::Spec& spec) {
  if (plan.held.empty()) return "";
  const auto count = static_cast<std::uint32_t>(plan.held.size());
  std::string why;
  switch (plan.heldBecause) {
    case HeldBecause::Nothing:
      break;
    case HeldBecause::DomainEmptied:
      why = "Zoho lists no address of " + spec.domain + " any more";
      break;
    case HeldBecause::ManualApproval:
      why = "spec.approval is Manual";
      break;
    case HeldBecause::TooMany:
      why = "spec.maxDeletions allows " + std::to_string(plan.allowed) + " in 24 hours, of which " +
            std::to_string(plan.used) + (plan.used == 1 ? " is used" : " are used");
      break;
    case HeldBecause::OthersStagnate:
      why = "a part of Zoho's listing is not complete, so the addresses might live on there";
      break;
  }
  return plural(count, "change") + (count == 1 ? " waits" : " wait") + " for approval: " + why;
}

std::vector<std::string> describe(const Plan& plan, const api::Spec& spec, Tense tense) {
  struct Line {
    const std::string* local;
    std::string text;
  };
  const std::string ending = tense == Tense::LeftOver ? "  (still to do)" : "";
  std::vector<Line> changes;
  for (const auto* operations : {&plan.creates, &plan.updates, &plan.deletes}) {
    for (const Operation& operation : *operations) {
      changes.push_back({&operation.local, describe(operation, spec.domain) + ending});
    }
  }
  for (const Left& left : plan.left) {
    changes.push_back({&left.operation.local, describe(left.operation, spec.domain) + "  (" +
                                                  std::string(api::choiceMeaning(left.why)) + ")"});
  }
  for (const Conflict& conflict : plan.conflicts) {
    changes.push_back(
        {&conflict.local, "! conflict " + conflict.local + "@" + spec.domain + ": " + conflictMessage(conflict, spec)});
  }
  for (const Operation& operation : plan.held) {
    changes.push_back({&operation.local, "⏸ held " + describe(operation, spec.domain)});
  }
  std::ranges::stable_sort(changes, {}, [](const Line& line) -> const std::string& { return *line.local; });

  std::vector<std::string> lines;
  lines.reserve(changes.size() + 4);
  for (Line& line : changes) lines.push_back(std::move(line.text));
  if (!plan.held.empty()) lines.push_back("⏸ " + heldReason(plan, spec) + "; this is the plan \"" + plan.id + "\"");
  appendCounts(plan, lines);
  return lines;
}

std::vector<std::string> sample(const Plan& plan, std::size_t most) {
  std::vector<std::string> lines;
  const auto add = [&](const Operation& operation) {
    if (lines.size() < most) lines.push_back(std::string(api::choiceMeaning(operation.kind)) + " " + operation.local);
  };
  for (const auto* operations : {&plan.held, &plan.deletes, &plan.updates, &plan.creates}) {
    for (const Operation& operation : *operations) add(operation);
  }
  for (const Left& left : plan.left) add(left.operation);
  return lines;
}

}  // namespace splitdelivery::plan
