#pragma once

#include <string>
#include <string_view>

namespace splitdelivery::kube {

/// Looks into the text of a JSON object without parsing it: what most of the API server's bytes are about need not
/// become a tree. Of text that is no JSON it may tell anything, but reads nothing outside of it.

/// The text of a member's value, with its quotes where it is a string; empty when there is no such member.
[[nodiscard]] std::string_view memberOf(std::string_view object, std::string_view name);
/// The same of a string without escapes, without its quotes; empty when it is none.
[[nodiscard]] std::string_view plainTextOf(std::string_view object, std::string_view name);
/// `object` without a member of one of its members: "metadata", "managedFields".
[[nodiscard]] std::string without(std::string_view object, std::string_view outer, std::string_view inner);

}  // namespace splitdelivery::kube
