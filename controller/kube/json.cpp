#include "kube/json.h"

namespace splitdelivery::kube {

Json parseObject(std::string_view text) {
  const auto wanted = [](int /*depth*/, Json::parse_event_t event, const Json& parsed) {
    if (event != Json::parse_event_t::key) return true;
    const auto& key = parsed.get_ref<const std::string&>();
    return key != "managedFields" && key != "kubectl.kubernetes.io/last-applied-configuration";
  };
  return Json::parse(text, wanted, false);
}

}  // namespace splitdelivery::kube
