#pragma once

#include <optional>
#include <vector>

#include "api/resource.h"
#include "api/server_pattern.h"
#include "base/result.h"

namespace splitdelivery::reconcile {

/// Where credentials may go (S19). In a cluster whoever may write a resource could else send a Secret of the namespace
/// to a server of their own.
struct ServerRules {
  std::vector<api::ServerPattern> allowed{};  ///< --allow-server; not empty: every host but Zoho's own must match
  bool strict = false;                        ///< a cluster: other hosts of Zoho and a caBundle need permission too

  /// Whether the Zoho credentials of `secret` may go where the spec says. Error: Stall "ServerNotAllowed".
  [[nodiscard]] std::optional<base::Error> refusal(const api::ZohoSpec& spec, const api::SecretObject& secret) const;
  [[nodiscard]] std::optional<base::Error> refusal(const api::DirectAdminSpec& spec,
                                                   const api::SecretObject& secret) const;
};

}  // namespace splitdelivery::reconcile
