#include "cli/cli.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>

#include "api/suggest.h"
#include "base/version.h"
#include "cli/cluster_command.h"
#include "cli/cluster_options.h"
#include "cli/env_options.h"
#include "cli/folder_command.h"
#include "cli/kubectl/kubectl.h"
#include "cli/options.h"
#include "cli/print_commands.h"
#include "cli/run_command.h"
#include "cli/status_options.h"
#include "dns/server_address.h"
#include "http/listen_address.h"

namespace splitdelivery::cli {
namespace {

constexpr const char* kAbout =
    "Keeps one e-mail domain in step over two mail systems: reads who has a mailbox at\n"
    "Zoho, and makes a DirectAdmin server forward exactly that mail\n"
    "(anna@example.com → anna@zoho.example.com). It changes and deletes only forwarders\n"
    "that it made itself, or that a person gave into its care (splitdelivery.dev/adopt).";

constexpr const char* kExamples =
    "A first look, which changes nothing:\n"
    "  splitdelivery plan --manifests ./mail\n"
    "Do it:\n"
    "  splitdelivery sync --manifests ./mail\n\n"
    "On Kubernetes `splitdelivery run` is the controller, and the same binary under the name\n"
    "kubectl-sdd is the plugin `kubectl sdd`.\n\n"
    "`splitdelivery COMMAND --help` tells more about a command.";

constexpr const char* kPlanHelp =
    "Reads every resource, asks Zoho and the mail server, and prints for each domain what\n"
    "sync would do:\n"
    "  + created   ~ changed   - deleted   ! in conflict   ⏸ held until you approve it\n"
    "Takes no lock, so it runs beside a sync, and works on a read-only state folder. With --from-env\n"
    "it works on every domain that both systems have, and needs no folder; it shows what sync and run\n"
    "would do under the policy that is named, so name the same one: --policy changes nothing here.\n\n";

constexpr const char* kSyncHelp =
    "Does what plan shows, as far as each resource's policy and spec.maxDeletions let it.\n"
    "Safe to run again at any time, also after it was killed. To let it run every five\n"
    "minutes, call it from cron or a systemd timer.\n\n";

constexpr const char* kRunHelp =
    "Does what sync does, for each resource on its spec.interval, until it is told to stop\n"
    "(SIGTERM, SIGINT; it ends within 30 seconds). The folder is read again when a file\n"
    "changes and on SIGHUP; a changed resource runs at once. What cannot be reached is tried\n"
    "again later and later, up to 15 minutes, and delays no other domain.\n"
    "The log on standard error has a line when something changes or stops being ready; each\n"
    "resource's status stands in STATE/status. With --listen there is a page for people and more\n"
    "for machines.\n\n"
    "With --from-env it needs no folder: every domain that both systems have, as the script has it, with\n"
    "a look for new ones once an hour. The policy is Observe until you name another: look at\n"
    "`splitdelivery plan --from-env` first, and stop the script for good before Sync, for it deletes what\n"
    "it does not know. The variables are read once, at the start; a domain that one side no longer has\n"
    "deletes nothing. `import-env` makes documents of them, where one domain is to differ.\n\n"
    "Without both it is the controller of a Kubernetes cluster: it follows the\n"
    "SplitDeliveryDomains there (crds/, deploy/rbac.yaml), and writes their status and Events.\n\n"
    "Exit codes: 0 told to stop, 1 the folder, the state, the cluster or the port could not be\n"
    "used, or the Lease was lost, 64 wrong usage";

constexpr const char* kDiscoverHelp =
    "Asks the mail server accounts of the resources for their domains, and prints a document for\n"
    "each that no resource is about and that Zoho's organisation has too, under the policy\n"
    "Observe. Save what you want:\n"
    "  splitdelivery discover --manifests ./mail > ./mail/more.yaml\n"
    "Changes nothing. What could not be asked is told on standard error.\n\n"
    "Exit codes: 0 everything was asked, 1 something could not be, 64 wrong usage";

constexpr const char* kImportHelp =
    "Reads the .env file of the Zoho-MXRoute-Split-Delivery script (CLIENT_ID, CLIENT_SECRET,\n"
    "ORGANIZATION_ID, USER_ID, PASSWORD, SERVER), asks both systems, and prints two Secrets and one\n"
    "resource for each domain that both have, under the policy Observe. On standard error it tells what\n"
    "the script had missed, what it would have deleted, and what will be left alone.\n"
    "Changes nothing. What it prints holds credentials:\n"
    "  (umask 077; splitdelivery import-env .env > mail/imported.yaml)\n\n"
    "Exit codes: 0 printed, 1 the file or one of the systems could not be read, 64 wrong usage";

constexpr const char* kLogLevelOnce = "debug shows every request on standard error";

constexpr const char* kExitCodes =
    "Exit codes, the first that applies:\n"
    "  64  wrong usage\n"
    "   1  something could not be read, written or reached\n"
    "   3  something is held for approval, in conflict, or waits for the routing host's MX\n"
    "   2  changes are pending (plan; sync under the policy Observe)\n"
    "   0  all is as it should be";

/// "" when it is one.
std::string notADnsServer(const std::string& text) {
  const auto parsed = dns::parseServerAddress(text);
  return parsed ? "" : parsed.error().message;
}

void addPathOptions(CLI::App& command, FolderOptions& options) {
  command.add_option("-m,--manifests", options.manifests, "Folder of *.yaml and *.yml files (read flat), or one file")
      ->type_name("PATH")
      ->envname("SPLITDELIVERY_MANIFESTS");
  command
      .add_option("-s,--state", options.state,
                  "Folder that remembers what we made; without it nothing is ever deleted "
                  "[PATH/.splitdelivery]")
      ->type_name("DIR")
      ->envname("SPLITDELIVERY_STATE");
}

void addFolderOptions(CLI::App& command, FolderOptions& options) {
  addPathOptions(command, options);
  command.add_option("--workers", options.workers, "How many domains are worked on at a time")
      ->type_name("N")
      ->envname("SPLITDELIVERY_WORKERS")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--dns-server", options.dnsServers,
                  "IP address to ask for MX and TXT records, with :PORT if it is not 53; several: once each, "
                  "or with commas [those of /etc/resolv.conf]")
      ->type_name("ADDRESS")
      ->envname("SPLITDELIVERY_DNS_SERVER")
      ->delimiter(',')
      ->check(CLI::Validator(notADnsServer, ""));
}

void addRecordOption(CLI::App& command, std::string& folder) {
  command
      .add_option("--record", folder,
                  "Keep what the servers answer in this folder, a file each, with secrets, names and addresses "
                  "replaced: for a bug report; at most 500 files")
      ->type_name("DIR")
      ->envname("SPLITDELIVERY_RECORD");
}

/// "" when it is one.
std::string notAListenAddress(const std::string& text) {
  if (http::parseListenAddress(text)) return "";
  return "must be HOST:PORT with an IP address or localhost, such as 127.0.0.1:8080, or :8080 for every interface";
}

void addLogLevel(CLI::App& command, std::string& level, const char* help) {
  command.add_option("--log-level", level, help)
      ->type_name("LEVEL")
      ->envname("SPLITDELIVERY_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->capture_default_str();
}

/// plan and sync.
void addOnceOptions(CLI::App& command, FolderOptions& options, EnvFlags& env, const char* help) {
  addFolderOptions(command, options);
  addEnvOptions(command, env);
  addRecordOption(command, options.record);
  command.add_option("-o,--output", options.output, "text for people, json for machines")
      ->type_name("FORMAT")
      ->envname("SPLITDELIVERY_OUTPUT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  addLogLevel(command, options.logLevel, kLogLevelOnce);
  command.footer(std::string(help) + kExitCodes);
}

void addRunOptions(CLI::App& command, FolderOptions& options, EnvFlags& env, ClusterOptions& cluster,
                   std::string& logLevel) {
  addFolderOptions(command, options);
  addEnvOptions(command, env);
  addClusterOptions(command, cluster);
  command
      .add_option("--listen", options.listen,
                  "Answer GET /, /metrics, /healthz and /readyz at this HOST:PORT; without HOST on every interface, "
                  "port 0 takes a free one [nothing listens]")
      ->type_name("ADDRESS")
      ->envname("SPLITDELIVERY_LISTEN")
      ->check(CLI::Validator(notAListenAddress, ""));
  addStatusPageOptions(command, options);
  addRecordOption(command, options.record);
  addLogLevel(command, logLevel, "warn is silent while all is well; debug shows every pass and request");
  command.add_option("--log-format", options.logFormat, "text for people, json for machines, one object a line")
      ->type_name("FORMAT")
      ->envname("SPLITDELIVERY_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command.footer(kRunHelp);
}

void addDiscoverOptions(CLI::App& command, FolderOptions& options) {
  addPathOptions(command, options);
  addRecordOption(command, options.record);
  addLogLevel(command, options.logLevel, kLogLevelOnce);
  command.footer(kDiscoverHelp);
}

void addImportOptions(CLI::App& command, ImportOptions& options) {
  command.add_option("FILE", options.file, "The script's .env file")->required();
  addRecordOption(command, options.record);
  addLogLevel(command, options.logLevel, kLogLevelOnce);
  command.footer(kImportHelp);
}

/// CLI11 would only say that a command is missing.
bool isUnknownCommand(int argc, char** argv) {
  static constexpr auto kCommands =
      std::to_array<std::string_view>({"run", "sync", "plan", "discover", "import-env", "version"});
  if (argc < 2 || argv[1][0] == '-' || std::ranges::find(kCommands, std::string_view(argv[1])) != kCommands.end()) {
    return false;
  }
  std::cerr << "there is no command " << argv[1] << api::didYouMean(argv[1], kCommands)
            << "\nRun splitdelivery --help for the list.\n";
  return true;
}

/// Fills in what --from-env comes to. False: standard error says what to change.
bool takeEnvironment(const EnvFlags& flags, const ClusterOptions& cluster, FolderOptions& options) {
  auto fromEnv = readFromEnv(flags, options.manifests, environ);
  if (!fromEnv) {
    for (const std::string& line : fromEnv.error()) std::cerr << line << "\n";
    return false;
  }
  options.env = std::move(*fromEnv);
  if (!options.env) return true;
  const auto given = givenClusterFlags(cluster);
  for (const std::string& flag : given) {
    std::cerr << flag << " is for a cluster, and --from-env works without one: leave one of them out\n";
  }
  return given.empty();
}

}  // namespace

int run(int argc, char** argv) {
  if (argc > 0 && kubectl::isPluginName(argv[0])) return kubectl::run(argc, argv);
  if (isUnknownCommand(argc, argv)) return kUsage;
  CLI::App app(kAbout, "splitdelivery");
  app.footer(kExamples);
  app.set_version_flag("--version", "splitdelivery " + std::string(base::kVersion));
  app.require_subcommand(1);

  FolderOptions options;
  EnvFlags env;
  auto* plan = app.add_subcommand("plan", "Show what sync would do, and write nothing");
  addOnceOptions(*plan, options, env, kPlanHelp);
  auto* sync = app.add_subcommand("sync", "One pass over all resources, then exit");
  addOnceOptions(*sync, options, env, kSyncHelp);
  auto* service = app.add_subcommand("run", "Stay up: every resource on its interval, until told to stop");
  std::string serviceLogLevel = "info";
  ClusterOptions clusterOptions;
  addRunOptions(*service, options, env, clusterOptions, serviceLogLevel);
  auto* discover = app.add_subcommand("discover", "Print documents for hosted domains that no resource covers");
  addDiscoverOptions(*discover, options);
  auto* import =
      app.add_subcommand("import-env", "Move over from the split delivery script: print its settings as YAML");
  ImportOptions importOptions;
  addImportOptions(*import, importOptions);
  auto* version = app.add_subcommand("version", "Print the version");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  if (version->parsed()) {
    std::cout << "splitdelivery " << base::kVersion << "\n";
    return kOk;
  }
  if (import->parsed()) return runImportEnv(importOptions);
  if (service->parsed()) options.logLevel = serviceLogLevel;
  if (!takeEnvironment(env, clusterOptions, options)) return kUsage;
  if (service->parsed() && !statusPageFits(options)) return kUsage;
  const bool folder = !options.manifests.empty() || options.env;
  if (service->parsed() && !folder) return runController(options, clusterOptions);
  if (!folder) {
    std::cerr << "--manifests PATH is required: the folder with the YAML files (or set SPLITDELIVERY_MANIFESTS)"
              << (discover->parsed() ? "" : "; or --from-env, with the split delivery script's variables") << "\n";
    return kUsage;
  }
  if (service->parsed()) return runService(options);
  if (discover->parsed()) return runDiscover(options);
  return runFolderCommand(options, plan->parsed() ? reconcile::Mode::Plan : reconcile::Mode::Sync);
}

}  // namespace splitdelivery::cli
