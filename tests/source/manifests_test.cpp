#include "source/folder/manifests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "source/other_user.h"
#include "support/temporary_folder.h"

namespace splitdelivery::source::folder {
namespace {

using splitdelivery::testing::TemporaryFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::OtherUser;

std::string resource(const std::string& name, const std::string& domain = "example.com") {
  return "apiVersion: splitdelivery.dev/v1alpha1\nkind: SplitDeliveryDomain\nmetadata: {name: " + name +
         "}\nspec:\n  domain: " + domain +
         "\n  policy: Sync\n  zoho: {organizationId: \"60012345\", dataCenter: us, credentialsSecretRef: {name: "
         "zoho}}\n"
         "  directAdmin: {server: \"https://da.example:2222\", credentialsSecretRef: {name: da}}\n";
}

std::string secret(const std::string& name) {
  return "apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\nstringData: {clientId: abc}\n";
}

Snapshot read(const std::filesystem::path& path) {
  auto snapshot = readManifests(path);
  if (snapshot) return std::move(*snapshot);
  ADD_FAILURE() << snapshot.error().message;
  return {};
}

std::vector<std::string> names(const Snapshot& snapshot) {
  std::vector<std::string> all;
  all.reserve(snapshot.resources.size());
  for (const auto& each : snapshot.resources) all.push_back(each.key.text());
  return all;
}

std::vector<std::string> problems(const Snapshot& snapshot) {
  std::vector<std::string> all;
  all.reserve(snapshot.errors.size());
  for (const auto& error : snapshot.errors) all.push_back(error.where + ": " + error.message);
  return all;
}

TEST(AFolder, GivesItsResourcesAndSecrets) {
  const TemporaryFolder folder;
  folder.write("b.yaml", resource("one") + "---\n" + secret("zoho"));
  folder.write("a.yml", secret("da") + "---\n" + resource("another", "other.example"));
  const auto snapshot = read(folder.path());
  EXPECT_THAT(problems(snapshot), IsEmpty());
  EXPECT_THAT(names(snapshot), ElementsAre("default/another", "default/one"));
  ASSERT_EQ(snapshot.secrets.size(), 2U);
  EXPECT_EQ(snapshot.secrets.at({"default", "zoho"}).values.at("clientId").reveal(), "abc");
}

TEST(AFolder, IsReadFlatAndWithoutWhatEditorsLeave) {
  const TemporaryFolder folder;
  folder.write("good.yaml", resource("good"));
  for (const auto* name : {".hidden.yaml", ".#good.yaml", "good.yaml~", "#good.yaml#", "good.yaml.bak", "notes.txt",
                           "#x.yaml", "deeper/nested.yaml", "folder.yaml/nested.yaml", ".splitdelivery/x.yaml"}) {
    folder.write(name, "kind: [broken");
  }
  EXPECT_THAT(problems(read(folder.path())), IsEmpty());
  EXPECT_THAT(names(read(folder.path())), ElementsAre("default/good"));
}

TEST(AFolder, IsReadThroughLinksAsKubernetesMountsThem) {
  const TemporaryFolder folder;
  folder.write("..2026_01_01/mail.yaml", resource("good"));
  std::filesystem::create_directory_symlink("..2026_01_01", folder / "..data");
  std::filesystem::create_symlink("..data/mail.yaml", folder / "mail.yaml");
  std::filesystem::create_symlink("nowhere.yaml", folder / "dangling.yaml");
  const auto snapshot = read(folder.path());
  EXPECT_THAT(names(snapshot), ElementsAre("default/good"));
  EXPECT_THAT(problems(snapshot), ElementsAre("dangling.yaml: is gone, or a link that leads nowhere"));
}

TEST(APath, MayBeOneFile) {
  const TemporaryFolder folder;
  folder.write("anything.txt", resource("one"));
  EXPECT_THAT(names(read(folder / "anything.txt")), ElementsAre("default/one"));
}

TEST(APath, ThatIsNotThereIsAnError) {
  const TemporaryFolder folder;
  const auto snapshot = readManifests(folder / "missing");
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().kind, base::ErrorKind::Stall);
  EXPECT_EQ(snapshot.error().reason, "ManifestsUnreadable");
  EXPECT_THAT(snapshot.error().message,
              AllOf(HasSubstr("missing"), HasSubstr("No such file"), HasSubstr("--manifests")));
}

TEST(APath, ThatWeMayNotReadIsAnError) {
  const TemporaryFolder folder;
  folder.write("closed/mail.yaml", resource("one"));
  std::filesystem::permissions(folder / "closed", std::filesystem::perms::none);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  {
    const OtherUser somebody;
    const auto snapshot = readManifests(folder / "closed");
    ASSERT_FALSE(snapshot);
    EXPECT_EQ(snapshot.error().reason, "ManifestsUnreadable");
    EXPECT_THAT(snapshot.error().message, HasSubstr("Permission denied"));
  }
  std::filesystem::permissions(folder / "closed", std::filesystem::perms::owner_all);
}

TEST(AnUnreadableFile, DoesNotStopTheOthers) {
  const TemporaryFolder folder;
  folder.write("closed.yaml", resource("one"));
  folder.write("good.yaml", resource("good"));
  std::filesystem::permissions(folder / "closed.yaml", std::filesystem::perms::none);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  ASSERT_EQ(::mkfifo((folder / "pipe.yaml").c_str(), S_IRUSR | S_IROTH), 0);
  const OtherUser somebody;
  const auto snapshot = read(folder.path());
  EXPECT_THAT(names(snapshot), ElementsAre("default/good"));
  EXPECT_THAT(problems(snapshot),
              ElementsAre(AllOf(HasSubstr("closed.yaml: cannot read"), HasSubstr("Permission denied: let"),
                                ::testing::Not(HasSubstr("--state"))),
                          HasSubstr("pipe.yaml: cannot read")));
}

TEST(AHugeFile, IsRefused) {
  const TemporaryFolder folder;
  folder.write("huge.yaml", "#");
  std::filesystem::resize_file(folder / "huge.yaml", (16U << 20U) + 1);
  EXPECT_THAT(problems(read(folder.path())), ElementsAre("huge.yaml: has more than 16 MiB: split it"));
}

TEST(AWrongDocument, IsNamedAndDoesNotStopTheOthers) {
  const TemporaryFolder folder;
  folder.write("mail.yaml",
               resource("good") + "---\na: [\n---\n" + resource("Bad", "example") + "---\n" + secret("Bad name"));
  const auto snapshot = read(folder.path());
  EXPECT_THAT(names(snapshot), ElementsAre("default/good"));
  EXPECT_THAT(problems(snapshot),
              ElementsAre(HasSubstr("mail.yaml, document 2: line 11, column 1: a [ is opened"),
                          HasSubstr("mail.yaml, document 3 (SplitDeliveryDomain): metadata.name: must be lower-case"),
                          HasSubstr("mail.yaml, document 3 (SplitDeliveryDomain): spec.domain: must have at least two"),
                          HasSubstr("mail.yaml, document 4 (Secret): metadata.name: must be lower-case")));
}

TEST(AWrongDocument, IsNamedByItsObject) {
  const TemporaryFolder folder;
  folder.write("mail.yaml", resource("shop", "example"));
  EXPECT_THAT(problems(read(folder.path())),
              ElementsAre(HasSubstr("mail.yaml, document 1 (SplitDeliveryDomain default/shop): spec.domain: ")));
}

TEST(DocumentsOfOtherKinds, AreNotOurs) {
  const TemporaryFolder folder;
  folder.write("a.yaml",
               "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n---\n"
               "apiVersion: splitdelivery.dev/v1alpha1\nkind: AddressBook\nmetadata: {name: x}\n---\n"
               "apiVersion: generators.example/v1\nkind: Secret\n---\n"
               "services: {web: {image: nginx}}\n---\n- a list\n---\njust text\n---\n42\n");
  const auto snapshot = read(folder.path());
  EXPECT_THAT(problems(snapshot), IsEmpty());
  EXPECT_THAT(names(snapshot), IsEmpty());
}

struct Slip {
  std::string text;
  std::string says;
};

class ASlip : public ::testing::TestWithParam<Slip> {};

TEST_P(ASlip, DoesNotMakeAResourceVanish) {
  const TemporaryFolder folder;
  folder.write("a.yaml", GetParam().text + "\nmetadata: {name: x}\nspec: {}\n");
  const auto snapshot = read(folder.path());
  EXPECT_THAT(problems(snapshot), ::testing::Contains(HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    Slips, ASlip,
    ::testing::Values(Slip{"apiVersion: splitdelivery.dev/v1alpha1\nkind: SplitDelivryDomain",
                           "kind: must be SplitDeliveryDomain"},
                      Slip{"apiVersion: splitdelivery.dev/v1alpha1\nkind: sdd", "kind: must be SplitDeliveryDomain"},
                      Slip{"apiVersion: splitdelivery.dev/v1alpha1", "kind: must be SplitDeliveryDomain"},
                      Slip{"apiVersion: splitdelivery.dev/v1\nkind: SplitDeliveryDomain",
                           "apiVersion: must be splitdelivery.dev/v1alpha1"},
                      Slip{"apiVersion: spiltdelivery.dev/v1alpha1\nkind: SplitDeliveryDomain", "apiVersion: must be"},
                      Slip{"kind: SplitDeliveryDomain", "apiVersion: must be"}, Slip{"", "apiVersion: must be"},
                      Slip{"kind: Secret", "apiVersion: must be v1"},
                      Slip{"apiVersion: v1\nkind: secret", "kind: must be Secret"}));

TEST(AKubernetesList, CountsByItsItems) {
  const TemporaryFolder folder;
  folder.write("a.yaml",
               "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: zoho}}\n"
               "- {apiVersion: v1, kind: Secret, metadata: {}}\n- {apiVersion: v1, kind: List, items: []}\n");
  const auto snapshot = read(folder.path());
  EXPECT_EQ(snapshot.secrets.size(), 1U);
  EXPECT_THAT(problems(snapshot),
              ElementsAre(HasSubstr("a.yaml, document 1, item 2 (Secret): metadata.name: is required")));
}

TEST(ANameThatIsThereTwice, CountsForNeither) {
  const TemporaryFolder folder;
  folder.write("a.yaml", resource("shop", "a.example") + "---\n" + secret("zoho"));
  folder.write("b.yaml", resource("shop", "b.example") + "---\n" + secret("zoho") + "---\n" + secret("da"));
  folder.write("c.yaml", resource("other", "c.example"));
  const auto snapshot = read(folder.path());
  EXPECT_THAT(names(snapshot), ElementsAre("default/other"));
  EXPECT_EQ(snapshot.secrets.size(), 1U);
  EXPECT_THAT(
      problems(snapshot),
      ElementsAre("a.yaml, document 1 (SplitDeliveryDomain default/shop): metadata.name: is there twice, neither "
                  "counts: keep this one or b.yaml, document 1 (SplitDeliveryDomain default/shop)",
                  HasSubstr("a.yaml, document 2 (Secret default/zoho): metadata.name: is there twice"),
                  HasSubstr("keep this one or a.yaml, document 1"), HasSubstr("keep this one or a.yaml, document 2")));
}

TEST(ANameThatIsThereTwice, CountsForNeitherEvenWhenOneOfThemIsWrong) {
  const TemporaryFolder folder;
  folder.write("a.yaml", resource("shop", "a.example") + "---\n" + resource("shop", "wrong"));
  const auto snapshot = read(folder.path());
  EXPECT_THAT(names(snapshot), IsEmpty());
  EXPECT_EQ(snapshot.errors.size(), 3U);
}

TEST(ADomainOfTwoResources, GivesBothForWhoeverKnowsTheirLedgers) {
  const TemporaryFolder folder;
  folder.write("a.yaml", resource("one", "BÜCHER.example") + "---\n" + resource("two", "xn--bcher-kva.example."));
  const auto snapshot = read(folder.path());
  EXPECT_THAT(names(snapshot), ElementsAre("default/one", "default/two"));
  EXPECT_THAT(problems(snapshot), IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::source::folder
