#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/resource.h"
#include "dns/resolver.h"
#include "reconcile/routing_check.h"

namespace splitdelivery::reconcile {

/// What one SPF record (RFC 7208) says at first sight; nothing that it includes is looked up.
struct SpfRecord {
  bool zoho = false;         ///< names the mail of Zoho's data centre
  bool otherCenter = false;  ///< names that of another of Zoho's data centres
  bool others = false;       ///< names something besides Zoho, which may be the mail server
  bool opaque = false;       ///< points to where anything may be named: redirect, macros, an own include, +all
};

/// Whether a TXT record is an SPF record: "v=spf1", alone or with a blank behind it.
[[nodiscard]] bool isSpf(std::string_view text);
[[nodiscard]] SpfRecord readSpf(std::string_view text, const api::Spec& spec);

/// Both systems send mail in the domain's name, so exactly one SPF record has to name both: receivers
/// treat two as an error and trust neither. The mail server is missed only when nothing but Zoho is
/// named, for its provider may use any name. Without an answer there is nothing to say.
[[nodiscard]] std::optional<Warning> judgeSpf(const api::Spec& spec, const dns::Answer<std::string>& texts);

}  // namespace splitdelivery::reconcile
