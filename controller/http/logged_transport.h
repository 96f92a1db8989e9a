#pragma once

#include "http/transport.h"

namespace splitdelivery::http {

/// Logs every request at level debug: method, origin, path, status or reason, duration. Never
/// headers or bodies.
class LoggedTransport final : public Transport {
 public:
  LoggedTransport(base::Executor& executor, Transport& next) : executor_(executor), next_(next) {}

  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override;

 private:
  base::Executor& executor_;
  Transport& next_;
};

}  // namespace splitdelivery::http
