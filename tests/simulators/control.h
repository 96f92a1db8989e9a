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

  Reply handle(const Request& request) const;

 private:
  Reply log(const Request& request) const;
  Reply listForwarders(const Request& request) const;
  Reply setForwarder(const Request& request) const;
  Reply removeForwarder(const Request& request) const;
  Reply addUser(const Request& request) const;
  Reply removeUser(const Request& request) const;
  Reply addFault(const Request& request) const;
  Reply clearFaults(const Request& request) const;

  World& world_;
};

}  // namespace splitdelivery::simulators
