#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "mailserver/directadmin/form.h"
#include "mailserver/directadmin/requests.h"

namespace splitdelivery::mailserver::directadmin {

/// A business error: what the server says about a request that it understood and did not carry out.
/// Its words are matched and never shown.
struct Complaint {
  std::string words;  ///< all of its texts, in lower case
};

/// The complaint in a body, if it is one: a string under `error` other than "" and "0", or
/// `success` that says no. An array under `error` is the forwarder of that name.
[[nodiscard]] std::optional<Complaint> complaintIn(const nlohmann::json& body);

/// The same for a form. Here a forwarder named `error` cannot be told from an error: the list that
/// has one is unreadable, which harms nobody.
[[nodiscard]] std::optional<Complaint> complaintIn(const FormFields& fields);

/// "Not logged in", or a command that the credentials do not cover, said in the body.
[[nodiscard]] bool saysRefused(std::string_view words);

/// Only the texts about a foreign domain were ever observed; the rest are hints (whole words, outside
/// the names that the command itself holds), which is why a caller lists again whatever a write was
/// answered.
///   Stall   DomainNotOnServer
///   Refuse  ForwarderLimitReached, AlreadyExists, RefusedByServer
[[nodiscard]] base::Error explain(const Complaint& complaint, const Command& command, const std::string& server);

}  // namespace splitdelivery::mailserver::directadmin
