#include "http/wire_watch.h"

#include <utility>

namespace splitdelivery::http {

void WireWatch::begin(std::size_t atMost, std::function<void()> onExcess) {
  const Lock lock(mutex_);
  left_ = atMost;
  verifyError_ = 0;
  onExcess_ = std::move(onExcess);
}

void WireWatch::end() {
  const Lock lock(mutex_);
  onExcess_ = nullptr;
}

void WireWatch::arrived(std::size_t bytes) {
  std::function<void()> tooMuch;
  {
    const Lock lock(mutex_);
    if (bytes <= left_) {
      left_ -= bytes;
      return;
    }
    left_ = 0;
    tooMuch = std::exchange(onExcess_, nullptr);
  }
  if (tooMuch) tooMuch();
}

void WireWatch::refusedCertificate(long verifyError) {
  const Lock lock(mutex_);
  verifyError_ = verifyError;
}

long WireWatch::verifyError() {
  const Lock lock(mutex_);
  return verifyError_;
}

}  // namespace splitdelivery::http
