#include "api/condition.h"

#include <algorithm>

#include "api/enums.h"
#include "base/text.h"

namespace splitdelivery::api {

const Condition* Conditions::find(std::string_view type) const {
  const auto found = std::ranges::find(list_, type, &Condition::type);
  return found == list_.end() ? nullptr : &*found;
}

void Conditions::set(std::string_view type, ConditionStatus status, std::string reason, std::string message,
                     base::WallTime now, std::int64_t generation) {
  const Condition* before = find(type);
  const auto since = before != nullptr && before->status == status ? before->lastTransitionTime : now;
  restore(Condition{std::string(type), status, std::move(reason), base::shortened(std::move(message), kLongestMessage),
                    since, generation});
}

void Conditions::restore(Condition condition) {
  const auto place = std::ranges::lower_bound(list_, condition.type, std::less<>{}, &Condition::type);
  if (place != list_.end() && place->type == condition.type) {
    *place = std::move(condition);
  } else {
    list_.insert(place, std::move(condition));
  }
}

void Conditions::remove(std::string_view type) {
  std::erase_if(list_, [type](const Condition& condition) { return condition.type == type; });
}

}  // namespace splitdelivery::api
