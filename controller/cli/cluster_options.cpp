#include "cli/cluster_options.h"

#include <CLI/CLI.hpp>
#include <string>

#include "api/server_pattern.h"

namespace splitdelivery::cli {
namespace {

/// "" when it is one.
std::string notAServerPattern(const std::string& text) {
  const auto parsed = api::ServerPattern::parse(text);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

void addClusterOptions(CLI::App& command, ClusterOptions& options) {
  command
      .add_option("--kubeconfig", options.kubeconfig,
                  "Kubeconfig of the cluster to work on [KUBECONFIG, the pod's service account, ~/.kube/config]")
      ->type_name("FILE");
  command
      .add_option("-n,--namespace", options.namespaces,
                  "Work on the resources of this namespace alone; several: once each, or with commas [all]")
      ->type_name("NS")
      ->envname("SPLITDELIVERY_NAMESPACE")
      ->delimiter(',');
  command
      .add_option(
          "--allow-server", options.allowedServers,
          "Host that credentials may go to, such as *.mxlogin.com or 10.0.0.7:2222; once one is given, Zoho's own "
          "and these alone; other hosts of Zoho and a caBundle need it in any case; several: once each, or with "
          "commas")
      ->type_name("PATTERN")
      ->envname("SPLITDELIVERY_ALLOW_SERVER")
      ->delimiter(',')
      ->check(CLI::Validator(notAServerPattern, ""));
  command
      .add_option("--kube-api-qps", options.apiQps,
                  "How many requests a second the API server is asked at most, Leases left out; 0: no limit")
      ->type_name("N")
      ->envname("SPLITDELIVERY_KUBE_API_QPS")
      ->check(CLI::Range(0.0, 100'000.0))
      ->capture_default_str();
  command
      .add_option("--kube-api-burst", options.apiBurst,
                  "How many requests may go at once after a quiet time, such as at the start")
      ->type_name("N")
      ->envname("SPLITDELIVERY_KUBE_API_BURST")
      ->check(CLI::Range(1.0, 100'000.0))
      ->capture_default_str();
  command
      .add_flag("--leader-elect", options.leaderElect,
                "Of several replicas one works and the others stand by, with a Lease in our namespace")
      ->envname("SPLITDELIVERY_LEADER_ELECT");
}

std::vector<std::string> givenClusterFlags(const ClusterOptions& options) {
  const ClusterOptions none;
  std::vector<std::string> given;
  if (!options.kubeconfig.empty()) given.emplace_back("--kubeconfig");
  if (!options.namespaces.empty()) given.emplace_back("--namespace (SPLITDELIVERY_NAMESPACE)");
  if (!options.allowedServers.empty()) given.emplace_back("--allow-server (SPLITDELIVERY_ALLOW_SERVER)");
  if (options.apiQps != none.apiQps) given.emplace_back("--kube-api-qps (SPLITDELIVERY_KUBE_API_QPS)");
  if (options.apiBurst != none.apiBurst) given.emplace_back("--kube-api-burst (SPLITDELIVERY_KUBE_API_BURST)");
  if (options.leaderElect) given.emplace_back("--leader-elect (SPLITDELIVERY_LEADER_ELECT)");
  return given;
}

}  // namespace splitdelivery::cli
