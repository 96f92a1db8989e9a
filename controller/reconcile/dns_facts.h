#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/executor.h"
#include "base/task.h"
#include "dns/resolver.h"
#include "reconcile/recent.h"

namespace splitdelivery::reconcile {

/// What DNS says of one resource (S13).
struct DnsFacts {
  dns::Answer<dns::MxRecord> routing{};  ///< MX of the routing host
  dns::Answer<dns::MxRecord> domain{};   ///< MX of the domain
  dns::Answer<std::string> texts{};      ///< TXT of the domain, SPF among them

  /// Whether every question got an answer, be it "no such name".
  [[nodiscard]] bool conclusive() const;

  friend bool operator==(const DnsFacts&, const DnsFacts&) = default;
};

/// Asks the three questions side by side. `resolver` outlives the task.
base::Task<DnsFacts> askDns(base::Executor& executor, dns::Resolver& resolver, std::string domain,
                            std::string routingHost, std::stop_token stop);

/// Keeps good news over passes, so that a fleet in which nothing happens asks little. Whatever is bad
/// or failed is not kept: each pass asks again, and sees at once that somebody has mended it.
///
/// Lives on the executor. Holds no more than what was asked in the last ten minutes.
class DnsMemory {
 public:
  explicit DnsMemory(base::Executor& executor) : kept_(executor) {}

  /// What is known of the pair, at most ten minutes old.
  [[nodiscard]] std::optional<DnsFacts> recall(const std::string& domain, const std::string& routingHost) {
    return kept_.recall({domain, routingHost});
  }

  /// Notes facts after they were judged; `routingGood`: the routing host's MX was found to be in order.
  /// Facts that came out of `recall` grow no younger by it.
  void note(const std::string& domain, const std::string& routingHost, const DnsFacts& facts, bool routingGood);

  /// A person has asked for another look: only what is less than a minute old is given again.
  void refresh(const std::string& domain, const std::string& routingHost) { kept_.refresh({domain, routingHost}); }

  [[nodiscard]] std::size_t size() const { return kept_.size(); }

 private:
  Recent<std::pair<std::string, std::string>, DnsFacts> kept_;
};

}  // namespace splitdelivery::reconcile
