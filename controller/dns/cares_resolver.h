#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "dns/resolver.h"

namespace splitdelivery::dns {

class Inbox;

struct ResolverOptions {
  /// Addresses as parseServerAddress reads them, asked in this order; empty: those of /etc/resolv.conf.
  std::vector<std::string> servers{};
  std::chrono::milliseconds timeout{2000};  ///< for one server to answer; ≥ 1 ms
  /// A question ends within `timeout` × `tries` after it was sent, however many servers there are.
  int tries = 3;
};

/// The resolver over c-ares 1.18.
///
/// c-ares does not block but wants its sockets watched. One thread of the resolver's own does that, and nothing
/// else touches c-ares; answers come back through the executor, which must outlive the resolver. Without a question
/// the thread sleeps and no socket is open. At most QueryLoop::kMostUnderWay questions are under way, others wait
/// in order. Destruction ends open questions as Failed; their coroutines may go on after it.
///
/// Names are asked as they are, without a search list. CNAMEs are followed by the servers, as recursive resolvers do.
class CaresResolver final : public Resolver {
 public:
  /// Stall: a server that is no address.
  static base::Result<std::unique_ptr<CaresResolver>> open(base::Executor& executor,
                                                           const ResolverOptions& options = {});
  ~CaresResolver() override;

  base::Task<Answer<MxRecord>> mx(std::string name, std::stop_token stop) override;
  base::Task<Answer<std::string>> txt(std::string name, std::stop_token stop) override;

 private:
  CaresResolver(base::Executor& executor, std::shared_ptr<Inbox> inbox, std::thread thread);

  base::Executor& executor_;
  std::shared_ptr<Inbox> inbox_;
  std::thread thread_;
};

}  // namespace splitdelivery::dns
