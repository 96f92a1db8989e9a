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

}  // namespace splitdelivery::cli
