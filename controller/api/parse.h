#pragma once

#include <string>
#include <vector>

#include "api/resource.h"
#include "api/value.h"

namespace splitdelivery::api {

/// One thing that is wrong with a document.
struct FieldError {
  std::string path;     ///< "spec.zoho.organizationId", "spec.addresses.extra[2]"
  std::string message;  ///< what is wrong and how to mend it
  bool isUnknownField = false;

  [[nodiscard]] std::string text() const { return path + ": " + message; }
  friend bool operator==(const FieldError&, const FieldError&) = default;
};

template <class T>
using Parsed = tl::expected<T, std::vector<FieldError>>;

/// A SplitDeliveryDomain from its document; on failure every error at once, in the document's order.
///
/// Unknown fields are errors, `status` is ignored, defaults are filled in, addresses and hosts come
/// out canonical. A field whose rule this version does not have is refused where it would act.
[[nodiscard]] Parsed<SplitDeliveryDomain> parseSplitDeliveryDomain(const Value& document);

/// The same, but unknown fields are no errors: they go into `passedOver`.
[[nodiscard]] Parsed<SplitDeliveryDomain> parseKnownFields(const Value& document, std::vector<FieldError>& passedOver);

/// A v1 Secret: `data` is base64, `stringData` plain and stronger, as in Kubernetes.
[[nodiscard]] Parsed<SecretObject> parseSecret(const Value& document);

}  // namespace splitdelivery::api
