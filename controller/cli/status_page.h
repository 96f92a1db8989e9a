#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/status_board.h"
#include "reconcile/accounts.h"
#include "reconcile/controller.h"
#include "serve/server.h"
#include "serve/status_view.h"

namespace splitdelivery::cli {

/// What only a folder, or only a cluster, knows of itself and of its ways.
struct StatusSite {
  std::string place{};      ///< whose resources these are
  std::string firstStep{};  ///< what to do where there is none
  bool addresses = false;   ///< e-mail addresses may be shown
  /// Where somebody else has all statuses in memory; empty: what passes told is kept.
  std::function<const api::Status*(const api::ObjectKey&)> statusOf{};
  /// Shows a resource's plan with all addresses, and what that needs around it.
  std::function<std::string(const api::ObjectKey&)> planCommand{};
  std::string planWhere{};
  /// How this plan of a resource is approved; the id is made of hexadecimal digits.
  std::function<serve::HeldView(const api::ObjectKey&, const std::string& id)> approval{};
  /// Resources that cannot be used, and so are not the controller's.
  std::function<const std::set<api::ObjectKey>&()> unusable{};
  /// Resources that the controller has not been given yet, or not as they are now.
  std::function<const std::map<api::ObjectKey, api::SplitDeliveryDomain>&()> waiting{};
  /// What a person should know of besides.
  std::function<std::vector<serve::NoticeView>(const reconcile::Controller&)> notices{};
  /// The trouble that each start has for some time; nothing once that is over.
  std::function<std::optional<std::string>()> beginning{};
  std::function<std::optional<serve::StandbyView>()> standby{};
};

/// Fills the status page from what is in memory, each time that somebody asks for it. Lives on the executor.
class StatusPage {
 public:
  static constexpr std::size_t kPerPage = 50;
  static constexpr std::size_t kMostAccounts = 50;
  static constexpr std::size_t kMostReasons = 20;

  struct Sources {
    base::Executor& executor;
    const reconcile::Controller& controller;
    reconcile::Accounts& accounts;
    const StatusBoard& board;
    const serve::Server& server;
  };

  /// All of it outlives this.
  StatusPage(Sources sources, StatusSite site) : sources_(sources), site_(std::move(site)) {}

  /// For `find=…&page=…&refresh`, all of them optional.
  [[nodiscard]] serve::StatusView view(std::string_view query) const;

 private:
  struct Entry;
  [[nodiscard]] const api::Status* statusOf(const api::ObjectKey& key) const;
  [[nodiscard]] std::vector<Entry> entries() const;
  void addNotices(serve::StatusView& view) const;
  void addAccounts(serve::StatusView& view) const;
  void addPasses(serve::StatusView& view) const;
  [[nodiscard]] serve::DomainView domainView(const Entry& entry) const;
  [[nodiscard]] serve::PlanView planView(const api::ObjectKey& key, const api::PlanSummary& plan) const;

  Sources sources_;
  StatusSite site_;
};

}  // namespace splitdelivery::cli
