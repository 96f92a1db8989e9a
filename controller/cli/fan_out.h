#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reconcile/observer.h"

namespace splitdelivery::cli {

/// Tells several what one is told. They outlive it.
class FanOut final : public reconcile::Observer {
 public:
  explicit FanOut(std::vector<reconcile::Observer*> all) : all_(std::move(all)) {}

  void add(reconcile::Observer& one) { all_.push_back(&one); }

  void passStarted(const api::SplitDeliveryDomain& resource) override {
    for (auto* each : all_) each->passStarted(resource);
  }
  void wrote(const api::SplitDeliveryDomain& resource, std::size_t done, std::size_t total) override {
    for (auto* each : all_) each->wrote(resource, done, total);
  }
  void passEnded(const reconcile::PassReport& report) override {
    for (auto* each : all_) each->passEnded(report);
  }
  void invalid(const api::SplitDeliveryDomain& resource, const std::string& message) override {
    for (auto* each : all_) each->invalid(resource, message);
  }
  void suspended(const api::SplitDeliveryDomain& resource) override {
    for (auto* each : all_) each->suspended(resource);
  }
  base::Task<base::Done> parting(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) override {
    std::vector<base::Task<base::Done>> tasks;
    tasks.reserve(all_.size());
    for (auto* each : all_) tasks.push_back(each->parting(resource, parting));
    return oneByOne(std::move(tasks));
  }
  void parted(const api::SplitDeliveryDomain& resource, const reconcile::Parting& parting) override {
    for (auto* each : all_) each->parted(resource, parting);
  }

 private:
  static base::Task<base::Done> oneByOne(std::vector<base::Task<base::Done>> tasks) {
    for (auto& task : tasks) co_await std::move(task);
    co_return base::Done{};
  }

  std::vector<reconcile::Observer*> all_;
};

}  // namespace splitdelivery::cli
