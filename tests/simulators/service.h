#pragma once

#include <chrono>
#include <cstddef>

#include "simulators/exchange.h"
#include "simulators/faults.h"
#include "simulators/journal.h"

namespace splitdelivery::simulators {

/// How an answer travels: what a front has to make real, with sockets or in virtual time.
struct Delivery {
  enum class Ending {
    Whole,      ///< the reply, `pause` late
    Slow,       ///< the reply's body in drips, over `pause`
    Truncated,  ///< half of the reply, then the connection ends
    Reset,      ///< the connection is reset without an answer
    Hang,       ///< nothing at all
  };
  Ending ending = Ending::Whole;
  Reply reply{};
  std::chrono::milliseconds pause{0};
  std::size_t padding = 0;  ///< blanks behind the body
  Journal::Visit visit{};   ///< the request counts as under way while this lives
};

/// A simulator behind the faults of the plan, writing the journal. It borrows all three.
class Service {
 public:
  Service(Simulator& simulator, FaultPlan& faults, Journal& journal)
      : simulator_(simulator), faults_(faults), journal_(journal) {}

  Delivery receive(const Request& request, Time now);
  [[nodiscard]] bool isWrite(const Request& request) const { return simulator_.isWrite(request); }

 private:
  Simulator& simulator_;
  FaultPlan& faults_;
  Journal& journal_;
};

}  // namespace splitdelivery::simulators
