#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/result.h"

/// Files that are replaced whole or not at all. All of this blocks: off the executor's threads only.
namespace splitdelivery::source::folder {

/// Why a file could not be read or written.
struct FileError {
  int code = 0;         ///< errno
  std::string message;  ///< "cannot write /x/y: No space left on device: free some space there"
};

template <class T>
using FileResult = tl::expected<T, FileError>;

/// The error of `action` ("cannot write") on a file, with the way out where one is known.
[[nodiscard]] FileError fileError(std::string_view action, const std::filesystem::path& file, int code);

/// An open file descriptor; closed when it dies.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }
  /// Closes it and gives errno, or 0: a network file system reports a full disk only here.
  int close();

 private:
  int number_ = -1;
};

/// The whole text of a file; none when there is no such file. One of more than `limit` bytes, and
/// what is no plain file, is an error.
[[nodiscard]] FileResult<std::optional<std::string>> readFile(const std::filesystem::path& file, std::size_t limit);

/// Writes all of `content`. `file` is for the message.
[[nodiscard]] FileResult<base::Done> writeAll(int descriptor, std::string_view content,
                                              const std::filesystem::path& file);

/// Puts `content` in the place of `file`: written beside it, fsync'ed, renamed, its folder fsync'ed.
/// After an error, and after a crash at any point, the file is either the old or the new one, whole.
[[nodiscard]] FileResult<base::Done> replaceFile(const std::filesystem::path& file, std::string_view content,
                                                 mode_t mode);

/// Gives a file another name in its folder, on the disk when this returns.
[[nodiscard]] FileResult<base::Done> renameFile(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes a folder, with the folders above it, for its owner alone. One that is there is left as it is.
[[nodiscard]] FileResult<base::Done> makeFolder(const std::filesystem::path& folder);

/// Removes what a crash inside `replaceFile` left in a folder. What another living process has there
/// stays, for it may be about to rename it; what has our own process id is of an earlier life, so this
/// comes before the first `replaceFile`.
void removeLeftovers(const std::filesystem::path& folder);

}  // namespace splitdelivery::source::folder
