#include "plan/operation.h"

namespace splitdelivery::plan {

void addTo(base::Digest& digest, const Operation& operation) {
  digest.add(std::to_string(static_cast<int>(operation.kind))).add(operation.local);
  for (const auto* destinations : {&operation.present, &operation.wanted}) {
    digest.add(std::to_string(destinations->size()));
    for (const std::string& destination : *destinations) digest.add(destination);
  }
}

std::string operationDigest(const Operation& operation) {
  base::Digest digest;
  addTo(digest, operation);
  return digest.hex().substr(0, 32);
}

}  // namespace splitdelivery::plan
