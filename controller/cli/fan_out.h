#pragma once

#include <utility>
#include <vector>

#include "reconcile/observer.h"

namespace splitdelivery::cli {

/// Tells several what one is told. They outlive it.
class FanOut final : public reconcile::Observer {
 public:
  explicit FanOut(std::vector<reconcile::Observer*> all) : all_(std::move(all)) {}

  void passStarted(const api::SplitDeliveryDomain& resource) override {
    for (auto* each : all_) each->passStarted(resource);
  }
  void wrote(const api::SplitDeliveryDomain& resource, std::size_t done, std::size_t total) override {
    for (auto* each : all_) each->wrote(resource, done, total);
  }
  void passEnded(const reconcile::PassReport& report) override {
    for (auto* each : all_) each->passEnded(report);
  }
  void parted(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) override {
    for (auto* each : all_) each->parted(resource, parting);
  }

 private:
  std::vector<reconcile::Observer*> all_;
};

}  // namespace splitdelivery::cli
