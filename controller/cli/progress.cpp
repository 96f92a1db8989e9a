#include "cli/progress.h"

#include <cstdio>

#include "reconcile/reconciler.h"

namespace splitdelivery::cli {
namespace {

constexpr std::size_t kBar = 20;

std::string bar(std::size_t done, std::size_t total) {
  const std::size_t filled = total == 0 ? kBar : kBar * done / total;
  std::string text = "[";
  for (std::size_t i = 0; i < kBar; ++i) text += i < filled ? '#' : '.';
  return text + "] " + std::to_string(done) + "/" + std::to_string(total);
}

}  // namespace

Progress::Progress(std::size_t total, bool enabled) : total_(total), enabled_(enabled) {}

Progress::~Progress() {
  if (enabled_) std::fputs("\r\x1b[K", stderr);
}

void Progress::show(const std::string& text) const {
  if (enabled_) std::fputs(("\r\x1b[K" + bar(ended_, total_) + " domains  " + text).c_str(), stderr);
}

void Progress::passStarted(const api::SplitDeliveryDomain& resource) {
  show(resource.spec.domain);
}

void Progress::wrote(const api::SplitDeliveryDomain& resource, std::size_t done, std::size_t total) {
  show(resource.spec.domain + ": " + std::to_string(done) + " of " + std::to_string(total) + " changes");
}

void Progress::passEnded(const reconcile::PassReport& report) {
  ++ended_;
  show(report.resource.spec.domain);
}

}  // namespace splitdelivery::cli
