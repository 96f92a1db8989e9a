#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/exchange.h"

namespace splitdelivery::simulators {

/// Everything that was asked of the simulators, and what it did.
///
/// Counters cover the whole life; of single requests and changes the youngest `kKept` are kept.
/// Bodies, queries and credentials never get in.
class Journal {
 public:
  static constexpr std::size_t kKept = 100'000;

  struct Entry {
    std::string api;
    std::string endpoint;  ///< "GET CMD_API_EMAIL_FORWARDERS", "GET accounts"
    Time at;
    std::string user;  ///< who was recognised, or ""
    int status;        ///< what the simulator answered; 0: it never came to that
    std::vector<std::string> changes;
  };
  struct Mutation {
    std::string api;
    std::string user;
    Time at;
    std::string what;  ///< "example.com: + anna -> anna@zoho.example.com"
  };
  /// A request under way; it ends when the last copy goes, even after the journal.
  using Visit = std::shared_ptr<const void>;

  [[nodiscard]] Visit arrive(std::string_view api);
  void record(Entry entry, const std::vector<std::string>& complaints);
  void clear();

  [[nodiscard]] const std::deque<Entry>& entries() const { return entries_; }
  [[nodiscard]] const std::deque<Mutation>& mutations() const { return mutations_; }
  /// The texts of the changes, oldest first.
  [[nodiscard]] std::vector<std::string> changes() const;
  /// Changed forwarders and switches: two for a request that deletes two.
  [[nodiscard]] std::size_t mutationCount() const { return mutationCount_; }
  /// Requests to that API under an endpoint whose name has `part` in it.
  [[nodiscard]] std::size_t requests(std::string_view api, std::string_view part = {}) const;
  [[nodiscard]] std::size_t maxConcurrency(std::string_view api) const;
  /// Requests that a real server would not have taken, by "api endpoint: why".
  [[nodiscard]] const std::map<std::string, std::size_t>& badRequests() const { return badRequests_; }

  /// What GET /log answers, as JSON. The list of mutations can be left out, their number is always there.
  [[nodiscard]] std::string log(bool withMutations) const;

 private:
  struct Api {
    std::size_t requests = 0;
    std::map<std::string, std::size_t> endpoints{};
    std::shared_ptr<std::size_t> open = std::make_shared<std::size_t>(0);
    std::size_t maxConcurrency = 0;
  };
  std::map<std::string, Api, std::less<>> apis_{{"zoho", {}}, {"da", {}}};
  std::deque<Entry> entries_;
  std::deque<Mutation> mutations_;
  std::size_t mutationCount_ = 0;
  std::map<std::string, std::size_t> badRequests_;
};

}  // namespace splitdelivery::simulators
