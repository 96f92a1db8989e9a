#pragma once

#include <string>
#include <vector>

#include "api/address.h"

namespace splitdelivery::api {

/// One rule on the mail server: local part → destinations.
struct Forwarder {
  std::string local;          ///< canonical
  Destinations destinations;  ///< canonical, but for repetition (see Forwarders)
  std::string name{};         ///< the local part as the server spells it, for a later change; empty: as `local`

  friend bool operator==(const Forwarder&, const Forwarder&) = default;
};

/// All forwarders of a domain, sorted by local part, each local part once: two that differ in case
/// alone are one rule with the destinations of both, a shared one twice. Such a rule has at least two
/// destinations (unless neither had any), so it equals nothing that we recorded and is nobody's to change.
using Forwarders = std::vector<Forwarder>;

}  // namespace splitdelivery::api
