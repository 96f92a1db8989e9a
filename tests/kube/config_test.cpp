#include "kube/config.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "support/message_style.h"
#include "support/temporary_folder.h"

namespace splitdelivery::kube {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

Environment environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::string kubeconfig(const std::string& cluster, const std::string& user, const std::string& context = "") {
  return "current-context: here\ncontexts: [{name: other, context: {cluster: x, user: y}}, {name: here, context: "
         "{cluster: c, user: u" +
         context + "}}]\nclusters: [{name: c, cluster: {" + cluster + "}}]\nusers: [{name: u, user: {" + user + "}}]\n";
}

constexpr const char* kServer = "server: 'https://10.0.0.1:6443'";

TEST(AKubeconfig, GivesServerCertificatesAndTokenOfItsCurrentContext) {
  const auto config = parseKubeconfig(
      kubeconfig(std::string(kServer) + ", certificate-authority-data: Q0EK", "token: t", ", namespace: mail"), "/");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->origin, "https://10.0.0.1:6443");
  EXPECT_EQ(config->pathPrefix, "");
  EXPECT_EQ(config->caBundle, "CA\n");
  EXPECT_EQ(config->token.reveal(), "t");
  EXPECT_EQ(config->ns, "mail");
}

TEST(AKubeconfig, TakesAServerBehindAGatewayApart) {
  const auto config =
      parseKubeconfig(kubeconfig("server: 'https://rancher.example/k8s/clusters/c-1/'", "token: t"), "/");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->origin, "https://rancher.example");
  EXPECT_EQ(config->pathPrefix, "/k8s/clusters/c-1");
}

TEST(AKubeconfig, NamesFilesRelativeToItself) {
  const TemporaryFolder folder;
  write(folder.path() / "ca.pem", "CA");
  write(folder.path() / "me.pem", "ME");
  write(folder.path() / "me.key", "KEY");
  write(folder.path() / "config", kubeconfig(std::string(kServer) + ", certificate-authority: ca.pem",
                                             "client-certificate: me.pem, client-key: me.key, tokenFile: tok"));
  const auto config = findConfig((folder.path() / "config").string(), environment({}));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->caBundle, "CA");
  EXPECT_EQ(config->clientCertificate, "ME");
  EXPECT_EQ(config->clientKey.reveal(), "KEY");
  EXPECT_EQ(config->tokenFile, folder.path() / "tok");
}

struct Bad {
  const char* name;
  std::string text;
  const char* says;
};

class AnUnusableKubeconfig : public ::testing::TestWithParam<Bad> {};

TEST_P(AnUnusableKubeconfig, IsRefusedWithTheReason) {
  const auto config = parseKubeconfig(GetParam().text, "/nowhere");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, base::ErrorKind::Stall);
  EXPECT_EQ(config.error().reason, "KubeconfigUnusable");
  EXPECT_THAT(config.error().message, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Each, AnUnusableKubeconfig,
    ::testing::Values(
        Bad{"Empty", "", "current-context"}, Bad{"NoYaml", "{[", "no YAML"},
        Bad{"NoContext", "current-context: x", "contexts"}, Bad{"NoServer", kubeconfig("a: b", "token: t"), "server"},
        Bad{"OddServer", kubeconfig("server: 'ftp://x'", "token: t"), "server"},
        Bad{"Insecure", kubeconfig(std::string(kServer) + ", insecure-skip-tls-verify: true", "token: t"),
            "certificate-authority-data"},
        Bad{"Exec", kubeconfig(kServer, "exec: {command: aws}"), "kubectl create token"},
        Bad{"Proxy", kubeconfig(std::string(kServer) + ", proxy-url: 'http://p'", "token: t"), "proxy-url"},
        Bad{"NoBase64", kubeconfig(std::string(kServer) + ", certificate-authority-data: '!!!'", "token: t"), "base64"},
        Bad{"MissingFile", kubeconfig(std::string(kServer) + ", certificate-authority: ca.pem", "token: t"), "ca.pem"}),
    [](const auto& row) { return row.param.name; });

TEST(TheConfiguration, OfAPodComesFromItsServiceAccount) {
  const TemporaryFolder folder;
  write(folder.path() / "ca.crt", "CA");
  write(folder.path() / "token", "t\n");
  write(folder.path() / "namespace", "mail\n");
  const auto values = environment({{"KUBERNETES_SERVICE_HOST", "fd00::1"}, {"KUBERNETES_SERVICE_PORT", "443"}});
  const auto config = inClusterConfig(values, folder.path());
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->origin, "https://[fd00::1]:443");
  EXPECT_EQ(config->caBundle, "CA");
  EXPECT_EQ(config->token.reveal(), "t");
  EXPECT_EQ(config->tokenFile, folder.path() / "token");
  EXPECT_EQ(config->ns, "mail");
  std::filesystem::remove(folder.path() / "token");
  const auto without = inClusterConfig(values, folder.path());
  ASSERT_FALSE(without);
  EXPECT_THAT(without.error().message, HasSubstr("automountServiceAccountToken"));
}

TEST(TheConfiguration, ComesFromTheFlagThenTheEnvironmentThenHome) {
  const TemporaryFolder folder;
  const auto at = [&](const std::string& name, const std::string& server) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write(folder.path() / name, kubeconfig("server: 'https://" + server + "'", "token: t"));
    return (folder.path() / name).string();
  };
  const std::string flag = at("flag", "flag");
  const std::string variable = at("variable", "variable");
  at(".kube/config", "home");
  const std::string home = folder.path().string();
  const auto both = environment({{"HOME", home}, {"KUBECONFIG", variable}});
  EXPECT_EQ(findConfig(flag, both)->origin, "https://flag");
  EXPECT_EQ(findConfig("", both)->origin, "https://variable");
  EXPECT_EQ(findConfig("", environment({{"HOME", home}}))->origin, "https://home");
}

TEST(TheConfiguration, ThatIsNowhereTellsBothWaysToGiveIt) {
  const auto nowhere = findConfig("", environment({{"HOME", "/nowhere"}}));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().reason, "NotInCluster");
  EXPECT_THAT(nowhere.error().message, HasSubstr("--kubeconfig"));
  EXPECT_THAT(nowhere.error().message, HasSubstr("--manifests"));
  testing::expectStyle(nowhere.error());
  const auto missing = findConfig("/nowhere/config", environment({}));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nowhere/config"));
}

}  // namespace
}  // namespace splitdelivery::kube
