#include "simulators/service.h"

#include <optional>
#include <utility>

namespace splitdelivery::simulators {
namespace {

constexpr const char* kHtmlPage =
    "<!doctype html>\n<html><head><title>Service Unavailable</title></head><body><h1>Please come back "
    "later.</h1></body></html>\n";

Reply malformedReply() {
  return {.status = 400, .headers = {{"content-type", "text/plain"}}, .complaints = {"the target is no URL path"}};
}

void strikeReply(const Fault& fault, Delivery& delivery) {
  Reply& reply = delivery.reply;
  switch (fault.kind) {
    case FaultKind::Status:
      reply.status = fault.status;
      reply.headers = {{"content-type", "text/plain"}};
      reply.body = fault.body;
      break;
    case FaultKind::Html:
      reply.status = 200;
      reply.headers = {{"content-type", "text/html"}};
      reply.body = kHtmlPage;
      break;
    case FaultKind::Redirect:
      reply.status = 302;
      reply.headers = {{"location", "/login"}};
      reply.body.clear();
      break;
    case FaultKind::EmptyList:
    case FaultKind::PartialList:
      reply.body = withoutRows(reply.body, fault.kind);
      break;
    case FaultKind::HugeBody:
      delivery.padding = fault.size > reply.body.size() ? fault.size - reply.body.size() : 0;
      break;
    default:
      break;
  }
  for (const auto& [name, value] : fault.headers) reply.headers[name] = value;
}

void strikeWay(const Fault& fault, Delivery& delivery) {
  switch (fault.kind) {
    case FaultKind::Latency:
      delivery.pause = fault.delay;
      break;
    case FaultKind::SlowBody:
      delivery.ending = Delivery::Ending::Slow;
      delivery.pause = fault.delay;
      break;
    case FaultKind::ResetBefore:
    case FaultKind::ResetAfter:
      delivery.ending = Delivery::Ending::Reset;
      break;
    case FaultKind::Hang:
      delivery.ending = Delivery::Ending::Hang;
      break;
    case FaultKind::Truncate:
      delivery.ending = Delivery::Ending::Truncated;
      break;
    default:
      break;
  }
}

}  // namespace

Delivery Service::receive(const Request& request, Time now) {
  Delivery delivery;
  delivery.visit = journal_.arrive(simulator_.api());
  const std::string endpoint = simulator_.endpoint(request);
  const std::optional<Fault> fault = faults_.decide(simulator_.api(), endpoint, request);
  const bool acts = !fault || fault->takesEffect();
  if (acts) delivery.reply = request.malformed ? malformedReply() : simulator_.handle(request, now);
  journal_.record({std::string(simulator_.api()), endpoint, now, delivery.reply.user, acts ? delivery.reply.status : 0,
                   delivery.reply.changes},
                  delivery.reply.complaints);
  if (fault) {
    strikeReply(*fault, delivery);
    strikeWay(*fault, delivery);
  }
  return delivery;
}

}  // namespace splitdelivery::simulators
