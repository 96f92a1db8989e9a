#include "cli/status_sites.h"

#include <algorithm>
#include <utility>

namespace splitdelivery::cli {
namespace {

constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,";

std::string folderCommand(std::string_view verb, const FolderOptions& options) {
  std::string text = "splitdelivery " + std::string(verb);
  text += options.env ? " --from-env" : " --manifests " + shellWord(options.manifests);
  if (!options.state.empty()) text += " --state " + shellWord(options.state);
  return text;
}

/// Domains that both systems have and no resource is about, if there are any.
void addUncovered(std::vector<serve::NoticeView>& notices, const UncoveredWatch& uncovered, const std::string& command,
                  const std::string& fix) {
  const auto domains = uncovered.domains();
  if (domains.empty()) return;
  notices.push_back({.title = "Both systems have these domains, and no resource is about them",
                     .lines = domains,
                     .advice = fix,
                     .command = command,
                     .urgent = false});
}

}  // namespace

std::string shellWord(const std::string& word) {
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

StatusSite folderSite(const FolderOptions& options, const Intake& intake, const UncoveredWatch* uncovered) {
  const bool env = options.env.has_value();
  const std::string plan = folderCommand("plan", options);
  const std::string discover = folderCommand("discover", options);
  return {
      .place = env ? "the environment" : options.manifests,
      .firstStep = env ? "The domains that both systems have are not known yet, or there is none: the log says which."
                       : "No document in this folder can be used yet: write a SplitDeliveryDomain and its two Secrets "
                         "into a .yaml file there. It is seen as soon as it is saved.",
      .addresses = options.statusAddresses,
      .planCommand = [plan](const api::ObjectKey&) { return std::string(plan); },
      .approval =
          [env](const api::ObjectKey&, const std::string& id) {
            if (env) {
              return serve::HeldView{.id = id,
                                     .advice = "Start the program anew with this variable:",
                                     .command = "SPLITDELIVERY_APPROVED_PLAN=" + id};
            }
            return serve::HeldView{
                .id = id,
                .advice = "Put this annotation into the resource's document and save the file:",
                .command = "metadata:\n  annotations:\n    splitdelivery.dev/approved-plan: \"" + id + "\""};
          },
      .notices =
          [&intake, uncovered, discover] {
            std::vector<serve::NoticeView> notices;
            if (const auto& complaints = intake.complaints(); !complaints.empty()) {
              notices.push_back({.title = "Documents that cannot be used; nothing is done for them",
                                 .lines = {complaints.begin(), complaints.end()}});
            }
            if (const auto& orphans = intake.orphanTexts(); !orphans.empty()) {
              notices.push_back({.title = "Forwarders of ours that no document is about", .lines = orphans});
            }
            if (uncovered != nullptr) {
              addUncovered(notices, *uncovered, discover, "This prints a document for each:");
            }
            return notices;
          }};
}

StatusSite clusterSite(ClusterSources sources) {
  return {.place = sources.server,
          .firstStep =
              "There is no SplitDeliveryDomain here yet, or none that this controller may work on. "
              "`kubectl explain sdd.spec` teaches every field.",
          .addresses = sources.addresses,
          .statusOf = [&domains = sources.domains](const api::ObjectKey& key) { return domains.statusNow(key); },
          .planCommand = [](const api::ObjectKey& key) { return "kubectl sdd plan " + key.name + " -n " + key.ns; },
          .approval =
              [](const api::ObjectKey& key, const std::string& id) {
                return serve::HeldView{.id = id,
                                       .advice = "Run this where you use kubectl:",
                                       .command = "kubectl sdd approve " + key.name + " " + id + " -n " + key.ns};
              },
          .unusable = [&feed = sources.feed]() -> const std::set<api::ObjectKey>& { return feed.unusable(); },
          .notices =
              [&uncovered = sources.uncovered] {
                std::vector<serve::NoticeView> notices;
                addUncovered(notices, uncovered, "",
                             "Apply a SplitDeliveryDomain for each, under the policy Observe to begin with.");
                return notices;
              },
          .role = [works = std::move(sources.works)]() -> std::string {
            return works() ? "" : "a replica that stands by: accounts and passes are those of the one that works";
          }};
}

}  // namespace splitdelivery::cli
