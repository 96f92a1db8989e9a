#include "api/address.h"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <set>

#include "api/suggest.h"
#include "cli/cli.h"
#include "cli/kubectl/address_answer.h"
#include "cli/kubectl/commands.h"
#include "cli/kubectl/resource_json.h"
#include "cli/kubectl/words.h"

namespace splitdelivery::cli::kubectl {
namespace {

using base::ErrorKind;
using base::fail;
using base::Result;

/// Of all namespaces, or of the one that was given; where the first is forbidden, of the context's own.
base::Task<Result<std::vector<Resource>>> searched(const Session& session) {
  if (!session.options.ns.empty()) co_return co_await listResources(session, session.ns());
  auto all = co_await listResources(session, "");
  if (all || all.error().reason != kube::reason::kForbidden) co_return all;
  co_return co_await listResources(session, session.ns());
}

/// No resource is about the address's domain: what a person may have meant.
base::Error noDomain(const api::Address& address, const std::vector<Resource>& all) {
  const std::string& domain = address.domain;
  std::string message = "no SplitDeliveryDomain that you may see is about " + domain;
  std::set<std::string_view> domains;
  for (const Resource& resource : all) {
    if (resource.spec && resource.spec->routingHost == domain) {
      return {ErrorKind::Refuse, "DomainNotFound",
              domain + " is the routing host of " + resource.key.text() +
                  ", whose mail goes to Zoho by DNS alone: ask for " + address.local + "@" + resource.domain};
    }
    if (!resource.domain.empty()) domains.insert(resource.domain);
  }
  const std::vector<std::string_view> known(domains.begin(), domains.end());
  const std::string meant = api::didYouMean(domain, known);
  if (!meant.empty()) {
    message += meant;
  } else if (known.empty()) {
    message += ": there is none at all where you may look; give another -n or --context";
  } else {
    message += ": the first of those that there are is about " + std::string(known.front());
  }
  return {ErrorKind::Refuse, "DomainNotFound", message};
}

/// The one that works before those that have lost the domain to it (S15).
bool worksFirst(const Resource& a, const Resource& b) {
  const auto claimed = [](const Resource& resource) {
    const api::Condition* ready = resource.condition(api::condition::kReady);
    return ready != nullptr && ready->reason == "DomainClaimed";
  };
  return claimed(a) < claimed(b);
}

base::Task<Result<AddressAnswer>> answerOf(const Session& session, Resource resource, api::Address address) {
  AddressAnswer answer{.resource = std::move(resource), .address = address.text(), .found = {}};
  // What cannot be used has not been looked at either, or not as it stands there.
  if (!answer.resource.spec) co_return answer;
  const auto book = co_await bookOf(session, answer.resource.key);
  if (!book) co_return fail(book.error());
  if (*book) {
    answer.found = plan::destinationOf(*answer.resource.spec, **book, address.local);
    answer.verifiedAt = (*book)->directory.verifiedAt;
  }
  co_return answer;
}

void print(const Session& session, const AddressAnswer& answer) {
  LinePrinter print = session.printer();
  const plan::DestinationOf& found = answer.found;
  print.headline(answer.address + "  (" + answer.resource.key.text() + ")");
  print.line("  ", "mail       " + whereText(answer));
  print.line("  ", "why        " + whyText(answer));
  print.line("  ", "at Zoho    " + zohoKindText(answer));
  print.line("  ", "forwarder  " + forwarderText(answer));
  print.line("  ", "mailbox    " + std::string(!found.mailbox   ? "not known"
                                               : *found.mailbox ? "on the mail server"
                                                                : "none on the mail server"));
  print.line("  ", "verified   " + (found.standing == plan::Standing::NotSeen
                                        ? std::string("never")
                                        : timeText(answer.verifiedAt, session.executor.wallTime())));
  for (const std::string& doubt : doubtsOf(answer)) print.line("  ", "! " + doubt);
  for (const std::string& caveat : caveatsOf(session, answer.resource)) print.line("  ", "! " + caveat);
}

}  // namespace

base::Task<int> showAddress(const Session& session) {
  const auto address = api::parseAddress(session.options.address);
  if (!address) co_return failed(session, address.error());
  auto all = co_await searched(session);
  if (!all) co_return failed(session, all.error());
  std::vector<Resource> concerned;
  std::ranges::copy_if(*all, std::back_inserter(concerned),
                       [&](const Resource& resource) { return resource.domain == address->domain; });
  if (concerned.empty()) co_return failed(session, noDomain(*address, *all));
  std::ranges::stable_sort(concerned, worksFirst);
  nlohmann::ordered_json json{{"address", address->text()}, {"resources", nlohmann::ordered_json::array()}};
  for (Resource& resource : concerned) {
    const auto answer = co_await answerOf(session, std::move(resource), *address);
    if (!answer) co_return failed(session, answer.error());
    if (session.json()) {
      json["resources"].push_back(answerJson(*answer));
    } else {
      print(session, *answer);
    }
  }
  if (session.json()) printJson(session.out, json);
  co_return kOk;
}

}  // namespace splitdelivery::cli::kubectl
