#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/exchange.h"

namespace splitdelivery::simulators {

/// What can go wrong with one request.
enum class FaultKind {
  Latency,      ///< the answer comes `delay` late; the server has acted at once
  Status,       ///< `status` with `body`, and nothing done
  ResetBefore,  ///< the connection is reset before the server acts
  ResetAfter,   ///< … after it has acted
  Hang,         ///< no answer, ever; nothing done
  Html,         ///< HTTP 200 and an HTML page; nothing done
  Truncate,     ///< half of the answer, then the end of the connection
  SlowBody,     ///< the body comes in drips, the last one `delay` after the first
  EmptyList,    ///< the answer's rows are gone
  PartialList,  ///< the second half of the answer's rows is gone
  HugeBody,     ///< the answer is followed by blanks up to `size` bytes
  Redirect,     ///< 302 to the address in header "location", else to a login page; nothing done
};

[[nodiscard]] std::string_view nameOf(FaultKind kind);
[[nodiscard]] std::optional<FaultKind> faultKind(std::string_view name);

struct Fault {
  FaultKind kind = FaultKind::Status;
  int status = 503;                           ///< Status
  std::chrono::milliseconds delay{1000};      ///< Latency, SlowBody
  std::size_t size = std::size_t{64} << 20U;  ///< HugeBody
  std::optional<bool> effect{};               ///< whether the server acts; unset: as the kind says above
  Headers headers{};                          ///< added to the answer: {{"retry-after", "60"}}
  std::string body{};                         ///< Status

  [[nodiscard]] bool takesEffect() const;
};

/// Which requests a fault strikes. Empty strings match everything.
///
///     faults.add({.api = "da", .endpoint = "POST", .nth = {1}, .fault = {.kind = FaultKind::ResetAfter}});
struct Rule {
  std::string api{};         ///< "zoho" or "da"
  std::string endpoint{};    ///< part of the journal's name: "GET groups", "CMD_API_POP"
  std::string containing{};  ///< part of the target or the body: "domain=example.com"
  std::set<unsigned> nth{};  ///< which of the matching requests, from 1; empty: every one
  Fault fault{};
};

/// The rules in force. Every matching rule counts the request, the first that is due strikes.
class FaultPlan {
 public:
  void add(Rule rule) { rules_.push_back({std::move(rule), 0}); }
  void clear() { rules_.clear(); }
  [[nodiscard]] std::size_t size() const { return rules_.size(); }

  [[nodiscard]] std::optional<Fault> decide(std::string_view api, std::string_view endpoint, const Request& request);

 private:
  struct Counted {
    Rule rule;
    unsigned matches;
  };
  std::vector<Counted> rules_;
};

/// What is left of an answer whose rows are cut: none of them, or the first half.
[[nodiscard]] std::string withoutRows(const std::string& body, FaultKind emptyOrPartial);

}  // namespace splitdelivery::simulators
