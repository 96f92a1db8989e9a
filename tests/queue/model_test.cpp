// The queue against a model that is too simple to be wrong: a list that is searched from end to end.

#include <gmock/gmock.h>

#include <random>

#include "queue/rig.h"

namespace splitdelivery::queue {
namespace {

using namespace std::chrono_literals;

class Model {
 public:
  struct Entry {
    base::SteadyTime due;
    Priority priority;
    std::uint64_t asked;
  };

  void want(const std::string& key, base::SteadyTime due, Priority priority) {
    const auto found = wanted.find(key);
    if (found == wanted.end()) {
      wanted[key] = {due, priority, ++asked_};
      return;
    }
    if (due < found->second.due) found->second = {due, found->second.priority, ++asked_};
    if (priority > found->second.priority) found->second.priority = priority;
  }
  void reschedule(const std::string& key, base::SteadyTime due) {
    const auto found = wanted.find(key);
    const Priority priority = found == wanted.end() ? Priority::Background : found->second.priority;
    if (found == wanted.end() || found->second.due != due) wanted[key] = {due, priority, ++asked_};
  }
  [[nodiscard]] bool ignores(const std::string& key) const { return working.contains(key) && forgotten.contains(key); }

  [[nodiscard]] std::size_t dueNow(base::SteadyTime now) const {
    return static_cast<std::size_t>(std::count_if(wanted.begin(), wanted.end(), [&](const auto& entry) {
      return entry.second.due <= now && !working.contains(entry.first);
    }));
  }

  /// "" when nothing is due.
  std::string take(base::SteadyTime now) {
    std::string best;
    for (const auto& [key, entry] : wanted) {
      if (entry.due > now || working.contains(key)) continue;
      if (best.empty() || before(entry, wanted.at(best), now)) best = key;
    }
    if (best.empty()) return best;
    wanted.erase(best);
    working[best] = now;
    return best;
  }

  std::map<std::string, Entry> wanted;
  std::map<std::string, base::SteadyTime> working;
  std::set<std::string> forgotten;

 private:
  static bool before(const Entry& left, const Entry& right, base::SteadyTime now) {
    const auto normal = [now](const Entry& entry) {
      return entry.priority == Priority::Normal || entry.due + 60s <= now;
    };
    if (normal(left) != normal(right)) return normal(left);
    return std::pair(left.due, left.asked) < std::pair(right.due, right.asked);
  }
  std::uint64_t asked_ = 0;
};

/// One random operation after the other on both, compared after each.
class Duel {
 public:
  explicit Duel(std::uint64_t seed) : random_(seed) {}

  void step() {
    const std::string key(1, static_cast<char>('a' + pick(12)));
    const auto pause = std::chrono::seconds{pick(4) == 0 ? 0 : pick(100)};
    const Priority priority = pick(2) == 0 ? Priority::Normal : Priority::Background;
    switch (pick(9)) {
      case 0:
        return add(key, priority);
      case 1:
        return addAfter(key, pause, priority);
      case 2:
        return reschedule(key, pause);
      case 3:
        return pick(3) == 0 ? forget(key) : rig_.clock.advance({});
      case 4:
      case 5:
        return take();
      case 6:
      case 7:
        return done();
      default:
        return rig_.clock.advance(std::chrono::seconds{pick(40)});
    }
  }

  void compare() {
    const auto now = rig_.clock.now();
    EXPECT_EQ(rig_.queue.size(), model_.wanted.size());
    EXPECT_EQ(rig_.queue.inWork(), model_.working.size());
    EXPECT_EQ(rig_.queue.dueNow(), model_.dueNow(now));
    EXPECT_LE(rig_.executor.armed.size(), 1U);
    std::optional<base::Duration> longest;
    for (const auto& [key, since] : model_.working) longest = std::max(longest.value_or(0s), now - since);
    EXPECT_EQ(rig_.queue.longestInWork(), longest);
  }

  [[nodiscard]] int handedOut() const { return handedOut_; }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  void add(const std::string& key, Priority priority) {
    rig_.queue.add(key, priority);
    model_.forgotten.erase(key);
    model_.want(key, rig_.clock.now(), priority);
  }
  void addAfter(const std::string& key, base::Duration pause, Priority priority) {
    rig_.queue.addAfter(key, pause, priority);
    if (!model_.ignores(key)) model_.want(key, rig_.clock.now() + pause, priority);
  }
  void reschedule(const std::string& key, base::Duration pause) {
    rig_.queue.reschedule(key, pause);
    if (!model_.ignores(key)) model_.reschedule(key, rig_.clock.now() + pause);
  }
  void forget(const std::string& key) {
    rig_.queue.forget(key);
    model_.wanted.erase(key);
    if (model_.working.contains(key)) model_.forgotten.insert(key);
  }
  void take() {
    const std::string key = rig_.take();
    ASSERT_EQ(key, model_.take(rig_.clock.now()));
    if (!key.empty()) ++handedOut_;
  }
  void done() {
    if (model_.working.empty()) return;
    const auto one = std::next(model_.working.begin(), pick(static_cast<unsigned>(model_.working.size())));
    rig_.queue.done(one->first);
    model_.forgotten.erase(one->first);
    model_.working.erase(one);
  }

  std::mt19937_64 random_;
  Rig rig_;
  Model model_;
  int handedOut_ = 0;
};

class AQueue : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AQueue, DoesWhatTheModelDoes) {
  Duel duel(GetParam());
  for (int i = 0; i < 10'000; ++i) {
    duel.step();
    duel.compare();
    ASSERT_FALSE(HasFailure()) << "at operation " << i;
  }
  EXPECT_GT(duel.handedOut(), 1'000) << "the walk has become too tame to prove anything";
}

INSTANTIATE_TEST_SUITE_P(Seeds, AQueue, ::testing::Range(std::uint64_t{1}, std::uint64_t{7}));

/// Workers as the controller has them: take, work a while, ask for the next time, done.
struct Crew {
  Rig rig;
  std::stop_source stop;
  std::map<std::string, int> passes;
  std::set<std::string> inside;
  int ended = 0;

  void hire(int count) {
    for (int i = 0; i < count; ++i) {
      base::spawn(rig.executor, work(), [this](const auto&) { ++ended; });
    }
  }
  base::Task<void> work() {
    while (auto key = co_await rig.queue.next(stop.get_token())) {
      EXPECT_TRUE(inside.insert(*key).second) << *key << " is in work twice";
      co_await base::sleepFor(rig.executor, std::chrono::milliseconds{rig.clock.random() % 5'000}, {});
      inside.erase(*key);
      ++passes[*key];
      rig.queue.addAfter(*key, 5min);
      rig.queue.done(*key);
    }
  }
};

TEST(ACrewOfWorkers, GivesEveryKeyItsTurnForADayAndStops) {
  Crew crew;
  crew.hire(4);
  for (int i = 0; i < 100; ++i) crew.rig.queue.add("domain" + std::to_string(i), Priority::Background);
  for (int minute = 0; minute < 24 * 60; ++minute) {
    crew.rig.queue.add("domain" + std::to_string(crew.rig.clock.random() % 100));
    crew.rig.clock.advance(1min);
  }
  EXPECT_EQ(crew.passes.size(), 100U);
  for (const auto& [key, count] : crew.passes) EXPECT_GE(count, 24 * 60 / 7) << key;
  crew.stop.request_stop();
  crew.rig.clock.advance(1min);
  EXPECT_EQ(crew.ended, 4);
}

}  // namespace
}  // namespace splitdelivery::queue
