#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <string>

#include "base/result.h"

/// The errors of the transport, each with its policy and the sentence that a person reads.
/// `place` is "host:port".
namespace splitdelivery::http::transport_error {

/// Thrown through cpprestsdk to end an answer that has become too long.
struct BodyLimitPassed : std::exception {};

[[nodiscard]] base::Error timedOut(const std::string& place, std::chrono::milliseconds deadline);
/// The deadline had passed before anything was sent.
[[nodiscard]] base::Error noTimeLeft(const std::string& place);
[[nodiscard]] base::Error stopped(const std::string& place);
[[nodiscard]] base::Error answerTooLarge(const std::string& place, std::size_t limit);
[[nodiscard]] base::Error plainHttp(const std::string& place);
[[nodiscard]] base::Error brokenAnswer(const std::string& place);
[[nodiscard]] base::Error invalidAddress();
[[nodiscard]] base::Error invalidPath(const std::string& place);
[[nodiscard]] base::Error invalidHeader(const std::string& name);
[[nodiscard]] base::Error unreadableCaBundle(const std::string& place);
[[nodiscard]] base::Error unreadableClientCertificate(const std::string& place);

/// What is known about a request that cpprestsdk has given up.
struct Circumstances {
  std::string place;
  std::size_t bodyLimit = 0;
  bool written = false;       ///< it was sent whole at least once
  long verifyError = 0;       ///< X509_V_ERR_… when the certificate was refused
  std::string trustAdvice{};  ///< the request's
};

[[nodiscard]] base::Error fromException(const std::exception_ptr& failure, const Circumstances& known);

}  // namespace splitdelivery::http::transport_error
