#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/kubectl/resources.h"
#include "plan/destination_of.h"

namespace splitdelivery::cli::kubectl {

/// What one resource has to say of one of its domain's addresses.
struct AddressAnswer {
  Resource resource;
  std::string address;          ///< "anna@example.com", canonical
  plan::DestinationOf found;    ///< by the address book
  base::WallTime verifiedAt{};  ///< when both sides were last listed
};

/// Where its mail goes, seen from whoever receives the domain's mail first: one sentence.
[[nodiscard]] std::string whereText(const AddressAnswer& answer);
/// Why: one sentence.
[[nodiscard]] std::string whyText(const AddressAnswer& answer);
/// What may still come between, a sentence each: Zoho would bounce it, the way is not ready, the pass is old news.
[[nodiscard]] std::vector<std::string> doubtsOf(const AddressAnswer& answer);

/// "a user", "an alias and a group", "not listed".
[[nodiscard]] std::string zohoKindText(const AddressAnswer& answer);
[[nodiscard]] std::string forwarderText(const AddressAnswer& answer);

[[nodiscard]] nlohmann::ordered_json answerJson(const AddressAnswer& answer);

}  // namespace splitdelivery::cli::kubectl
