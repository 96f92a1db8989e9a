#include "kube/micro_time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace splitdelivery::kube {

std::string microTime(base::WallTime time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time).time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(micros);
  const std::time_t whole = seconds.count();
  std::tm parts{};
  gmtime_r(&whole, &parts);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), "%06d", static_cast<int>((micros - seconds).count()));
  return std::string(date.data()) + "." + fraction.data() + "Z";
}

}  // namespace splitdelivery::kube
