#include "source/folder/books.h"

#include <algorithm>
#include <optional>
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

/// A book that can be read.
struct FoundBook {
  std::string stem;  ///< "namespace.name", or with a '~' where that was shortened
  std::optional<api::Identity> identity;
  std::size_t managed;
};

std::vector<FoundBook> readAll(const fs::path& folder, const std::set<fs::path>& but) {
  std::vector<FoundBook> found;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    const fs::path& file = entry->path();
    if (file.extension() != ".json" || but.contains(file)) continue;
    const auto text = readFile(file, kLargestBook);
    auto decoded = text && *text ? decodeBook(**text) : tl::unexpected(BookFault::Damaged);
    if (!decoded) continue;
    api::Ledger& ledger = decoded->book.ledger;
    found.push_back({file.stem().string(), std::move(ledger.identity), ledger.entries.size()});
  }
  return found;
}

/// None where it was shortened.
std::optional<api::ObjectKey> keyOf(const std::string& stem) {
  const auto dot = stem.find('.');
  if (dot == std::string::npos || stem.find('~') != std::string::npos) return std::nullopt;
  return api::ObjectKey{stem.substr(0, dot), stem.substr(dot + 1)};
}

std::vector<Orphan> findOrphans(const fs::path& folder, const std::set<fs::path>& known) {
  std::vector<Orphan> orphans;
  for (const auto& book : readAll(folder, known)) {
    if (book.managed == 0) continue;
    const auto key = keyOf(book.stem);
    orphans.push_back({key ? key->text() : book.stem, book.identity ? book.identity->domain : "", book.managed});
  }
  std::ranges::sort(orphans, {}, &Orphan::name);
  return orphans;
}

std::vector<NamedBook> listBooks(const fs::path& folder) {
  std::vector<NamedBook> books;
  for (auto& book : readAll(folder, {})) {
    if (auto key = keyOf(book.stem)) books.push_back({std::move(*key), std::move(book.identity), book.managed});
  }
  std::ranges::sort(books, {}, &NamedBook::key);
  return books;
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

base::Task<std::vector<NamedBook>> FolderBooks::list() {
  return base::offload(executor_, [folder = paths_.books()] { return listBooks(folder); });
}

}  // namespace splitdelivery::source::folder
