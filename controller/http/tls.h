#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "base/secret.h"
#include "http/origin.h"
#include "http/wire_watch.h"

namespace splitdelivery::http {

/// Whose signature under a server's certificate counts. One store for all connections, made with the first of them:
/// the system's hundred and forty authorities take 1 MiB, and OpenSSL 3 some 20 ms to read.
class TrustedCertificates {
 public:
  /// Besides those that are given, or they alone.
  enum class System { Trusted, NotTrusted };

  /// `pem`: one or more certificates, text around them is ignored; empty: none.
  explicit TrustedCertificates(const std::string& pem, System system = System::Trusted);

  /// False when something was given that holds no readable certificate.
  [[nodiscard]] bool readable() const { return readable_; }
  /// Called by one thread at a time.
  void addTo(SSL_CTX* context) const;

 private:
  [[nodiscard]] X509_STORE* store() const;

  std::vector<std::shared_ptr<X509>> certificates_;
  System system_;
  bool readable_ = true;
  mutable std::shared_ptr<X509_STORE> store_;
};

/// What we show of ourselves to a server that asks: a certificate with its chain, and its key.
class ClientCertificate {
 public:
  /// PEM; both empty: none.
  ClientCertificate(const std::string& certificate, const base::Secret& key);

  /// False when something was given that is no such pair.
  [[nodiscard]] bool readable() const { return readable_; }
  void addTo(SSL_CTX* context) const;

 private:
  std::vector<std::shared_ptr<X509>> chain_;  ///< our own first
  std::shared_ptr<EVP_PKEY> key_;
  bool readable_ = true;
};

/// Sets up one connection's context: TLS 1.2 at least, the host's name (or address) checked by
/// OpenSSL itself, `trusted` trusted, and `watch` told what happens for as long as the context lives.
void prepareTls(SSL_CTX* context, const Origin& origin, const TrustedCertificates& trusted,
                const ClientCertificate& identity, std::shared_ptr<WireWatch> watch);

}  // namespace splitdelivery::http
