#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/directory.h"

namespace splitdelivery::zoho {

/// A group as another list mentions it.
struct GroupMention {
  std::string id;
  api::Address address;
};

/// One user or group: an id and its addresses.
struct Row {
  std::string id;
  std::vector<api::ZohoAddress> addresses{};
  std::vector<GroupMention> groups{};  ///< of a user: the groups that it is in
  std::uint32_t skipped = 0;           ///< its addresses that were left out
};

/// One page of a list, read.
struct Page {
  std::vector<Row> rows{};
  std::size_t received = 0;   ///< rows in the answer, also malformed ones
  std::uint32_t skipped = 0;  ///< rows and addresses left out, those of `rows` too
  bool malformed = false;     ///< a row had no id or a field of an impossible type: something is unknown
  std::uint64_t claimed = 0;  ///< how many rows the answer says there are in all; 0: it does not say
};

}  // namespace splitdelivery::zoho
