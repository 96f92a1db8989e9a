#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "panel.h"
#include "refusals.h"
#include "support/message_style.h"

/// The commands that a login key may lack: they cost a pass nothing and shut nobody out.
namespace splitdelivery::mailserver::directadmin {
namespace {

using namespace std::chrono_literals;
using splitdelivery::testing::everyRefusal;
using splitdelivery::testing::outcome;
using splitdelivery::testing::Panel;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kDomains = "CMD_API_SHOW_DOMAINS";

struct Optional {
  std::string command;
  std::function<std::string(Panel&)> ask;
};

std::vector<Optional> everyOptional() {
  return {{"CMD_API_DNS_MX", [](Panel& panel) { return outcome(panel.localDelivery()); }},
          {"CMD_API_DNS_MX", [](Panel& panel) { return outcome(panel.setLocalDelivery(true)); }},
          {"CMD_API_EMAIL_CATCH_ALL", [](Panel& panel) { return outcome(panel.catchAll()); }},
          {"CMD_API_DOMAIN_POINTER", [](Panel& panel) { return outcome(panel.pointers()); }}};
}

TEST(AnOptionalCommandThatTheKeyLacks, IsRefusedOnceAnHourInWhateverForm) {
  for (const auto& refusal : everyRefusal()) {
    for (const auto& [command, ask] : everyOptional()) {
      Panel panel;
      panel.refusal = refusal;
      panel.refusedCommands = {command};
      EXPECT_EQ(ask(panel), "Stall LoginKeyLacksCommand") << command;
      EXPECT_THAT(panel.transport.commands(), ElementsAre(command, kDomains));
      for (int minute = 1; minute < 60; ++minute) {
        panel.executor.advance(1min);
        EXPECT_EQ(ask(panel), "Stall LoginKeyLacksCommand") << command;
      }
      EXPECT_THAT(panel.transport.requests, SizeIs(2)) << command;
      EXPECT_FALSE(panel.store.shutOut());
      EXPECT_EQ(outcome(panel.list()), "ok") << "the forwarders are not concerned";
      panel.refusedCommands.clear();
      panel.executor.advance(1min);
      EXPECT_EQ(ask(panel), "ok") << command;
    }
  }
}

TEST(AnOptionalCommandThatTheKeyLacks, IsNamed) {
  Panel panel;
  panel.refusedCommands = {"CMD_API_EMAIL_CATCH_ALL"};
  const auto error = panel.catchAll().error();
  EXPECT_THAT(error.message, HasSubstr("add CMD_API_EMAIL_CATCH_ALL"));
  splitdelivery::testing::expectStyle(error);
}

TEST(AnOptionalCommand, OpensTheBreakerWhenTheDomainsAreRefusedToo) {
  for (const auto& refusal : everyRefusal()) {
    for (const auto& [command, ask] : everyOptional()) {
      Panel panel;
      panel.refusal = refusal;
      panel.keyIsGood = false;
      EXPECT_EQ(ask(panel), "Stall BadCredentials") << command;
      EXPECT_TRUE(panel.store.shutOut());
      EXPECT_EQ(ask(panel), "Stall BadCredentials") << command;
      EXPECT_EQ(outcome(panel.list()), "Stall BadCredentials");
      EXPECT_THAT(panel.transport.commands(), ElementsAre(command, kDomains));
    }
  }
}

TEST(AnOptionalCommand, WithoutAVerdictOnItsRefusalIsAskedForAgain) {
  for (const auto& [command, ask] : everyOptional()) {
    Panel panel;
    panel.transport.become([&](const http::Request& request) -> splitdelivery::testing::FakeTransport::Reply {
      return splitdelivery::testing::commandOf(request) == kDomains ? splitdelivery::testing::answered(502, "")
                                                                    : panel.refusal;
    });
    EXPECT_EQ(ask(panel), "Retry ServerError") << command;
    EXPECT_FALSE(panel.store.shutOut());
    EXPECT_EQ(ask(panel), "Retry ServerError") << command;
    EXPECT_THAT(panel.transport.requests, SizeIs(4));
  }
}

TEST(AKeyThatReadsTheSwitch, MayStillNotTurnIt) {
  Panel panel;
  panel.transport.become(
      [&](const http::Request& request) { return request.method == "POST" ? panel.refusal : panel.answer(request); });
  EXPECT_EQ(outcome(panel.setLocalDelivery(true)), "Stall LoginKeyLacksCommand");
  EXPECT_EQ(outcome(panel.localDelivery()), "ok");
}

TEST(APersonWhoAsks, HasLackingCommandsTriedAgainButNotWithinThirtySeconds) {
  for (const auto& [command, ask] : everyOptional()) {
    Panel panel;
    panel.refusedCommands = {command};
    EXPECT_EQ(ask(panel), "Stall LoginKeyLacksCommand");
    panel.refusedCommands.clear();
    panel.executor.advance(10s);
    panel.store.tryAgain();
    EXPECT_EQ(ask(panel), "Stall LoginKeyLacksCommand") << "too soon";
    panel.executor.advance(20s);
    EXPECT_EQ(ask(panel), "ok") << command << ": the wish was not forgotten";
  }
}

TEST(APersonWhoAsks, HasTheLimitsTriedAgainToo) {
  Panel panel;
  panel.refusedCommands = {"CMD_API_SHOW_USER_CONFIG"};
  EXPECT_EQ(outcome(panel.limits()), "Stall LoginKeyLacksCommand");
  panel.refusedCommands.clear();
  panel.executor.advance(31s);
  panel.store.tryAgain();
  EXPECT_EQ(outcome(panel.limits()), "ok");
}

TEST(ABareKey, CostsAPassOfTheNextHourNoRefusedRequest) {
  Panel panel;
  for (const auto& [command, ask] : everyOptional()) panel.refusedCommands.insert(command);
  for (const auto& [command, ask] : everyOptional()) (void)ask(panel);
  panel.transport.requests.clear();
  for (int pass = 0; pass < 11; ++pass) {
    panel.executor.advance(5min);
    for (const auto& [command, ask] : everyOptional()) (void)ask(panel);
    (void)panel.list();
  }
  for (const auto& name : panel.transport.commands()) EXPECT_EQ(name, "CMD_API_EMAIL_FORWARDERS");
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
