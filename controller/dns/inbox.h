#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "dns/answers.h"

namespace splitdelivery::dns {

/// A question on its way to the QueryLoop.
struct Query {
  std::uint64_t id = 0;
  std::string name;
  int type = 0;
  /// Called once, on the loop's thread, with c-ares' status and, when that is ARES_SUCCESS, the message.
  std::function<void(int status, Message message)> answered;
};

/// Where questions wait for the loop's thread, which sleeps at `wakeUp()` until there is something.
///
/// Every function but `take` may be called from any thread, also after the loop is gone.
class Inbox {
 public:
  /// Throws std::system_error when there is no file descriptor left.
  Inbox();
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// The query's id is given here. 0: the inbox is closed, the question was dropped and will never be answered.
  std::uint64_t put(Query query);
  /// Nobody waits for that answer any more.
  void forget(std::uint64_t id);
  void close();

  struct Mail {
    std::vector<Query> queries{};
    std::vector<std::uint64_t> forgotten{};
    bool closed = false;
  };
  /// Everything since the last time. Never waits.
  [[nodiscard]] Mail take();
  /// A file descriptor that can be read when there is mail.
  [[nodiscard]] int wakeUp() const { return wakeUp_; }

 private:
  void wake() const;

  const int wakeUp_;
  std::mutex mutex_;
  Mail mail_;  ///< guarded by mutex_, like the next
  std::uint64_t lastId_ = 0;
};

}  // namespace splitdelivery::dns
