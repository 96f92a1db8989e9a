#include "cli/import_env_report.h"

#include <algorithm>
#include <set>

namespace splitdelivery::cli {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kMostLines = 50;

/// Fit for a terminal, whatever a server has in its lists.
std::string shown(std::string_view text) {
  std::string safe(text);
  std::ranges::replace_if(
      safe, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, '?');
  return safe;
}

std::string joined(const api::Destinations& destinations) {
  std::string text;
  for (const auto& destination : destinations) text += (text.empty() ? "" : ", ") + destination;
  return text;
}

std::string ruleText(const std::string& domain, const api::Forwarder& forwarder) {
  return shown(forwarder.local + "@" + domain + " -> " + joined(forwarder.destinations));
}

std::string kindText(api::Kinds kinds) {
  if (kinds.any(api::Kind::Primary)) return "user";
  if (kinds.any(api::Kind::Alias)) return "alias of a user";
  return kinds.any(api::Kind::Group) ? "group" : "alias of a group";
}

/// What the findings come to, line by line.
class Findings {
 public:
  explicit Findings(const ImportFindings& findings) : findings_(findings) {
    const std::set<std::string> hosted(findings.hosted.begin(), findings.hosted.end());
    for (const auto& address : findings.seenByScript.value_or(std::vector<api::Address>{})) {
      if (hosted.contains(address.domain)) wantedByScript_.insert(address.local + "@zoho." + address.domain);
    }
    for (const auto& domain : findings.domains) judge(domain);
  }

  Lines missed{};          ///< addresses at Zoho that the script does not see
  Lines deletedInError{};  ///< forwarders that it deletes though Zoho has the address
  Lines deletedForeign{};  ///< forwarders that it deletes and did not make
  Lines leftAlone{};
  Lines conflicts{};
  Lines unread{};

 private:
  void judge(const ImportedDomain& domain) {
    const auto addresses = findings_.listing->of(domain.name);
    for (const auto& entry : addresses) judgeAddress(entry, domain);
    if (domain.error) unread.push_back(domain.name + ": " + domain.error->message);
    if (!domain.forwarders) return;
    for (const auto& forwarder : *domain.forwarders) {
      const auto atZoho = std::ranges::find(addresses, forwarder.local,
                                            [](const api::ZohoAddress& entry) { return entry.address.local; });
      judgeForwarder(domain.name, forwarder, atZoho != addresses.end());
    }
  }

  void judgeAddress(const api::ZohoAddress& entry, const ImportedDomain& domain) {
    const auto& seen = findings_.seenByScript;
    if (seen && !std::ranges::binary_search(*seen, entry.address)) {
      missed.push_back(shown(entry.address.text()) + " (" + kindText(entry.kinds) + ")");
    }
    const bool mailbox = domain.mailboxes && std::ranges::binary_search(*domain.mailboxes, entry.address.local);
    if (mailbox) conflicts.push_back(shown(entry.address.text()) + ": has a mailbox on the server too");
  }

  void judgeForwarder(const std::string& domain, const api::Forwarder& forwarder, bool atZoho) {
    const std::string line = ruleText(domain, forwarder);
    const bool right = forwarder.destinations == api::Destinations{forwarder.local + "@zoho." + domain};
    if (findings_.seenByScript && deletedByScript(forwarder))
      (atZoho && right ? deletedInError : deletedForeign).push_back(line);
    if (!atZoho) leftAlone.push_back(line);
    if (atZoho && !right) conflicts.push_back(line + ": Zoho has the address, but the forwarder leads elsewhere");
  }

  [[nodiscard]] bool deletedByScript(const api::Forwarder& forwarder) const {
    const auto& all = forwarder.destinations;
    const bool zoho = std::ranges::any_of(
        all, [](const std::string& destination) { return destination.find("@zoho.") != std::string::npos; });
    return zoho && (all.size() != 1 || !wantedByScript_.contains(all.front()));
  }

  const ImportFindings& findings_;
  std::set<std::string> wantedByScript_;
};

void addSection(std::string& report, const std::string& title, const Lines& lines) {
  if (lines.empty()) return;
  report += "\n" + title + "\n";
  for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) report += "  " + lines[i] + "\n";
  if (lines.size() > kMostLines) report += "  … and " + std::to_string(lines.size() - kMostLines) + " more\n";
}

Lines unknownToZoho(const ImportFindings& findings) {
  Lines lines;
  for (const auto& name : findings.hosted) {
    if (findings.listing->domain(name) == nullptr) lines.push_back(shown(name));
  }
  return lines;
}

/// What Zoho's own lists leave open.
Lines incomplete(const api::Listing& listing) {
  Lines lines;
  for (const auto* part : {&listing.accounts, &listing.groups}) {
    if (part->error) lines.push_back(part->error->message);
  }
  return lines;
}

}  // namespace

std::string importReport(const ScriptSettings& settings, const ImportFindings& findings) {
  std::string report;
  for (const auto& note : settings.notes) report += "note: " + note + "\n";
  report += std::to_string(findings.domains.size()) + " of the server's " + std::to_string(findings.hosted.size()) +
            " domains are in Zoho's organisation " + settings.zoho.organizationId + "\n";

  const Findings found(findings);
  addSection(report, "Could not be read to the end, so that there may be more than what follows:",
             incomplete(*findings.listing));
  addSection(report, "Could not be read on the mail server:", found.unread);
  if (!findings.seenByScript) report += "\nWhat the script sees of Zoho could not be asked for.\n";
  addSection(report, "The script never saw these, for it asks for the first page alone (10 users):", found.missed);
  addSection(report, "It deletes these at its next run, and Zoho has the address: its mail would bounce:",
             found.deletedInError);
  addSection(report, "It deletes these at its next run, and did not make them (shared inboxes, made by hand?):",
             found.deletedForeign);
  addSection(report,
             "Left alone by splitdelivery, for Zoho lists no such address (a shared inbox: put its name under "
             "spec.addresses.extra to have it kept):",
             found.leftAlone);
  addSection(report, "In conflict, left alone until a person decides:", found.conflicts);
  addSection(report, "Hosted, but not in Zoho's organisation, so without a resource:", unknownToZoho(findings));
  return report;
}

}  // namespace splitdelivery::cli
