#include "http/transport_error.h"

#include <cpprest/http_msg.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <string_view>

#include "http/transport.h"

namespace splitdelivery::http::transport_error {

namespace {

using base::Error;
using base::ErrorKind;

Error make(ErrorKind kind, std::string_view reason, std::string message) {
  return Error{kind, std::string(reason), std::move(message)};
}

Error connectionLost(const std::string& place) {
  return make(ErrorKind::Retry, reason::kConnectionLost,
              "the connection to " + place +
                  " broke off before the whole answer had come; if this repeats, look into the server's log");
}

Error refusedCertificate(const Circumstances& known) {
  const std::string start = "the certificate of " + known.place + " was refused: ";
  const char* verdict = X509_verify_cert_error_string(known.verifyError);
  const auto stall = [](std::string message) { return make(ErrorKind::Stall, reason::kTlsFailed, std::move(message)); };
  switch (known.verifyError) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return stall(start + "it is for another host name; use the name that it was issued for");
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return stall(start + "it has expired; renew it on the server, or set this machine's clock");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return stall(start + "it is not valid yet; check the clocks of both machines");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return stall(start + "nobody who is trusted here has signed it (" + verdict + "); " +
                   (known.trustAdvice.empty() ? "install one that a known authority has signed" : known.trustAdvice));
    default:
      return stall(start + verdict + "; install a valid certificate on the server");
  }
}

/// `code` is OpenSSL's own; cpprestsdk keeps the number and forgets whose it is.
Error handshakeFailed(unsigned long code, const Circumstances& known) {
  if (known.verifyError != X509_V_OK) return refusedCertificate(known);
  // A reset is trouble on the way, not a verdict on TLS.
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) return connectionLost(known.place);
  switch (ERR_GET_REASON(code)) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return make(ErrorKind::Stall, reason::kTlsFailed,
                  known.place + " offers no TLS 1.2 or newer; enable it on the server");
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
      return make(ErrorKind::Stall, reason::kTlsFailed,
                  known.place + " does not speak TLS; check the port and that the server has TLS switched on");
    default: {
      const char* text = ERR_reason_error_string(code);
      return make(ErrorKind::Stall, reason::kTlsFailed,
                  "no TLS connection to " + known.place + " (" + (text == nullptr ? "unknown reason" : text) +
                      "); check the server's TLS settings");
    }
  }
}

/// cpprestsdk 2.10 tells the stage at which it failed only in the text of its exception.
Error fromLibrary(std::string_view stage, unsigned long code, const Circumstances& known) {
  if (known.written) return connectionLost(known.place);
  if (stage.starts_with("Error resolving address") || stage.starts_with("Failed to resolve address")) {
    return make(ErrorKind::Retry, reason::kHostNotFound,
                "the host of " + known.place + " was not found; check its spelling and this machine's DNS");
  }
  if (stage.starts_with("Failed to connect")) {
    return make(ErrorKind::Retry, reason::kConnectFailed,
                "nothing accepts a connection at " + known.place +
                    "; check the host, the port, and the firewalls between here and there");
  }
  if (stage.starts_with("Error in SSL handshake")) return handshakeFailed(code, known);
  return connectionLost(known.place);
}

}  // namespace

Error timedOut(const std::string& place, std::chrono::milliseconds deadline) {
  return make(ErrorKind::Retry, reason::kTimedOut,
              "no whole answer from " + place + " within " + std::to_string(deadline.count()) +
                  " ms; check that the server is up and not overloaded, and that no firewall swallows the packets");
}

Error noTimeLeft(const std::string& place) {
  Error error = make(ErrorKind::Retry, reason::kTimedOut,
                     "no time was left to ask " + place + ", so nothing was sent; what came before took all of it");
  error.neverSent = true;
  return error;
}

Error stopped(const std::string& place) {
  return make(ErrorKind::Stopped, reason::kStopped, "stopped while waiting for " + place);
}

Error answerTooLarge(const std::string& place, std::size_t limit) {
  return make(ErrorKind::Retry, reason::kAnswerTooLarge,
              "the answer of " + place + " is longer than the " + std::to_string(limit) +
                  " bytes allowed; check that the address is that of the right server");
}

Error plainHttp(const std::string& place) {
  return make(ErrorKind::Stall, reason::kPlainHttp,
              "plain http to " + place + " would show the credentials to everybody on the way; use https");
}

Error brokenAnswer(const std::string& place) {
  return make(ErrorKind::Retry, reason::kConnectionLost,
              "the answer of " + place + " is not whole, or not proper HTTP; check what stands between here and there");
}

Error invalidAddress() {
  return make(ErrorKind::Stall, reason::kInvalidRequest,
              "the server's address cannot be used; write it as https://host or https://host:port");
}

Error invalidPath(const std::string& place) {
  return make(ErrorKind::Stall, reason::kInvalidRequest,
              "a request to " + place + " has a path that is not a proper URL; check the names that it is made of");
}

Error invalidHeader(const std::string& name) {
  return make(ErrorKind::Stall, reason::kInvalidRequest,
              "the header " + name +
                  " holds a line break or another control character; if it comes from a Secret, "
                  "write that again without a newline at its end");
}

Error unreadableCaBundle(const std::string& place) {
  return make(ErrorKind::Stall, reason::kTlsFailed,
              "the caBundle for " + place +
                  " holds no readable certificate; it must be PEM, beginning with "
                  "-----BEGIN CERTIFICATE-----");
}

Error unreadableClientCertificate(const std::string& place) {
  return make(ErrorKind::Stall, reason::kTlsFailed,
              "the client certificate for " + place +
                  " cannot be used: it must be PEM, with the key that belongs to it, and the key without a passphrase");
}

Error fromException(const std::exception_ptr& failure, const Circumstances& known) {
  try {
    std::rethrow_exception(failure);
  } catch (const BodyLimitPassed&) {
    return answerTooLarge(known.place, known.bodyLimit);
  } catch (const web::http::http_exception& error) {
    return fromLibrary(error.what(), static_cast<unsigned long>(error.error_code().value()), known);
  } catch (...) {
    return connectionLost(known.place);
  }
}

}  // namespace splitdelivery::http::transport_error
