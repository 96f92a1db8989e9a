#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {

/// Sits between the simulators and us and sees what a mail admin fears, by the servers' own journal
/// and clock: a forwarder deleted that Zoho has an address for, something touched that we did not make,
/// more deletes in 24 hours than maxDeletions allows, more calls and tokens than Zoho grants.
///
/// The world may only change between two calls of `look`, and through `left` and `came`.
class Witness {
 public:
  Witness(simulators::World& world, base::Executor& executor, std::uint32_t percent)
      : world_(world), executor_(executor), percent_(percent), start_(executor.wallTime()) {}

  /// Judges everything since the last look, and empties the journal.
  void look();

  void came(const std::string& local) { atZoho_.insert(local); }
  void left(const std::string& local) { atZoho_.erase(local); }
  /// From now on this forwarder is somebody else's: it has to stay exactly so.
  void notOurs(const std::string& local, const std::string& destination) { others_[local] = destination; }
  /// A person lets that many deletes happen besides.
  void approve(std::size_t number) { approved_ += number; }
  /// The server lost forwarders by itself.
  void recount();

  [[nodiscard]] const std::set<std::string>& atZoho() const { return atZoho_; }
  [[nodiscard]] const std::map<std::string, std::string>& others() const { return others_; }
  [[nodiscard]] std::size_t approvalsLeft() const { return approved_; }

  std::size_t deletes = 0;    ///< that took effect
  std::size_t mutations = 0;  ///< of any kind
  std::size_t zohoRequests = 0;
  std::size_t mints = 0;
  std::size_t serverRequests = 0;
  std::size_t badLogins = 0;
  /// Zoho, once it has said 429, wants to hear nothing for so long (0: it did not say).
  base::Duration quiet{0};

 private:
  using Time = simulators::Time;

  void judge(const simulators::Journal::Entry& entry);
  void judgeZoho(const simulators::Journal::Entry& entry);
  void judgeServer(const simulators::Journal::Entry& entry);
  void judgeChange(const std::string& what, Time at);
  void judgeDelete(const std::string& local, Time at);
  void countOurs(Time at);
  [[nodiscard]] Time serverTime() const;

  simulators::World& world_;
  base::Executor& executor_;
  std::uint32_t percent_;
  base::WallTime start_;
  std::set<std::string> atZoho_;
  std::map<std::string, std::string> others_;
  std::set<std::string> ours_;  ///< standing, made by us
  std::size_t approved_ = 0;
  std::deque<std::pair<Time, std::size_t>> standing_;  ///< how many of ours, whenever it changed
  std::deque<Time> deletedAt_;
  std::deque<Time> calledAt_;
  std::deque<Time> mintedAt_;
  std::optional<Time> throttledAt_;
};

}  // namespace splitdelivery::reconcile
