#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "base/executor.h"
#include "base/task.h"

namespace splitdelivery::dns {

/// What became of a question.
enum class Outcome : std::uint8_t {
  Found,       ///< at least one record
  NoData,      ///< the name exists, without records of this type
  NoSuchName,  ///< NXDOMAIN: the name does not exist
  Failed,      ///< SERVFAIL, REFUSED, a time-out, no answer that can be read: nothing is known
};

template <class Record>
struct Answer {
  Outcome outcome = Outcome::Failed;
  std::vector<Record> records{};
  std::string failure{};  ///< Failed: what happened, fit for a message ("the resolvers did not answer in time")

  friend bool operator==(const Answer&, const Answer&) = default;
};

struct MxRecord {
  std::uint16_t preference = 0;
  std::string host;  ///< lower case, no trailing dot; empty: the null MX of RFC 7505, "accepts no mail"

  friend auto operator<=>(const MxRecord&, const MxRecord&) = default;
};

/// The port to DNS. `name` is an A-label name without a trailing dot. Answers are of this moment:
/// who may keep them decides who asks.
class Resolver {
 public:
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  virtual ~Resolver() = default;

  /// Sorted by preference, then host. A stop ends as Failed.
  virtual base::Task<Answer<MxRecord>> mx(std::string name, std::stop_token stop) = 0;

  /// Each record's strings joined, in the order of the answer.
  virtual base::Task<Answer<std::string>> txt(std::string name, std::stop_token stop) = 0;
};

}  // namespace splitdelivery::dns
