#include "reconcile/spf.h"

#include <algorithm>

#include "api/address.h"
#include "api/zoho_hosts.h"
#include "base/ascii.h"
#include "reconcile/routing_names.h"

namespace splitdelivery::reconcile {
namespace {

constexpr std::string_view kVersion = "v=spf1";

/// The part that names Zoho's mail, as it is to be written.
std::string zohosPart(const api::Spec& spec) {
  const auto hosts = api::zohoHosts(spec.zoho.dataCenter);
  if (!hosts || hosts->spfInclude.empty()) return "the include that Zoho's admin console shows for the domain";
  return "include:" + std::string(hosts->spfInclude);
}

void readName(std::string_view name, const api::Spec& spec, SpfRecord& record) {
  const auto hosts = api::zohoHosts(spec.zoho.dataCenter);
  if (hosts && api::isSpfOf(*hosts, name)) {
    record.zoho = true;
  } else if (api::isZohosSpf(name)) {
    record.otherCenter = true;
  } else {
    record.others = true;
    record.opaque |= api::liesWithin(name, spec.domain) || name.find('%') != std::string_view::npos;
  }
}

/// Only what lets mail pass names anybody: '+', or no sign.
void readTerm(std::string_view term, const api::Spec& spec, SpfRecord& record) {
  if (term.starts_with('+')) term.remove_prefix(1);
  if (term.empty() || term.front() == '-' || term.front() == '~' || term.front() == '?') return;
  if (term == "all" || term.starts_with("redirect=")) {
    record.opaque = true;
  } else if (term.starts_with("include:")) {
    std::string_view name = term.substr(8);
    if (name.ends_with('.')) name.remove_suffix(1);
    readName(name, spec, record);
  } else if (term.find('=') == std::string_view::npos) {  // a, mx, ip4, ip6, exists, ptr; "exp=" names nobody
    record.others = true;
    record.opaque |= term.starts_with("exists:");
  }
}

}  // namespace

bool isSpf(std::string_view text) {
  return base::lowered(text.substr(0, kVersion.size())) == kVersion &&
         (text.size() == kVersion.size() || text[kVersion.size()] == ' ');
}

SpfRecord readSpf(std::string_view text, const api::Spec& spec) {
  SpfRecord record;
  const std::string lower = base::lowered(text.substr(std::min(kVersion.size(), text.size())));
  std::string_view rest = lower;
  while (!rest.empty()) {
    const auto blank = std::min(rest.find(' '), rest.size());
    readTerm(rest.substr(0, blank), spec, record);
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return record;
}

std::optional<Warning> judgeSpf(const api::Spec& spec, const dns::Answer<std::string>& texts) {
  if (texts.outcome == dns::Outcome::Failed) return std::nullopt;
  const auto count = std::ranges::count_if(texts.records, isSpf);
  const std::string& domain = spec.domain;
  const std::string zoho = zohosPart(spec);
  if (count == 0) {
    return Warning{"SPFMissing", domain + " has no SPF record: add one TXT record that begins with v=spf1, names " +
                                     zoho + " and the mail server, and ends with ~all"};
  }
  if (count > 1) {
    return Warning{"SPFRepeated", domain + " has " + std::to_string(count) +
                                      " SPF records, which receivers take for an error: make them one that names " +
                                      zoho + " and the mail server"};
  }
  const SpfRecord record = readSpf(*std::ranges::find_if(texts.records, isSpf), spec);
  if (record.opaque) return std::nullopt;
  if (!record.zoho) {
    const std::string what = record.otherCenter ? " names another data centre of Zoho than " + spec.zoho.dataCenter
                                                : std::string(" does not name Zoho");
    return Warning{"SPFWithoutZoho", "the SPF record of " + domain + what +
                                         ", so mail that Zoho sends may be taken for forged: add " + zoho + " to it"};
  }
  if (record.others) return std::nullopt;
  const std::string server = mailServerHost(spec);
  return Warning{"SPFWithoutMailServer",
                 "the SPF record of " + domain + " names Zoho alone, so mail that the mail server" +
                     (server.empty() ? "" : " (" + server + ")") +
                     " sends may be taken for forged: add to it what the server's provider names for SPF"};
}

}  // namespace splitdelivery::reconcile
