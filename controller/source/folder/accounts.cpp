#include "source/folder/accounts.h"

#include <fcntl.h>
#include <sys/file.h>

#include <map>
#include <mutex>

#include "base/await.h"
#include "base/log.h"
#include "source/account_records.h"
#include "source/folder/saving.h"

namespace splitdelivery::source::folder {
namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20U;

/// No records when there is no file, or a damaged one. An error leaves open what the file holds.
FileResult<AccountRecords> readRecords(const std::filesystem::path& file) {
  const auto text = readFile(file, kLargestFile);
  if (!text) return tl::unexpected(text.error());
  return *text ? decodeAccounts(**text) : AccountRecords{};
}

/// Keeps other processes from writing between our reading and our writing, where the file system has
/// such locks. On the folder, since the file is replaced.
Descriptor lockFolder(const std::filesystem::path& folder) {
  Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.valid() && ::flock(descriptor.number(), LOCK_EX) != 0) {
    base::log(base::LogLevel::Debug, "no lock to be had; two processes may overwrite each other's token times",
              {{"folder", folder.string()}});
  }
  return descriptor;
}

}  // namespace

/// The tokens that this process has read or written, to know one that another process has put there.
/// Offloaded work runs beside the executor's, hence the lock.
struct FolderAccounts::Seen {
  std::mutex mutex;
  std::map<std::string, base::Secret> tokens;
};

FolderAccounts::FolderAccounts(base::Executor& executor, StatePaths paths, Access access)
    : executor_(executor), paths_(std::move(paths)), access_(access), seen_(std::make_shared<Seen>()) {}

base::Task<api::AccountRecord> FolderAccounts::load(std::string account) {
  return base::offload(executor_, [file = paths_.accounts(), seen = seen_, account = std::move(account)] {
    const std::scoped_lock held(seen->mutex);
    api::AccountRecord record = readRecords(file).value_or(AccountRecords{})[account];
    seen->tokens.insert_or_assign(account, record.accessToken);
    return record;
  });
}

base::Task<base::Done> FolderAccounts::save(std::string account, api::AccountRecord record) {
  return base::offload(executor_, [paths = paths_, access = access_, seen = seen_, account = std::move(account),
                                   record = std::move(record), now = executor_.wallTime()] {
    const std::scoped_lock held(seen->mutex);
    // A plan makes the folder too: eleven plans of somebody who has never synced would lock the account.
    const auto made = makeFolder(paths.folder());
    if (!made) return base::Done{};
    const Descriptor lock = lockFolder(paths.folder());
    const auto complain = [access](const std::string& message) {
      if (access == Access::Exclusive) base::log(base::LogLevel::Warn, message);
    };
    auto records = readRecords(paths.accounts());
    if (!records) {
      // Written now, it would lose the mint times of every other account.
      complain(records.error().message);
      return base::Done{};
    }
    auto& place = (*records)[account];
    place = mergedRecord(record, place, seen->tokens[account], now);
    seen->tokens[account] = place.accessToken;
    const auto saved = saveFile(paths.accounts(), encodeAccounts(*records), kPrivateFile);
    if (!saved) complain(saved.error().message);
    return base::Done{};
  });
}

}  // namespace splitdelivery::source::folder
