#pragma once

#include <optional>
#include <set>
#include <string>

#include "zoho/fields.h"
#include "zoho/page.h"

namespace splitdelivery::zoho {

/// The domains of the organisation; none when they could not be listed.
using OwnDomains = std::optional<std::set<std::string, std::less<>>>;

/// One page of `GET accounts`: an array of users, or the user itself when there is but one. None when
/// `data` is neither.
///
/// Of a user's row, `primaryEmailAddress` and `emailAddress[]` count and nothing else, for other
/// fields hold other people's addresses. An entry is kept when it is primary, or an alias that is
/// not unconfirmed. One that is neither can be the user's address at another provider: it is kept
/// when its domain is one of `own`. Zoho lists each alias with isAlias and each domain alias not at
/// all. Source: zoho.com/mail/help/api/get-org-users-details.html and answers seen in the field.
[[nodiscard]] std::optional<Page> readAccounts(const Json& data, const OwnDomains& own);

}  // namespace splitdelivery::zoho
