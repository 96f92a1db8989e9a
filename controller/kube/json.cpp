#include "kube/json.h"

#include "kube/raw_json.h"

namespace splitdelivery::kube {

Json parseObject(std::string_view text) {
  return Json::parse(without(text, "metadata", "managedFields"), nullptr, false);
}

}  // namespace splitdelivery::kube
