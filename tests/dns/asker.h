#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dns/cares_resolver.h"
#include "http/blocking_run.h"
#include "simulators/dns_server.h"

namespace splitdelivery::dns {

/// The resolver under test on the real executor, against a simulated server; the questions block the test.
class TheCaresResolver : public ::testing::Test {
 protected:
  /// For what should succeed: long enough for a slow machine under a sanitizer, never waited out.
  static constexpr std::chrono::seconds kPatience{20};
  /// For what should time out.
  static constexpr std::chrono::milliseconds kShort{60};

  TheCaresResolver() { open(); }

  void open(std::chrono::milliseconds timeout = kPatience, int tries = 1) {
    openAt({server.endpoint()}, timeout, tries);
  }
  void openAt(std::vector<std::string> servers, std::chrono::milliseconds timeout = kPatience, int tries = 1) {
    resolver.reset();
    auto opened = CaresResolver::open(executor, {.servers = std::move(servers), .timeout = timeout, .tries = tries});
    ASSERT_TRUE(opened) << opened.error().message;
    resolver = *std::move(opened);
  }
  Answer<MxRecord> mx(std::string name, std::stop_token stop = {}) {
    return http::runBlocking(executor, resolver->mx(std::move(name), std::move(stop)));
  }
  Answer<std::string> txt(std::string name, std::stop_token stop = {}) {
    return http::runBlocking(executor, resolver->txt(std::move(name), std::move(stop)));
  }

  http::RealExecutor executor;
  simulators::DnsZone zone;
  simulators::DnsServer server{zone};
  std::unique_ptr<CaresResolver> resolver;
};

}  // namespace splitdelivery::dns
