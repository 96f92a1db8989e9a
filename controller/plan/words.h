#pragma once

#include "api/enums.h"
#include "plan/plan.h"

/// The words that the plan's enumerations have in conditions and in JSON, and for messages.
namespace splitdelivery::api {

template <>
inline constexpr auto kChoices<plan::OpKind> = std::to_array<Choice<plan::OpKind>>({
    {plan::OpKind::Create, "create", "+"},
    {plan::OpKind::Update, "update", "~"},
    {plan::OpKind::Delete, "delete", "-"},
});

template <>
inline constexpr auto kChoices<plan::ConflictReason> = std::to_array<Choice<plan::ConflictReason>>({
    {plan::ConflictReason::DifferentDestination, "DifferentDestination"},
    {plan::ConflictReason::SharedDestination, "SharedDestination"},
    {plan::ConflictReason::MailboxExists, "MailboxExists"},
    {plan::ConflictReason::InvalidAddress, "InvalidAddress"},
});

template <>
inline constexpr auto kChoices<plan::LeftBecause> = std::to_array<Choice<plan::LeftBecause>>({
    {plan::LeftBecause::Observed, "Observed", "not done: the policy is Observe"},
    {plan::LeftBecause::PolicyForbids, "PolicyForbids", "not done: the policy forbids it"},
    {plan::LeftBecause::ListingIncomplete, "ListingIncomplete",
     "not done: Zoho's listing is not complete, so it does not prove that the address is gone"},
    {plan::LeftBecause::MailboxesUnknown, "MailboxesUnknown", "not done: the server's mailboxes could not be listed"},
    {plan::LeftBecause::DomainNotListed, "DomainNotListed", "not done: Zoho's organisation does not have the domain"},
    {plan::LeftBecause::RoutingNotReady, "RoutingNotReady", "not done: mail to the routing host would not reach Zoho"},
    {plan::LeftBecause::ForwardersVanished, "ForwardersVanished",
     "not done: the mail server's list lacks much that was there, so it may hide a forwarder here too"},
});

template <>
inline constexpr auto kChoices<plan::HeldBecause> = std::to_array<Choice<plan::HeldBecause>>({
    {plan::HeldBecause::Nothing, ""},
    {plan::HeldBecause::DomainEmptied, "DomainEmptied"},
    {plan::HeldBecause::ManualApproval, "ManualApproval"},
    {plan::HeldBecause::TooMany, "TooManyDeletions"},
    {plan::HeldBecause::OthersStagnate, "ListingIncomplete"},
});

}  // namespace splitdelivery::api
