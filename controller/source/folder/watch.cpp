#include "source/folder/watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <thread>
#include <utility>

#include "source/folder/atomic_file.h"
#include "source/folder/manifests.h"

namespace splitdelivery::source::folder {
namespace {

namespace fs = std::filesystem;

// IN_CREATE for links, IN_MOVED_TO for editors and for Kubernetes, which swaps the link "..data".
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |
                                  IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
/// Changes that come closer together than this are one.
constexpr int kQuietMilliseconds = 200;

fs::path folderOf(const fs::path& path) {
  std::error_code code;
  if (fs::is_directory(path, code)) return path;
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// Our own state folder and editors' left-overs change all the time.
bool concernsManifests(const inotify_event& event) {
  if (event.len == 0) return true;  // the folder itself
  const std::string_view name(static_cast<const char*>(event.name));
  return !name.starts_with('.') || name == "..data";
}

}  // namespace

struct FolderWatch::Parts {
  Parts(fs::path watched, std::function<void()> tell) : path(std::move(watched)), changed(std::move(tell)) {}

  /// Reads what there is; whether any of it concerns manifests.
  [[nodiscard]] bool readEvents() const {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    bool concerned = false;
    for (;;) {
      const auto count = ::read(inotify.number(), buffer.data(), buffer.size());
      if (count <= 0) return concerned;
      for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);  // NOLINT: the kernel's layout
        concerned = concerned || concernsManifests(*event);
        at += sizeof(inotify_event) + event->len;
      }
    }
  }

  void run() const {
    bool pending = false;
    for (;;) {
      std::array<pollfd, 2> waits{{{inotify.number(), POLLIN, 0}, {wake.number(), POLLIN, 0}}};
      const int ready = ::poll(waits.data(), waits.size(), pending ? kQuietMilliseconds : -1);
      if (ready < 0 && errno != EINTR) return;
      if (waits[1].revents != 0) return;
      if (waits[0].revents != 0) {
        pending = readEvents() || pending;
      } else if (ready == 0 && std::exchange(pending, false)) {
        changed();
      }
    }
  }

  fs::path path;
  std::function<void()> changed;
  Descriptor inotify{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
  Descriptor wake{::eventfd(0, EFD_CLOEXEC)};
  std::thread thread;
};

FolderWatch::FolderWatch(fs::path path, std::function<void()> changed)
    : parts_(std::make_unique<Parts>(std::move(path), std::move(changed))) {
  if (!parts_->inotify.valid() || !parts_->wake.valid()) return;
  renew();
  parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
}

FolderWatch::~FolderWatch() {
  if (!parts_->thread.joinable()) return;
  const std::uint64_t one = 1;
  static_cast<void>(::write(parts_->wake.number(), &one, sizeof one));
  parts_->thread.join();
}

void FolderWatch::renew() {
  if (parts_->inotify.valid()) ::inotify_add_watch(parts_->inotify.number(), folderOf(parts_->path).c_str(), kEvents);
}

std::string manifestsFingerprint(const fs::path& path) {
  std::string text;
  const auto add = [&](const fs::path& file) {
    struct stat about {};
    text += file.filename().string() + '\0';
    if (::stat(file.c_str(), &about) != 0) return;
    for (const auto number :
         {static_cast<std::int64_t>(about.st_ino), static_cast<std::int64_t>(about.st_size),
          static_cast<std::int64_t>(about.st_mtim.tv_sec), static_cast<std::int64_t>(about.st_mtim.tv_nsec)}) {
      text += std::to_string(number) + ' ';
    }
  };
  std::error_code code;
  if (!fs::is_directory(path, code)) {
    add(path);
    return text;
  }
  for (const fs::path& file : manifestsIn(path).value_or(std::vector<fs::path>{})) add(file);
  return text;
}

}  // namespace splitdelivery::source::folder
