#include "dns/attempt.h"

#include <arpa/nameser.h>

#include <array>

namespace splitdelivery::dns {
namespace {

/// What gets through anywhere without fragments (DNS flag day 2020).
constexpr int kUdpPayload = 1232;

}  // namespace

Attempt::Attempt(const std::string& servers, std::chrono::milliseconds timeout, Mode mode, const std::string& name,
                 int type) {
  if (const int status = open(servers, timeout, mode); status != ARES_SUCCESS) {
    ending_ = Ending{.status = status};
    return;
  }
  ares_query(channel_, name.c_str(), ns_c_in, type, &Attempt::onAnswer, this);
}

Attempt::~Attempt() {
  if (channel_ != nullptr) ares_destroy(channel_);
}

int Attempt::open(const std::string& servers, std::chrono::milliseconds timeout, Mode mode) {
  // DNS alone: no /etc/hosts, no nsswitch.conf.
  std::array<char, 2> lookups{'b', '\0'};
  ares_options options{};
  options.flags = ARES_FLAG_EDNS | (mode == Mode::Frank ? ARES_FLAG_NOCHECKRESP : 0);
  options.ednspsz = kUdpPayload;
  options.timeout = static_cast<int>(timeout.count());
  options.tries = 1;
  options.lookups = lookups.data();
  options.sock_state_cb = &Attempt::onSocket;
  options.sock_state_cb_data = this;
  const int status = ares_init_options(&channel_, &options,
                                       ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                           ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
  if (status != ARES_SUCCESS) {
    channel_ = nullptr;
    return status;
  }
  return servers.empty() ? ARES_SUCCESS : ares_set_servers_ports_csv(channel_, servers.c_str());
}

std::chrono::milliseconds Attempt::patience() const {
  timeval room{};
  const timeval* const next = ending_ ? nullptr : ares_timeout(channel_, nullptr, &room);
  if (next == nullptr) return std::chrono::milliseconds(0);
  // Rounded up: waking before the time is up would only mean to poll again.
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::seconds(next->tv_sec) +
                                                      std::chrono::microseconds(next->tv_usec));
}

void Attempt::process(std::span<const pollfd> polled) {
  if (ending_) return;
  // An error is read like an answer: that is how c-ares learns that nobody listens there.
  constexpr auto kReadable = POLLIN | POLLERR | POLLHUP;
  for (const pollfd& socket : polled) {
    if (socket.revents == 0) continue;
    ares_process_fd(channel_, (socket.revents & kReadable) != 0 ? socket.fd : ARES_SOCKET_BAD,
                    (socket.revents & POLLOUT) != 0 ? socket.fd : ARES_SOCKET_BAD);
  }
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void Attempt::onSocket(void* self, int socket, int readable, int writable) {
  auto& sockets = static_cast<Attempt*>(self)->sockets_;
  std::erase_if(sockets, [socket](const pollfd& one) { return one.fd == socket; });
  const int events = (readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0);
  if (events != 0) sockets.push_back({.fd = socket, .events = static_cast<short>(events), .revents = 0});
}

void Attempt::onAnswer(void* self, int status, int /*timeouts*/, unsigned char* bytes, int length) {
  Ending ending{.status = status};
  if (bytes != nullptr && length > 0) ending.message.assign(bytes, bytes + length);
  static_cast<Attempt*>(self)->ending_ = std::move(ending);
}

}  // namespace splitdelivery::dns
