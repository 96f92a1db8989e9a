#include "kube/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <map>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace splitdelivery::kube {
namespace {

using Clock = std::chrono::steady_clock;
using How = ChildEnd::How;

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  void set(int number) {
    close();
    number_ = number;
  }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Texts as execve takes them.
class Texts {
 public:
  explicit Texts(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> argumentsOf(const ChildOrder& order) {
  std::vector<std::string> arguments{order.command};
  arguments.insert(arguments.end(), order.arguments.begin(), order.arguments.end());
  return arguments;
}

std::vector<std::string> environmentOf(const ChildOrder& order) {
  std::map<std::string, std::string> values;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) values[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : order.environment) values[name] = value;
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const auto& [name, value] : values) texts.push_back(std::string(name).append("=").append(value));
  return texts;
}

/// 0, or why not.
int spawn(const ChildOrder& order, int output, pid_t& pid) {
  const Texts arguments(argumentsOf(order));
  const Texts environment(environmentOf(order));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (!order.inheritsInput) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // Ours keeps SIGINT and SIGTERM for the main thread; a plugin that inherits that could not be interrupted.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int failure =
      ::posix_spawnp(&pid, order.command.c_str(), &actions, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

int millisecondsUntil(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
}

/// Adds what there is to read. False at its end.
bool readSome(int from, std::string& output) {
  std::array<char, 4096> buffer{};
  const ssize_t size = ::read(from, buffer.data(), buffer.size());
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  output.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}

/// Until the child has ended, and what it had written by then is read: what it has started itself may hold its output
/// open for ever.
How follow(int child, Descriptor& from, Clock::time_point end, std::size_t longest, std::string& output) {
  bool ended = false;
  while (!ended || from.number() >= 0) {
    // A descriptor below zero is passed over.
    std::array<pollfd, 2> watched{{{from.number(), POLLIN, 0}, {ended ? -1 : child, POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), ended ? 0 : millisecondsUntil(end));
    if (ready < 0 && errno != EINTR) return How::NotStarted;
    if (ready == 0) return ended ? How::Ended : How::TimedOut;
    if (ready < 0) continue;
    if (watched[0].revents != 0 && !readSome(from.number(), output)) from.close();
    if (watched[1].revents != 0) ended = true;
    if (output.size() > longest) return How::SaidTooMuch;
  }
  return How::Ended;
}

}  // namespace

ChildEnd runChild(const ChildOrder& order, std::chrono::milliseconds patience, std::size_t longestOutput) {
  const auto until = Clock::now() + patience;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {.how = How::NotStarted};
  Descriptor from(ends[0]);
  Descriptor into(ends[1]);
  pid_t pid = 0;
  if (const int failure = spawn(order, into.number(), pid); failure != 0) {
    return {.how = failure == ENOENT ? How::NotFound : How::NotStarted};
  }
  into.close();
  ChildEnd end;
  // Not by its wrapper, which glibc 2.36 declares for C alone.
  const Descriptor child(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  end.how = child.number() < 0 ? How::NotStarted : follow(child.number(), from, until, longestOutput, end.output);
  if (end.how != How::Ended) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  constexpr int kSignalled = 128;
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
  return end;
}

}  // namespace splitdelivery::kube
