#include "source/folder/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <utility>

namespace splitdelivery::source::folder {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLeftoverEnding = ".tmp";

std::string_view remedy(std::string_view action, int code) {
  const bool reading = action == "cannot read";
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      return ": free some space there";
    case EROFS:
      return ": it lies on a read-only file system, choose another folder with --state";
    case EACCES:
    case EPERM:
      return reading ? ": let the user who runs this read it"
                     : ": let the user who runs this write there, or choose another folder with --state";
    default:
      return "";
  }
}

tl::unexpected<FileError> failure(std::string_view action, const fs::path& file, int code) {
  return tl::unexpected(fileError(action, file, code));
}

/// Tries again when a signal came in between.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

fs::path folderOf(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// Brings the names in a folder to the disk. A file system that cannot do that does it by itself.
FileResult<base::Done> syncFolder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.valid()) return failure("cannot open", folder, errno);
  if (::fsync(descriptor.number()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    return failure("cannot write", folder, errno);
  }
  return base::Done{};
}

fs::path besides(const fs::path& file) {
  static std::atomic<unsigned> counter{0};
  const std::string unique = std::to_string(::getpid()) + "-" + std::to_string(counter++);
  return folderOf(file) / ("." + file.filename().string() + "." + unique + std::string(kLeftoverEnding));
}

/// The process that has named a leftover; 0 when it is not one of ours.
pid_t writerOf(std::string_view leftover) {
  leftover.remove_suffix(kLeftoverEnding.size());
  const std::string_view unique = leftover.substr(leftover.find_last_of('.') + 1);
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(unique.data(), unique.data() + unique.size(), pid);
  const bool ours = error == std::errc{} && end != unique.data() + unique.size() && *end == '-' && pid > 0;
  return ours ? pid : 0;
}

bool isOfAnotherLiving(std::string_view leftover) {
  const pid_t pid = writerOf(leftover);
  return pid != 0 && pid != ::getpid() && (::kill(pid, 0) == 0 || errno == EPERM);
}

FileResult<base::Done> writeNew(const fs::path& file, std::string_view content, mode_t mode) {
  Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!descriptor.valid()) return failure("cannot write", file, errno);
  auto written = writeAll(descriptor.number(), content, file);
  if (!written) return written;
  if (::fsync(descriptor.number()) != 0) return failure("cannot write", file, errno);
  if (const int code = descriptor.close(); code != 0) return failure("cannot write", file, code);
  return base::Done{};
}

}  // namespace

FileError fileError(std::string_view action, const fs::path& file, int code) {
  return {code, std::string(action) + " " + file.string() + ": " + std::generic_category().message(code) +
                    std::string(remedy(action, code))};
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  close();
}

int Descriptor::close() {
  if (!valid()) return 0;
  // Not repeated after EINTR: Linux has closed it by then, and the number may be somebody else's.
  const int result = ::close(std::exchange(number_, -1));
  return result == 0 || errno == EINTR ? 0 : errno;
}

FileResult<std::optional<std::string>> readFile(const fs::path& file, std::size_t limit) {
  // Not blocking: a named pipe would wait for a writer for ever.
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor.valid() && errno == ENOENT) return std::nullopt;
  if (!descriptor.valid()) return failure("cannot read", file, errno);
  struct stat about {};
  if (::fstat(descriptor.number(), &about) != 0) return failure("cannot read", file, errno);
  if (S_ISDIR(about.st_mode)) return failure("cannot read", file, EISDIR);
  if (!S_ISREG(about.st_mode)) return failure("cannot read", file, EINVAL);
  std::string text;
  std::array<char, 65536> buffer{};
  while (true) {
    const auto count = uninterrupted([&] { return ::read(descriptor.number(), buffer.data(), buffer.size()); });
    if (count < 0) return failure("cannot read", file, errno);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit) return failure("cannot read", file, EFBIG);
  }
}

FileResult<base::Done> writeAll(int descriptor, std::string_view content, const fs::path& file) {
  while (!content.empty()) {
    const auto count = uninterrupted([&] { return ::write(descriptor, content.data(), content.size()); });
    if (count < 0) return failure("cannot write", file, errno);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return base::Done{};
}

FileResult<base::Done> replaceFile(const fs::path& file, std::string_view content, mode_t mode) {
  const fs::path fresh = besides(file);
  auto written = writeNew(fresh, content, mode);
  if (written) written = renameFile(fresh, file);
  if (!written) ::unlink(fresh.c_str());
  return written;
}

FileResult<base::Done> renameFile(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return failure("cannot write", to, errno);
  return syncFolder(folderOf(to));
}

FileResult<base::Done> makeFolder(const fs::path& folder) {
  std::error_code code;
  if (fs::is_directory(folder, code)) return base::Done{};
  const fs::path above = folderOf(folder);
  if (above != folder && !fs::exists(above, code)) {
    if (auto made = makeFolder(above); !made) return made;
  }
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return failure("cannot make", folder, errno);
  if (!fs::is_directory(folder, code)) return failure("cannot make", folder, ENOTDIR);
  return syncFolder(above);
}

void removeLeftovers(const fs::path& folder) {
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    const bool leftover = name.starts_with('.') && name.ends_with(kLeftoverEnding);
    if (leftover && !isOfAnotherLiving(name)) ::unlink(entry->path().c_str());
  }
}

}  // namespace splitdelivery::source::folder
