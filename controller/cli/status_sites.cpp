#include "cli/status_sites.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace splitdelivery::cli {
namespace {

constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,";

/// A path that leads there from wherever the command is pasted.
std::string pathWord(const std::string& path) {
  std::error_code none;
  const auto whole = std::filesystem::absolute(path, none);
  return shellWord((none ? std::filesystem::path(path) : whole.lexically_normal()).string());
}

std::string folderCommand(std::string_view verb, const FolderOptions& options) {
  std::string text = "splitdelivery " + std::string(verb);
  text += options.env ? " --from-env" : " --manifests " + pathWord(options.manifests);
  if (!options.state.empty()) text += " --state " + pathWord(options.state);
  return text;
}

std::string planCommand(const FolderOptions& options) {
  std::string text = folderCommand("plan", options);
  for (const std::string& server : options.dnsServers) text += " --dns-server " + shellWord(server);
  return text;
}

/// Domains that both systems have and no resource is about, if there are any. Those that one is about since they were
/// found are none.
void addUncovered(std::vector<serve::NoticeView>& notices, const UncoveredWatch& uncovered,
                  const reconcile::Controller& controller, const std::string& command, const std::string& fix) {
  std::set<std::string_view> covered;
  for (const auto& [key, resource] : controller.resources()) covered.insert(resource.spec.domain);
  auto domains = uncovered.domains();
  std::erase_if(domains, [&covered](const std::string& domain) { return covered.contains(domain); });
  if (domains.empty()) return;
  notices.push_back({.title = "Both systems have these domains, and no resource is about them",
                     .lines = std::move(domains),
                     .advice = fix,
                     .command = command,
                     .urgent = false});
}

/// Where the variables of --from-env are read, or the documents.
serve::HeldView folderApproval(bool env, const std::string& id) {
  if (env) {
    return {.id = id,
            .advice =
                "Set this environment variable, and start the program anew; several ids go with commas between "
                "them:",
            .command = "export SPLITDELIVERY_APPROVED_PLAN=" + id};
  }
  return {.id = id,
          .advice =
              "Put this line into the resource's document, under metadata: in annotations: (add that line if it is "
              "missing), and save the file:",
          .command = "splitdelivery.dev/approved-plan: \"" + id + "\""};
}

/// The page of the replica that works, as its identity names the pod.
serve::StandbyView standbyFor(const std::string& leader, const std::string& ns) {
  const std::string pod = leader.substr(0, leader.rfind('_'));
  if (pod.empty()) return {};
  return {.worker = pod,
          .command = "kubectl port-forward " + shellWord("pod/" + pod) + " -n " + shellWord(ns) + " 8080:http"};
}

}  // namespace

std::string shellWord(const std::string& word) {
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

StatusSite folderSite(const FolderOptions& options, const Intake& intake, const Feed& feed,
                      const UncoveredWatch* uncovered) {
  const bool env = options.env.has_value();
  const std::string plan = planCommand(options);
  const std::string discover = folderCommand("discover", options);
  return {
      .place = env ? "the environment" : options.manifests,
      .firstStep = env ? "The domains that both systems have are not known yet, or there is none: the log says which."
                       : "No document in this folder can be used yet: write a SplitDeliveryDomain and its two Secrets "
                         "into a .yaml file there. It is seen as soon as it is saved.",
      .addresses = options.statusAddresses,
      .planCommand = [plan](const api::ObjectKey&) { return std::string(plan); },
      .planWhere = env ? "where all variables of this program are set" : "",
      .approval = [env](const api::ObjectKey&, const std::string& id) { return folderApproval(env, id); },
      .notices =
          [&intake, uncovered, discover](const reconcile::Controller& controller) {
            std::vector<serve::NoticeView> notices;
            if (const auto& complaints = intake.complaints(); !complaints.empty()) {
              notices.push_back({.title = "Documents that cannot be used; nothing is done for them",
                                 .lines = {complaints.begin(), complaints.end()}});
            }
            if (const auto& orphans = intake.orphanTexts(); !orphans.empty()) {
              notices.push_back({.title = "Forwarders of ours that no document is about", .lines = orphans});
            }
            if (uncovered != nullptr) {
              addUncovered(notices, *uncovered, controller, discover, "This prints a document for each:");
            }
            return notices;
          },
      .beginning = [&feed] { return feed.beginning(); }};
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
          .waiting = [&feed = sources.feed]() -> const auto& { return feed.waiting(); },
          .notices =
              [&uncovered = sources.uncovered](const reconcile::Controller& controller) {
                std::vector<serve::NoticeView> notices;
                addUncovered(notices, uncovered, controller, "",
                             "Apply a SplitDeliveryDomain for each, under the policy Observe to begin with.");
                return notices;
              },
          .beginning = [&feed = sources.feed] { return feed.beginning(); },
          .standby = [works = std::move(sources.works), leader = std::move(sources.leader),
                      ns = std::move(sources.ns)]() -> std::optional<serve::StandbyView> {
            if (works()) return std::nullopt;
            return standbyFor(leader(), ns);
          }};
}

}  // namespace splitdelivery::cli
