#include "cli/kubectl/address_answer.h"

#include <array>

#include "api/enums.h"
#include "api/time.h"
#include "cli/kubectl/words.h"

namespace splitdelivery::cli::kubectl {
namespace {

using plan::Owner;
using plan::ServerDoes;
using plan::Standing;

struct KindWord {
  api::Kind kind;
  std::string_view word;
};

constexpr auto kKindWords = std::to_array<KindWord>({{api::Kind::Primary, "a user"},
                                                     {api::Kind::Alias, "an alias"},
                                                     {api::Kind::Group, "a group"},
                                                     {api::Kind::GroupAlias, "an alias of a group"}});

std::string kindsText(api::Kinds kinds) {
  std::string text;
  for (const auto& [kind, word] : kKindWords) {
    if (kinds.any(kind)) text.append(text.empty() ? "" : " and ").append(word);
  }
  return text;
}

std::string joined(const api::Destinations& destinations) {
  std::string text;
  for (const std::string& destination : destinations) text.append(text.empty() ? "" : ", ").append(destination);
  return text.empty() ? "nowhere" : text;
}

/// What the mail server does: continues "the mail server ".
std::string serverText(const AddressAnswer& answer) {
  const plan::DestinationOf& found = answer.found;
  const std::string to = joined(found.present) + (found.leadsToZoho ? ", which is Zoho" : "");
  switch (found.server) {
    case ServerDoes::Forwards:
      return "forwards it to " + to;
    case ServerDoes::ForwardsAndKeeps:
      return "forwards it to " + to + ", and keeps a copy in its own mailbox";
    case ServerDoes::Delivers:
      return "delivers it to its own mailbox";
    case ServerDoes::NoRule:
      return "has no rule for it: its catch-all takes it, where there is one, else it is refused";
    case ServerDoes::NotKnown:
      break;
  }
  return found.standing == Standing::NotSeen ? "was not looked at: no pass has listed both sides yet"
                                             : "has no forwarder for it, and whether it has a mailbox is not known";
}

}  // namespace

std::string zohoKindText(const AddressAnswer& answer) {
  const plan::DestinationOf& found = answer.found;
  if (found.standing == Standing::NotSeen && found.atZoho.empty()) return "not looked at yet";
  std::string text = found.atZoho.empty() ? "not listed" : kindsText(found.atZoho);
  if (found.atZoho.empty() && !found.listingProves) text += " (the listing was not complete)";
  if (found.blocked) text += ", whose incoming mail Zoho blocks";
  if (found.extra) text += found.atZoho.empty() ? "; only in spec.addresses.extra" : "; in spec.addresses.extra too";
  return text;
}

std::string forwarderText(const AddressAnswer& answer) {
  if (answer.found.owner == Owner::Nobody)
    return answer.found.standing == Standing::NotSeen ? "not looked at yet" : "none";
  return "to " + joined(answer.found.present) + " (" + std::string(api::choiceMeaning(answer.found.owner)) + ")";
}

std::string whereText(const AddressAnswer& answer) {
  const std::string& first = answer.resource.status.firstReceiver;
  const plan::DestinationOf& found = answer.found;
  const std::string server = serverText(answer);
  if (first == "MailServer") return "the mail server, which receives first, " + server;
  if (first == "Other") return "another host receives first; the mail server, where it is handed on to it, " + server;
  if (first != "Zoho") return "who receives first is not known; the mail server, where it gets it, " + server;
  if (found.atZoho.empty() && found.extra) {
    return "Zoho receives first and delivers it itself (a shared inbox: spec.addresses.extra)";
  }
  if (found.atZoho.empty()) {
    return "Zoho receives first and does not list it; the mail server, where Zoho hands unknown addresses on, " +
           server;
  }
  return found.blocked ? "Zoho receives first and refuses it: incoming mail is blocked for its owner"
                       : "Zoho receives first and delivers it itself (" + kindsText(found.atZoho) + ")";
}

std::string whyText(const AddressAnswer& answer) {
  std::string meaning(api::choiceMeaning(answer.found.standing));
  if (answer.found.line.empty()) return meaning;
  const auto reason = answer.found.line.find(": ");
  const bool conflict = answer.found.standing == Standing::Conflict && reason != std::string::npos;
  return meaning + ": " + (conflict ? answer.found.line.substr(reason + 2) : answer.found.line);
}

std::vector<std::string> doubtsOf(const AddressAnswer& answer) {
  std::vector<std::string> doubts;
  const plan::DestinationOf& found = answer.found;
  if (found.leadsToZoho && found.atZoho.empty() && !found.extra) {
    doubts.emplace_back("it is forwarded to Zoho, which does not list it: Zoho may return such mail");
  }
  if (found.leadsToZoho && found.blocked) doubts.emplace_back("it is forwarded to Zoho, which blocks its owner's mail");
  const api::Condition* routing = answer.resource.condition(api::condition::kRoutingReady);
  // What stands behind "besides" may concern any address: a catch-all, a server that takes no mail of the domain.
  const bool isBroken = routing != nullptr && found.leadsToZoho && routing->status != api::ConditionStatus::True;
  const bool isWarned = routing != nullptr && routing->message.find("besides") != std::string::npos;
  if (isBroken || isWarned) {
    doubts.push_back("the way to Zoho: " + conditionText(answer.resource, api::condition::kRoutingReady));
  }
  const api::Condition* ready = answer.resource.condition(api::condition::kReady);
  if (ready != nullptr && ready->status != api::ConditionStatus::True) {
    doubts.push_back("the resource is not Ready: " + conditionText(answer.resource, api::condition::kReady));
  }
  return doubts;
}

nlohmann::ordered_json answerJson(const AddressAnswer& answer) {
  const plan::DestinationOf& found = answer.found;
  auto kinds = nlohmann::ordered_json::array();
  for (const auto& choice : api::kChoices<api::Kind>) {
    if (found.atZoho.any(choice.value)) kinds.push_back(choice.text);
  }
  nlohmann::ordered_json json{{"namespace", answer.resource.key.ns},
                              {"name", answer.resource.key.name},
                              {"address", answer.address},
                              {"where", whereText(answer)},
                              {"why", whyText(answer)},
                              {"standing", api::choiceText(found.standing)},
                              {"firstReceiver", answer.resource.status.firstReceiver}};
  json["zoho"] = {{"kinds", std::move(kinds)}, {"blocked", found.blocked}, {"complete", found.listingProves}};
  json["extra"] = found.extra;
  json["forwarder"] = {{"owner", api::choiceText(found.owner)}, {"destinations", found.present}};
  json["mailbox"] = found.mailbox ? nlohmann::ordered_json(*found.mailbox) : nlohmann::ordered_json();
  json["mailServer"] = api::choiceText(found.server);
  json["planLine"] = found.line;
  json["doubts"] = doubtsOf(answer);
  json["verifiedAt"] = found.standing == Standing::NotSeen ? nlohmann::ordered_json()
                                                           : nlohmann::ordered_json(api::rfc3339(answer.verifiedAt));
  return json;
}

}  // namespace splitdelivery::cli::kubectl
