#include "simulators/virtual_network.h"

#include <algorithm>
#include <utility>

#include "base/await.h"

namespace splitdelivery::simulators {
namespace {

using base::ErrorKind;

tl::unexpected<base::Error> lost(std::string_view reason) {
  return base::fail(ErrorKind::Retry, std::string(reason), "The simulated network gave no whole answer.");
}

tl::unexpected<base::Error> stopped() {
  return base::fail(ErrorKind::Stopped, std::string(http::reason::kStopped), "Stopped.");
}

/// Lets time pass until `until`. An error when the deadline or a stop comes first.
base::Task<base::Result<base::Done>> pass(base::Executor& executor, base::SteadyTime until, base::SteadyTime deadline,
                                          std::stop_token stop) {
  if (stop.stop_requested()) co_return stopped();
  const base::SteadyTime end = std::min(until, deadline);
  if (end > executor.now()) {
    const auto slept = co_await base::sleepUntil(executor, end, std::move(stop));
    if (slept == base::Slept::Stopped) co_return stopped();
  }
  if (until >= deadline) co_return lost(http::reason::kTimedOut);
  co_return base::Done{};
}

Request asSeenByServer(const http::Request& request) {
  Headers headers;
  for (const auto& [name, value] : request.headers) headers[lowerCase(name)] = value;
  if (!request.authorization.empty()) headers["authorization"] = request.authorization.reveal();
  if (!request.contentType.empty()) headers["content-type"] = request.contentType;
  return Request::make(request.method, request.path, std::move(headers), request.body);
}

base::Result<http::Response> asSeenByClient(Delivery& delivery, std::size_t bodyLimit) {
  if (delivery.reply.body.size() + delivery.padding > bodyLimit) return lost(http::reason::kAnswerTooLarge);
  http::Response response{.status = delivery.reply.status, .body = std::move(delivery.reply.body)};
  response.body.append(delivery.padding, ' ');
  for (auto& [name, value] : delivery.reply.headers) response.headers.emplace_back(name, value);
  return response;
}

base::SteadyTime endOf(const Delivery& delivery, base::SteadyTime arrival) {
  if (delivery.ending == Delivery::Ending::Hang) return base::SteadyTime::max();
  return arrival + delivery.pause;
}

}  // namespace

VirtualNetwork::VirtualNetwork(base::Executor& executor)
    : executor_(executor), startWall_(executor.wallTime()), start_(executor.now()) {}

void VirtualNetwork::serveWorld(World& world) {
  serve(kAccounts, world.zohoService);
  serve(kMail, world.zohoService);
  serve(kDirectAdmin, world.daService);
}

void VirtualNetwork::setLatency(base::Duration least, base::Duration most) {
  leastLatency_ = least;
  mostLatency_ = std::max(least, most);
}

void VirtualNetwork::setDown(const std::string& origin, bool down) {
  if (down) {
    down_.insert(origin);
  } else {
    down_.erase(origin);
  }
}

Time VirtualNetwork::serverTime() const {
  return startWall_ + (executor_.now() - start_);
}

base::Duration VirtualNetwork::halfWay() {
  const auto span = static_cast<std::uint64_t>((mostLatency_ - leastLatency_).count());
  const auto extra = span == 0 ? 0 : executor_.random() % (span + 1);
  return (leastLatency_ + base::Duration(static_cast<base::Duration::rep>(extra))) / 2;
}

Delivery VirtualNetwork::receive(Service& service, const Request& request) const {
  if (duplicateWrites && service.isWrite(request)) service.receive(request, serverTime());
  return service.receive(request, serverTime());
}

base::Task<base::Result<http::Response>> VirtualNetwork::send(http::Request request, std::stop_token stop) {
  const base::SteadyTime deadline = executor_.now() + request.deadline;
  if (stop.stop_requested()) co_return stopped();
  const auto service = services_.find(request.origin);
  if (service == services_.end()) co_return lost(http::reason::kHostNotFound);
  if (down_.contains(request.origin)) co_return lost(http::reason::kConnectFailed);
  Service& receiver = *service->second;

  const auto there = co_await pass(executor_, executor_.now() + halfWay(), deadline, stop);
  if (!there) co_return base::fail(there.error());

  Delivery delivery = receive(receiver, asSeenByServer(request));
  const base::SteadyTime back = executor_.now() + halfWay();
  const auto arrived = co_await pass(executor_, endOf(delivery, back), deadline, stop);
  if (!arrived) co_return base::fail(arrived.error());

  using Ending = Delivery::Ending;
  if (delivery.ending == Ending::Reset || delivery.ending == Ending::Truncated) {
    co_return lost(http::reason::kConnectionLost);
  }
  co_return asSeenByClient(delivery, request.bodyLimit);
}

}  // namespace splitdelivery::simulators
