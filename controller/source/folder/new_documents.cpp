#include "source/folder/new_documents.h"

#include <algorithm>
#include <utility>

#include "api/enums.h"
#include "api/zoho_hosts.h"

namespace splitdelivery::source::folder {
namespace {

using api::Value;
using Map = Value::Map;

constexpr std::size_t kWidth = 98;

Value text(std::string_view value) {
  return Value{std::string(value)};
}

Value secretRef(const std::string& name) {
  return Value{Map{{"name", text(name)}}};
}

Value metadata(const api::ObjectKey& key) {
  return Value{Map{{"name", text(key.name)}, {"namespace", text(key.ns)}}};
}

std::string durationText(std::chrono::seconds duration) {
  const auto count = duration.count();
  if (count % 3600 == 0) return std::to_string(count / 3600) + "h";
  return count % 60 == 0 ? std::to_string(count / 60) + "m" : std::to_string(count) + "s";
}

Value zohoValue(const api::ZohoSpec& zoho) {
  Map map{{"organizationId", text(zoho.organizationId)}, {"dataCenter", text(zoho.dataCenter)}};
  const auto usual = api::zohoHosts(zoho.dataCenter).value_or(api::ZohoHosts{});
  if (zoho.accountsUrl != usual.accountsUrl) map.emplace_back("accountsURL", text(zoho.accountsUrl));
  if (zoho.mailUrl != usual.mailUrl) map.emplace_back("mailURL", text(zoho.mailUrl));
  map.emplace_back("credentialsSecretRef", secretRef(zoho.credentialsSecret));
  return Value{std::move(map)};
}

Value directAdminValue(const api::DirectAdminSpec& directAdmin) {
  Map map{{"server", text(directAdmin.server)}, {"credentialsSecretRef", secretRef(directAdmin.credentialsSecret)}};
  if (!directAdmin.caBundle.empty()) map.emplace_back("caBundle", text(directAdmin.caBundle));
  return Value{std::move(map)};
}

Value specValue(const api::Spec& spec) {
  Map map{{"domain", text(spec.domain)}, {"policy", text(api::choiceText(spec.policy))}};
  if (spec.routingHost != "zoho." + spec.domain) map.emplace_back("routingHost", text(spec.routingHost));
  map.emplace_back("zoho", zohoValue(spec.zoho));
  map.emplace_back("directAdmin", directAdminValue(spec.directAdmin));
  if (spec.interval != api::Spec{}.interval) map.emplace_back("interval", text(durationText(spec.interval)));
  return Value{std::move(map)};
}

/// Bytes outside ASCII and control characters could end the comment, or steer a terminal.
std::string harmless(std::string_view text) {
  std::string safe(text);
  std::ranges::replace_if(
      safe, [](char c) { return c < ' ' || c > '~'; }, '?');
  return safe;
}

}  // namespace

Value newResourceDocument(const api::SplitDeliveryDomain& resource) {
  Value about = metadata(resource.key);
  if (!resource.annotations.empty()) {
    Map annotations;
    for (const auto& [name, value] : resource.annotations) annotations.emplace_back(name, text(value));
    std::get<Map>(about.data).emplace_back("annotations", Value{std::move(annotations)});
  }
  return Value{Map{{"apiVersion", text(api::kApiVersion)},
                   {"kind", text(api::kKind)},
                   {"metadata", std::move(about)},
                   {"spec", specValue(resource.spec)}}};
}

Value newSecretDocument(const api::SecretObject& secret) {
  Map values;
  for (const auto& [name, value] : secret.values) values.emplace_back(name, text(value.reveal()));
  return Value{Map{{"apiVersion", text("v1")},
                   {"kind", text("Secret")},
                   {"metadata", metadata(secret.key)},
                   {"stringData", Value{std::move(values)}}}};
}

std::string newName(std::string_view domain, std::set<std::string>& taken) {
  std::string base(domain);
  std::ranges::replace(base, '.', '-');
  std::string name = base;
  for (int number = 2; !taken.insert(name).second; ++number) name = base + "-" + std::to_string(number);
  return name;
}

std::string yamlComment(std::string_view text) {
  std::string lines;
  std::string line;
  const std::string safe = harmless(text);
  for (std::size_t start = 0; start <= safe.size();) {
    const auto end = std::min(safe.find(' ', start), safe.size());
    const std::string word = safe.substr(start, end - start);
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) lines += "# " + std::exchange(line, {}) + "\n";
    line += (line.empty() ? "" : " ") + word;
    start = end + 1;
  }
  return lines + (line.empty() ? "#" : "# " + line) + "\n";
}

}  // namespace splitdelivery::source::folder
