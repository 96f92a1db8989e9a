#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace splitdelivery::kube {

/// A program to be run.
struct ChildOrder {
  std::string command;  ///< with a slash: that file; else looked for in PATH
  std::vector<std::string> arguments{};
  std::vector<std::pair<std::string, std::string>> environment{};  ///< besides ours; of one name the last counts
  bool inheritsInput = false;                                      ///< else it reads an empty file
};

/// What became of it.
struct ChildEnd {
  enum class How : std::uint8_t {
    Ended,
    NotFound,     ///< there is no such program
    NotStarted,   ///< there is, and it cannot be run
    TimedOut,     ///< killed
    SaidTooMuch,  ///< likewise
  };
  How how = How::Ended;
  int status = 0;        ///< its exit code; 128 and the signal that ended it
  std::string output{};  ///< what it wrote to standard output
};

/// Runs a program without a shell and waits for its end, for `patience` at most. Its standard error is ours; its
/// signals are unblocked, whatever ours are. Blocking. Whoever it has started itself is not waited for.
[[nodiscard]] ChildEnd runChild(const ChildOrder& order, std::chrono::milliseconds patience, std::size_t longestOutput);

}  // namespace splitdelivery::kube
