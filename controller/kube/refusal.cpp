#include "kube/refusal.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kube/client.h"

namespace splitdelivery::kube {
namespace {

using base::Error;
using base::ErrorKind;

/// metav1.Status.reason, which tells AlreadyExists from Conflict; "" when the body is none.
std::string statusReason(const std::string& body) {
  const Json status = Json::parse(body, nullptr, false);
  if (!status.is_object()) return {};
  const auto found = status.find("reason");
  return found != status.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Whether it is because the namespace is being deleted, which RBAC has no part in.
bool isTerminating(const std::string& body) {
  const Json status = Json::parse(body, nullptr, false);
  if (!status.is_object()) return false;
  const auto details = status.find("details");
  if (details == status.end() || !details->is_object()) return false;
  const auto causes = details->find("causes");
  if (causes == details->end() || !causes->is_array()) return false;
  return std::ranges::any_of(*causes, [](const Json& cause) {
    const auto reason = cause.is_object() ? cause.find("reason") : cause.end();
    return reason != cause.end() && *reason == reason::kNamespaceTerminating;
  });
}

/// A 403 that is not for want of a right: RBAC's own says "… cannot get resource …".
bool isOfAdmission(const std::string& body) {
  const Json status = Json::parse(body, nullptr, false);
  if (!status.is_object()) return false;
  const auto message = status.find("message");
  if (message == status.end() || !message->is_string()) return false;
  const auto& text = message->get_ref<const std::string&>();
  return !text.empty() && text.find(" cannot ") == std::string::npos;
}

std::string subject(const Asked& asked) {
  std::string text(asked.type.plural);
  if (!asked.type.group.empty()) text.append(".").append(asked.type.group);
  if (!asked.subresource.empty()) text.append("/").append(asked.subresource);
  return asked.ns.empty() ? text : text + " in the namespace " + asked.ns;
}

Error refused(std::string_view reason, std::string message) {
  return {ErrorKind::Refuse, std::string(reason), std::move(message)};
}

/// Of a kind that it does not serve the API server says so in plain text, of an object with a metav1.Status.
Error notFound(const Asked& asked, const http::Response& answer) {
  if (statusReason(answer.body) == reason::kNotFound) {
    return refused(reason::kNotFound, "there is no such object: " + subject(asked));
  }
  return {ErrorKind::Stall, std::string(reason::kKindNotServed),
          "the API server does not serve " + subject(asked) +
              ": install the CRDs of this version with kubectl apply -f crds/"};
}

}  // namespace

Error refusal(const Asked& asked, const http::Response& answer, base::WallTime now) {
  const std::string what = std::string(asked.verb) + " " + subject(asked);
  switch (answer.status) {
    case 400:
    case 422:
      return refused(reason::kInvalid, "the API server finds our request to " + what +
                                           " invalid: are the CRDs (crds/) of this version installed?");
    case 401:
      return {ErrorKind::Retry, std::string(reason::kUnauthorized),
              "the API server does not know who we are: is the token or the client certificate expired?"};
    case 403:
      if (isTerminating(answer.body)) {
        return refused(reason::kNamespaceTerminating,
                       "the namespace " + asked.ns + " is being deleted: it takes nothing new");
      }
      if (isOfAdmission(answer.body)) {
        return {ErrorKind::Stall, std::string(reason::kForbidden),
                "the API server refuses to let us " + what +
                    ": an admission rule or a quota of the cluster forbids it; ask who runs the cluster which"};
      }
      return {ErrorKind::Stall, std::string(reason::kForbidden),
              "the API server does not let us " + what + ": grant the verb \"" + std::string(asked.verb) +
                  "\" on it (deploy/rbac.yaml)"};
    case 404:
      return notFound(asked, answer);
    case 409:
      return statusReason(answer.body) == reason::kAlreadyExists
                 ? refused(reason::kAlreadyExists, "it is there already: " + subject(asked))
                 : refused(reason::kConflict, "somebody else has changed it meanwhile: " + subject(asked));
    case 410:
      return refused(reason::kExpired, "the API server no longer keeps that version of " + subject(asked));
    case 429:
      return {ErrorKind::Wait, "TooManyRequests", "the API server asks us to slow down",
              answer.retryAfter(now).value_or(std::chrono::seconds{1})};
    default:
      return {ErrorKind::Retry, "APIServerError",
              "the API server answered " + std::to_string(answer.status) + " when asked to " + what,
              answer.retryAfter(now)};
  }
}

}  // namespace splitdelivery::kube
