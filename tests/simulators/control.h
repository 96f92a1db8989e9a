#pragma once

#include <string_view>

#include "simulators/exchange.h"
#include "simulators/world.h"

namespace splitdelivery::simulators {

/// The text of GET / on the control port: every request it knows.
[[nodiscard]] std::string_view controlHelp();

/// Answers the control port, where a person or a test looks into the world and plays with it.
class Control {
 public:
  explicit Control(World& world) : world_(world) {}

  [[nodiscard]] Reply handle(const Request& request) const;

 private:
  [[nodiscard]] Reply log(const Request& request) const;
  [[nodiscard]] Reply listForwarders(const Request& request) const;
  [[nodiscard]] Reply setForwarder(const Request& request) const;
  [[nodiscard]] Reply removeForwarder(const Request& request) const;
  [[nodiscard]] Reply addUser(const Request& request) const;
  [[nodiscard]] Reply removeUser(const Request& request) const;
  [[nodiscard]] Reply listRecords(const Request& request) const;
  [[nodiscard]] Reply setRecords(const Request& request) const;
  [[nodiscard]] Reply removeRecords(const Request& request) const;
  [[nodiscard]] Reply addFault(const Request& request) const;
  [[nodiscard]] Reply clearFaults(const Request& request) const;

  World& world_;
};

}  // namespace splitdelivery::simulators
