#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "api/directory.h"
#include "base/task.h"
#include "zoho/mail_api.h"

namespace splitdelivery::zoho {

/// How many groups, at most, are asked for one by one when their list stagnates.
inline constexpr std::size_t kMostGroupDetails = 10;

/// Reads domains, users and groups, one after the other.
///
/// Trouble with one part leaves the others alone. An error: trouble that concerns all of them
/// (`concernsAll`), or that of the users when all three parts have failed. An organisation without a
/// single user has failed, and so has one without a domain.
base::Task<base::Result<api::Listing>> readListing(MailApi& api, base::WallTime takenAt, std::stop_token stop);

/// The addresses that the users' and the groups' lists give without being asked for a page: what a
/// program sees that knows of no pages. Sorted, each once, outside addresses among them.
base::Task<base::Result<std::vector<api::Address>>> readFirstRows(MailApi& api, std::stop_token stop);

/// Sorted by domain, then local part, each address once: kinds add up, and an address is blocked
/// only when all its rows say so.
[[nodiscard]] std::vector<api::ZohoAddress> merged(std::vector<api::ZohoAddress> addresses);

}  // namespace splitdelivery::zoho
