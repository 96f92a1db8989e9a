#include "source/cluster/patches.h"

#include <algorithm>
#include <utility>

#include "source/cluster/resource_types.h"
#include "source/status_document.h"
#include "source/value_json.h"

namespace splitdelivery::source::cluster {

Json statusPatch(const api::Status& status, const api::Status* before) {
  Json patch = toJson(statusValue(status, before));
  const auto clear = [&](const char* name, bool lacks, bool differs) {
    if (lacks && differs) patch[name] = nullptr;
  };
  clear("lastHandledReconcileAt", status.lastHandledReconcileAt.empty(),
        before == nullptr || !before->lastHandledReconcileAt.empty());
  clear("lastSyncTime", !status.lastSyncTime, before == nullptr || before->lastSyncTime);
  clear("lastChangeTime", !status.lastChangeTime, before == nullptr || before->lastChangeTime);
  if (patch.contains("plan") && status.plan.id.empty()) patch["plan"]["id"] = nullptr;
  return {{"status", std::move(patch)}};
}

bool isHeld(const Metadata& about) {
  return std::ranges::find(about.finalizers, kFinalizer) != about.finalizers.end();
}

std::vector<std::string> finalizersOf(const Metadata& about, bool held) {
  std::vector<std::string> next = about.finalizers;
  if (held) {
    next.emplace_back(kFinalizer);
  } else {
    std::erase(next, kFinalizer);
  }
  return next;
}

Json finalizersPatch(const Metadata& about, const std::vector<std::string>& next) {
  Json patch = Json::array();
  patch.push_back({{"op", "test"}, {"path", "/metadata/uid"}, {"value", about.uid}});
  patch.push_back({{"op", "test"}, {"path", "/metadata/resourceVersion"}, {"value", about.version}});
  patch.push_back({{"op", "add"}, {"path", "/metadata/finalizers"}, {"value", next}});
  return patch;
}

}  // namespace splitdelivery::source::cluster
