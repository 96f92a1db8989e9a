#include "cli/folder_services.h"

#include "base/version.h"
#include "http/cpprest_transport.h"
#include "http/logged_transport.h"

namespace splitdelivery::cli {

http::Transport& TransportPool::trusting(const std::string& caBundle) {
  Entry& entry = entries_[caBundle];
  if (!entry.logged) {
    entry.real = std::make_unique<http::CpprestTransport>(
        executor_,
        http::TransportOptions{.caBundle = caBundle, .userAgent = "splitdelivery/" + std::string(base::kVersion)});
    entry.logged = std::make_unique<http::LoggedTransport>(executor_, *entry.real);
  }
  return *entry.logged;
}

std::filesystem::path stateFolder(const FolderOptions& options) {
  if (!options.state.empty()) return options.state;
  const std::filesystem::path manifests = options.manifests;
  const auto folder = std::filesystem::is_directory(manifests) ? manifests : manifests.parent_path();
  return folder / ".splitdelivery";
}

}  // namespace splitdelivery::cli
