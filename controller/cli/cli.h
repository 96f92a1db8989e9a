#pragma once

namespace splitdelivery::cli {

/// Exit codes of plan and sync: the first that applies, in the order 64, 1, 3, 2, 0.
inline constexpr int kOk = 0;
inline constexpr int kError = 1;           ///< something could not be read, written or reached
inline constexpr int kChangesPending = 2;  ///< plan; sync under Observe
inline constexpr int kNeedsPerson = 3;     ///< something is held or in conflict
inline constexpr int kUsage = 64;          ///< wrong command line

/// The whole program: parses the command line, runs the command, gives the exit code. Called as `kubectl-sdd` it is
/// that plugin of kubectl.
int run(int argc, char** argv);

}  // namespace splitdelivery::cli
