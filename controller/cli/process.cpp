#include "cli/process.h"

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <exception>
#include <optional>

namespace splitdelivery::cli {
namespace {

constexpr int kEnded = SIGUSR1;

sigset_t waitedFor() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, kEnded}) sigaddset(&set, signal);
  return set;
}

/// As if nobody had caught it.
void dieOf(int signal) {
  ::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  raise(signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

SignalMask::SignalMask() {
  const sigset_t set = waitedFor();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int runToEnd(base::Executor& executor, const SignalMask& /*mask*/,
             const std::function<base::Task<int>(std::stop_token)>& start) {
  std::stop_source stop;
  std::atomic<bool> ended = false;
  std::optional<int> value;
  std::exception_ptr failure;
  const pthread_t mainThread = pthread_self();
  base::spawn(executor, start(stop.get_token()),
              [&failure, &value, &ended, mainThread](const std::exception_ptr& error, std::optional<int> result) {
                failure = error;
                value = result;
                ended = true;
                pthread_kill(mainThread, kEnded);
              });

  const sigset_t set = waitedFor();
  bool asked = false;
  while (!ended) {
    int signal = 0;
    sigwait(&set, &signal);
    if (signal == kEnded) continue;
    if (asked) dieOf(signal);
    asked = true;
    executor.post([stop]() mutable { stop.request_stop(); });
  }
  if (failure) std::rethrow_exception(failure);
  return *value;
}

}  // namespace splitdelivery::cli
