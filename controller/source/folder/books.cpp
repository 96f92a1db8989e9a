#include "source/folder/books.h"

#include <algorithm>
#include <set>

#include "api/time.h"
#include "base/await.h"
#include "base/log.h"
#include "source/book_json.h"
#include "source/folder/atomic_file.h"
#include "source/folder/saving.h"

namespace splitdelivery::source::folder {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

// 10,000 addresses with their forwarders need about 10 MB.
constexpr std::size_t kLargestBook = std::size_t{256} << 20U;

tl::unexpected<base::Error> unreadable(const FileError& error) {
  return base::fail(ErrorKind::Retry, "StateUnreadable", error.message);
}

/// Moves a damaged book out of the way, never over another one.
base::Result<StoredBook> setAside(const fs::path& file, base::WallTime now) {
  std::string time = api::rfc3339(now);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  fs::path aside = file.string() + ".damaged-" + time;
  std::error_code code;
  for (int next = 2; fs::exists(aside, code); ++next) {
    aside = file.string() + ".damaged-" + time + "-" + std::to_string(next);
  }
  if (const auto moved = renameFile(file, aside); !moved) return unreadable(moved.error());
  return StoredBook{{}, aside.string()};
}

base::Result<StoredBook> loadBook(const fs::path& file, Access access, base::WallTime now) {
  auto text = readFile(file, kLargestBook);
  if (!text) return unreadable(text.error());
  if (!*text) return StoredBook{};
  auto decoded = decodeBook(**text);
  if (decoded) {
    if (decoded->dropped > 0) {
      base::log(base::LogLevel::Warn, "entries of the ledger cannot be relied on; their forwarders count as found",
                {{"file", file.string()}, {"entries", std::to_string(decoded->dropped)}});
    }
    return StoredBook{std::move(decoded->book), {}};
  }
  if (decoded.error() == BookFault::TooNew) {
    return base::fail(ErrorKind::Stall, "BookTooNew",
                      "a newer version of splitdelivery wrote " + file.string() + ": run that version or a later one");
  }
  if (access == Access::Exclusive) return setAside(file, now);
  return StoredBook{{}, file.string()};
}

/// "namespace/name" of a file "namespace.name.json".
std::string resourceName(const fs::path& file) {
  std::string stem = file.stem().string();
  const auto dot = stem.find('.');
  if (dot != std::string::npos && stem.find('~') == std::string::npos) stem[dot] = '/';
  return stem;
}

std::vector<Orphan> findOrphans(const fs::path& folder, const std::set<fs::path>& known) {
  std::vector<Orphan> found;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    const fs::path& file = entry->path();
    if (file.extension() != ".json" || known.contains(file)) continue;
    const auto text = readFile(file, kLargestBook);
    const auto decoded = text && *text ? decodeBook(**text) : tl::unexpected(BookFault::Damaged);
    if (!decoded || decoded->book.ledger.entries.empty()) continue;
    const api::Ledger& ledger = decoded->book.ledger;
    found.push_back({resourceName(file), ledger.identity ? ledger.identity->domain : "", ledger.entries.size()});
  }
  std::ranges::sort(found, {}, &Orphan::name);
  return found;
}

}  // namespace

base::Task<base::Result<StoredBook>> FolderBooks::load(api::ObjectKey key) {
  return base::offload(executor_, [file = paths_.book(key), access = access_, now = executor_.wallTime()] {
    return loadBook(file, access, now);
  });
}

base::Task<base::Result<base::Done>> FolderBooks::save(api::ObjectKey key, api::AddressBook book) {
  return base::offload(executor_, [file = paths_.book(key), access = access_, book = std::move(book)] {
    return access == Access::Exclusive ? saveFile(file, encodeBook(book), kPrivateFile) : refuseToSave(file);
  });
}

base::Task<std::vector<Orphan>> FolderBooks::orphans(std::vector<api::ObjectKey> known) {
  std::set<fs::path> files;
  for (const auto& key : known) files.insert(paths_.book(key));
  return base::offload(executor_,
                       [folder = paths_.books(), files = std::move(files)] { return findOrphans(folder, files); });
}

}  // namespace splitdelivery::source::folder
