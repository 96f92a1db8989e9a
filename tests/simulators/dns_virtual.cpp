#include <algorithm>
#include <utility>

#include "base/await.h"
#include "simulators/dns.h"
#include "simulators/exchange.h"

namespace splitdelivery::simulators {
namespace {

using dns::Answer;
using dns::Outcome;

/// What a client says of a fault; nothing for those that do it no harm.
std::optional<std::string> failureOf(DnsFault fault) {
  switch (fault) {
    case DnsFault::ServFail:
      return "the resolvers could not find it out (SERVFAIL)";
    case DnsFault::Refused:
      return "the resolvers refuse the question (REFUSED)";
    case DnsFault::NotImp:
      return "the resolvers do not know this kind of question (NOTIMP)";
    case DnsFault::Broken:
      return "the resolvers gave an answer that cannot be read";
    case DnsFault::Silent:
    case DnsFault::Garbage:
    case DnsFault::WrongId:
      return "the resolvers did not answer in time";
    case DnsFault::None:
    case DnsFault::Truncated:
    case DnsFault::Slow:
      return std::nullopt;
  }
  return std::nullopt;
}

bool neverAnswers(DnsFault fault) {
  return fault == DnsFault::Silent || fault == DnsFault::Garbage || fault == DnsFault::WrongId;
}

template <class Record>
Answer<Record> answerOf(DnsReply::Code code, std::vector<Record> records) {
  if (code == DnsReply::Code::NoSuchName) return {.outcome = Outcome::NoSuchName};
  if (code == DnsReply::Code::ServFail) return {.failure = *failureOf(DnsFault::ServFail)};
  if (records.empty()) return {.outcome = Outcome::NoData};
  return {.outcome = Outcome::Found, .records = std::move(records)};
}

}  // namespace

void VirtualDns::fail(base::SteadyTime from, base::SteadyTime until, DnsFault fault) {
  outages_.push_back({from, until, fault});
}

DnsFault VirtualDns::faultNow(const std::string& name) const {
  const auto now = executor_.now();
  const auto outage = std::find_if(outages_.begin(), outages_.end(),
                                   [now](const Outage& one) { return one.from <= now && now < one.until; });
  return outage == outages_.end() ? zone_.fault(name) : outage->fault;
}

base::Task<std::optional<std::string>> VirtualDns::ask(std::string name, std::stop_token stop) {
  zone_.count(name);
  const DnsFault fault = faultNow(name);
  base::Duration span = latency;
  if (fault == DnsFault::Slow) span += zone_.slowness();
  const bool late = neverAnswers(fault) || span > patience;
  const auto slept = co_await base::sleepFor(executor_, late ? patience : span, std::move(stop));
  if (slept == base::Slept::Stopped) co_return "the question was given up before an answer came";
  co_return failureOf(late ? DnsFault::Silent : fault);
}

base::Task<Answer<dns::MxRecord>> VirtualDns::mx(std::string name, std::stop_token stop) {
  auto failure = co_await ask(name, std::move(stop));
  if (failure) co_return Answer<dns::MxRecord>{.failure = *std::move(failure)};
  DnsReply reply = zone_.reply(name, DnsType::Mx);
  for (auto& record : reply.mx) {
    record.host = lowerCase(record.host);
    if (record.host.ends_with('.')) record.host.pop_back();
  }
  std::sort(reply.mx.begin(), reply.mx.end());
  co_return answerOf(reply.code, std::move(reply.mx));
}

base::Task<Answer<std::string>> VirtualDns::txt(std::string name, std::stop_token stop) {
  auto failure = co_await ask(name, std::move(stop));
  if (failure) co_return Answer<std::string>{.failure = *std::move(failure)};
  const DnsReply reply = zone_.reply(name, DnsType::Txt);
  std::vector<std::string> records;
  for (const auto& strings : reply.txt) {
    std::string& joined = records.emplace_back();
    for (const auto& text : strings) joined += text;
  }
  co_return answerOf(reply.code, std::move(records));
}

}  // namespace splitdelivery::simulators
