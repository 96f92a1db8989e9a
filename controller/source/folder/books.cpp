#include "source/folder/books.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "api/time.h"
#include "base/await.h"
#include "source/folder/atomic_file.h"
#include "source/folder/book_json.h"
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
      spdlog::warn("{}: {} entries of the ledger cannot be relied on; their forwarders count as found", file.string(),
                   decoded->dropped);
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

}  // namespace splitdelivery::source::folder
