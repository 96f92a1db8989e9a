#include "simulators/dns.h"

#include <algorithm>
#include <array>

#include "simulators/exchange.h"

namespace splitdelivery::simulators {
namespace {

constexpr std::size_t kLongestChain = 8;

constexpr std::array<std::pair<DnsFault, std::string_view>, 10> kFaults{{{DnsFault::None, "None"},
                                                                         {DnsFault::ServFail, "ServFail"},
                                                                         {DnsFault::Refused, "Refused"},
                                                                         {DnsFault::NotImp, "NotImp"},
                                                                         {DnsFault::Silent, "Silent"},
                                                                         {DnsFault::Garbage, "Garbage"},
                                                                         {DnsFault::WrongId, "WrongId"},
                                                                         {DnsFault::Broken, "Broken"},
                                                                         {DnsFault::Truncated, "Truncated"},
                                                                         {DnsFault::Slow, "Slow"}}};

std::string canonical(const std::string& name) {
  std::string key = lowerCase(name);
  if (key.ends_with('.')) key.pop_back();
  return key;
}

}  // namespace

std::string_view nameOf(DnsFault fault) {
  for (const auto& [known, name] : kFaults) {
    if (known == fault) return name;
  }
  return "";
}

std::optional<DnsFault> dnsFault(std::string_view name) {
  for (const auto& [fault, known] : kFaults) {
    if (known == name) return fault;
  }
  return std::nullopt;
}

void DnsZone::setMx(const std::string& name, std::vector<dns::MxRecord> records) {
  const std::lock_guard lock(mutex_);
  nodes_[canonical(name)].mx = std::move(records);
}

void DnsZone::setTxt(const std::string& name, const std::vector<std::string>& records) {
  std::vector<std::vector<std::string>> strings;
  strings.reserve(records.size());
  for (const auto& record : records) strings.push_back({record});
  setTxtStrings(name, std::move(strings));
}

void DnsZone::setTxtStrings(const std::string& name, std::vector<std::vector<std::string>> records) {
  const std::lock_guard lock(mutex_);
  nodes_[canonical(name)].txt = std::move(records);
}

void DnsZone::setCname(const std::string& name, const std::string& target) {
  const std::lock_guard lock(mutex_);
  nodes_[canonical(name)].cname = canonical(target);
}

bool DnsZone::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return nodes_.erase(canonical(name)) > 0;
}

void DnsZone::setFault(const std::string& name, DnsFault fault) {
  const std::lock_guard lock(mutex_);
  nodes_[canonical(name)].fault = fault;
}

void DnsZone::setFaultOfAll(DnsFault fault) {
  const std::lock_guard lock(mutex_);
  faultOfAll_ = fault;
}

void DnsZone::setSlowness(std::chrono::milliseconds slowness) {
  const std::lock_guard lock(mutex_);
  slowness_ = slowness;
}

DnsReply DnsZone::reply(const std::string& name, DnsType type) const {
  const std::lock_guard lock(mutex_);
  DnsReply reply{.owner = canonical(name)};
  auto node = nodes_.find(reply.owner);
  while (node != nodes_.end() && !node->second.cname.empty()) {
    if (reply.cnames.size() == kLongestChain) return {.code = DnsReply::Code::ServFail};
    reply.cnames.emplace_back(reply.owner, node->second.cname);
    reply.owner = node->second.cname;
    node = nodes_.find(reply.owner);
  }
  if (!exists(reply.owner)) reply.code = DnsReply::Code::NoSuchName;
  if (node == nodes_.end()) return reply;
  if (type == DnsType::Mx) reply.mx = node->second.mx;
  if (type == DnsType::Txt) reply.txt = node->second.txt;
  return reply;
}

bool DnsZone::exists(const std::string& name) const {
  const std::string below = '.' + name;
  return std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& entry) {
    return entry.second.hasRecords() && (entry.first == name || entry.first.ends_with(below));
  });
}

DnsFault DnsZone::fault(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto node = nodes_.find(canonical(name));
  if (node == nodes_.end() || node->second.fault == DnsFault::None) return faultOfAll_;
  return node->second.fault;
}

std::chrono::milliseconds DnsZone::slowness() const {
  const std::lock_guard lock(mutex_);
  return slowness_;
}

void DnsZone::count(const std::string& name) {
  const std::lock_guard lock(mutex_);
  ++asked_[canonical(name)];
}

std::size_t DnsZone::questions() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [name, count] : asked_) sum += count;
  return sum;
}

std::size_t DnsZone::questions(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto asked = asked_.find(canonical(name));
  return asked == asked_.end() ? 0 : asked->second;
}

void addMailRecords(DnsZone& zone, const std::string& domain) {
  zone.setMx(domain, {{10, "mx1.mailserver.example"}});
  zone.setTxt(domain, {"v=spf1 include:zohomail.com include:mailserver.example -all"});
  zone.setMx("zoho." + domain, {{10, "mx.zoho.com"}, {20, "mx2.zoho.com"}, {50, "mx3.zoho.com"}});
}

}  // namespace splitdelivery::simulators
