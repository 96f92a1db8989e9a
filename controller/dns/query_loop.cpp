#include "dns/query_loop.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace splitdelivery::dns {

QueryLoop::QueryLoop(std::shared_ptr<Inbox> inbox, Settings settings)
    : inbox_(std::move(inbox)), settings_(std::move(settings)) {}

void QueryLoop::run() {
  while (takeMail()) {
    startWaiting();
    waitAndProcess();
    settle();
  }
  giveEverythingUp();
}

bool QueryLoop::takeMail() {
  Inbox::Mail mail = inbox_->take();
  for (Query& query : mail.queries) waiting_.push_back(std::move(query));
  for (const std::uint64_t id : mail.forgotten) {
    std::erase_if(waiting_, [id](const Query& query) { return query.id == id; });
    underWay_.erase(id);
  }
  return !mail.closed;
}

void QueryLoop::startWaiting() {
  while (!waiting_.empty() && underWay_.size() < kMostUnderWay) {
    const std::uint64_t id = waiting_.front().id;
    UnderWay one{.query = std::move(waiting_.front()), .deadline = Clock::now() + settings_.timeout * settings_.tries};
    waiting_.pop_front();
    send(one);
    underWay_.emplace(id, std::move(one));
  }
}

void QueryLoop::send(UnderWay& one) const {
  one.attempt =
      std::make_unique<Attempt>(settings_.servers, settings_.timeout, one.mode, one.query.name, one.query.type);
}

void QueryLoop::waitAndProcess() {
  std::vector<pollfd> polled{{.fd = inbox_->wakeUp(), .events = POLLIN, .revents = 0}};
  for (const auto& [id, one] : underWay_) {
    polled.insert(polled.end(), one.attempt->sockets().begin(), one.attempt->sockets().end());
  }
  if (poll(polled.data(), polled.size(), pollTimeout()) < 0) return;  // A signal came in between.
  auto rest = std::span<const pollfd>(polled).subspan(1);
  for (const auto& [id, one] : underWay_) {
    const std::size_t own = one.attempt->sockets().size();
    one.attempt->process(rest.first(own));
    rest = rest.subspan(own);
  }
}

int QueryLoop::pollTimeout() const {
  if (underWay_.empty()) return -1;
  auto wait = std::chrono::milliseconds::max();
  const auto now = Clock::now();
  for (const auto& [id, one] : underWay_) {
    wait = std::min({wait, one.attempt->patience(), std::chrono::ceil<std::chrono::milliseconds>(one.deadline - now)});
  }
  return static_cast<int>(std::max(wait, std::chrono::milliseconds(0)).count());
}

void QueryLoop::settle() {
  for (auto one = underWay_.begin(); one != underWay_.end();) {
    one = isOver(one->second) ? underWay_.erase(one) : std::next(one);
  }
}

bool QueryLoop::isOver(UnderWay& one) const {
  const bool late = Clock::now() >= one.deadline;
  const auto& ending = one.attempt->ending();
  if (!ending && !late) return false;
  const int status = ending ? ending->status : ARES_ETIMEOUT;
  // Every server has had its turn: again from the first. When all of them were reached and had nothing to say but
  // an error, or none was reached at all, the next round is to tell which.
  const bool why = status == ARES_ECONNREFUSED && one.mode == Attempt::Mode::Patient;
  if (!late && (status == ARES_ETIMEOUT || why)) {
    if (why) one.mode = Attempt::Mode::Frank;
    send(one);
    return false;
  }
  one.query.answered(status, ending ? Message(ending->message) : Message());
  return true;
}

void QueryLoop::giveEverythingUp() {
  for (const auto& [id, one] : underWay_) one.query.answered(ARES_ECANCELLED, {});
  for (const Query& query : waiting_) query.answered(ARES_ECANCELLED, {});
}

}  // namespace splitdelivery::dns
