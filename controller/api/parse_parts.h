#pragma once

#include "api/fields.h"

/// The parts of a document, one function each. Each reads what is good, notes all that is not, and
/// gives a value that counts only when nothing was noted.
namespace splitdelivery::api {

struct Metadata {
  ObjectKey key;
  std::int64_t generation = 0;
  std::map<std::string, std::string, std::less<>> annotations;
  std::optional<base::WallTime> createdAt{};
};

/// RFC 1123 names, as Kubernetes wants them of objects.
[[nodiscard]] bool isSubdomainName(std::string_view name);
[[nodiscard]] bool isLabelName(std::string_view name);

/// Notes an apiVersion or kind that is not the expected one.
void checkType(const Fields& document, std::string_view apiVersion, std::string_view kind);

/// `metadata`; what Kubernetes itself writes there is passed over.
[[nodiscard]] Metadata parseMetadata(const Fields& document);

[[nodiscard]] Spec parseSpec(const Fields& document);

/// `spec.zoho`, `spec.directAdmin` and the refusal of `spec.mxroute`.
[[nodiscard]] ZohoSpec parseZoho(const Fields& spec);
[[nodiscard]] DirectAdminSpec parseMailServer(const Fields& spec);

/// `spec.addresses`. `domain` is empty when the domain itself is wrong.
[[nodiscard]] AddressesSpec parseAddresses(const Fields& spec, const std::string& domain);

}  // namespace splitdelivery::api
