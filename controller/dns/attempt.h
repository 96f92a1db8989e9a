#pragma once

#include <ares.h>
#include <poll.h>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dns/answers.h"

namespace splitdelivery::dns {

struct Ending {
  int status = ARES_SUCCESS;  ///< as answers.h takes it
  std::vector<unsigned char> message{};
};

/// One question, put to each server once: a c-ares channel of its own, and the sockets that have to be watched.
///
/// A channel for one question costs some 50 µs more than a shared one. For that each attempt has source ports of
/// its own, which makes answers hard to forge; it can be given up alone, by its destruction (c-ares cancels all of a
/// channel's queries or none); and a changed /etc/resolv.conf is read by the next question. c-ares' own tries are
/// not used: it doubles their time-outs, so that nobody could say when a question ends.
///
/// EDNS is on, since a domain's TXT records seldom fit into the old 512 bytes; truncated answers are asked for again
/// over TCP. One thread. Neither copied nor moved: c-ares knows its address.
class Attempt {
 public:
  enum class Mode {
    Patient,  ///< SERVFAIL, REFUSED and NOTIMP: the next server is asked. c-ares 1.18 calls it ARES_ECONNREFUSED
              ///< when all have said so, as if none had been reached
    Frank,    ///< the first answer is taken, whatever it says
  };

  /// Sends the question. `servers`: "192.0.2.53:53,[2001:db8::53]:53"; empty: those of /etc/resolv.conf. `timeout`
  /// is for each server.
  Attempt(const std::string& servers, std::chrono::milliseconds timeout, Mode mode, const std::string& name, int type);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  [[nodiscard]] const std::optional<Ending>& ending() const { return ending_; }
  /// What to poll, until it has ended.
  [[nodiscard]] const std::vector<pollfd>& sockets() const { return sockets_; }
  /// How soon `process` has to be called even if no socket stirs.
  [[nodiscard]] std::chrono::milliseconds patience() const;
  /// Reads and writes what is ready, and goes on to the next server when the time of one is up.
  void process(std::span<const pollfd> polled);

 private:
  int open(const std::string& servers, std::chrono::milliseconds timeout, Mode mode);
  static void onSocket(void* self, int socket, int readable, int writable);
  static void onAnswer(void* self, int status, int timeouts, unsigned char* bytes, int length);

  ares_channel channel_ = nullptr;
  std::vector<pollfd> sockets_;
  std::optional<Ending> ending_;
};

}  // namespace splitdelivery::dns
