#include "source/folder/watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>

#include "support/temporary_folder.h"

namespace splitdelivery::source::folder {
namespace {

using namespace std::chrono_literals;
using splitdelivery::testing::TemporaryFolder;

/// Waits for one call of the watch.
class Bell {
 public:
  [[nodiscard]] std::function<void()> rings() {
    return [this] {
      if (!rung_.exchange(true)) promise_.set_value();
    };
  }
  [[nodiscard]] bool rangWithin(std::chrono::milliseconds span) {
    return future_.wait_for(span) == std::future_status::ready;
  }

 private:
  std::atomic<bool> rung_ = false;
  std::promise<void> promise_;
  std::future<void> future_ = promise_.get_future();
};

TEST(AFolderWatch, TellsOfAFileThatIsWrittenMovedOrRemoved) {
  const TemporaryFolder folder;
  folder.write("a.yaml", "a: 1\n");
  for (int i = 0; i < 3; ++i) {
    Bell bell;
    const FolderWatch watch(folder.path(), bell.rings());
    if (i == 0) folder.write("a.yaml", "a: 2\n");
    if (i == 1) std::filesystem::rename(folder / "a.yaml", folder / "b.yaml");
    if (i == 2) std::filesystem::remove(folder / "b.yaml");
    EXPECT_TRUE(bell.rangWithin(20s)) << i;
  }
}

TEST(AFolderWatch, TellsOfALinkThatIsSwappedAsKubernetesDoes) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "..one");
  std::filesystem::create_directory(folder / "..two");
  std::filesystem::create_directory_symlink("..one", folder / "..data");
  Bell bell;
  const FolderWatch watch(folder.path(), bell.rings());
  std::filesystem::create_directory_symlink("..two", folder / "..data_tmp");
  std::filesystem::rename(folder / "..data_tmp", folder / "..data");
  EXPECT_TRUE(bell.rangWithin(20s));
}

TEST(AFolderWatch, IsSilentAboutHiddenFiles) {
  const TemporaryFolder folder;
  Bell hidden;
  {
    const FolderWatch watch(folder.path(), hidden.rings());
    folder.write(".a.yaml.swp", "x");
    // Much longer than changes are gathered for; the wait ends as soon as the test fails.
    EXPECT_FALSE(hidden.rangWithin(600ms));
  }
}

TEST(AFolderWatch, OfOneFileTellsOfIt) {
  const TemporaryFolder folder;
  folder.write("a.yaml", "a: 1\n");
  Bell bell;
  const FolderWatch watch(folder / "a.yaml", bell.rings());
  folder.write("a.yaml", "a: 2\n");
  EXPECT_TRUE(bell.rangWithin(20s));
}

TEST(AFolderWatch, OfAFolderThatIsNotThereYetSeesItAfterRenew) {
  const TemporaryFolder folder;
  Bell bell;
  FolderWatch watch(folder / "later", bell.rings());
  std::filesystem::create_directory(folder / "later");
  watch.renew();
  folder.write("later/a.yaml", "a: 1\n");
  EXPECT_TRUE(bell.rangWithin(20s));
}

TEST(AFingerprint, ChangesWithAFileAndWithNothingElse) {
  const TemporaryFolder folder;
  folder.write("a.yaml", "a: 1\n");
  const auto first = manifestsFingerprint(folder.path());
  EXPECT_EQ(manifestsFingerprint(folder.path()), first);
  folder.write(".hidden.yaml", "x");
  folder.write("notes.txt", "x");
  EXPECT_EQ(manifestsFingerprint(folder.path()), first);
  folder.write("a.yaml", "a: 12\n");
  const auto second = manifestsFingerprint(folder.path());
  EXPECT_NE(second, first);
  folder.write("b.yaml", "b: 1\n");
  EXPECT_NE(manifestsFingerprint(folder.path()), second);
}

}  // namespace
}  // namespace splitdelivery::source::folder
