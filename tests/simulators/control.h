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

  Reply handle(const Request& request);

 private:
  Reply log(const Request& request);
  Reply listForwarders(const Request& request);
  Reply setForwarder(const Request& request);
  Reply removeForwarder(const Request& request);
  Reply addUser(const Request& request);
  Reply removeUser(const Request& request);
  Reply addFault(const Request& request);
  Reply clearFaults(const Request& request);

  World& world_;
};

}  // namespace splitdelivery::simulators
