#pragma once

#include <memory>
#include <string>

#include "http/transport.h"

namespace splitdelivery::http {

struct TransportOptions {
  std::string caBundle{};      ///< PEM, trusted besides the system's certificates; empty: none
  bool caBundleAlone = false;  ///< … instead of them, where it is not empty
  /// PEM; what the client shows of itself where a server asks. Both or none.
  std::string clientCertificate{};
  base::Secret clientKey{};
  std::string userAgent{};  ///< "splitdelivery/0.1.0"
};

/// The transport over cpprestsdk, one connection pool per origin for the life of the object.
///
/// TLS is verified, 1.2 at least; plain http goes to loopback only; redirects are not followed; the
/// deadline covers everything and cancels; a body over its limit is cut off while it arrives.
class CpprestTransport final : public Transport {
 public:
  CpprestTransport(base::Executor& executor, TransportOptions options);
  ~CpprestTransport() override;

  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace splitdelivery::http
