#pragma once

#include <optional>
#include <string_view>

#include "base/await.h"
#include "reconcile/pass.h"

namespace splitdelivery::reconcile {

/// The status of a resource that nothing is known of yet.
[[nodiscard]] api::Status firstSight(const api::SplitDeliveryDomain& resource, api::Status previous,
                                     base::WallTime now);

/// The status while a pass takes long; nothing where `previous` need not change: Ready and Stalled stand until the pass
/// has come to something else, and who is being reconciled for a trouble is told that trouble.
[[nodiscard]] std::optional<api::Status> statusUnderWay(const api::SplitDeliveryDomain& resource, api::Status previous,
                                                        std::string_view waitsFor, base::WallTime now);

/// Says in the status that a pass is still under way: kLongPass after it began, and each kAgain from then on, where it
/// waits for something else by then.
///
/// Lives on the executor, in the frame of the pass; `end` is awaited before the pass is reported, so that no older
/// status is written over its own.
class Progress {
 public:
  static constexpr std::chrono::seconds kLongPass{10};
  static constexpr std::chrono::minutes kAgain{1};

  /// Both outlive this.
  Progress(const Services& services, Pass& pass, Mode mode);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  base::Task<base::Done> end();

 private:
  void tellAfter(base::Duration pause);
  base::Task<base::Done> tell();

  const Services& services_;
  Pass& pass_;
  base::Executor::TimerId timer_{};
  std::optional<base::Deferred<bool>> told_;
  bool telling_ = false;
  bool ended_ = false;
};

}  // namespace splitdelivery::reconcile
