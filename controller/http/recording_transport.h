#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "http/scrubber.h"
#include "http/transport.h"

namespace splitdelivery::http {

/// A folder of exchanges with secrets and names scrubbed, so that people can show what their server says.
///
/// Each exchange is a file NNNN-provider-endpoint-status.txt that its owner alone may read. Of the
/// request, its method and scrubbed path are kept; of the answer, its status, a few headers and the
/// scrubbed body (see Scrubber). Requests' bodies and credentials are never looked at. At most `kMostFiles` files,
/// those of earlier recordings in the folder counted, of at most about `kLargestBody` each. One that
/// cannot be written is said once in the log and stops nothing. Lives on one executor, shared by all
/// transports of a process so that the same names come out the same; must outlive them.
class Recording {
 public:
  static constexpr std::size_t kMostFiles = 500;
  static constexpr std::size_t kLargestBody = std::size_t{1} << 20U;

  /// The folder is made, for its owner alone, when the first exchange is kept.
  Recording(base::Executor& executor, std::filesystem::path folder);

  base::Task<base::Done> keep(Request request, base::Result<Response> answer, std::chrono::milliseconds took);

 private:
  class Folder;

  base::Executor& executor_;
  Scrubber scrubber_;
  std::shared_ptr<Folder> folder_;  ///< of the offloaded work; touched nowhere else
  bool complained_ = false;
};

/// Keeps every exchange in a Recording. Must not outlive it, nor `next`.
class RecordingTransport final : public Transport {
 public:
  RecordingTransport(base::Executor& executor, Transport& next, Recording& recording)
      : executor_(executor), next_(next), recording_(recording) {}

  base::Task<base::Result<Response>> send(Request request, std::stop_token stop) override;

 private:
  base::Executor& executor_;
  Transport& next_;
  Recording& recording_;
};

}  // namespace splitdelivery::http
