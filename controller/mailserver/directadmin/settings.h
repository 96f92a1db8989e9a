#pragma once

#include <optional>
#include <vector>

#include "mailserver/directadmin/answer.h"
#include "mailserver/forwarder_store.h"

/// A domain's settings. What is not exactly what the command gives is nullopt: a guess would show
/// people a switch, a catch-all or a pointer that is not there.
namespace splitdelivery::mailserver::directadmin {

/// CMD_API_DNS_MX: `{"internal":"yes",…}`, or a line `internal=yes&…` among lines of records.
[[nodiscard]] std::optional<bool> parseInternal(const Answer& answer);

/// CMD_API_EMAIL_CATCH_ALL: `{"value":":fail:"}`, `value=%3Afail%3A`: `:fail:`, `:blackhole:`, an
/// address, or the name of one of the server's users.
[[nodiscard]] std::optional<CatchAll> parseCatchAll(const Answer& answer);

/// CMD_API_DOMAIN_POINTER: `{"other.example":"alias"}`, `other.example=pointer`; `{}`, `[]` and nothing
/// said (see Answer) when there is none. Canonical, sorted, each once.
[[nodiscard]] std::optional<std::vector<Pointer>> parsePointers(const Answer& answer);

}  // namespace splitdelivery::mailserver::directadmin
