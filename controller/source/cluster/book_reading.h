#pragma once

#include <optional>
#include <stop_token>

#include "api/address_book.h"
#include "api/resource.h"
#include "kube/client.h"
#include "source/cluster/book_object.h"

namespace splitdelivery::source::cluster {

/// The address book of a resource, for somebody who may only look: changes nothing, whatever it finds (Books repairs).
/// Nothing when there is none, or another resource has its name. `client` outlives the task.
///
/// Errors: Stall "BookTooNew"; Retry "BookUnreadable" for one that is damaged, or changes faster than it is read; the
/// API server's.
base::Task<base::Result<std::optional<api::AddressBook>>> readBook(kube::Client& client, api::ObjectKey key,
                                                                   std::stop_token stop);

/// All that a head leads to, still encoded; "" when a slice is missing or is not what its name says, as while a new
/// version takes the place of an old one. `client` outlives the task. Error: the API server's.
base::Task<base::Result<std::string>> wholeText(kube::Client& client, api::ObjectKey key, Head head,
                                                std::stop_token stop);

}  // namespace splitdelivery::source::cluster
