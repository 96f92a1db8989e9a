#pragma once

namespace splitdelivery::cli::kubectl {

/// Whether the program was called by the name of the kubectl plugin: kubectl runs `kubectl-sdd` for `kubectl sdd`.
[[nodiscard]] bool isPluginName(const char* program);

/// The whole plugin: parses the command line, finds the cluster as kubectl does, runs the command, gives the exit code.
int run(int argc, char** argv);

}  // namespace splitdelivery::cli::kubectl
