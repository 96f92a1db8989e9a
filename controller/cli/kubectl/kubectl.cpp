#include "cli/kubectl/kubectl.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "base/await.h"
#include "base/log.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/kubectl/command_line.h"
#include "cli/kubectl/commands.h"
#include "cli/process.h"
#include "http/cpprest_transport.h"
#include "http/logged_transport.h"
#include "http/real_executor.h"
#include "kube/user_access.h"

namespace splitdelivery::cli::kubectl {
namespace {

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

struct Login {
  kube::Config config;
  std::string context;
};

/// Blocking: reads files, and may run a credential plugin that asks a person.
base::Result<Login> logInAs(const Options& options, bool terminal) {
  auto access = kube::findUserAccess({.kubeconfig = options.kubeconfig, .context = options.context}, environment);
  if (!access) return base::fail(std::move(access).error());
  std::string context = access->context;
  auto config = kube::logIn(std::move(*access), terminal);
  if (!config) return base::fail(std::move(config).error());
  return Login{std::move(*config), std::move(context)};
}

base::Task<int> serve(base::Executor& executor, Options options, std::stop_token stop) {
  const bool terminal = isatty(STDIN_FILENO) != 0;
  auto login = co_await base::offload(executor, [options, terminal] { return logInAs(options, terminal); });
  if (!login) {
    std::cerr << "error: " << plain(login.error().message) << "\n";
    co_return kError;
  }
  http::CpprestTransport wire(executor, {.caBundle = login->config.caBundle,
                                         .clientCertificate = login->config.clientCertificate,
                                         .clientKey = login->config.clientKey,
                                         .userAgent = "kubectl-sdd/" + std::string(base::kVersion)});
  http::LoggedTransport logged(executor, wire);
  kube::Client client(executor, logged, std::move(login->config));
  const bool colour = isatty(STDOUT_FILENO) != 0 && !environment("NO_COLOR");
  const Session session{.executor = executor,
                        .client = client,
                        .options = std::move(options),
                        .context = std::move(login->context),
                        .out = std::cout,
                        .err = std::cerr,
                        .colour = colour,
                        .stop = std::move(stop)};
  const int code = co_await perform(session);
  std::cout.flush();
  co_return code;
}

}  // namespace

base::Task<int> perform(const Session& session) {
  switch (session.options.command) {
    case Command::Status:
      return session.options.address.empty() ? showStatus(session) : showAddress(session);
    case Command::Plan:
      return showPlan(session);
    case Command::Approve:
      return approve(session);
    case Command::Resync:
      return resync(session);
    case Command::Suspend:
      return setSuspended(session, true);
    case Command::Resume:
      return setSuspended(session, false);
  }
  return showStatus(session);
}

bool isPluginName(const char* program) {
  std::string_view name = program == nullptr ? "" : program;
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  return name == "kubectl-sdd";
}

int run(int argc, char** argv) {
  const CommandLine line = parseCommandLine(argc, argv);
  if (!line.options) return line.exitCode;
  base::setUpLogging(base::logLevelFrom(line.options->logLevel), base::LogFormat::Text);
  const SignalMask mask;
  http::RealExecutor executor;
  return runToEnd(executor, mask,
                  [&](std::stop_token stop) { return serve(executor, *line.options, std::move(stop)); });
}

}  // namespace splitdelivery::cli::kubectl
