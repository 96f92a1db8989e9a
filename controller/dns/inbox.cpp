#include "dns/inbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace splitdelivery::dns {
namespace {

int openEvent() {
  const int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return event;
}

}  // namespace

Inbox::Inbox() : wakeUp_(openEvent()) {}

Inbox::~Inbox() {
  ::close(wakeUp_);
}

std::uint64_t Inbox::put(Query query) {
  const std::lock_guard lock(mutex_);
  if (mail_.closed) return 0;
  query.id = ++lastId_;
  mail_.queries.push_back(std::move(query));
  wake();
  return lastId_;
}

void Inbox::forget(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  if (mail_.closed) return;
  mail_.forgotten.push_back(id);
  wake();
}

void Inbox::close() {
  const std::lock_guard lock(mutex_);
  mail_.closed = true;
  wake();
}

Inbox::Mail Inbox::take() {
  const std::lock_guard lock(mutex_);
  eventfd_t count = 0;
  // Fails when there is no mail, which is fine.
  (void)eventfd_read(wakeUp_, &count);
  return std::exchange(mail_, Mail{.closed = mail_.closed});
}

void Inbox::wake() const {
  // Fails only when the counter is full, that is when the loop has long been woken.
  (void)eventfd_write(wakeUp_, 1);
}

}  // namespace splitdelivery::dns
