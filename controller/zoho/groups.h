#pragma once

#include <optional>

#include "zoho/fields.h"
#include "zoho/page.h"

namespace splitdelivery::zoho {

/// One page of `GET groups`: `{count, groups: […]}`, or the array alone; shared mailboxes are listed
/// as groups. Past the end, for a `start` above 0, the count alone. None when `data` is neither.
///
/// A group without `emailId` is a department that receives no mail: its row counts for the paging
/// and has no addresses. `aliasList` holds strings or `{mailId}` objects.
/// Source: zoho.com/mail/help/api/get-all-group-details.html and answers seen in the field.
[[nodiscard]] std::optional<Page> readGroups(const Json& data, std::size_t start = 0);

/// `GET groups/{zgid}`: the one group. None when `data` is no group.
[[nodiscard]] std::optional<Row> readGroup(const Json& data);

}  // namespace splitdelivery::zoho
