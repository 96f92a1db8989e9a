#include <openssl/evp.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <sstream>

#include "http/origin.h"
#include "kube/config.h"

namespace splitdelivery::kube {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::fail;
using base::Result;

/// Ends the reading; its text follows "the kubeconfig FILE ".
struct Unusable {
  std::string why;
};

/// A key that is not there, or is null, is an undefined node.
YAML::Node childOf(const YAML::Node& map, const char* key) {
  return map.IsMap() ? map[key] : YAML::Node(YAML::NodeType::Undefined);
}

std::string textOf(const YAML::Node& map, const char* key) {
  const YAML::Node value = childOf(map, key);
  return value.IsDefined() && value.IsScalar() ? value.Scalar() : std::string();
}

/// The map `part` of the entry of that name in the list `list`.
YAML::Node entryOf(const YAML::Node& root, const char* list, const char* part, const std::string& name) {
  for (const auto& entry : childOf(root, list)) {
    if (textOf(entry, "name") == name && childOf(entry, part).IsMap()) return entry[part];
  }
  throw Unusable{"has no entry \"" + name + "\" in " + list};
}

std::string decoded(const std::string& base64, const char* key) {
  std::string text(base64.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
  if (size < 0) throw Unusable{std::string("has a ") + key + " that is not base64"};
  // EVP_DecodeBlock counts the padding as bytes.
  const std::size_t padding = base64.ends_with("==") ? 2 : base64.ends_with("=") ? 1 : 0;
  text.resize(static_cast<std::size_t>(size) - padding);
  return text;
}

/// `KEY-data` (base64) before the file that `KEY` names.
std::string material(const YAML::Node& map, const char* key, const fs::path& folder) {
  const std::string inlined = textOf(map, (std::string(key) + "-data").c_str());
  if (!inlined.empty()) return decoded(inlined, key);
  const std::string path = textOf(map, key);
  if (path.empty()) return {};
  std::ifstream file(folder / path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file || content.str().empty()) throw Unusable{"names " + path + " as " + key + ", which cannot be read"};
  return content.str();
}

void setServer(Config& config, const YAML::Node& cluster, const fs::path& folder) {
  std::string server = textOf(cluster, "server");
  const auto scheme = server.find("://");
  const auto path = scheme == std::string::npos ? std::string::npos : server.find('/', scheme + 3);
  if (path != std::string::npos) {
    config.pathPrefix = server.substr(path);
    server.resize(path);
    while (config.pathPrefix.ends_with('/')) config.pathPrefix.pop_back();
  }
  if (!http::parseOrigin(server)) throw Unusable{"has no usable server: it must be https://HOST:PORT"};
  config.origin = server;
  if (textOf(cluster, "insecure-skip-tls-verify") == "true") {
    throw Unusable{"sets insecure-skip-tls-verify, which is not supported: give certificate-authority-data"};
  }
  if (!textOf(cluster, "proxy-url").empty() || !textOf(cluster, "tls-server-name").empty()) {
    throw Unusable{"sets proxy-url or tls-server-name, which are not supported"};
  }
  config.caBundle = material(cluster, "certificate-authority", folder);
}

void setUser(Config& config, const YAML::Node& user, const fs::path& folder) {
  for (const char* key : {"exec", "auth-provider", "username", "as"}) {
    if (childOf(user, key).IsDefined()) {
      throw Unusable{std::string("has a user with ") + key +
                     ", which is not supported: use a token (kubectl create token) or a client certificate"};
    }
  }
  config.clientCertificate = material(user, "client-certificate", folder);
  config.clientKey = base::Secret(material(user, "client-key", folder));
  config.token = base::Secret(textOf(user, "token"));
  const std::string tokenFile = textOf(user, "tokenFile");
  if (!tokenFile.empty() && config.token.empty()) config.tokenFile = folder / tokenFile;
}

Config configFrom(const YAML::Node& root, const fs::path& folder) {
  const std::string current = textOf(root, "current-context");
  if (current.empty()) throw Unusable{"has no current-context: run kubectl config use-context NAME"};
  const YAML::Node context = entryOf(root, "contexts", "context", current);
  Config config;
  setServer(config, entryOf(root, "clusters", "cluster", textOf(context, "cluster")), folder);
  if (const std::string user = textOf(context, "user"); !user.empty()) {
    setUser(config, entryOf(root, "users", "user", user), folder);
  }
  if (std::string ns = textOf(context, "namespace"); !ns.empty()) config.ns = std::move(ns);
  return config;
}

}  // namespace

Result<Config> parseKubeconfig(const std::string& text, const fs::path& folder) {
  try {
    return configFrom(YAML::Load(text), folder);
  } catch (const Unusable& unusable) {
    return fail(ErrorKind::Stall, "KubeconfigUnusable", unusable.why);
  } catch (const YAML::Exception&) {
    return fail(ErrorKind::Stall, "KubeconfigUnusable", "is no YAML");
  }
}

}  // namespace splitdelivery::kube
