#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <thread>

#include "http/thread_annotations.h"

namespace splitdelivery::http {

/// One thread for what blocks (files, fsync), started when first needed; jobs run in order.
///
/// `run` may be called from any thread. The destructor waits for the job that is under way and drops
/// those that have not begun.
class OffloadThread {
 public:
  using Job = std::function<void()>;

  OffloadThread() = default;
  OffloadThread(const OffloadThread&) = delete;
  OffloadThread& operator=(const OffloadThread&) = delete;
  ~OffloadThread();

  void run(Job job) EXCLUDES(mutex_);

 private:
  void work() EXCLUDES(mutex_);

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> jobs_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_ GUARDED_BY(mutex_);
};

}  // namespace splitdelivery::http
