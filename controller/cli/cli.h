#pragma once

namespace splitdelivery::cli {

/// Exit codes of plan and sync: the first that applies.
enum ExitCode : int {
  kOk = 0,
  kError = 1,           ///< something could not be read, written or reached
  kChangesPending = 2,  ///< plan; sync under Observe
  kNeedsPerson = 3,     ///< something is held or in conflict
  kUsage = 64,          ///< wrong command line
};

/// The whole program: parses the command line, runs the command, gives the exit code.
int run(int argc, char** argv);

}  // namespace splitdelivery::cli
