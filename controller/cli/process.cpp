#include "cli/process.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <exception>
#include <optional>
#include <string_view>

#include "cli/cli.h"

namespace splitdelivery::cli {
namespace {

constexpr int kEnded = SIGUSR1;

sigset_t waitedFor(bool hangup) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, kEnded}) sigaddset(&set, signal);
  if (hangup) sigaddset(&set, SIGHUP);
  return set;
}

/// The next signal; 0 when none has come by then.
int nextSignal(const sigset_t& set, std::optional<std::chrono::steady_clock::time_point> until) {
  int signal = 0;
  if (!until) {
    sigwait(&set, &signal);
    return signal;
  }
  const auto left = *until - std::chrono::steady_clock::now();
  if (left <= std::chrono::steady_clock::duration::zero()) return 0;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec span{.tv_sec = seconds.count(),
                      .tv_nsec = std::chrono::duration_cast<std::chrono::nanoseconds>(left - seconds).count()};
  signal = sigtimedwait(&set, nullptr, &span);
  return signal < 0 && errno == EAGAIN ? 0 : signal;
}

/// Not through the logger: whoever hangs may be writing to it.
[[noreturn]] void leaveBehind() {
  constexpr std::string_view kText =
      "something did not end in time and is left behind; the next start goes on from there\n";
  ::fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
  static_cast<void>(::write(STDERR_FILENO, kText.data(), kText.size()));
  _exit(kError);
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

SignalMask::SignalMask(Hangup hangup) : hangup_(hangup) {
  const sigset_t set = waitedFor(hangupIsCaught());
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int runToEnd(base::Executor& executor, const SignalMask& mask,
             const std::function<base::Task<int>(std::stop_token)>& start, Hangups* hangups) {
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

  const sigset_t set = waitedFor(mask.hangupIsCaught());
  std::optional<std::chrono::steady_clock::time_point> endBy;
  while (!ended) {
    const int signal = nextSignal(set, endBy);
    if (signal == 0) {
      leaveBehind();
    }
    if (signal == SIGHUP) {
      if (hangups != nullptr) hangups->raise();
    } else if (signal == SIGINT || signal == SIGTERM) {
      if (endBy) dieOf(signal);
      endBy = std::chrono::steady_clock::now() + kLongestStop;
      executor.post([stop]() mutable { stop.request_stop(); });
    }
  }
  if (failure) std::rethrow_exception(failure);
  return *value;
}

}  // namespace splitdelivery::cli
