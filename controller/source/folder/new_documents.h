#pragma once

#include <set>
#include <string>

#include "api/resource.h"
#include "api/value.h"

/// Documents that we propose to a person, ready to be saved.
namespace splitdelivery::source::folder {

/// The resource as far as it says which domain of which accounts it is about: names, annotations,
/// domain, routing host, both systems, policy and interval. All else is left to its default.
[[nodiscard]] api::Value newResourceDocument(const api::SplitDeliveryDomain& resource);

/// A v1 Secret with its values in the clear: for the eyes of the person whose they are.
[[nodiscard]] api::Value newSecretDocument(const api::SecretObject& secret);

/// "example-com" for example.com, with a number behind it when that name is `taken`; adds it there.
[[nodiscard]] std::string newName(std::string_view domain, std::set<std::string>& taken);

/// "# …" lines, each at most as wide as a terminal. Whatever stands in `text`, it stays a comment.
[[nodiscard]] std::string yamlComment(std::string_view text);

}  // namespace splitdelivery::source::folder
