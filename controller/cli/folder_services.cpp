#include "cli/folder_services.h"

#include "base/version.h"
#include "http/cpprest_transport.h"
#include "http/logged_transport.h"

namespace splitdelivery::cli {

TransportPool::TransportPool(base::Executor& executor, const std::string& record, http::TrafficObserver* meter,
                             http::Fence fence)
    : executor_(executor), meter_(meter), fence_(std::move(fence)) {
  if (!record.empty()) recording_.emplace(executor, record);
}

http::Transport& TransportPool::trusting(const std::string& caBundle) {
  Layers& layers = layers_[caBundle];
  if (layers.empty()) {
    layers.push_back(std::make_unique<http::CpprestTransport>(
        executor_,
        http::TransportOptions{.caBundle = caBundle, .userAgent = "splitdelivery/" + std::string(base::kVersion)}));
    if (recording_) {
      layers.push_back(std::make_unique<http::RecordingTransport>(executor_, *layers.back(), *recording_));
    }
    if (meter_ != nullptr) {
      layers.push_back(std::make_unique<http::MeteredTransport>(executor_, *layers.back(), *meter_));
    }
    layers.push_back(std::make_unique<http::LoggedTransport>(executor_, *layers.back()));
    if (fence_) layers.push_back(std::make_unique<http::FencedTransport>(executor_, *layers.back(), fence_));
  }
  return *layers.back();
}

base::Result<std::filesystem::path> stateFolder(const FolderOptions& options) {
  if (!options.state.empty()) return options.state;
  if (options.env) return kEnvState;
  const std::filesystem::path manifests = options.manifests;
  std::error_code code;
  const auto found = std::filesystem::status(manifests, code);
  if (code) {
    return base::fail(base::ErrorKind::Stall, "ManifestsUnreadable",
                      "cannot read " + manifests.string() + ": " + code.message() + ": check --manifests");
  }
  return (std::filesystem::is_directory(found) ? manifests : manifests.parent_path()) / ".splitdelivery";
}

}  // namespace splitdelivery::cli
