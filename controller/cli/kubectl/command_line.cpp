#include "cli/kubectl/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>

#include "api/address.h"
#include "api/duration.h"
#include "api/suggest.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/line_printer.h"

namespace splitdelivery::cli::kubectl {
namespace {

constexpr const char* kAbout =
    "Looks at SplitDeliveryDomains (sdd) of a cluster and tells the controller what a person decides.\n"
    "It reads no Secret and asks no mail system: what it shows is what the controller last saw.";

constexpr const char* kExamples =
    "Examples:\n"
    "  kubectl sdd status                      all resources of the namespace; -A: of all namespaces\n"
    "  kubectl sdd status example-com          one in full\n"
    "  kubectl sdd status anna@example.com     where mail for this address goes, and why\n"
    "  kubectl sdd plan example-com            what the next pass would do, and what is held\n"
    "  kubectl sdd approve example-com ID      lets it do what is held under this id\n\n"
    "`kubectl sdd COMMAND --help` tells more about a command. Exit codes: 0 done (status and plan: also when "
    "something\n"
    "is not Ready), 1 not found, refused or not reached, 64 wrong usage.";

constexpr const char* kStatusHelp =
    "Without an argument a table of the namespace's resources; with a NAME that one in full: its conditions, each "
    "with\n"
    "what to do, counts, what is held, conflicts; with an ADDRESS where its mail goes and why: whether it is Zoho's,\n"
    "whose forwarder it has, and what the mail server does with it. For an address all namespaces that you may see "
    "are\n"
    "looked through, unless one is given.\n"
    "Needs: get and list of splitdeliverydomains; for an address get of addressbooks too.";

constexpr const char* kPlanHelp =
    "The plan in full as the controller's last pass left it, a line each:\n"
    "  + to create   ~ to change   - to delete   ! in conflict   ⏸ held until you approve it\n"
    "Needs: get of splitdeliverydomains and addressbooks.";

constexpr const char* kApproveHelp =
    "Lets the controller do exactly what is held under ID, once. The id stands in status and plan; one that is no "
    "longer\n"
    "the present one is refused, and nothing is written.\n"
    "Needs: get and patch of splitdeliverydomains; get of addressbooks to show everything that is approved.";

constexpr const char* kResyncHelp =
    "Asks the controller for a pass at once, waits until it was made, and prints what came of it. A resource that is "
    "not\n"
    "Ready afterwards is no failure of this command: exit code 0.\n"
    "Needs: get and patch of splitdeliverydomains, and list and watch to wait.";

constexpr const char* kSuspendHelp =
    "Sets spec.suspend: nothing is asked of or written to either side until resume; forwarders stay as they are.\n"
    "Needs: get and patch of splitdeliverydomains.";

constexpr const char* kResumeHelp =
    "Takes spec.suspend back; the controller looks at once.\n"
    "Needs: get and patch of splitdeliverydomains.";

bool isNamePart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/// As Kubernetes names objects (RFC 1123): such a name needs no escaping in a path.
bool isName(std::string_view text, bool dots) {
  constexpr std::size_t kLongest = 253;
  if (text.empty() || text.size() > kLongest) return false;
  for (const char end : {text.front(), text.back()}) {
    if (!isNamePart(end) || end == '-') return false;
  }
  return text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [&](char c) { return isNamePart(c) || (dots && c == '.'); });
}

/// "" when it is one.
std::string notANamespace(const std::string& text) {
  return isName(text, false) ? "" : "must be a namespace's name: lower-case letters, digits and '-'";
}

std::string notADuration(const std::string& text) {
  return api::parseDuration(text) ? "" : "must be a duration such as 60s or 5m";
}

/// NAME, or KIND/NAME with one of the names that kubectl knows our kind by. Empty: it is neither.
std::string nameFrom(std::string_view text) {
  for (const std::string_view kind :
       {"sdd/", "splitdeliverydomain/", "splitdeliverydomains/", "splitdeliverydomain.splitdelivery.dev/",
        "splitdeliverydomains.splitdelivery.dev/"}) {
    if (text.starts_with(kind)) text.remove_prefix(kind.size());
  }
  return isName(text, true) ? std::string(text) : "";
}

void addCommonOptions(CLI::App& command, Options& options) {
  command.add_option("-n,--namespace", options.ns, "Namespace [the context's own, else default]")
      ->type_name("NS")
      ->check(CLI::Validator(notANamespace, ""));
  command.add_option("--context", options.context, "Context of the kubeconfig [the current one]")->type_name("NAME");
  command.add_option("--kubeconfig", options.kubeconfig, "[the files of KUBECONFIG, ~/.kube/config]")
      ->type_name("FILE");
  command.add_option("--log-level", options.logLevel, "debug shows every request on standard error")
      ->type_name("LEVEL")
      ->envname("SPLITDELIVERY_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->capture_default_str();
}

CLI::App& addCommand(CLI::App& app, const char* name, const char* what, const char* help, Options& options,
                     Command command) {
  CLI::App& added = *app.add_subcommand(name, what);
  addCommonOptions(added, options);
  added.footer(help);
  added.callback([&options, command] { options.command = command; });
  return added;
}

void addOutput(CLI::App& command, Options& options) {
  command.add_option("-o,--output", options.output, "text for people, json for machines")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void addCommands(CLI::App& app, Options& options) {
  auto& status = addCommand(app, "status", "How resources are, or where mail for an address goes", kStatusHelp, options,
                            Command::Status);
  status.add_option("NAME", options.name, "A resource (NAME or sdd/NAME), or an e-mail address");
  status.add_flag("-A,--all-namespaces", options.allNamespaces, "Of every namespace");
  addOutput(status, options);
  auto& plan = addCommand(app, "plan", "What the next pass would do, in full", kPlanHelp, options, Command::Plan);
  plan.add_option("NAME", options.name, "A resource: NAME or sdd/NAME")->required();
  addOutput(plan, options);
  auto& approve =
      addCommand(app, "approve", "Let the controller do what is held", kApproveHelp, options, Command::Approve);
  approve.add_option("NAME", options.name, "A resource: NAME or sdd/NAME")->required();
  approve.add_option("ID", options.planId, "The held plan's id, as status and plan show it")->required();
  auto& resync = addCommand(app, "resync", "Ask for a pass at once", kResyncHelp, options, Command::Resync);
  resync.add_option("NAME", options.name, "A resource: NAME or sdd/NAME");
  resync.add_flag("--all", options.all, "All resources of the namespace");
  resync.add_flag("-A,--all-namespaces", options.allNamespaces, "With --all: of every namespace");
  resync.add_flag("--wait,!--no-wait", options.wait, "Wait until the pass was made [true]");
  resync
      .add_option_function<std::string>(
          "--timeout", [&options](const std::string& text) { options.timeout = *api::parseDuration(text); },
          "How long to wait [60s]")
      ->type_name("DURATION")
      ->check(CLI::Validator(notADuration, ""));
  auto& suspend = addCommand(app, "suspend", "Stop all work on a resource", kSuspendHelp, options, Command::Suspend);
  suspend.add_option("NAME", options.name, "A resource: NAME or sdd/NAME")->required();
  auto& resume = addCommand(app, "resume", "Take it up again", kResumeHelp, options, Command::Resume);
  resume.add_option("NAME", options.name, "A resource: NAME or sdd/NAME")->required();
}

CommandLine wrong(const std::string& message) {
  std::cerr << plain(message) << "\nRun kubectl sdd --help for more.\n";
  return {.options = std::nullopt, .exitCode = kUsage};
}

CommandLine checked(Options options) {
  const bool about = !options.name.empty();
  const bool resync = options.command == Command::Resync;
  if (options.command == Command::Status && options.name.find('@') != std::string::npos) {
    const auto address = api::parseAddress(options.name);
    if (!address) return wrong("the address " + options.name + " " + address.error().message);
    options.address = address->text();
    options.name.clear();
  } else if (about) {
    const std::string name = nameFrom(options.name);
    if (name.empty()) return wrong(options.name + " is no resource's name: give NAME or sdd/NAME");
    options.name = name;
  }
  if (options.allNamespaces && !options.ns.empty()) return wrong("give -n or -A, not both");
  if (!options.name.empty() && options.allNamespaces) {
    return wrong("a NAME is one of a namespace: give -n NAMESPACE in place of -A");
  }
  if (resync && about == options.all) return wrong("resync needs a NAME, or --all, and not both");
  return {.options = std::move(options)};
}

/// CLI11 would only say that a command is missing.
std::optional<CommandLine> unknownCommand(int argc, const char* const* argv) {
  static constexpr auto kCommands =
      std::to_array<std::string_view>({"status", "plan", "approve", "resync", "suspend", "resume"});
  if (argc < 2 || argv[1][0] == '-' || std::ranges::find(kCommands, std::string_view(argv[1])) != kCommands.end()) {
    return std::nullopt;
  }
  return wrong("there is no command " + std::string(argv[1]) + api::didYouMean(argv[1], kCommands));
}

}  // namespace

CommandLine parseCommandLine(int argc, const char* const* argv) {
  if (auto unknown = unknownCommand(argc, argv)) return *std::move(unknown);
  Options options;
  CLI::App app(kAbout, "kubectl sdd");
  app.footer(kExamples);
  app.set_version_flag("--version", "kubectl-sdd " + std::string(base::kVersion));
  app.require_subcommand(1);
  addCommonOptions(app, options);
  addCommands(app, options);
  if (argc < 2) {
    std::cout << app.help();
    return {.options = std::nullopt, .exitCode = kUsage};
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {.options = std::nullopt, .exitCode = app.exit(error) == 0 ? kOk : kUsage};
  }
  return checked(std::move(options));
}

}  // namespace splitdelivery::cli::kubectl
