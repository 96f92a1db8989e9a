#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/resource.h"
#include "base/result.h"
#include "plan/plan.h"
#include "reconcile/apply.h"
#include "reconcile/observe.h"
#include "reconcile/routing.h"

namespace splitdelivery::reconcile {

/// What a document that asks for its end has come to (S14).
struct Departure {
  std::size_t made = 0;           ///< forwarders that the ledger had when the pass began
  std::string retainedBecause{};  ///< empty: they are deleted
};

/// Everything that a pass found out, before it is put into words.
struct Findings {
  std::optional<base::Error> blocker{};  ///< what kept the pass from looking at all: a missing Secret, a book too new
  Observation seen{};
  std::optional<Routing> routing{};     ///< of this pass; none: it did not come that far
  std::optional<plan::Plan> plan{};     ///< the last one: after writing, of the listing that followed
  api::ChangeCounts changes{};          ///< that took effect, seen in that listing; without one, as answered
  std::vector<plan::Operation> done{};  ///< the same, one by one
  std::vector<Failure> failures{};
  std::optional<base::Error> ended{};          ///< why writing, or the listing after it, broke off
  std::string bookSetAside{};                  ///< where a damaged address book was put, or lies
  std::optional<mailserver::Limits> limits{};  ///< asked for when the server had no room for more
  std::vector<base::Error> settingsRefused{};  ///< what the mail server does not tell, where a person can mend it
  std::string localDelivery{};                 ///< what a person should know of that switch (S17); empty: nothing
  std::optional<Departure> departure{};

  /// Whether creates and updates may leave (S13).
  [[nodiscard]] bool routingReady() const { return !routing || !routing->holds; }
};

/// An error that concerns the whole of one side, if there is one. A part of Zoho's listing that
/// failed counts, except for domain settings that we may not read (S1 then blocks deletes, nothing
/// else).
[[nodiscard]] std::optional<base::Error> zohoTrouble(const Findings& findings);
[[nodiscard]] std::optional<base::Error> serverTrouble(const Findings& findings);

/// The longest wait that any error of the pass asks for.
[[nodiscard]] std::optional<std::chrono::seconds> retryAfter(const Findings& findings);

/// The parts of Zoho's listing that are not complete: of "accounts", "groups", "domains".
[[nodiscard]] std::vector<std::string> incompleteParts(const Observation& seen);

}  // namespace splitdelivery::reconcile
