#pragma once

#include <functional>
#include <optional>

#include "http/transport.h"

namespace splitdelivery::http {

/// Until when a write may be under way; nothing: none may begin. By our own clock.
using Fence = std::function<std::optional<base::SteadyTime>()>;

/// Keeps writes to mail servers within a lease (S11): each is sent only while the fence stands open, and is given up
/// before the fence closes. Judged at the very moment of sending, after whatever the request had to wait for.
///
/// A write is what asks a mail server with POST; everything else passes.
class FencedTransport final : public Transport {
 public:
  /// All of it outlives this.
  FencedTransport(base::Executor& executor, Transport& next, Fence fence)
      : executor_(executor), next_(next), fence_(std::move(fence)) {}

  /// Error besides: Stopped "LeadershipLost", never sent.
  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override;

 private:
  base::Executor& executor_;
  Transport& next_;
  Fence fence_;
};

}  // namespace splitdelivery::http
