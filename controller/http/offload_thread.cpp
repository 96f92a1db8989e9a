#include "http/offload_thread.h"

#include <utility>

namespace splitdelivery::http {

OffloadThread::~OffloadThread() {
  std::thread thread;
  {
    const Lock lock(mutex_);
    stopping_ = true;
    thread.swap(thread_);
  }
  changed_.notify_all();
  if (thread.joinable()) thread.join();
}

void OffloadThread::run(Job job) {
  {
    const Lock lock(mutex_);
    jobs_.push_back(std::move(job));
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  }
  changed_.notify_one();
}

void OffloadThread::work() {
  for (;;) {
    Job job;
    {
      const Lock lock(mutex_);
      while (!stopping_ && jobs_.empty()) changed_.wait(mutex_);
      if (stopping_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace splitdelivery::http
