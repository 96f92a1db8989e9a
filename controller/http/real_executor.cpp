#include "http/real_executor.h"

#include <openssl/ssl.h>
#include <pplx/threadpool.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>
#include <utility>

#include "http/offload_thread.h"
#include "http/thread_annotations.h"

namespace splitdelivery::http {

namespace {

/// One, or cancelling is not safe: cpprestsdk closes the socket on the thread that cancels, and with
/// a second thread in the middle of a TLS read Boost 1.74 follows a null pointer (epoll_reactor's
/// start_op reads its descriptor again after waiting for the lock that the close held).
constexpr std::size_t kPoolThreads = 1;
/// More hops than cpprestsdk needs to wind up a request that was cancelled.
constexpr int kHopsToWindUp = 16;
/// Pieces of work before the pool's other work (sockets) gets its turn on this thread.
constexpr int kBatch = 64;

/// cpprestsdk's pool can be sized only once and only before its first use: throws
/// std::runtime_error when something has used it already (it would have 40 threads).
boost::asio::io_service& pool() {
  static const bool sized = [] {
    // First of the two, so that at exit it is cleaned up last, when the pool's threads have ended.
    OPENSSL_init_ssl(0, nullptr);
    crossplat::threadpool::initialize_with_threads(kPoolThreads);
    return true;
  }();
  static_cast<void>(sized);
  return crossplat::threadpool::shared_instance().service();
}

std::mt19937_64 seeded() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

}  // namespace

/// Shared with what the pool still holds when the executor goes. The queue is guarded; timers and
/// randomness are touched only by work, hence by one thread at a time.
struct RealExecutor::State : std::enable_shared_from_this<State> {
  using Timers = std::multimap<base::SteadyTime, std::pair<TimerId, Work>>;

  void post(Work work) EXCLUDES(mutex);
  void drain() EXCLUDES(mutex);
  bool next(Work& work) EXCLUDES(mutex);
  void shutDown() EXCLUDES(mutex);
  void scheduleDrain();
  static void windUpPool();
  TimerId add(base::SteadyTime when, Work work);
  void armAlarm();
  void fireDue();

  Mutex mutex;
  std::condition_variable_any idle;
  std::deque<Work> ready GUARDED_BY(mutex);
  bool draining GUARDED_BY(mutex) = false;  ///< a drain runs or is posted: never two
  bool stopped GUARDED_BY(mutex) = false;

  Timers timers;
  std::unordered_map<TimerId, Timers::iterator> byId;
  TimerId lastTimer = 0;
  boost::asio::steady_timer alarm{pool()};  ///< one for all timers
  std::optional<base::SteadyTime> alarmAt;  ///< what it is set to; a cancelled timer leaves it as it is
  std::mt19937_64 random = seeded();
  std::optional<OffloadThread> offload{std::in_place};
};

void RealExecutor::State::post(Work work) {
  {
    const Lock lock(mutex);
    if (stopped) return;
    ready.push_back(std::move(work));
    if (std::exchange(draining, true)) return;
  }
  scheduleDrain();
}

void RealExecutor::State::scheduleDrain() {
  boost::asio::post(pool(), [state = shared_from_this()] { state->drain(); });
}

void RealExecutor::State::drain() {
  for (int i = 0; i < kBatch; ++i) {
    Work work;
    if (!next(work)) return;
    work();
  }
  scheduleDrain();
}

/// The next piece of work; false, and no longer draining, when there is none.
bool RealExecutor::State::next(Work& work) {
  const Lock lock(mutex);
  if (stopped || ready.empty()) {
    draining = false;
    idle.notify_all();
    return false;
  }
  work = std::move(ready.front());
  ready.pop_front();
  return true;
}

/// Lets what is queued in the pool run, or a process that ends now would leak it: pplx queues bare
/// pointers.
void RealExecutor::State::windUpPool() {
  for (int hop = 0; hop < kHopsToWindUp; ++hop) {
    std::promise<void> reached;
    auto passed = reached.get_future();
    boost::asio::post(pool(), [reached = std::move(reached)]() mutable { reached.set_value(); });
    passed.wait();
  }
}

void RealExecutor::State::shutDown() {
  std::deque<Work> dropped;
  {
    const Lock lock(mutex);
    stopped = true;
    while (draining) idle.wait(mutex);
    dropped.swap(ready);
  }
  windUpPool();
  offload.reset();
  alarm.cancel();
  byId.clear();
  timers.clear();
}

base::Executor::TimerId RealExecutor::State::add(base::SteadyTime when, Work work) {
  const TimerId id = ++lastTimer;
  byId.emplace(id, timers.emplace(when, std::pair{id, std::move(work)}));
  armAlarm();
  return id;
}

void RealExecutor::State::armAlarm() {
  if (timers.empty()) return;
  const base::SteadyTime first = timers.begin()->first;
  // An alarm that is too early does no harm, and most timers (deadlines) are cancelled long before
  // they are due: setting it anew each time would cost more than all the rest.
  if (alarmAt && *alarmAt <= first) return;
  alarmAt = first;
  alarm.expires_at(first);
  alarm.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto state = error ? nullptr : weak.lock();
    if (state) state->post([self = state.get()] { self->fireDue(); });
  });
}

void RealExecutor::State::fireDue() {
  alarmAt.reset();
  const auto now = std::chrono::steady_clock::now();
  // One at a time: each may cancel the next.
  while (!timers.empty() && timers.begin()->first <= now) {
    auto due = timers.extract(timers.begin());
    byId.erase(due.mapped().first);
    due.mapped().second();
  }
  armAlarm();
}

RealExecutor::RealExecutor() : state_(std::make_shared<State>()) {}

RealExecutor::~RealExecutor() {
  try {
    state_->shutDown();
  } catch (...) {
    std::terminate();  // a mutex that cannot be locked: nothing can be put right here
  }
}

base::SteadyTime RealExecutor::now() const {
  return std::chrono::steady_clock::now();
}

base::WallTime RealExecutor::wallTime() const {
  return std::chrono::system_clock::now();
}

void RealExecutor::post(Work work) {
  state_->post(std::move(work));
}

base::Executor::TimerId RealExecutor::runAt(base::SteadyTime when, Work work) {
  return state_->add(when, std::move(work));
}

void RealExecutor::cancel(TimerId timer) {
  const auto found = state_->byId.find(timer);
  if (found == state_->byId.end()) return;
  state_->timers.erase(found->second);
  state_->byId.erase(found);
}

void RealExecutor::offload(Work blocking, Work then) {
  state_->offload->run(
      [weak = std::weak_ptr(state_), blocking = std::move(blocking), then = std::move(then)]() mutable {
        blocking();
        blocking = nullptr;  // what it held is gone before `then` runs
        if (const auto state = weak.lock()) state->post(std::move(then));
      });
}

std::uint64_t RealExecutor::random() {
  return state_->random();
}

}  // namespace splitdelivery::http
