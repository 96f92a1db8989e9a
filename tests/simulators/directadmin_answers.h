#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulators/directadmin_world.h"
#include "simulators/exchange.h"

namespace splitdelivery::simulators {

/// DirectAdmin's answers: a form, or JSON whose scalars are all strings. They set status, body and
/// content type, and leave the rest of the reply alone.
void answerSuccess(Reply& reply, bool json, std::string_view text, std::string_view details);
void answerFailure(Reply& reply, bool json, int status, std::string_view text, std::string_view details);
void answerList(Reply& reply, bool json, const std::vector<std::string>& values);
void answerTable(Reply& reply, bool json, const Fields& values);
/// Rows of fields: in a form each value is itself an encoded form.
void answerRows(Reply& reply, bool json, const std::vector<std::pair<std::string, Fields>>& rows);
void answerBody(Reply& reply, bool json, std::string body);

[[nodiscard]] Reply refusal(DaBehavior::Refusal form, bool json);
[[nodiscard]] Reply banPage(DaBehavior::Ban form);

}  // namespace splitdelivery::simulators
