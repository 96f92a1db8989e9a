#include "simulators/faults.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace splitdelivery::simulators {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kNames{
    std::pair{FaultKind::Latency, std::string_view("Latency")},
    std::pair{FaultKind::Status, std::string_view("Status")},
    std::pair{FaultKind::ResetBefore, std::string_view("ResetBefore")},
    std::pair{FaultKind::ResetAfter, std::string_view("ResetAfter")},
    std::pair{FaultKind::Hang, std::string_view("Hang")},
    std::pair{FaultKind::Html, std::string_view("Html")},
    std::pair{FaultKind::Truncate, std::string_view("Truncate")},
    std::pair{FaultKind::SlowBody, std::string_view("SlowBody")},
    std::pair{FaultKind::EmptyList, std::string_view("EmptyList")},
    std::pair{FaultKind::PartialList, std::string_view("PartialList")},
    std::pair{FaultKind::HugeBody, std::string_view("HugeBody")},
    std::pair{FaultKind::Redirect, std::string_view("Redirect")},
};

bool matches(const Rule& rule, std::string_view api, std::string_view endpoint, const Request& request) {
  return (rule.api.empty() || rule.api == api) && endpoint.find(rule.endpoint) != std::string_view::npos &&
         (request.target.find(rule.containing) != std::string::npos ||
          request.body.find(rule.containing) != std::string::npos);
}

/// Where an answer keeps its rows: Zoho under data, data.groups or data.domainVO, DirectAdmin at the top.
Json& rowsOf(Json& answer) {
  if (!answer.is_object() || !answer.contains("data")) return answer;
  Json& data = answer["data"];
  if (!data.is_object()) return data;
  for (const char* name : {"groups", "domainVO"}) {
    if (data.contains(name)) return data[name];
  }
  return data;
}

std::string formWithoutRows(const std::string& body, std::size_t kept) {
  std::size_t end = 0;
  for (std::size_t row = 0; row < kept && end < body.size(); ++row)
    end = std::min(body.find('&', end + 1), body.size());
  return body.substr(0, end);
}

}  // namespace

std::string_view nameOf(FaultKind kind) {
  return std::ranges::find(kNames, kind, &decltype(kNames)::value_type::first)->second;
}

std::optional<FaultKind> faultKind(std::string_view name) {
  const auto* const at = std::ranges::find(kNames, name, &decltype(kNames)::value_type::second);
  if (at == kNames.end()) return std::nullopt;
  return at->first;
}

bool Fault::takesEffect() const {
  switch (kind) {
    case FaultKind::Status:
    case FaultKind::ResetBefore:
    case FaultKind::Hang:
    case FaultKind::Html:
    case FaultKind::Redirect:
      return effect.value_or(false);
    default:
      return effect.value_or(true);
  }
}

std::optional<Fault> FaultPlan::decide(std::string_view api, std::string_view endpoint, const Request& request) {
  std::optional<Fault> due;
  for (auto& [rule, count] : rules_) {
    if (!matches(rule, api, endpoint, request)) continue;
    ++count;
    if (!due && (rule.nth.empty() || rule.nth.contains(count))) due = rule.fault;
  }
  return due;
}

std::string withoutRows(const std::string& body, FaultKind emptyOrPartial) {
  const bool empty = emptyOrPartial == FaultKind::EmptyList;
  Json answer = Json::parse(body, nullptr, false);
  if (answer.is_discarded()) {
    const auto rows = static_cast<std::size_t>(std::ranges::count(body, '&')) + 1;
    return formWithoutRows(body, empty ? 0 : rows / 2);
  }
  Json& rows = rowsOf(answer);
  if (!rows.is_structured()) return body;
  const std::size_t kept = empty ? 0 : rows.size() / 2;
  while (rows.size() > kept) rows.erase(std::prev(rows.end()));
  return answer.dump();
}

}  // namespace splitdelivery::simulators
