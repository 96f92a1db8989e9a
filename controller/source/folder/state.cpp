#include "source/folder/state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "source/folder/accounts.h"
#include "source/folder/books.h"
#include "source/folder/saving.h"
#include "source/folder/statuses.h"

namespace splitdelivery::source::folder {
namespace {

using base::ErrorKind;

tl::unexpected<base::Error> notWritable(const FileError& error) {
  return base::fail(ErrorKind::Stall, "StateNotWritable", error.message);
}

/// The process id that the holder has written; empty when it has not come to that yet.
std::string holder(const Descriptor& lock) {
  std::array<char, 20> text{};
  const auto count = ::pread(lock.number(), text.data(), text.size(), 0);
  const std::string_view found(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  return std::string(found.substr(0, found.find_first_not_of("0123456789")));
}

base::Result<Descriptor> takeLock(const StatePaths& paths) {
  Descriptor lock(::open(paths.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile));
  if (!lock.valid()) return notWritable(fileError("cannot write", paths.lock(), errno));
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return notWritable(fileError("cannot lock", paths.lock(), errno));
    const std::string pid = holder(lock);
    return base::fail(ErrorKind::Stall, "StateLocked",
                      "another splitdelivery" + (pid.empty() ? std::string() : " (process " + pid + ")") +
                          " works with " + paths.folder().string() + ": wait until it has ended, or stop it");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.number(), 0) != 0) return notWritable(fileError("cannot write", paths.lock(), errno));
  if (auto written = writeAll(lock.number(), pid, paths.lock()); !written) return notWritable(written.error());
  return lock;
}

/// Makes the folders, takes the lock and clears away what a crash left.
base::Result<Descriptor> prepare(const StatePaths& paths) {
  if (auto made = makeFolder(paths.folder()); !made) return notWritable(made.error());
  auto lock = takeLock(paths);
  if (!lock) return lock;
  for (const auto& folder : {paths.books(), paths.statuses()}) {
    if (auto made = makeFolder(folder); !made) return notWritable(made.error());
    removeLeftovers(folder);
  }
  removeLeftovers(paths.folder());
  return lock;
}

}  // namespace

struct StateFolder::Parts {
  Parts(base::Executor& executor, const StatePaths& paths, Access access, Descriptor held)
      : lock(std::move(held)),
        books(executor, paths, access),
        statuses(executor, paths, access),
        accounts(executor, paths, access) {}

  Descriptor lock;  ///< given back by closing it
  FolderBooks books;
  FolderStatuses statuses;
  FolderAccounts accounts;
};

base::Result<std::unique_ptr<StateFolder>> StateFolder::open(base::Executor& executor, std::filesystem::path folder,
                                                             Access access) {
  const StatePaths paths(std::move(folder));
  base::Result<Descriptor> lock = access == Access::Exclusive ? prepare(paths) : Descriptor{};
  if (!lock) return tl::unexpected(std::move(lock.error()));
  auto parts = std::make_unique<Parts>(executor, paths, access, std::move(*lock));
  return std::unique_ptr<StateFolder>(new StateFolder(std::move(parts)));
}

StateFolder::StateFolder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
StateFolder::~StateFolder() = default;

BookStore& StateFolder::books() {
  return parts_->books;
}
BookList& StateFolder::bookList() {
  return parts_->books;
}
StatusStore& StateFolder::statuses() {
  return parts_->statuses;
}
api::AccountStore& StateFolder::accounts() {
  return parts_->accounts;
}

}  // namespace splitdelivery::source::folder
