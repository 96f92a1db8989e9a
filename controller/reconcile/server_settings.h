#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "mailserver/forwarder_store.h"

namespace splitdelivery::reconcile {

/// What the mail server says of the domain besides its forwarders. Unset: not asked, not covered by the
/// login key, or no answer.
struct ServerSettings {
  std::optional<bool> localDelivery{};
  std::optional<mailserver::CatchAll> catchAll{};
  std::optional<std::vector<mailserver::Pointer>> pointers{};
  std::vector<std::string> hostedDomains{};  ///< that the account may change, canonical
  /// Why one was not answered, where a person can mend it: the login key lacks a command.
  std::vector<base::Error> refusals{};
  bool complete = true;  ///< everything that was asked was answered

  friend bool operator==(const ServerSettings&, const ServerSettings&) = default;
};

/// Asks for the three, the switch only when `withSwitch`. `store` outlives the task.
base::Task<ServerSettings> askSettings(mailserver::ForwarderStore& store, std::string domain, bool withSwitch,
                                       std::stop_token stop);

/// Whether there is nothing in them that a person may be mending just now.
[[nodiscard]] bool inOrder(const ServerSettings& settings);

}  // namespace splitdelivery::reconcile
