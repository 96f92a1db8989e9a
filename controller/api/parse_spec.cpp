#include <algorithm>
#include <charconv>

#include "api/address.h"
#include "api/duration.h"
#include "api/parse_parts.h"

namespace splitdelivery::api {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostSuffixes = 100;
constexpr std::int64_t kMostDeletions = 1'000'000;
constexpr std::chrono::seconds kShortestInterval = 30s;
constexpr std::chrono::seconds kLongestInterval = 24h;

std::string parseDomain(const Fields& spec) {
  const auto text = spec.requiredText("domain", "the domain whose mail is split, such as example.com");
  if (!text) return {};
  auto domain = canonicalDomain(*text);
  if (!domain) spec.error("domain", domain.error().message);
  return std::move(domain).value_or("");
}

std::string parseRoutingHost(const Fields& spec, const std::string& domain) {
  const bool given = spec.has("routingHost");
  if (!given && domain.empty()) return {};
  const auto text = given ? spec.text("routingHost") : "zoho." + domain;
  if (!text) return {};
  auto host = canonicalDomain(*text);
  if (!host) {
    spec.error("routingHost", given ? host.error().message : "is required: zoho.<domain> would be too long a name");
    return {};
  }
  if (*host == domain) {
    spec.error(
        "routingHost",
        "must not be the domain itself, or its mail would go round in a circle: leave it out for zoho." + domain);
  }
  return std::move(*host);
}

Policy parsePolicy(const Fields& spec) {
  if (spec.has("policy")) return spec.choice<Policy>("policy").value_or(Policy::Observe);
  std::string message = "is required:";
  for (const auto& choice : kChoices<Policy>) {
    message +=
        (choice.value == Policy::Observe ? " " : "; ") + std::string(choice.text) + " " + std::string(choice.meaning);
  }
  spec.error("policy", message);
  return Policy::Observe;
}

std::optional<MaxDeletions> percentage(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  MaxDeletions most;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), most.amount);
  if (error != std::errc{} || end != text.data() + text.size() || most.amount > 100) return std::nullopt;
  return most;
}

MaxDeletions parseMaxDeletions(const Fields& spec) {
  const Value* value = spec.get("maxDeletions");
  if (value == nullptr) return {};
  if (const auto* number = std::get_if<std::int64_t>(&value->data); number != nullptr) {
    if (*number >= 0 && *number <= kMostDeletions) return {static_cast<std::uint32_t>(*number), false};
  } else if (const auto* text = std::get_if<std::string>(&value->data); text != nullptr) {
    if (const auto most = percentage(*text)) return *most;
  }
  spec.error("maxDeletions",
             "must be a whole number from 0 to 1000000 without quotes, or a percentage such as \"30%\"");
  return {};
}

DnsSpec parseDns(const Fields& spec) {
  const Fields fields = spec.map("dns", {"check", "holdWithoutRoutingMX", "routingMX"});
  DnsSpec dns;
  dns.check = fields.flag("check", true);
  dns.holdWithoutRoutingMx = fields.flag("holdWithoutRoutingMX", true);
  for (const auto& item : fields.texts("routingMX", kMostSuffixes)) {
    std::string_view suffix = item.text;
    if (suffix.starts_with('.')) suffix.remove_prefix(1);
    auto domain = canonicalDomain(suffix);
    if (domain) {
      dns.routingMx.push_back(std::move(*domain));
    } else {
      spec.errors().push_back({item.path, domain.error().message});
    }
  }
  std::ranges::sort(dns.routingMx);
  const auto repeated = std::ranges::unique(dns.routingMx);
  dns.routingMx.erase(repeated.begin(), repeated.end());
  return dns;
}

std::chrono::seconds parseInterval(const Fields& spec) {
  const Value* value = spec.get("interval");
  if (value == nullptr) return Spec{}.interval;
  const auto* text = std::get_if<std::string>(&value->data);
  const auto interval = text == nullptr ? std::nullopt : parseDuration(*text);
  if (!interval || *interval % 1s != 0ns || *interval < kShortestInterval || *interval > kLongestInterval) {
    spec.error("interval", "must be a duration from 30s to 24h in whole seconds, such as 5m");
    return Spec{}.interval;
  }
  return std::chrono::duration_cast<std::chrono::seconds>(*interval);
}

}  // namespace

Spec parseSpec(const Fields& document) {
  if (!document.has("spec")) {
    document.error("spec", "is required: domain, policy, zoho and directAdmin");
    return {};
  }
  const Fields fields =
      document.map("spec", {"domain", "policy", "routingHost", "delivery", "zoho", "directAdmin", "mxroute",
                            "addresses", "maxDeletions", "approval", "deletionPolicy", "dns", "interval", "suspend"});
  if (!fields.isMap()) return {};
  Spec spec;
  spec.domain = parseDomain(fields);
  spec.policy = parsePolicy(fields);
  spec.routingHost = parseRoutingHost(fields, spec.domain);
  spec.delivery = fields.choice<Delivery>("delivery").value_or(spec.delivery);
  spec.zoho = parseZoho(fields);
  spec.directAdmin = parseMailServer(fields);
  spec.addresses = parseAddresses(fields, spec.domain);
  spec.maxDeletions = parseMaxDeletions(fields);
  spec.approval = fields.choice<Approval>("approval").value_or(spec.approval);
  spec.deletionPolicy = fields.choice<DeletionPolicy>("deletionPolicy").value_or(spec.deletionPolicy);
  spec.dns = parseDns(fields);
  spec.interval = parseInterval(fields);
  spec.suspend = fields.flag("suspend", false);
  return spec;
}

}  // namespace splitdelivery::api
