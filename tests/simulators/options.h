#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "simulators/world.h"

namespace splitdelivery::simulators {

/// The program's flags: -name=value, with one dash or two.
struct Options {
  std::string zoho = "127.0.0.1:0";
  std::string da = "127.0.0.1:0";
  std::string control = "127.0.0.1:0";
  std::string dns = "127.0.0.1:0";
  bool demo = false;
  BenchSize bench{};
  std::size_t tokenLimit = 10;
  bool help = false;
};

/// Says what is wrong with the command line, in one sentence.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws UsageError.
[[nodiscard]] Options parseOptions(std::span<const char* const> arguments);
[[nodiscard]] std::string_view usage();

}  // namespace splitdelivery::simulators
