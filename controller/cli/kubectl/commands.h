#pragma once

#include "base/task.h"
#include "cli/kubectl/session.h"

/// The commands of `kubectl sdd`, each a task that gives the exit code. `session` outlives it.
namespace splitdelivery::cli::kubectl {

/// Runs what the session's options ask for.
base::Task<int> perform(const Session& session);

/// All resources as a table, or one in full.
base::Task<int> showStatus(const Session& session);
/// Where mail for one address goes, and why.
base::Task<int> showAddress(const Session& session);
/// The plan that lies in the address book.
base::Task<int> showPlan(const Session& session);
/// Marks the held plan as approved, when its id is still the one that was given.
base::Task<int> approve(const Session& session);
/// Asks for a pass, and waits for it.
base::Task<int> resync(const Session& session);
/// spec.suspend, on or off.
base::Task<int> setSuspended(const Session& session, bool suspended);

}  // namespace splitdelivery::cli::kubectl
