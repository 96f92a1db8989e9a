#include "plan/operation.h"

#include "base/digest.h"

namespace splitdelivery::plan {
namespace {

std::string joined(const api::Destinations& destinations) {
  std::string text;
  for (const std::string& destination : destinations) text.append(destination).push_back('\n');
  return text;
}

}  // namespace

std::string operationDigest(const Operation& operation) {
  const std::string kind = std::to_string(static_cast<int>(operation.kind));
  return base::digest({kind, operation.local, joined(operation.present), joined(operation.wanted)}).substr(0, 32);
}

}  // namespace splitdelivery::plan
