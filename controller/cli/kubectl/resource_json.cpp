#include "cli/kubectl/resource_json.h"

#include <ostream>

#include "source/status_document.h"
#include "source/value_json.h"

namespace splitdelivery::cli::kubectl {

using nlohmann::ordered_json;

ordered_json resourceJson(const Resource& resource) {
  const nlohmann::json document = source::toJson(source::statusDocument(resource.key, resource.status));
  return {{"namespace", resource.key.ns},      {"name", resource.key.name},       {"domain", resource.domain},
          {"policy", resource.policy},         {"suspended", resource.suspended}, {"deleted", resource.deleted},
          {"generation", resource.generation}, {"status", document.at("status")}};
}

ordered_json resourcesJson(const std::vector<Resource>& resources) {
  ordered_json json{{"resources", ordered_json::array()}};
  for (const Resource& resource : resources) json["resources"].push_back(resourceJson(resource));
  return json;
}

void printJson(std::ostream& out, const ordered_json& json) {
  // Of what is not ASCII the escapes alone: C1 controls and turned writing directions are among it.
  out << json.dump(2, ' ', true, ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace splitdelivery::cli::kubectl
