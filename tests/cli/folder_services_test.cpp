#include "cli/folder_services.h"

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace splitdelivery::cli {
namespace {

TEST(TheStateFolder, LiesBesideTheManifestsOrWhereItIsSaid) {
  const testing::TemporaryFolder folder;
  FolderOptions options;
  options.manifests = folder.path().string();
  EXPECT_EQ(stateFolder(options).value(), folder.path() / ".splitdelivery");
  options.state = "/elsewhere";
  EXPECT_EQ(stateFolder(options).value(), "/elsewhere");
}

TEST(TheStateFolder, IsNowhereForAPathThatIsNotThereOrCannotBeLookedAt) {
  const testing::TemporaryFolder folder;
  for (const std::string& path : {(folder.path() / "a-slip").string(), std::string(5000, 'a')}) {
    FolderOptions options;
    options.manifests = path;
    const auto found = stateFolder(options);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().reason, "ManifestsUnreadable");
  }
}

}  // namespace
}  // namespace splitdelivery::cli
