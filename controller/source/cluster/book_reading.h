#pragma once

#include <optional>
#include <stop_token>

#include "api/address_book.h"
#include "api/resource.h"
#include "kube/client.h"

namespace splitdelivery::source::cluster {

/// The address book of a resource, for somebody who may only look: changes nothing, whatever it finds (Books repairs).
/// Nothing when there is none, or another resource has its name. `client` outlives the task.
///
/// Errors: Stall "BookTooNew"; Retry "BookUnreadable" for one that is damaged, or changes faster than it is read; the
/// API server's.
base::Task<base::Result<std::optional<api::AddressBook>>> readBook(kube::Client& client, api::ObjectKey key,
                                                                   std::stop_token stop);

}  // namespace splitdelivery::source::cluster
