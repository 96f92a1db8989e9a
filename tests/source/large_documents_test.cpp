// Lists of ten thousand entries, which is what a resource may have: bounded in time and in what is said of them.

#include <gmock/gmock.h>

#include <chrono>

#include "source/cluster/domains.h"
#include "source/folder/collection.h"

namespace splitdelivery::source {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kEntries = 10'000;
/// Far more than it takes; what is not bounded takes longer.
constexpr auto kPatience = 20s;

std::string yaml(const std::string& entry, int entries) {
  std::string text =
      "apiVersion: splitdelivery.dev/v1alpha1\nkind: SplitDeliveryDomain\nmetadata: {name: d0}\nspec:\n"
      "  domain: example.com\n  policy: Sync\n"
      "  zoho: {organizationId: \"1\", dataCenter: us, credentialsSecretRef: {name: zoho}}\n"
      "  directAdmin: {server: https://eagle.example:2222, credentialsSecretRef: {name: directadmin}}\n"
      "  addresses:\n    extra:\n";
  for (int i = 0; i < entries; ++i) text += "      - \"" + entry + std::to_string(i) + "\"\n";
  return text;
}

Snapshot read(const std::string& text) {
  folder::Collection collection;
  collection.addFile("d0.yaml", text);
  return collection.settle();
}

TEST(TenThousandEntries, ThatAreGoodAreTaken) {
  const auto began = std::chrono::steady_clock::now();
  const Snapshot snapshot = read(yaml("a", kEntries));
  ASSERT_THAT(snapshot.errors, IsEmpty());
  EXPECT_THAT(snapshot.resources.at(0).spec.addresses.extra, SizeIs(kEntries));
  EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience);
}

TEST(TenThousandEntries, AreAllThatThereMayBeInAFolderToo) {
  const Snapshot snapshot = read(yaml("a", kEntries + 1));
  ASSERT_THAT(snapshot.errors, SizeIs(1));
  EXPECT_THAT(snapshot.errors[0].message, HasSubstr("must have at most 10000 entries"));
}

TEST(TenThousandEntries, ThatAreBadAreNamedAsFarAsAPersonReads) {
  const auto began = std::chrono::steady_clock::now();
  const Snapshot snapshot = read(yaml("no address ", kEntries));
  EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience);
  ASSERT_THAT(snapshot.errors, SizeIs(51));
  EXPECT_THAT(snapshot.errors.front().message, HasSubstr("extra[0]"));
  EXPECT_EQ(snapshot.errors.back().message, "and 9950 more errors: mend these first");
}

TEST(TenThousandEntries, ThatAreBadAreOneLineInACluster) {
  nlohmann::json entries = nlohmann::json::array();
  for (int i = 0; i < kEntries; ++i) entries.push_back("no address " + std::to_string(i));
  const auto began = std::chrono::steady_clock::now();
  std::vector<api::FieldError> passedOver;
  const auto parsed = cluster::domainFrom({{"apiVersion", "splitdelivery.dev/v1alpha1"},
                                           {"kind", "SplitDeliveryDomain"},
                                           {"metadata", {{"name", "d0"}, {"namespace", "mail"}}},
                                           {"spec", {{"addresses", {{"extra", entries}, {"only", entries}}}}}},
                                          passedOver);
  EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience);
  ASSERT_FALSE(parsed);
  EXPECT_GT(parsed.error().size(), 2U * kEntries);
}

}  // namespace
}  // namespace splitdelivery::source
