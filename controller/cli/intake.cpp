#include "cli/intake.h"

#include "base/log.h"
#include "cli/orphan_text.h"

namespace splitdelivery::cli {

using base::Done;
using base::LogLevel;

base::Task<Done> Intake::take(source::Snapshot snapshot) {
  std::set<std::string> complaints;
  for (const auto& error : snapshot.errors) {
    complaints.insert(error.where + ": " + error.message);
    if (!complaints_.contains(error.where + ": " + error.message)) {
      base::log(LogLevel::Error, "a document cannot be used; nothing is done for it",
                {{"document", error.where}, {"error", error.message}});
    }
  }
  complaints_ = std::move(complaints);

  std::vector<const api::SplitDeliveryDomain*> resources;
  std::vector<api::ObjectKey> keys;
  for (const auto& resource : snapshot.resources) {
    resources.push_back(&resource);
    keys.push_back(resource.key);
  }
  services_.claims.update(resources);
  co_await services_.claims.learnOwners(services_.books);
  std::set<std::string> orphans;
  orphanTexts_.clear();
  for (const auto& orphan : co_await services_.books.orphans(std::move(keys))) {
    orphanTexts_.push_back(orphanText(orphan));
    if (!orphans_.contains(orphan.name)) base::log(LogLevel::Warn, orphanTexts_.back());
    orphans.insert(orphan.name);
  }
  orphans_ = std::move(orphans);
  base::log(LogLevel::Debug, "resources read", {{"resources", std::to_string(snapshot.resources.size())}});
  services_.onRead(snapshot);
  services_.controller.update(std::move(snapshot));
  co_return Done{};
}

}  // namespace splitdelivery::cli
