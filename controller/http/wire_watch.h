#pragma once

#include <cstddef>
#include <functional>

#include "http/thread_annotations.h"

namespace splitdelivery::http {

/// What OpenSSL tells about the connections of one channel: how much has arrived for the request
/// under way, and why a certificate was refused.
///
/// cpprestsdk buffers the headers of an answer, and each chunk, whole before it shows us a byte;
/// a hostile server could fill the memory with one chunk. Counting TLS records bounds that.
/// All functions may be called from any thread.
class WireWatch {
 public:
  /// A request begins: once, after more than `atMost` bytes, `onExcess` is called, on a thread of the
  /// library that holds its locks.
  void begin(std::size_t atMost, std::function<void()> onExcess) EXCLUDES(mutex_);
  /// The request is over: `onExcess` is forgotten.
  void end() EXCLUDES(mutex_);

  void arrived(std::size_t bytes) EXCLUDES(mutex_);
  void refusedCertificate(long verifyError) EXCLUDES(mutex_);
  /// An X509_V_ERR_… code; 0 when no certificate was refused since `begin`.
  [[nodiscard]] long verifyError() EXCLUDES(mutex_);

 private:
  Mutex mutex_;
  std::size_t left_ GUARDED_BY(mutex_) = 0;
  long verifyError_ GUARDED_BY(mutex_) = 0;
  std::function<void()> onExcess_ GUARDED_BY(mutex_);
};

}  // namespace splitdelivery::http
