#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace splitdelivery::http {

/// The body of an answer that is passed on as it arrives. Of any answer but a 200 it is kept instead:
/// that one tells why there is no stream. Lives on the executor.
class StreamedBody {
 public:
  using OnBody = std::function<void(std::string_view)>;

  explicit StreamedBody(OnBody onBody) : onBody_(std::move(onBody)) {}

  /// The status may become known after the first pieces have come.
  void statusIs(int status) {
    constexpr int kOk = 200;
    streams_ = status == kOk;
    if (*streams_ && onBody_ && !kept_.empty()) onBody_(std::exchange(kept_, {}));
  }
  void arrived(std::string_view piece) {
    if (!onBody_) return;
    if (streams_.value_or(false)) {
      onBody_(piece);
    } else if (kept_.size() + piece.size() <= kLongestKept) {
      kept_ += piece;
    }
  }
  /// Nobody waits for it any more.
  void end() { onBody_ = nullptr; }

  [[nodiscard]] std::string takeKept() { return std::exchange(kept_, {}); }

 private:
  static constexpr std::size_t kLongestKept = std::size_t{1} << 20U;

  OnBody onBody_;
  std::optional<bool> streams_;
  std::string kept_;
};

}  // namespace splitdelivery::http
