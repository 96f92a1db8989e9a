#pragma once

#include <optional>
#include <string>

#include "api/resource.h"
#include "dns/resolver.h"
#include "reconcile/routing_check.h"

namespace splitdelivery::reconcile {

struct FirstReceiver {
  std::string who = "Unknown";  ///< "Zoho", "MailServer", "Other", "Unknown"
  std::optional<Warning> warning{};
};

/// Who receives the domain's mail first, by the MX of the domain itself: who all of the best lead to.
/// Every data centre of Zoho counts as Zoho, every host of the mail server's provider as the mail
/// server. "Other" is no fault: a filter in front, or the mail server under a name of its own.
///
/// A warning where nobody receives, and where both systems do: then each gets mail for addresses that
/// only the other has.
[[nodiscard]] FirstReceiver judgeFirstReceiver(const api::Spec& spec, const dns::Answer<dns::MxRecord>& mx);

}  // namespace splitdelivery::reconcile
