#include <algorithm>
#include <set>

#include "api/address.h"
#include "api/parse_parts.h"

namespace splitdelivery::api {
namespace {

constexpr std::size_t kMostAddresses = 10'000;

/// The canonical local part of "anna" or "anna@example.com".
base::Result<std::string> localPart(const std::string& text, const std::string& domain) {
  const auto refuse = [](std::string message) {
    return base::fail(base::ErrorKind::Refuse, "InvalidAddress", std::move(message));
  };
  std::string local = canonicalLocal(text);
  if (text.find('@') != std::string::npos) {
    auto address = parseAddress(text);
    if (!address) return tl::unexpected(address.error());
    if (!domain.empty() && address->domain != domain) return refuse("must be an address of " + domain);
    local = std::move(address->local);
  }
  if (local.find('*') != std::string::npos) return refuse("must be one address: patterns are not supported");
  if (!isForwardable(local)) {
    return refuse("must be the part before the @: letters, digits and . _ + - = & ' ~, at most 64, such as anna");
  }
  return local;
}

struct Entries {
  std::vector<std::string> locals;                      ///< sorted, each once
  std::vector<std::pair<std::string, std::string>> at;  ///< path and local part, in the document's order
};

Entries parseEntries(const Fields& fields, std::string_view name, const std::string& domain) {
  Entries entries;
  std::set<std::string> locals;
  for (auto& item : fields.texts(name, kMostAddresses)) {
    const auto local = localPart(item.text, domain);
    if (!local) {
      fields.errors().push_back({item.path, local.error().message});
      continue;
    }
    locals.insert(*local);
    entries.at.emplace_back(std::move(item.path), *local);
  }
  entries.locals.assign(locals.begin(), locals.end());
  return entries;
}

}  // namespace

AddressesSpec parseAddresses(const Fields& spec, const std::string& domain) {
  const Fields fields =
      spec.map("addresses", {"only", "aliases", "groups", "blocked", "extra", "exclude", "mirrorMainDomain"});
  AddressesSpec addresses;
  addresses.aliases = fields.flag("aliases", true);
  addresses.groups = fields.flag("groups", true);
  addresses.blocked = fields.choice<BlockedUsers>("blocked").value_or(BlockedUsers::Drop);
  addresses.only = parseEntries(fields, "only", domain).locals;
  addresses.extra = parseEntries(fields, "extra", domain).locals;
  auto exclude = parseEntries(fields, "exclude", domain);
  for (const auto& [path, local] : exclude.at) {
    if (!std::ranges::binary_search(addresses.extra, local)) continue;
    fields.errors().push_back({path, "is in addresses.extra too: keep it in one of the two"});
  }
  addresses.exclude = std::move(exclude.locals);
  addresses.mirrorMainDomain = fields.flag("mirrorMainDomain", false);
  return addresses;
}

}  // namespace splitdelivery::api
