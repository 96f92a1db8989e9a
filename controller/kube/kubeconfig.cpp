#include "kube/kubeconfig.h"

#include <openssl/evp.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "http/origin.h"

namespace splitdelivery::kube {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::fail;
using base::Result;
using Json = nlohmann::json;

/// Ends the reading; its text follows "the kubeconfig FILE ".
struct Unusable {
  std::string why;
};

/// A key that is not there, or is null, is an undefined node.
YAML::Node childOf(const YAML::Node& map, const char* key) {
  return map.IsMap() ? map[key] : YAML::Node(YAML::NodeType::Undefined);
}

bool has(const YAML::Node& map, const char* key) {
  const YAML::Node value = childOf(map, key);
  return value.IsDefined() && !value.IsNull();
}

std::string textOf(const YAML::Node& map, const char* key) {
  const YAML::Node value = childOf(map, key);
  return value.IsDefined() && value.IsScalar() ? value.Scalar() : std::string();
}

/// A map of a kubeconfig, with the folder that its paths start from.
struct Part {
  YAML::Node map;
  fs::path folder;
};

/// All files, one after the other.
class Files {
 public:
  explicit Files(const std::vector<KubeconfigFile>& files) {
    for (const KubeconfigFile& file : files) roots_.push_back({YAML::Load(file.text), file.folder});
  }

  /// The map `part` of the first entry of that name in the lists `list`.
  [[nodiscard]] Part entry(const char* list, const char* part, const std::string& name) const {
    for (const Part& root : roots_) {
      for (const auto& entry : childOf(root.map, list)) {
        if (textOf(entry, "name") == name && childOf(entry, part).IsMap()) return {entry[part], root.folder};
      }
    }
    throw Unusable{"has no entry \"" + name + "\" in " + list + named(list)};
  }
  [[nodiscard]] std::string currentContext() const {
    for (const Part& root : roots_) {
      if (std::string current = textOf(root.map, "current-context"); !current.empty()) return current;
    }
    throw Unusable{"has no current-context: run kubectl config use-context NAME"};
  }

 private:
  /// ": it has a, b, c"
  [[nodiscard]] std::string named(const char* list) const {
    constexpr int kNamed = 5;
    std::string text;
    int count = 0;
    for (const Part& root : roots_) {
      for (const auto& entry : childOf(root.map, list)) {
        if (++count <= kNamed) text += (text.empty() ? ": it has " : ", ") + textOf(entry, "name");
      }
    }
    return count > kNamed ? text + " and " + std::to_string(count - kNamed) + " more" : text;
  }

  std::vector<Part> roots_;
};

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

std::string encoded(const std::string& text) {
  std::string base64((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  base64.resize(static_cast<std::size_t>(size));
  return base64;
}

/// `KEY-data` (base64) before the file that `KEY` names.
std::string material(const Part& part, const char* key) {
  const std::string inlined = textOf(part.map, (std::string(key) + "-data").c_str());
  if (!inlined.empty()) return decoded(inlined, key);
  const std::string path = textOf(part.map, key);
  if (path.empty()) return {};
  std::ifstream file(part.folder / path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file || content.str().empty()) throw Unusable{"names " + path + " as " + key + ", which cannot be read"};
  return content.str();
}

void setServer(Config& config, const Part& cluster) {
  std::string server = textOf(cluster.map, "server");
  const auto scheme = server.find("://");
  const auto path = scheme == std::string::npos ? std::string::npos : server.find('/', scheme + 3);
  if (path != std::string::npos) {
    config.pathPrefix = server.substr(path);
    server.resize(path);
    while (config.pathPrefix.ends_with('/')) config.pathPrefix.pop_back();
  }
  if (!http::parseOrigin(server)) throw Unusable{"has no usable server: it must be https://HOST:PORT"};
  config.origin = server;
  if (textOf(cluster.map, "insecure-skip-tls-verify") == "true") {
    throw Unusable{"sets insecure-skip-tls-verify, which is not supported: give certificate-authority-data"};
  }
  for (const char* key : {"proxy-url", "tls-server-name"}) {
    if (textOf(cluster.map, key).empty()) continue;
    throw Unusable{std::string("sets ") + key +
                   ", which is not supported: give a cluster entry that reaches the API server directly, by the name "
                   "in its certificate"};
  }
  config.caBundle = material(cluster, "certificate-authority");
}

/// What a plugin's own settings hold: plain scalars have YAML's types.
Json jsonOf(const YAML::Node& node) {
  if (node.IsMap()) {
    Json object = Json::object();
    for (const auto& field : node) object[field.first.Scalar()] = jsonOf(field.second);
    return object;
  }
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const auto& entry : node) list.push_back(jsonOf(entry));
    return list;
  }
  if (!node.IsScalar()) return {};
  const bool quoted = node.Tag() == "!";
  const Json typed = quoted ? Json() : Json::parse(node.Scalar(), nullptr, false);
  return typed.is_boolean() || typed.is_number() || (typed.is_null() && !quoted) ? typed : Json(node.Scalar());
}

Json clusterInfo(const Part& cluster, const Config& config) {
  Json info = {{"server", config.origin + config.pathPrefix}};
  if (!config.caBundle.empty()) info["certificate-authority-data"] = encoded(config.caBundle);
  for (const auto& extension : childOf(cluster.map, "extensions")) {
    if (textOf(extension, "name") != "client.authentication.k8s.io/exec") continue;
    info["config"] = jsonOf(childOf(extension, "extension"));
  }
  return info;
}

/// One line, whatever the kubeconfig's author wrote.
std::string oneLine(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

ExecPlugin pluginFrom(const Part& user, const Part& cluster, const Config& config) {
  using Interactive = ExecPlugin::Interactive;
  const YAML::Node exec = childOf(user.map, "exec");
  ExecPlugin plugin{.apiVersion = textOf(exec, "apiVersion"),
                    .command = textOf(exec, "command"),
                    .installHint = oneLine(textOf(exec, "installHint"))};
  if (plugin.apiVersion != "client.authentication.k8s.io/v1" &&
      plugin.apiVersion != "client.authentication.k8s.io/v1beta1") {
    throw Unusable{"has a user with exec of a version that is not supported (v1 and v1beta1 are): make it anew"};
  }
  if (plugin.command.empty()) throw Unusable{"has a user with exec that names no command: make it anew"};
  if (plugin.command.find('/') != std::string::npos) plugin.command = (user.folder / plugin.command).string();
  for (const auto& argument : childOf(exec, "args")) plugin.arguments.push_back(argument.as<std::string>());
  for (const auto& entry : childOf(exec, "env")) {
    plugin.environment.emplace_back(textOf(entry, "name"), textOf(entry, "value"));
  }
  const std::string mode = textOf(exec, "interactiveMode");
  if (mode == "Never") plugin.interactive = Interactive::Never;
  if (mode == "Always") plugin.interactive = Interactive::Always;
  if (textOf(exec, "provideClusterInfo") == "true") plugin.cluster = clusterInfo(cluster, config);
  return plugin;
}

void setUser(Access& access, const Part& user, const Part& cluster, bool allowExec) {
  for (const char* key : {"exec", "auth-provider", "username", "as"}) {
    if (has(user.map, key) && !(allowExec && std::string_view(key) == "exec")) {
      throw Unusable{std::string("has a user with ") + key +
                     ", which is not supported: use a token (kubectl create token) or a client certificate"};
    }
  }
  Config& config = access.config;
  config.clientCertificate = material(user, "client-certificate");
  config.clientKey = base::Secret(material(user, "client-key"));
  config.token = base::Secret(textOf(user.map, "token"));
  const std::string tokenFile = textOf(user.map, "tokenFile");
  if (!tokenFile.empty() && config.token.empty()) config.tokenFile = user.folder / tokenFile;
  const bool hasToken = !config.token.empty() || !config.tokenFile.empty();
  if (has(user.map, "exec") && !hasToken) access.plugin = pluginFrom(user, cluster, config);
}

Access accessFrom(const Files& files, const KubeconfigWish& wish) {
  Access access{.config = {}, .context = wish.context.empty() ? files.currentContext() : wish.context};
  const Part context = files.entry("contexts", "context", access.context);
  const Part cluster = files.entry("clusters", "cluster", textOf(context.map, "cluster"));
  setServer(access.config, cluster);
  if (const std::string user = textOf(context.map, "user"); !user.empty()) {
    setUser(access, files.entry("users", "user", user), cluster, wish.allowExec);
  }
  if (std::string ns = textOf(context.map, "namespace"); !ns.empty()) access.config.ns = std::move(ns);
  return access;
}

}  // namespace

Result<Access> readKubeconfig(const std::vector<KubeconfigFile>& files, const KubeconfigWish& wish) {
  try {
    return accessFrom(Files(files), wish);
  } catch (const Unusable& unusable) {
    return fail(ErrorKind::Stall, "KubeconfigUnusable", unusable.why);
  } catch (const YAML::Exception&) {
    return fail(ErrorKind::Stall, "KubeconfigUnusable", "is no YAML");
  }
}

Result<Config> parseKubeconfig(const std::string& text, const fs::path& folder) {
  auto access = readKubeconfig({{text, folder}}, {});
  if (!access) return fail(std::move(access).error());
  return std::move(access->config);
}

}  // namespace splitdelivery::kube
