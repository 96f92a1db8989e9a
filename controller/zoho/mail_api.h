#pragma once

#include <stop_token>
#include <string>

#include "base/executor.h"
#include "http/budget.h"
#include "http/transport.h"
#include "zoho/calls.h"
#include "zoho/fields.h"
#include "zoho/kept_record.h"
#include "zoho/tokens.h"

namespace splitdelivery::zoho {

/// GET requests to one organisation's part of the Mail API, with its token and within its budget.
///
/// Lives on one executor and must outlive the tasks that it gives out.
class MailApi {
 public:
  MailApi(base::Executor& executor, http::Transport& transport, const Account& account, Tokens& tokens,
          KeptRecord& kept);

  /// `data` of the answer to GET /api/organization/{id}/`rest`. A refused token is replaced and the
  /// request repeated, once. Errors: those of `readAnswer`, of `Tokens::get`, of
  /// `Calls::take` and of the transport.
  base::Task<base::Result<Json>> get(std::string rest, std::stop_token stop);

  /// How many requests were started in the last minute.
  [[nodiscard]] std::size_t callsLastMinute() const { return budget_.startedInWindow(); }

 private:
  base::Task<base::Result<Json>> ask(std::string rest, base::Secret token, std::stop_token stop);

  base::Executor& executor_;
  http::Transport& transport_;
  Tokens& tokens_;
  const std::string origin_;
  const std::string organization_;  ///< "/api/organization/60012345/"
  KeptRecord& kept_;
  Calls calls_;
  http::RequestBudget budget_;  ///< by our steady clock, whatever the time of day does
};

}  // namespace splitdelivery::zoho
