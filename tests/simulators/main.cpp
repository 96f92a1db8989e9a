#include <exception>
#include <iostream>
#include <span>

#include "simulators/control.h"
#include "simulators/dns_server.h"
#include "simulators/loopback_server.h"
#include "simulators/options.h"
#include "simulators/world.h"

namespace {

using namespace splitdelivery::simulators;

constexpr int kWrongUsage = 64;

std::string url(const std::string& endpoint, std::uint16_t port) {
  return "http://" + endpoint.substr(0, endpoint.rfind(':') + 1) + std::to_string(port);
}

void serve(const Options& options) {
  World world;
  world.zoho.behavior.tokensPer10Minutes = options.tokenLimit;
  if (options.demo) {
    fillDemoWorld(world, options.bench.traps);
  } else {
    fillBenchWorld(world, options.bench);
  }
  Control control(world);
  const DnsServer dns(world.dns, options.dns);
  LoopbackServer server;
  server.stopOnSignals();
  const auto zoho = server.listen(options.zoho, world.zohoService);
  const auto da = server.listen(options.da, world.daService);
  const auto play = server.listen(
      options.control, [&control](const Request& request) { return Delivery{.reply = control.handle(request)}; });
  std::cout << "ready zoho=" << url(options.zoho, zoho) << " da=" << url(options.da, da)
            << " control=" << url(options.control, play) << " dns=" << dns.endpoint() << std::endl;
  server.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parseOptions(std::span<const char* const>(argv, static_cast<std::size_t>(argc)).subspan(1));
    if (options.help) {
      std::cout << usage();
      return 0;
    }
    serve(options);
    return 0;
  } catch (const std::invalid_argument& error) {
    std::cerr << "splitdelivery-simulators: " << error.what() << '\n';
    return kWrongUsage;
  } catch (const UsageError& error) {
    std::cerr << "splitdelivery-simulators: " << error.what() << " (see --help)\n";
    return kWrongUsage;
  } catch (const std::exception& error) {
    std::cerr << "splitdelivery-simulators: " << error.what() << '\n';
    return 1;
  }
}
