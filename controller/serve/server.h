#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/listener.h"

namespace splitdelivery::serve {

/// What others may ask of the running program: /metrics, /healthz, /readyz, and / as the status page, or as a list of
/// these.
///
/// A check is a function of a name that gives what is wrong, or nothing; it is asked each time and must not block.
/// Whoever fails a check of liveness is restarted by Kubernetes, so only what a restart mends belongs there. Lives on
/// one executor; must outlive the listener that its handler is given to.
class Server {
 public:
  using Check = std::function<std::optional<std::string>()>;

  explicit Server(std::function<std::string()> metrics) : metrics_(std::move(metrics)) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() = default;

  void addLivenessCheck(std::string name, Check check) { live_.emplace_back(std::move(name), std::move(check)); }
  void addReadinessCheck(std::string name, Check check) { ready_.emplace_back(std::move(name), std::move(check)); }

  /// From now on / is what this makes of the query.
  void setStatusPage(std::function<http::OutgoingAnswer(std::string_view query)> page) { page_ = std::move(page); }

  /// What the checks find wrong now, "name: what".
  [[nodiscard]] std::vector<std::string> troubles() const;
  [[nodiscard]] http::OutgoingAnswer answer(const http::IncomingRequest& request) const;
  [[nodiscard]] http::Listener::Handler handler() const;

 private:
  using Checks = std::vector<std::pair<std::string, Check>>;

  static http::OutgoingAnswer judge(const Checks& checks, bool verbose);

  std::function<std::string()> metrics_;
  std::function<http::OutgoingAnswer(std::string_view)> page_;
  Checks live_;
  Checks ready_;
};

}  // namespace splitdelivery::serve
