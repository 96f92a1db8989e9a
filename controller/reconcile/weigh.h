#pragma once

#include <vector>

#include "api/address_book.h"
#include "plan/operation.h"
#include "reconcile/findings.h"
#include "reconcile/observe.h"

namespace splitdelivery::reconcile {

/// What a listing has to show after `attempted`, by all that we know.
[[nodiscard]] Expected expectedOf(const api::Ledger& ledger, const api::Identity& identity,
                                  const std::vector<plan::Operation>& attempted);

/// The entries whose fate the closing listing does not settle: the write behind them may take effect
/// yet, or the server says that the forwarder exists and does not list it. The next pass's listing
/// settles them.
[[nodiscard]] std::vector<api::LedgerEntry> stillOpen(const api::Ledger& ledger, const std::vector<Failure>& failures);

/// Puts entries back that a listing took out too early.
void putBack(api::Ledger& ledger, const std::vector<api::LedgerEntry>& entries);

/// Judges by the listing that followed (`findings.seen.forwarders`), not by the answers: an unclear
/// answer is clear now, and a server that said yes and did nothing has failed. What had no effect is
/// taken from the ledger's count of changes.
void weigh(Findings& findings, api::Ledger& ledger, const std::vector<plan::Operation>& attempted);

/// The same where no listing followed: what the server said yes to is counted as done, and the next pass looks.
void believe(Findings& findings, const std::vector<plan::Operation>& attempted);

}  // namespace splitdelivery::reconcile
