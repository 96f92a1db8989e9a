#include "kube/user_access.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "support/message_style.h"
#include "support/temporary_folder.h"

namespace splitdelivery::kube {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::TemporaryFolder;

Environment environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string context(const std::string& name, const std::string& cluster, const std::string& user) {
  return "contexts: [{name: " + name + ", context: {cluster: " + cluster + ", user: " + user + ", namespace: mail}}]\n";
}
std::string cluster(const std::string& name, const std::string& host, const std::string& more = "") {
  return "clusters: [{name: " + name + ", cluster: {server: 'https://" + host + "'" + more + "}}]\n";
}
std::string user(const std::string& name, const std::string& what) {
  return "users: [{name: " + name + ", user: {" + what + "}}]\n";
}
std::string whole(const std::string& who, const std::string& more = "") {
  return "current-context: here\n" + context("here", "c", "u") + cluster("c", "kube", more) + user("u", who);
}

struct APerson : ::testing::Test {
  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  base::Result<Access> find(const UserWish& wish, std::map<std::string, std::string> values = {}) {
    values.try_emplace("HOME", (folder.path() / "home").string());
    auto access = findUserAccess(wish, environment(std::move(values)));
    if (!access) testing::expectStyle(access.error());
    return access;
  }
  TemporaryFolder folder;
};

TEST_F(APerson, HasSeveralFilesReadAsOne) {
  const auto first = file("a", context("one", "c", "red") + user("red", "token: first"));
  const auto second = file("b", "current-context: one\n" + cluster("c", "kube") + user("red", "token: second"));
  const auto third = file("c", "current-context: other\n" + cluster("c", "elsewhere"));
  const std::string list = first + ":" + (folder.path() / "missing").string() + "::" + second + ":" + third;
  const auto access = find({}, {{"KUBECONFIG", list}});
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->context, "one") << "of the first that has one";
  EXPECT_EQ(access->config.origin, "https://kube") << "of two clusters of a name the first";
  EXPECT_EQ(access->config.token.reveal(), "first") << "the first file that knows the user";
  EXPECT_EQ(access->config.ns, "mail");
}

TEST_F(APerson, HasPathsReadFromTheFileThatNamesThem) {
  file("far/ca.pem", "CA");
  const auto near = file("near/config", "current-context: one\n" + context("one", "c", "u") + user("u", "token: t"));
  const auto far = file("far/config", cluster("c", "kube", ", certificate-authority: ca.pem"));
  const auto access = find({}, {{"KUBECONFIG", near + ":" + far}});
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->config.caBundle, "CA");
}

TEST_F(APerson, ChoosesAnotherContext) {
  const auto path =
      file("a", "current-context: one\n" + std::string("contexts: [{name: one, context: {cluster: c, user: u}}, ") +
                    "{name: two, context: {cluster: d, user: u}}]\n" +
                    "clusters: [{name: c, cluster: {server: 'https://c'}}, "
                    "{name: d, cluster: {server: 'https://d'}}]\n" +
                    user("u", "token: t"));
  EXPECT_EQ(find({.kubeconfig = path})->config.origin, "https://c");
  EXPECT_EQ(find({.kubeconfig = path, .context = "two"})->config.origin, "https://d");
  const auto wrong = find({.kubeconfig = path, .context = "tow"});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("it has one, two"));
}

TEST_F(APerson, IsFoundByTheFlagThenTheVariableThenHome) {
  const auto with = [&](const std::string& name, const std::string& host) {
    return file(name, "current-context: x\n" + context("x", "c", "u") + cluster("c", host) + user("u", "token: t"));
  };
  const auto flag = with("flag", "flag");
  const auto variable = with("variable", "variable");
  with("home/.kube/config", "home");
  EXPECT_EQ(find({.kubeconfig = flag}, {{"KUBECONFIG", variable}})->config.origin, "https://flag");
  EXPECT_EQ(find({}, {{"KUBECONFIG", variable}})->config.origin, "https://variable");
  EXPECT_EQ(find({})->config.origin, "https://home");
  EXPECT_EQ(find({}, {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}})->config.origin, "https://home") << "not the pod's";
}

TEST_F(APerson, WithoutAKubeconfigIsToldHowToGiveOne) {
  const auto none = find({});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("--kubeconfig"));
  const auto missing = find({.kubeconfig = "/nowhere/config"});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nowhere/config"));
  const auto all = find({}, {{"KUBECONFIG", "/nowhere/a:/nowhere/b"}});
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().message, HasSubstr("/nowhere/a:/nowhere/b"));
}

TEST_F(APerson, MayHaveACredentialPlugin) {
  const auto path =
      file("a", whole("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, "
                      "get-token, 7], env: [{name: AWS_PROFILE, value: work}], interactiveMode: Never, "
                      "installHint: \"first\\n\\tsecond\"}"));
  const auto access = find({.kubeconfig = path});
  ASSERT_TRUE(access) << access.error().message;
  ASSERT_TRUE(access->plugin);
  EXPECT_EQ(access->plugin->apiVersion, "client.authentication.k8s.io/v1beta1");
  EXPECT_EQ(access->plugin->command, "aws");
  EXPECT_THAT(access->plugin->arguments, ElementsAre("eks", "get-token", "7"));
  EXPECT_THAT(access->plugin->environment, ElementsAre(Pair("AWS_PROFILE", "work")));
  EXPECT_EQ(access->plugin->interactive, ExecPlugin::Interactive::Never);
  EXPECT_EQ(access->plugin->installHint, "first second");
  EXPECT_TRUE(access->plugin->cluster.is_null());
}

TEST_F(APerson, HasAPluginWithAPathRunFromTheKubeconfigsFolder) {
  const auto path = file("a", whole("exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login}"));
  EXPECT_EQ(find({.kubeconfig = path})->plugin->command, (folder.path() / "./bin/login").string());
}

TEST_F(APerson, LetsAPluginKnowTheClusterThatAsksForIt) {
  const auto path = file(
      "a",
      whole("exec: {apiVersion: client.authentication.k8s.io/v1, command: login, provideClusterInfo: true}",
            ", certificate-authority-data: Q0EK, extensions: [{name: client.authentication.k8s.io/exec, extension: "
            "{audience: kube, level: 3, deep: [true, \"3\"]}}]"));
  const auto info = find({.kubeconfig = path})->plugin->cluster;
  EXPECT_EQ(info.at("server"), "https://kube");
  EXPECT_EQ(info.at("certificate-authority-data"), "Q0EK");
  EXPECT_EQ(info.at("config"), nlohmann::json::parse(R"({"audience":"kube","level":3,"deep":[true,"3"]})"));
}

TEST_F(APerson, WithATokenNeedsNoPlugin) {
  const auto path = file("a", whole("token: t, exec: {apiVersion: client.authentication.k8s.io/v1, command: login}"));
  EXPECT_FALSE(find({.kubeconfig = path})->plugin);
}

TEST_F(APerson, LogsInWithThePluginOfTheKubeconfig) {
  const auto script = file("login",
                           "#!/bin/sh\necho '{\"kind\":\"ExecCredential\",\"apiVersion\":"
                           "\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"given\"}}'\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const auto path = file("a", whole("exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login}"));
  const auto config = logIn(*find({.kubeconfig = path}), false);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->token.reveal(), "given");
}

TEST_F(APerson, IsToldWhatOfAKubeconfigCannotBeUsed) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {whole("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}"), "v1beta1"},
      {whole("exec: {apiVersion: client.authentication.k8s.io/v1}"), "command"},
      {whole("auth-provider: {name: gcp}"), "auth-provider"},
      {whole("token: t", ", proxy-url: 'http://p'"), "proxy-url"},
      {whole("token: t", ", tls-server-name: kube.internal"), "tls-server-name"},
      {whole("token: t", ", insecure-skip-tls-verify: true"), "certificate-authority-data"},
  };
  for (const auto& [text, says] : bad) {
    const auto access = find({.kubeconfig = file("bad", text)});
    ASSERT_FALSE(access) << says;
    EXPECT_EQ(access.error().reason, "KubeconfigUnusable");
    EXPECT_THAT(access.error().message, HasSubstr(says));
  }
}

TEST(AController, RunsNoCredentialPlugin) {
  const auto config =
      parseKubeconfig(whole("exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/true}"), "/nowhere");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("kubectl create token"));
}

}  // namespace
}  // namespace splitdelivery::kube
