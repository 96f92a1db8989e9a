#include "reconcile/days_witness.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::Time;

constexpr std::size_t kCallsPerMinute = 30;
constexpr std::size_t kMintsPer10Minutes = 10;
/// What was on its way when Zoho said 429.
constexpr base::Duration kOnItsWay = 1s;

/// Counts one more, and gives how many there are in the window that ends with it.
std::size_t counted(std::deque<Time>& times, Time at, base::Duration window) {
  times.push_back(at);
  while (times.front() + window <= at) times.pop_front();
  return times.size();
}

}  // namespace

Time Witness::serverTime() const {
  return start_ + executor_.now().time_since_epoch();
}

void Witness::look() {
  for (const auto& entry : world_.journal.entries()) judge(entry);
  for (const auto& [request, times] : world_.journal.badRequests()) {
    ADD_FAILURE() << "no real server takes this: " << request << ", " << times << " times";
  }
  world_.journal.clear();
  const auto& forwarders = world_.da.forwarders(Universe::kDomain);
  for (const auto& [local, destination] : others_) {
    const auto found = forwarders.find(local);
    ASSERT_NE(found, forwarders.end()) << "somebody else's forwarder is gone: " << local;
    EXPECT_EQ(found->second, destination) << "somebody else's forwarder was changed: " << local;
  }
}

void Witness::judge(const simulators::Journal::Entry& entry) {
  entry.api == "zoho" ? judgeZoho(entry) : judgeServer(entry);
}

void Witness::judgeZoho(const simulators::Journal::Entry& entry) {
  ++zohoRequests;
  if (quiet > 0s && throttledAt_ && entry.at > *throttledAt_ + kOnItsWay) {
    EXPECT_GE(entry.at, *throttledAt_ + quiet) << "Retry-After was not waited for: " << entry.endpoint;
  }
  if (entry.status == 429 && (!throttledAt_ || entry.at > *throttledAt_ + kOnItsWay)) throttledAt_ = entry.at;
  if (entry.endpoint == "POST token") {
    ++mints;
    EXPECT_LE(counted(mintedAt_, entry.at, 10min), kMintsPer10Minutes) << "tokens in 10 minutes";
  } else {
    EXPECT_LE(counted(calledAt_, entry.at, 1min), kCallsPerMinute) << "calls in a minute";
  }
}

void Witness::judgeServer(const simulators::Journal::Entry& entry) {
  ++serverRequests;
  if (entry.user.empty() && entry.status != 0) ++badLogins;
  for (const std::string& change : entry.changes) judgeChange(change, entry.at);
}

void Witness::judgeChange(const std::string& what, Time at) {
  ++mutations;
  // "example.com: + anna -> anna@zoho.example.com"
  const std::string head = std::string(Universe::kDomain) + ": ";
  if (!what.starts_with(head)) return;
  const char sign = what.at(head.size());
  const auto begin = head.size() + 2;
  const std::string local = what.substr(begin, what.find(' ', begin) - begin);
  EXPECT_FALSE(others_.contains(local)) << "somebody else's forwarder was touched: " << what;
  if (sign == '-') {
    judgeDelete(local, at);
  } else if (sign == '+') {
    EXPECT_TRUE(atZoho_.contains(local)) << "made without an address at Zoho: " << what;
    ours_.insert(local);
  } else {
    ADD_FAILURE() << "nothing here calls for a change: " << what;
  }
  countOurs(at);
}

void Witness::judgeDelete(const std::string& local, Time at) {
  ++deletes;
  EXPECT_FALSE(atZoho_.contains(local)) << "Zoho still has " << local << ", and its forwarder was deleted";
  EXPECT_EQ(ours_.erase(local), 1U) << "deleted, and not made by us: " << local;
  if (approved_ > 0) {
    --approved_;
    return;
  }
  std::size_t highest = 0;
  for (auto i = standing_.begin(); i != standing_.end(); ++i) {
    const auto next = std::next(i);
    if (next == standing_.end() || next->first > at - 24h) highest = std::max(highest, i->second);
  }
  const std::size_t allowed = std::max<std::size_t>(1, (highest * percent_ + 99) / 100);
  EXPECT_LE(counted(deletedAt_, at, 24h), allowed) << "deletes in 24 hours, of " << highest;
}

void Witness::recount() {
  const auto& forwarders = world_.da.forwarders(Universe::kDomain);
  std::erase_if(ours_, [&](const std::string& local) { return !forwarders.contains(local); });
  countOurs(serverTime());
}

void Witness::countOurs(Time at) {
  standing_.emplace_back(at, ours_.size());
}

}  // namespace splitdelivery::reconcile
