#include "cli/manifest_feed.h"

#include <algorithm>

#include "base/log.h"
#include "cli/orphan_text.h"
#include "source/folder/manifests.h"
#include "source/folder/watch.h"

namespace splitdelivery::cli {
namespace {

using base::Done;
using base::LogLevel;
namespace folder = source::folder;

struct Reading {
  std::string fingerprint;
  base::Result<source::Snapshot> snapshot;
};

/// The fingerprint first: what changes while we read is read again.
Reading readAll(const std::filesystem::path& path) {
  std::string fingerprint = folder::manifestsFingerprint(path);
  return {std::move(fingerprint), folder::readManifests(path)};
}

}  // namespace

base::Task<base::Result<Done>> ManifestFeed::read() {
  Reading reading = co_await base::offload(services_.executor, [path = path_] { return readAll(path); });
  if (!reading.snapshot) {
    if (trouble_ != reading.snapshot.error().message) {
      base::log(LogLevel::Error, reading.snapshot.error().message + "; everything stays as it was read last");
    }
    trouble_ = reading.snapshot.error().message;
    co_return base::fail(std::move(reading.snapshot).error());
  }
  trouble_.reset();
  fingerprint_ = std::move(reading.fingerprint);
  co_await take(std::move(*reading.snapshot));
  co_return Done{};
}

base::Task<Done> ManifestFeed::take(source::Snapshot snapshot) {
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
  base::log(LogLevel::Debug, "manifests read", {{"resources", std::to_string(snapshot.resources.size())}});
  services_.onRead(snapshot);
  services_.controller.update(std::move(snapshot));
  co_return Done{};
}

void ManifestFeed::poke() {
  poked_ = true;
  woken_.resolve(true);
}

base::Task<Done> ManifestFeed::look() {
  const auto fingerprint =
      co_await base::offload(services_.executor, [path = path_] { return folder::manifestsFingerprint(path); });
  if (fingerprint != fingerprint_) poked_ = true;
  co_return Done{};
}

base::Task<Done> ManifestFeed::follow(std::stop_token stop) {
  // What the watch has posted may run after it has gone.
  const auto alive = std::make_shared<ManifestFeed*>(this);
  auto& executor = services_.executor;
  folder::FolderWatch watch(path_, [&executor, weak = std::weak_ptr(alive)] {
    executor.post([weak] {
      if (const auto feed = weak.lock()) (*feed)->poke();
    });
  });
  while (!stop.stop_requested()) {
    co_await base::offload(executor, [&watch] {
      watch.renew();
      return Done{};
    });
    woken_ = base::Deferred<bool>(services_.executor);
    const auto woken = woken_;
    const auto timer =
        services_.executor.runAt(services_.executor.now() + kLookEvery, [woken] { woken.resolve(true); });
    const std::stop_callback stopped(stop, [woken] { woken.resolve(true); });
    if (!poked_) co_await woken;
    services_.executor.cancel(timer);
    if (stop.stop_requested()) break;
    if (!poked_) co_await look();
    if (std::exchange(poked_, false)) co_await read();
  }
  co_return Done{};
}

}  // namespace splitdelivery::cli
