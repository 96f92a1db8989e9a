#pragma once

#include <span>
#include <string>

#include "dns/resolver.h"

namespace splitdelivery::dns {

/// What c-ares hands over when a query ends: its status and, with ARES_SUCCESS, the message as it came in.
///
/// ares_query(3) has turned the message's own code into the status by then: NXDOMAIN is ARES_ENOTFOUND,
/// an answer without any record ARES_ENODATA. Records of another type, such as a CNAME that leads to
/// nothing, are passed over by the parsers, which then yield no record.
using Message = std::span<const unsigned char>;

[[nodiscard]] Answer<MxRecord> readMx(int status, Message message);
[[nodiscard]] Answer<std::string> readTxt(int status, Message message);

/// "the resolvers did not answer in time": c-ares' status in words fit for a message.
[[nodiscard]] std::string failureOf(int status);

}  // namespace splitdelivery::dns
