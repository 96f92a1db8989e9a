#include "simulators/options.h"

#include <charconv>
#include <functional>
#include <map>

namespace splitdelivery::simulators {
namespace {

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw UsageError(std::string(text) + " is no number");
  return value;
}

std::size_t positive(std::string_view text) {
  const std::size_t value = number(text);
  if (value == 0) throw UsageError("0 is too few");
  return value;
}

bool yesOrNo(std::string_view text) {
  if (text != "true" && text != "false") throw UsageError(std::string(text) + " is neither true nor false");
  return text == "true";
}

bool isDemo(std::string_view text) {
  if (text != "demo" && text != "bench") throw UsageError("a world is demo or bench, not " + std::string(text));
  return text == "demo";
}

using Setter = std::function<void(Options&, std::string_view)>;

const std::map<std::string, Setter, std::less<>>& setters() {
  static const std::map<std::string, Setter, std::less<>> all{
      {"zoho", [](Options& options, std::string_view value) { options.zoho = value; }},
      {"da", [](Options& options, std::string_view value) { options.da = value; }},
      {"mxroute", [](Options&, std::string_view) {}},
      {"control", [](Options& options, std::string_view value) { options.control = value; }},
      {"dns", [](Options& options, std::string_view value) { options.dns = value; }},
      {"world", [](Options& options, std::string_view value) { options.demo = isDemo(value); }},
      {"orgs", [](Options& options, std::string_view value) { options.bench.organizations = positive(value); }},
      {"domains-per-org",
       [](Options& options, std::string_view value) { options.bench.domainsPerOrganization = positive(value); }},
      {"users", [](Options& options, std::string_view value) { options.bench.users = number(value); }},
      {"traps", [](Options& options, std::string_view value) { options.bench.traps = yesOrNo(value); }},
      {"token-limit", [](Options& options, std::string_view value) { options.tokenLimit = number(value); }},
  };
  return all;
}

}  // namespace

Options parseOptions(std::span<const char* const> arguments) {
  Options options;
  for (const std::string_view argument : arguments) {
    const std::size_t dashes = argument.starts_with("--") ? 2 : 1;
    if (!argument.starts_with('-')) throw UsageError(std::string(argument) + " is no flag");
    const auto flag = argument.substr(dashes);
    if (flag == "help" || flag == "h") {
      options.help = true;
      continue;
    }
    const auto equals = flag.find('=');
    const auto setter = setters().find(flag.substr(0, equals));
    if (setter == setters().end()) throw UsageError("there is no flag " + std::string(argument));
    if (equals == std::string_view::npos) throw UsageError(std::string(argument) + " needs =value");
    setter->second(options, flag.substr(equals + 1));
  }
  return options;
}

std::string_view usage() {
  return R"(splitdelivery-simulators: Zoho Mail, a DirectAdmin server and DNS, on this machine only.

  -zoho=HOST:PORT       both of Zoho's hosts, accounts and mail (127.0.0.1:0)
  -da=HOST:PORT         DirectAdmin, over plain HTTP
  -control=HOST:PORT    where one looks in and plays: GET / there lists how
  -dns=HOST:PORT        DNS for the world's domains, over UDP and TCP
  -mxroute=HOST:PORT    accepted for launchers' sake; MXroute's API is not served

  -world=bench|demo     bench: as large as the next four say; demo: a small handwritten one (bench)
  -orgs=N               organisations, 60010000 and up; client 1000.SIMCLIENT, secret simsecret (1)
  -domains-per-org=K    domains d0.example.com and up; DirectAdmin account dauser0, key dakey0 (1)
  -users=M              users of each organisation, dealt in turn to its domains (8)
  -traps=true|false     odd pages, the limit of 30 calls a minute; in the bench odd accounts too (true)
  -token-limit=N        access tokens in 10 minutes, 0: no limit (10)

The demo has organisation 60012345 with example.com; DirectAdmin account demo, key demo-login-key.
Port 0 takes a free one. When all listen, one line "ready zoho=… da=… control=… dns=…" is printed.
)";
}

}  // namespace splitdelivery::simulators
