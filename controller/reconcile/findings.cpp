#include "reconcile/findings.h"

#include <algorithm>

namespace splitdelivery::reconcile {
namespace {

std::optional<base::Error> failureOf(const api::PartState& part) {
  if (part.completeness != api::Completeness::Failed) return std::nullopt;
  if (part.error) return part.error;
  return base::Error{base::ErrorKind::Retry, "ZohoListingFailed", "a part of Zoho's listing failed"};
}

}  // namespace

std::optional<base::Error> zohoTrouble(const Findings& findings) {
  const Observation& seen = findings.seen;
  if (seen.zohoError) return seen.zohoError;
  if (!seen.listing) return std::nullopt;
  if (auto error = failureOf(seen.listing->accounts)) return error;
  if (auto error = failureOf(seen.listing->groups)) return error;
  // Users that stagnate leave out people; groups that stagnate are an everyday matter at Zoho.
  if (seen.listing->accounts.completeness == api::Completeness::Stagnant) return seen.listing->accounts.error;
  if (auto error = failureOf(seen.listing->domainList); error && error->kind != base::ErrorKind::Stall) return error;
  return std::nullopt;
}

std::optional<base::Error> serverTrouble(const Findings& findings) {
  if (findings.seen.serverError) return findings.seen.serverError;
  if (!findings.plan || !findings.seen.mailboxError) return std::nullopt;
  const bool holdsUpCreates = std::ranges::any_of(
      findings.plan->left, [](const plan::Left& left) { return left.why == plan::LeftBecause::MailboxesUnknown; });
  return holdsUpCreates ? findings.seen.mailboxError : std::nullopt;
}

std::optional<std::chrono::seconds> retryAfter(const Findings& findings) {
  std::optional<std::chrono::seconds> longest;
  for (const auto& error : {findings.blocker, findings.ended, zohoTrouble(findings), serverTrouble(findings)}) {
    if (error) longest = std::max(longest, error->retryAfter);  // none is less than any
  }
  return longest;
}

std::vector<std::string> incompleteParts(const Observation& seen) {
  std::vector<std::string> parts;
  if (!seen.listing) return parts;
  if (!seen.listing->accounts.complete()) parts.emplace_back("accounts");
  if (!seen.listing->groups.complete()) parts.emplace_back("groups");
  if (!seen.listing->domainList.complete()) parts.emplace_back("domains");
  return parts;
}

}  // namespace splitdelivery::reconcile
