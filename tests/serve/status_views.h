#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "serve/status_page.h"

/// Views as the tests of the status page want them.
namespace splitdelivery::serve {

inline const base::WallTime kNow{std::chrono::seconds{1'795'838'400}};  // 2026-11-28 04:00:00

inline DomainView domain(const std::string& name, Urgency urgency, const std::string& reason) {
  return {.key = "mail/" + name,
          .domain = name + ".example.com",
          .policy = "Sync",
          .urgency = urgency,
          .reason = reason,
          .message = "what " + name + " needs",
          .since = kNow - std::chrono::minutes{5},
          .desired = 20,
          .inSync = 18,
          .plan = {.command = "kubectl sdd plan " + name},
          .lastPass = LastPass{kNow - std::chrono::seconds{12}, std::chrono::milliseconds{142}}};
}

inline DomainView held() {
  DomainView view = domain("held", Urgency::NeedsPerson, "DeletionsHeld");
  view.plan.deletes = 32;
  view.plan.updates = 1;
  view.plan.heldCount = 31;
  view.plan.sample = {"~ ben", "- anna"};
  view.plan.held = {.id = "9f3c", .advice = "Run this:", .command = "kubectl sdd approve held 9f3c -n mail"};
  return view;
}

inline StatusView viewOf(std::vector<DomainView> domains) {
  StatusView view{.now = kNow, .version = "0.1.0", .place = "./mail", .firstStep = "write a document"};
  for (const DomainView& each : domains) ++view.totals.at(static_cast<std::size_t>(each.urgency));
  view.domains = std::move(domains);
  return view;
}

/// That each stands behind the one before it.
inline void expectOrder(const std::string& page, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const std::string& part : parts) {
    const auto found = page.find(part, at);
    ASSERT_NE(found, std::string::npos) << part;
    at = found;
  }
}

inline std::size_t times(const std::string& page, const std::string& part) {
  std::size_t count = 0;
  for (auto at = page.find(part); at != std::string::npos; at = page.find(part, at + 1)) ++count;
  return count;
}

}  // namespace splitdelivery::serve
