#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/await.h"
#include "http/transport.h"

namespace splitdelivery::testing {

/// What a path answers, and after how long.
struct Answer {
  base::Result<http::Response> result;
  base::Duration delay{};
};

inline Answer answer(int status, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
  return {http::Response{.status = status, .body = std::move(body), .headers = std::move(headers)}};
}

/// An answer of the Mail API with that `data`.
inline Answer ok(const std::string& data) {
  return answer(200, R"({"status":{"code":200,"description":"success"},"data":)" + data + "}");
}

inline Answer lost(std::string_view reason) {
  return {base::fail(base::ErrorKind::Retry, std::string(reason), "the connection failed")};
}

inline Answer stalled(std::string_view reason) {
  return {base::fail(base::ErrorKind::Stall, std::string(reason), "the way to the server is blocked")};
}

inline Answer after(base::Duration delay, Answer late) {
  late.delay = delay;
  return late;
}

/// A transport of scripted answers that remembers what it was asked and when.
class FakeTransport final : public http::Transport {
 public:
  using Handler = std::function<Answer(const http::Request&)>;

  struct Seen {
    http::Request request;
    base::SteadyTime at;
  };

  explicit FakeTransport(base::Executor& executor) : executor_(executor) {}

  /// `path` with its query, or without: the longer one is looked for first.
  void on(const std::string& path, Handler handler) { handlers_[path] = std::move(handler); }

  /// These answers in turn; the last one for ever.
  void on(const std::string& path, std::vector<Answer> answers) {
    on(path, [answers = std::move(answers), next = std::size_t{0}](const http::Request&) mutable {
      return answers[std::min(next++, answers.size() - 1)];
    });
  }

  base::Task<base::Result<http::Response>> send(http::Request request, std::stop_token stop) override {
    seen_.push_back({request, executor_.now()});
    const Answer given = answerTo(request);
    if (co_await base::sleepFor(executor_, given.delay, stop) == base::Slept::Stopped) {
      co_return base::fail(base::ErrorKind::Stopped, "Stopped", "Stopped.");
    }
    co_return given.result;
  }

  [[nodiscard]] const std::vector<Seen>& seen() const { return seen_; }

  /// How many requests went to paths that start so.
  [[nodiscard]] std::size_t count(const std::string& prefix) const {
    return static_cast<std::size_t>(
        std::count_if(seen_.begin(), seen_.end(), [&](const Seen& s) { return s.request.path.starts_with(prefix); }));
  }

 private:
  Answer answerTo(const http::Request& request) {
    for (const auto& path : {request.path, request.path.substr(0, request.path.find('?'))}) {
      if (const auto found = handlers_.find(path); found != handlers_.end()) return found->second(request);
    }
    ADD_FAILURE() << "nobody expected a request for " << request.path;
    return answer(404, "");
  }

  base::Executor& executor_;
  std::map<std::string, Handler> handlers_;
  std::vector<Seen> seen_;
};

}  // namespace splitdelivery::testing
