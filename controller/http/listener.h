#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/task.h"

namespace splitdelivery::http {

/// What somebody asks of us. Nothing in it can be trusted.
struct IncomingRequest {
  std::string method = "GET";  ///< GET or HEAD: the others are refused before
  std::string path = "/";      ///< as it came, percent-encoding and all
  std::string query{};         ///< what follows the question mark, as it came
  std::string accept{};        ///< the Accept header
};

/// What we answer. To HEAD the body is left out and its length is told.
struct OutgoingAnswer {
  int status = 200;
  std::string contentType = "text/plain; charset=utf-8";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

/// The port through which others ask us over HTTP: metrics, health. Listens for as long as it lives.
class Listener {
 public:
  /// Runs on the executor. An exception from it is answered with 500, and its text is told to nobody.
  using Handler = std::function<base::Task<OutgoingAnswer>(IncomingRequest)>;

  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  virtual ~Listener() = default;

  /// The real HOST:PORT, also when port 0 was asked for.
  [[nodiscard]] virtual std::string address() const = 0;
};

}  // namespace splitdelivery::http
