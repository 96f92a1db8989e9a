#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailserver/directadmin/answer.h"

/// Lists of names: a JSON array, the same under "list", or `list[]=a&list[]=b`; nothing said
/// (see Answer), `{}` and `[]` are the empty list. Any other shape is no list: nullopt.
namespace splitdelivery::mailserver::directadmin {

/// Canonical, sorted, each once. A name that is no domain is left out.
[[nodiscard]] std::optional<std::vector<std::string>> parseDomains(const Answer& answer);

/// Local parts, canonical, sorted, each once; "anna" and "anna@<domain>" are the same.
[[nodiscard]] std::optional<std::vector<std::string>> parseMailboxes(const Answer& answer, std::string_view domain);

/// `name` without an "@<domain>" at its end, in whatever case the server spells that.
[[nodiscard]] std::string_view withoutDomain(std::string_view name, std::string_view domain);

}  // namespace splitdelivery::mailserver::directadmin
