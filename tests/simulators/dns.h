#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "dns/resolver.h"

namespace splitdelivery::simulators {

enum class DnsType { Mx, Txt };

/// What can go wrong with a question. What a client makes of it in the end is in brackets.
enum class DnsFault {
  None,
  ServFail,   ///< [Failed]
  Refused,    ///< [Failed]
  NotImp,     ///< [Failed]
  Silent,     ///< no answer, ever [Failed, when its patience ends]
  Garbage,    ///< an empty datagram and some bytes that are no message [Failed, when its patience ends]
  WrongId,    ///< an answer to a question that nobody asked [Failed, when its patience ends]
  Broken,     ///< a good head, and records that break off [Failed]
  Truncated,  ///< over UDP the truncation bit and no record, over TCP the whole answer [as without a fault]
  Slow,       ///< the answer comes `DnsZone::slowness` late [as without a fault]
};

[[nodiscard]] std::string_view nameOf(DnsFault fault);
[[nodiscard]] std::optional<DnsFault> dnsFault(std::string_view name);

/// What DNS says to one question, before a fault comes into it.
struct DnsReply {
  enum class Code { NoError = 0, NoSuchName = 3, ServFail = 2 };
  Code code = Code::NoError;
  std::vector<std::pair<std::string, std::string>> cnames{};  ///< alias and target, in the order of the chain
  std::string owner{};                                        ///< of the records: the end of that chain
  std::vector<dns::MxRecord> mx{};
  std::vector<std::vector<std::string>> txt{};  ///< the strings of each record
};

/// All of DNS, as far as a test needs it: records and faults by name.
///
/// Names in any case, with or without the last dot. A name exists when it, or one below it, has records.
/// May be used from several threads: a DnsServer has its own.
class DnsZone {
 public:
  void setMx(const std::string& name, std::vector<dns::MxRecord> records);
  /// One string each.
  void setTxt(const std::string& name, const std::vector<std::string>& records);
  void setTxtStrings(const std::string& name, std::vector<std::vector<std::string>> records);
  void setCname(const std::string& name, const std::string& target);
  /// Records and fault. False when there was nothing.
  bool remove(const std::string& name);

  void setFault(const std::string& name, DnsFault fault);
  /// For every name that has none of its own.
  void setFaultOfAll(DnsFault fault);
  void setSlowness(std::chrono::milliseconds slowness);

  [[nodiscard]] DnsReply reply(const std::string& name, DnsType type) const;
  [[nodiscard]] DnsFault fault(const std::string& name) const;
  [[nodiscard]] std::chrono::milliseconds slowness() const;

  /// Each time that a server or resolver was asked: repetitions, and once more over TCP, count too.
  void count(const std::string& name);
  [[nodiscard]] std::size_t questions() const;
  [[nodiscard]] std::size_t questions(const std::string& name) const;

 private:
  struct Node {
    std::vector<dns::MxRecord> mx{};
    std::vector<std::vector<std::string>> txt{};
    std::string cname{};
    DnsFault fault = DnsFault::None;

    [[nodiscard]] bool hasRecords() const { return !mx.empty() || !txt.empty() || !cname.empty(); }
  };

  [[nodiscard]] bool exists(const std::string& name) const;

  mutable std::mutex mutex_;  ///< guards all that follows
  std::map<std::string, Node> nodes_;
  std::map<std::string, std::size_t> asked_;
  DnsFault faultOfAll_ = DnsFault::None;
  std::chrono::milliseconds slowness_{500};
};

/// What every domain of the simulated worlds has: its own MX is the mail server, SPF names both systems, and the
/// routing host zoho.<domain> leads to Zoho.
void addMailRecords(DnsZone& zone, const std::string& domain);

/// A Resolver without sockets, in the executor's time. Lives on the executor; must outlive its questions.
///
///     DnsZone zone;
///     VirtualDns dns(executor, zone);
///     zone.setMx("zoho.example.com", {{10, "mx.zoho.com"}});
///     dns.fail(executor.now() + 1h, executor.now() + 2h);   // an outage; several make it flap
class VirtualDns final : public dns::Resolver {
 public:
  VirtualDns(base::Executor& executor, DnsZone& zone) : executor_(executor), zone_(zone) {}

  /// Between `from` and `until` this befalls every question.
  void fail(base::SteadyTime from, base::SteadyTime until, DnsFault fault = DnsFault::ServFail);
  base::Duration latency = std::chrono::milliseconds(5);
  /// How long a question waits for an answer that never comes: as long as CaresResolver by default.
  base::Duration patience = std::chrono::seconds(6);

  base::Task<dns::Answer<dns::MxRecord>> mx(std::string name, std::stop_token stop) override;
  base::Task<dns::Answer<std::string>> txt(std::string name, std::stop_token stop) override;

 private:
  struct Outage {
    base::SteadyTime from;
    base::SteadyTime until;
    DnsFault fault;
  };

  [[nodiscard]] DnsFault faultNow(const std::string& name) const;
  /// Lets the time pass that the question takes. Why it failed, or nothing.
  base::Task<std::optional<std::string>> ask(std::string name, std::stop_token stop);

  base::Executor& executor_;
  DnsZone& zone_;
  std::vector<Outage> outages_;
};

}  // namespace splitdelivery::simulators
