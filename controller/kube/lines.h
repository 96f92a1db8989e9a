#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace splitdelivery::kube {

/// Cuts a stream into its lines, however the bytes are dealt out. A line ends with a newline; what comes after the
/// last one waits.
class Lines {
 public:
  explicit Lines(std::size_t longest) : longest_(longest) {}

  /// Calls `onLine(std::string_view)` for each line that is whole now, empty ones left out. False once a line is
  /// longer than the longest allowed: the stream is of no use any more.
  template <class OnLine>
  bool feed(std::string_view bytes, OnLine onLine) {
    for (;;) {
      const std::size_t end = bytes.find('\n');
      if (rest_.size() + std::min(end, bytes.size()) > longest_) return false;
      if (end == std::string_view::npos) {
        rest_ += bytes;
        return true;
      }
      // Most lines come whole: those are not copied.
      if (rest_.empty()) {
        if (end > 0) onLine(bytes.substr(0, end));
      } else {
        rest_ += bytes.substr(0, end);
        const std::string line = std::exchange(rest_, {});
        onLine(std::string_view(line));
      }
      bytes.remove_prefix(end + 1);
    }
  }

 private:
  std::size_t longest_;
  std::string rest_;
};

}  // namespace splitdelivery::kube
