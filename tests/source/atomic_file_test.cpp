#include "source/folder/atomic_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "source/other_user.h"
#include "support/temporary_folder.h"

namespace splitdelivery::source::folder {
namespace {

using splitdelivery::testing::TemporaryFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::OtherUser;

constexpr mode_t kPrivate = S_IRUSR | S_IWUSR;

TEST(AReplacedFile, HasTheNewContentAndTheModeAndNothingBesideIt) {
  const TemporaryFolder folder;
  folder.write("book", "old");
  ASSERT_TRUE(replaceFile(folder / "book", "new", kPrivate));
  EXPECT_EQ(folder.read("book"), "new");
  EXPECT_THAT(folder.names(), ElementsAre("book"));
  struct stat about {};
  ASSERT_EQ(::stat((folder / "book").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, kPrivate);
}

TEST(AReplacedFile, MayBeNew) {
  const TemporaryFolder folder;
  ASSERT_TRUE(replaceFile(folder / "book", "", kPrivate));
  EXPECT_EQ(*readFile(folder / "book", 10), "");
}

TEST(AReplacementThatFails, LeavesTheOldFileAndNothingBesideIt) {
  const TemporaryFolder folder;
  folder.write("book/inside", "a folder cannot be replaced by a file");
  const auto replaced = replaceFile(folder / "book", "new", kPrivate);
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().code, EISDIR);
  EXPECT_THAT(replaced.error().message, HasSubstr((folder / "book").string()));
  EXPECT_THAT(folder.names(), ElementsAre("book"));
}

TEST(AReplacementWithoutPermission, NamesTheFolderAndTheWayOut) {
  const TemporaryFolder folder;
  folder.write("book", "old");
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec |
                                                  std::filesystem::perms::others_read |
                                                  std::filesystem::perms::others_exec);
  {
    const OtherUser somebody;
    const auto replaced = replaceFile(folder / "book", "new", kPrivate);
    ASSERT_FALSE(replaced);
    EXPECT_EQ(replaced.error().code, EACCES);
    EXPECT_THAT(replaced.error().message, AllOf(HasSubstr("Permission denied"), HasSubstr("--state")));
  }
  EXPECT_EQ(folder.read("book"), "old");
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

/// Writes a megabyte where files may have 4 KiB: what a full disk does in the middle of a write.
int replaceWithoutRoom(const std::filesystem::path& file) {
  const rlimit limit{4096, 4096};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 90;
  if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return 91;
  const auto replaced = replaceFile(file, std::string(1U << 20U, 'x'), kPrivate);
  return replaced ? 92 : replaced.error().code;
}

TEST(AReplacementThatRunsOutOfRoomHalfway, LeavesTheOldFileWhole) {
  const TemporaryFolder folder;
  folder.write("book", "old");
  const pid_t child = ::fork();
  if (child == 0) ::_exit(replaceWithoutRoom(folder / "book"));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), EFBIG);
  EXPECT_EQ(folder.read("book"), "old");
  EXPECT_THAT(folder.names(), ElementsAre("book"));
}

TEST(AFullDisk, IsReportedByTheWriteWithTheWayOut) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.valid());
  const auto written = writeAll(full.number(), "text", "/state/books/x.json");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ENOSPC);
  EXPECT_EQ(written.error().message,
            "cannot write /state/books/x.json: No space left on device: free some space there");
}

TEST(AFileError, NamesTheWayOutWhereThereIsOne) {
  EXPECT_THAT(fileError("cannot write", "/x", EROFS).message,
              HasSubstr("Read-only file system: it lies on a read-only"));
  EXPECT_THAT(fileError("cannot write", "/x", EDQUOT).message, HasSubstr("free some space"));
  EXPECT_EQ(fileError("cannot read", "/x", EIO).message, "cannot read /x: Input/output error");
  EXPECT_EQ(fileError("cannot read", "/x", EACCES).message,
            "cannot read /x: Permission denied: let the user who runs this read it");
}

TEST(AFile, IsReadWhole) {
  const TemporaryFolder folder;
  const std::string text = std::string(200'000, 'a') + std::string("\0end", 4);
  folder.write("file", text);
  EXPECT_EQ(*readFile(folder / "file", 1U << 20U), text);
  EXPECT_EQ(*readFile(folder / "file", text.size()), text);
}

TEST(AFile, ThatIsNotThereIsNone) {
  const TemporaryFolder folder;
  EXPECT_EQ(*readFile(folder / "file", 10), std::nullopt);
  EXPECT_EQ(*readFile(folder / "no" / "such", 10), std::nullopt);
}

TEST(AFile, ThatIsTooLongOrNoFileIsAnError) {
  const TemporaryFolder folder;
  folder.write("file", "four+");
  EXPECT_EQ(readFile(folder / "file", 4).error().code, EFBIG);
  EXPECT_EQ(readFile(folder.path(), 4).error().code, EISDIR);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), kPrivate), 0);
  EXPECT_EQ(readFile(folder / "pipe", 4).error().code, EINVAL) << "and does not wait for a writer";
}

TEST(AFolder, IsMadeForItsOwnerAloneWithThoseAboveIt) {
  const TemporaryFolder folder;
  ASSERT_TRUE(makeFolder(folder / "a" / "b"));
  ASSERT_TRUE(makeFolder(folder / "a" / "b")) << "once more";
  struct stat about {};
  ASSERT_EQ(::stat((folder / "a" / "b").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, S_IRWXU);
}

TEST(AFolder, CannotBeMadeOverAFile) {
  const TemporaryFolder folder;
  folder.write("a", "x");
  EXPECT_EQ(makeFolder(folder / "a").error().code, ENOTDIR);
  EXPECT_EQ(makeFolder(folder / "a" / "b").error().code, ENOTDIR);
}

TEST(LeftoversOfACrash, AreRemovedAndNothingElseIs) {
  const TemporaryFolder folder;
  // Linux gives no process id above 4194304.
  const std::string ownEarlierLife = ".book.json." + std::to_string(::getpid()) + "-0.tmp";
  for (const std::string& name :
       {std::string(".book.json.99999999-0.tmp"), std::string(".book.json.0-0.tmp"),
        std::string(".book.json.99999999999999999999-0.tmp"), std::string(".tmp"), ownEarlierLife,
        std::string("book.json"), std::string(".hidden"), std::string("x.tmp")}) {
    folder.write(name, "x");
  }
  removeLeftovers(folder.path());
  EXPECT_THAT(folder.names(), ElementsAre(".hidden", "book.json", "x.tmp"));
  removeLeftovers(folder / "missing");
}

TEST(WhatSomebodyElsesProcessIsAboutToRename, IsNoLeftover) {
  const TemporaryFolder folder;
  folder.write(".accounts.json.1-3.tmp", "x");
  removeLeftovers(folder.path());
  EXPECT_THAT(folder.names(), ElementsAre(".accounts.json.1-3.tmp"));
}

TEST(WhatAnotherProcessIsAboutToRename, IsNoLeftoverWhileItLives) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(1);
  }
  const std::string name = ".accounts.json." + std::to_string(child) + "-3.tmp";
  folder.write(name, "x");
  removeLeftovers(folder.path());
  EXPECT_THAT(folder.names(), ElementsAre(name));
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  removeLeftovers(folder.path());
  EXPECT_THAT(folder.names(), ElementsAre());
}

}  // namespace
}  // namespace splitdelivery::source::folder
