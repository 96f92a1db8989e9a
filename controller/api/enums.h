#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <string_view>

#include "api/address_book.h"
#include "api/condition.h"
#include "api/directory.h"
#include "api/resource.h"

/// The words that our enumerations have in YAML and JSON: one table each, for reading, for writing
/// and for messages.
namespace splitdelivery::api {

template <class E>
struct Choice {
  E value;
  std::string_view text;
  std::string_view meaning{};  ///< for the message that asks a person to choose
};

template <class E>
inline constexpr std::array<Choice<E>, 0> kChoices{};

template <>
inline constexpr auto kChoices<Policy> = std::to_array<Choice<Policy>>({
    {Policy::Observe, "Observe", "reports and changes nothing"},
    {Policy::CreateOnly, "CreateOnly", "adds forwarders, never changes or deletes one"},
    {Policy::UpsertOnly, "UpsertOnly", "adds and changes, never deletes"},
    {Policy::Sync, "Sync", "adds, changes and deletes its own"},
});

template <>
inline constexpr auto kChoices<Delivery> = std::to_array<Choice<Delivery>>({
    {Delivery::Split, "Split"},
    {Delivery::Dual, "Dual"},
});

template <>
inline constexpr auto kChoices<LocalDelivery> = std::to_array<Choice<LocalDelivery>>({
    {LocalDelivery::Ignore, "Ignore"},
    {LocalDelivery::Check, "Check"},
    {LocalDelivery::Ensure, "Ensure"},
});

template <>
inline constexpr auto kChoices<BlockedUsers> = std::to_array<Choice<BlockedUsers>>({
    {BlockedUsers::Drop, "Drop"},
    {BlockedUsers::Keep, "Keep"},
});

template <>
inline constexpr auto kChoices<Approval> = std::to_array<Choice<Approval>>({
    {Approval::Automatic, "Automatic"},
    {Approval::Manual, "Manual"},
});

template <>
inline constexpr auto kChoices<DeletionPolicy> = std::to_array<Choice<DeletionPolicy>>({
    {DeletionPolicy::Retain, "Retain"},
    {DeletionPolicy::Delete, "Delete"},
});

template <>
inline constexpr auto kChoices<ConditionStatus> = std::to_array<Choice<ConditionStatus>>({
    {ConditionStatus::True, "True"},
    {ConditionStatus::False, "False"},
    {ConditionStatus::Unknown, "Unknown"},
});

template <>
inline constexpr auto kChoices<Completeness> = std::to_array<Choice<Completeness>>({
    {Completeness::Complete, "Complete"},
    {Completeness::Stagnant, "Stagnant"},
    {Completeness::Failed, "Failed"},
});

template <>
inline constexpr auto kChoices<Kind> = std::to_array<Choice<Kind>>({
    {Kind::Primary, "Primary"},
    {Kind::Alias, "Alias"},
    {Kind::Group, "Group"},
    {Kind::GroupAlias, "GroupAlias"},
    {Kind::Extra, "Extra"},
});

template <>
inline constexpr auto kChoices<LedgerEntry::State> = std::to_array<Choice<LedgerEntry::State>>({
    {LedgerEntry::State::Creating, "Creating"},
    {LedgerEntry::State::Managed, "Managed"},
    {LedgerEntry::State::Updating, "Updating"},
    {LedgerEntry::State::Deleting, "Deleting"},
});

/// An enumeration that has a table.
template <class E>
concept Worded = (kChoices<E>.size() > 0);

template <Worded E>
[[nodiscard]] constexpr std::string_view choiceText(E value) {
  for (const auto& choice : kChoices<E>) {
    if (choice.value == value) return choice.text;
  }
  return "";
}

template <Worded E>
[[nodiscard]] constexpr std::string_view choiceMeaning(E value) {
  for (const auto& choice : kChoices<E>) {
    if (choice.value == value) return choice.meaning;
  }
  return "";
}

/// Exact, as Kubernetes compares them.
template <Worded E>
[[nodiscard]] constexpr std::optional<E> choiceFrom(std::string_view text) {
  for (const auto& choice : kChoices<E>) {
    if (choice.text == text) return choice.value;
  }
  return std::nullopt;
}

}  // namespace splitdelivery::api
