#pragma once

#include <cstddef>
#include <string>

#include "reconcile/observer.h"

namespace splitdelivery::cli {

/// One line on standard error that follows the passes and wipes itself out at the end. Silent when
/// standard error is no terminal.
class Progress final : public reconcile::Observer {
 public:
  Progress(std::size_t total, bool enabled);
  ~Progress() override;

  void passStarted(const api::SplitDeliveryDomain& resource) override;
  void wrote(const api::SplitDeliveryDomain& resource, std::size_t done, std::size_t total) override;
  void passEnded(const reconcile::PassReport& report) override;

 private:
  void show(const std::string& text) const;

  std::size_t total_;
  std::size_t ended_ = 0;
  bool enabled_;
};

}  // namespace splitdelivery::cli
