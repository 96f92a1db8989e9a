#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"
#include "http/transport.h"
#include "simulators/world.h"

namespace splitdelivery::simulators {

/// A Transport without sockets: requests reach the simulators by their origin, in the executor's time.
///
///     VirtualExecutor executor;
///     World world;
///     VirtualNetwork network(executor);
///     network.serveWorld(world);
///     executor.run(network.send({.origin = VirtualNetwork::kMail, .path = "/api/…"}, {}));
///
/// Faults become what they are to a client: a hang lasts until the request's deadline (TimedOut), a
/// reset or half an answer is ConnectionLost, too much of one AnswerTooLarge. The servers' clock runs
/// with the executor's steady time, so that a jump of the client's wall clock does not move it. Lives
/// on the executor; must outlive its requests, as must what it serves.
class VirtualNetwork final : public http::Transport {
 public:
  static constexpr const char* kAccounts = "https://accounts.zoho.com";
  static constexpr const char* kMail = "https://mail.zoho.com";
  static constexpr const char* kDirectAdmin = "https://da.test:2222";

  explicit VirtualNetwork(base::Executor& executor);

  /// From now on requests to `origin` ("https://host:port") go to `service`. Other origins do not resolve.
  void serve(std::string origin, Service& service) { services_.insert_or_assign(std::move(origin), &service); }
  /// Zoho at its hosts of the us data centre, DirectAdmin at kDirectAdmin.
  void serveWorld(World& world);

  /// The way there and back takes between `least` and `most` together, chosen by the executor's seed.
  void setLatency(base::Duration least, base::Duration most);
  /// Nobody listens at that origin (ConnectFailed) until it is said to be up again.
  void setDown(const std::string& origin, bool down);
  /// Each write reaches the server twice and the second answer comes back, as when the HTTP library
  /// re-sends on a kept-alive connection that had ended (S8).
  bool duplicateWrites = false;

  base::Task<base::Result<http::Response>> send(http::Request request, std::stop_token stop) override;

 private:
  [[nodiscard]] Time serverTime() const;
  [[nodiscard]] base::Duration halfWay();
  Delivery receive(Service& service, const Request& request) const;

  base::Executor& executor_;
  std::map<std::string, Service*> services_;
  std::set<std::string> down_;
  base::Duration leastLatency_{0};
  base::Duration mostLatency_{0};
  base::WallTime startWall_;
  base::SteadyTime start_;
};

}  // namespace splitdelivery::simulators
