#include "kube/exec_plugin.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "kube/child_process.h"
#include "kube/user_access.h"
#include "support/message_style.h"
#include "support/temporary_folder.h"

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

constexpr const char* kVersion = "client.authentication.k8s.io/v1";

ExecPlugin shell(const std::string& script) {
  return {.apiVersion = kVersion, .command = "/bin/sh", .arguments = {"-c", script}};
}

std::string credential(const std::string& status, const std::string& version = kVersion) {
  return R"({"kind":"ExecCredential","apiVersion":")" + version + R"(","status":)" + status + "}";
}

TEST(ACredentialPlugin, GivesTheTokenThatItPrints) {
  const auto given = runExecPlugin(shell("echo '" + credential(R"({"token":"abc"})") + "'"), false);
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->token.reveal(), "abc");
}

TEST(ACredentialPlugin, GivesACertificateWithItsKey) {
  const auto given = parseExecCredential(
      shell(""), credential(R"({"clientCertificateData":"CERT","clientKeyData":"KEY","expirationTimestamp":"x"})"));
  ASSERT_TRUE(given);
  EXPECT_EQ(given->clientCertificate, "CERT");
  EXPECT_EQ(given->clientKey.reveal(), "KEY");
}

TEST(ACredentialPlugin, IsToldInItsEnvironmentWhatItIsAsked) {
  const TemporaryFolder folder;
  const std::string seen = (folder.path() / "seen").string();
  ExecPlugin plugin = shell("printf '%s|%s' \"$KUBERNETES_EXEC_INFO\" \"$REGION\" >" + seen + "; echo '" +
                            credential(R"({"token":"t"})") + "'");
  plugin.environment = {{"REGION", "eu"}};
  plugin.cluster = {{"server", "https://kube"}};
  ASSERT_TRUE(runExecPlugin(plugin, false));
  std::ifstream file(seen);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, ::testing::EndsWith("|eu"));
  const auto info = nlohmann::json::parse(text.substr(0, text.rfind('|')));
  EXPECT_EQ(info.at("apiVersion"), kVersion);
  EXPECT_EQ(info.at("kind"), "ExecCredential");
  EXPECT_EQ(info.at("spec").at("interactive"), false);
  EXPECT_EQ(info.at("spec").at("cluster").at("server"), "https://kube");
}

TEST(ACredentialPlugin, ReadsNothingOfOurInputUnlessThereIsATerminal) {
  const auto given =
      runExecPlugin(shell("if read line; then exit 1; fi; echo '" + credential(R"({"token":"t"})") + "'"), false);
  EXPECT_TRUE(given) << given.error().message;
}

TEST(ACredentialPlugin, GetsItsArgumentsWithoutAShellInBetween) {
  ExecPlugin plugin = shell("[ \"$1\" = '$(exit 3) `x`' ] && echo '" + credential(R"({"token":"t"})") + "'");
  plugin.arguments.insert(plugin.arguments.end(), {"sh", "$(exit 3) `x`"});
  EXPECT_TRUE(runExecPlugin(plugin, false));
}

struct Bad {
  const char* name;
  ExecPlugin plugin;
  const char* says;
};

class APluginThatFails : public ::testing::TestWithParam<Bad> {};

TEST_P(APluginThatFails, IsAnErrorThatNamesTheFixAndNothingThatItPrinted) {
  const auto given = runExecPlugin(GetParam().plugin, false, 300ms);
  ASSERT_FALSE(given);
  EXPECT_EQ(given.error().kind, base::ErrorKind::Stall);
  EXPECT_EQ(given.error().reason, "CredentialPluginFailed");
  EXPECT_THAT(given.error().message, HasSubstr(GetParam().says));
  EXPECT_THAT(given.error().message, Not(HasSubstr("sesame")));
  testing::expectStyle(given.error());
}

ExecPlugin absent() {
  return {.apiVersion = kVersion, .command = "no-such-plugin", .installHint = "install it from the shop"};
}

ExecPlugin asking() {
  ExecPlugin plugin = shell("exit 0");
  plugin.interactive = ExecPlugin::Interactive::Always;
  return plugin;
}

INSTANTIATE_TEST_SUITE_P(
    Each, APluginThatFails,
    ::testing::Values(
        Bad{"NotThere", absent(), "install it from the shop"},
        Bad{"NotExecutable", {.apiVersion = kVersion, .command = "/etc/passwd"}, "may be executed"},
        Bad{"Fails", shell("echo sesame; exit 3"), "exit code 3"},
        Bad{"IsKilled", shell("kill -9 $$"), "exit code 137"}, Bad{"Hangs", shell("exec sleep 100"), "run it by hand"},
        Bad{"PrintsNoJson", shell("echo sesame"), "no ExecCredential"},
        Bad{"PrintsAnother", shell("echo '{\"kind\":\"Pod\",\"token\":\"sesame\"}'"), "no ExecCredential"},
        Bad{"PrintsForEver", shell("exec yes sesame"), "no ExecCredential"},
        Bad{"SpeaksAnotherVersion",
            shell("echo '" + credential(R"({"token":"sesame"})", "client.authentication.k8s.io/v1beta1") + "'"),
            "another version"},
        Bad{"GivesNothing", shell("echo '" + credential("{}") + "'"), "log in with it again"},
        Bad{"HasNoStatus", shell("echo '" + credential("null") + "'"), "log in with it again"},
        Bad{"GivesHalf", shell("echo '" + credential(R"({"clientKeyData":"sesame"})") + "'"), "together"},
        Bad{"WantsATerminal", asking(), "in a terminal"}),
    [](const auto& row) { return row.param.name; });

TEST(AChild, EndsWithItsProgramAlthoughWhatItLeftBehindLivesOn) {
  // Its output is closed by both: the one in the background has another.
  const auto end = runChild({.command = "sh", .arguments = {"-c", "sleep 100 >/dev/null & echo $!"}}, 10s, 100);
  EXPECT_EQ(end.how, ChildEnd::How::Ended);
  EXPECT_EQ(end.status, 0);
  ASSERT_FALSE(end.output.empty());
  ::kill(std::stoi(end.output), SIGKILL);
}

TEST(AChild, IsNotWaitedForWhereSomethingElseHoldsItsOutputOpen) {
  // What it printed by then is all that there is.
  const auto end = runChild({.command = "sh", .arguments = {"-c", "sleep 100 & echo $!"}}, 10s, 100);
  EXPECT_EQ(end.how, ChildEnd::How::Ended);
  EXPECT_EQ(end.status, 0);
  ASSERT_FALSE(end.output.empty());
  ::kill(std::stoi(end.output), SIGKILL);
}

TEST(AChild, HasItsSignalsUnblockedWhateverOursAre) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto end = runChild({.command = "sh", .arguments = {"-c", "kill -TERM $$; exit 0"}}, 10s, 100);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(end.status, 128 + SIGTERM);
}

TEST(AChild, HasTheLastOfSeveralValuesOfAName) {
  const auto end = runChild({.command = "sh",
                             .arguments = {"-c", "echo $HOME$TWICE"},
                             .environment = {{"HOME", "/other"}, {"TWICE", "1"}, {"TWICE", "2"}}},
                            10s, 100);
  EXPECT_EQ(end.output, "/other2\n");
}

}  // namespace
}  // namespace splitdelivery::kube
