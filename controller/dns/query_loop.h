#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dns/attempt.h"
#include "dns/inbox.h"

namespace splitdelivery::dns {

/// Asks what the inbox brings, on the one thread that calls `run` and that touches c-ares.
///
/// Polls the sockets of every attempt and the inbox; without a question it sleeps without a timer or a socket.
class QueryLoop {
 public:
  struct Settings {
    std::string servers{};  ///< as Attempt takes them
    std::chrono::milliseconds timeout{2000};
    int tries = 3;
  };
  /// Questions under way at a time; others wait in order. Their time begins when they are sent.
  static constexpr std::size_t kMostUnderWay = 100;

  QueryLoop(std::shared_ptr<Inbox> inbox, Settings settings);

  /// Until the inbox is closed; what has no answer by then is given up.
  void run();

 private:
  using Clock = std::chrono::steady_clock;
  struct UnderWay {
    Query query;
    Clock::time_point deadline;
    Attempt::Mode mode = Attempt::Mode::Patient;
    std::unique_ptr<Attempt> attempt{};
  };

  /// False when the inbox is closed.
  bool takeMail();
  void startWaiting();
  void send(UnderWay& one) const;
  void waitAndProcess();
  [[nodiscard]] int pollTimeout() const;
  void settle();
  /// True when the question has been answered; false when it goes on, perhaps with another attempt.
  bool isOver(UnderWay& one) const;
  void giveEverythingUp();

  const std::shared_ptr<Inbox> inbox_;
  const Settings settings_;
  std::deque<Query> waiting_;
  std::map<std::uint64_t, UnderWay> underWay_;
};

}  // namespace splitdelivery::dns
