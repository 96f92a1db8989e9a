#include "cli/kubectl/words.h"

#include "api/time.h"

namespace splitdelivery::cli::kubectl {

std::string agoText(std::optional<base::WallTime> time, base::WallTime now) {
  if (!time) return "never";
  using namespace std::chrono;
  const auto age = duration_cast<seconds>(now - *time);
  if (age < seconds{1}) return "now";
  if (age < minutes{2}) return std::to_string(age.count()) + "s ago";
  if (age < hours{2}) return std::to_string(duration_cast<minutes>(age).count()) + "m ago";
  if (age < days{2}) return std::to_string(duration_cast<hours>(age).count()) + "h ago";
  return std::to_string(duration_cast<days>(age).count()) + "d ago";
}

std::string timeText(std::optional<base::WallTime> time, base::WallTime now) {
  return time ? agoText(time, now) + " (" + api::rfc3339(*time) + ")" : "never";
}

std::string headlineOf(const Resource& resource) {
  return resource.key.text() + "  " + resource.domain + ", policy " + resource.policy +
         (resource.suspended ? ", suspended" : "") + (resource.deleted ? ", being deleted" : "");
}

std::string conditionText(const Resource& resource, std::string_view type) {
  const api::Condition* found = resource.condition(type);
  if (found == nullptr) return "not looked at yet";
  return found->message.empty() ? found->reason : found->reason + ": " + found->message;
}

std::vector<std::string> caveatsOf(const Session& session, const Resource& resource) {
  std::vector<std::string> caveats;
  if (resource.suspended) {
    caveats.push_back("suspended: nothing is asked or written until " + commandFor(session, "resume", resource.key));
  } else if (resource.condition(api::condition::kReady) == nullptr) {
    caveats.emplace_back("no controller has looked at it yet: check that one runs and works on this namespace");
  } else if (!resource.observed()) {
    caveats.emplace_back("it was edited after the last pass, which what stands here is from");
  }
  if (resource.deleted)
    caveats.emplace_back("it is being deleted (spec.deletionPolicy says what becomes of its forwarders)");
  return caveats;
}

}  // namespace splitdelivery::cli::kubectl
