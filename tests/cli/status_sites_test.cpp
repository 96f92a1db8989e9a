// The status page of a folder and that of a cluster: each has its own commands, and its own ways to know.

#include "cli/status_sites.h"

#include <gmock/gmock.h>

#include "cli/cluster_view.h"
#include "cli/manifest_feed.h"
#include "support/temporary_folder.h"

namespace splitdelivery::cli {
namespace {

using namespace std::chrono_literals;
using serve::Urgency;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class AClustersPage : public ::testing::Test {
 protected:
  StatusSite site() {
    return clusterSite({"https://kube", true, view.domains, view.feed, uncovered, [this] { return view.works; },
                        [this] { return leader; }, "system"});
  }
  serve::StatusView shown() {
    return StatusPage({view.executor, view.controller, view.accounts, board, server}, site()).view("");
  }

  std::string leader = "splitdelivery-1_0a1b2c3d";
  std::optional<source::Snapshot> all;
  ClusterView view;
  UncoveredWatch uncovered{view.executor, view.accounts, [this] { return all; }, [](std::size_t) {}};
  serve::Server server{[] { return std::string(); }};
  StatusBoard board{view.executor, view.controller, StatusBoard::Keep::Nothing};
};

TEST_F(AClustersPage, ShowsTheStatusesThatTheWatchHasAlsoOnAReplicaThatStandsBy) {
  view.addResource("d0", "example.com");
  view.follow();
  api::Status status;
  status.conditions.set(api::condition::kReady, api::ConditionStatus::False, "DeletionsHeld", "a message",
                        view.executor.wallTime(), 1);
  status.plan = {.id = "9f3c", .deletes = 1, .held = true, .sample = {"- anna"}};
  ASSERT_TRUE(view.executor.run(view.domains.save({"mail", "d0"}, status)));
  const auto page = shown();
  ASSERT_THAT(page.domains, SizeIs(1));
  EXPECT_EQ(page.domains[0].urgency, Urgency::NeedsPerson);
  EXPECT_THAT(page.domains[0].plan.sample, ElementsAre("- anna"));
  EXPECT_EQ(page.domains[0].plan.command, "kubectl sdd plan d0 -n mail");
  EXPECT_EQ(page.domains[0].plan.held.command, "kubectl sdd approve d0 9f3c -n mail");
  ASSERT_TRUE(page.standby.has_value());
  EXPECT_EQ(page.standby->worker, "splitdelivery-1");
  EXPECT_EQ(page.standby->command, "kubectl port-forward pod/splitdelivery-1 -n system 8080:http");
  leader = "$(x)_1";
  EXPECT_EQ(shown().standby->command, "kubectl port-forward 'pod/$(x)' -n system 8080:http");
  leader = "";
  EXPECT_EQ(shown().standby->command, "");
  view.works = true;
  EXPECT_FALSE(shown().standby.has_value());
}

TEST_F(AClustersPage, ShowsAResourceThatWaitsForItsSecretsOnceAndThatItIsABeginning) {
  view.addResource("d0", "example.com");
  EXPECT_EQ(site().beginning(), "the resources have not been listed yet");
  view.refuse("/secrets", 503);
  view.follow();
  const auto page = shown();
  ASSERT_THAT(page.domains, SizeIs(1));
  EXPECT_EQ(page.domains[0].domain, "example.com");
  view.kube.setFault(nullptr);
  view.executor.advance(2min);
  EXPECT_THAT(shown().domains, SizeIs(1));
  EXPECT_THAT(view.feed.waiting(), IsEmpty());
  EXPECT_EQ(site().beginning(), std::nullopt);
}

// For up to an hour after its document was there.
TEST_F(AClustersPage, NamesNoDomainAsUncoveredThatAResourceIsAboutNow) {
  view.world.da.addDomain("user", "second.example");
  view.world.zoho.addDomain(TwoSystems::kOrganization, {.name = "second.example"});
  view.addResource("d0", "example.com");
  view.follow();
  all = view.feed.snapshot();
  std::stop_source stop;
  base::spawn(view.executor, uncovered.follow(stop.get_token()), [](const auto&, const auto&) {});
  view.executor.advance(1min);
  ASSERT_THAT(shown().notices, SizeIs(1));
  EXPECT_THAT(shown().notices[0].lines, ElementsAre("second.example"));
  EXPECT_FALSE(shown().notices[0].urgent);
  view.addResource("second", "second.example");
  view.executor.advance(1s);
  EXPECT_THAT(shown().notices, IsEmpty());
  stop.request_stop();
  view.executor.advance(1s);
}

TEST_F(AClustersPage, ShowsAResourceThatCannotBeUsed) {
  view.works = true;
  view.addInvalid("odd");
  view.follow();
  view.executor.advance(1s);
  const auto page = shown();
  ASSERT_THAT(page.domains, SizeIs(1));
  EXPECT_EQ(page.domains[0].key, "mail/odd");
  EXPECT_EQ(page.domains[0].domain, "");
  EXPECT_EQ(page.domains[0].reason, "InvalidSpec");
  EXPECT_EQ(page.domains[0].urgency, Urgency::NeedsPerson);
}

/// Keeps a book that no document is about.
struct OfNobody final : source::BookStore {
  base::Task<base::Result<source::StoredBook>> load(api::ObjectKey) override { co_return source::StoredBook{}; }
  base::Task<base::Result<base::Done>> save(api::ObjectKey, api::AddressBook) override { co_return base::Done{}; }
  base::Task<std::vector<source::Orphan>> orphans(std::vector<api::ObjectKey>) override {
    co_return std::vector<source::Orphan>{{.name = "mail.gone", .domain = "gone.example", .managed = 3}};
  }
};

class AFoldersPage : public AClustersPage {
 protected:
  AFoldersPage() {
    options.manifests = (folder / "m").string();
    std::filesystem::create_directory(options.manifests);
  }
  std::vector<serve::NoticeView> notices() {
    return folderSite(options, intake, feed, &uncovered).notices(view.controller);
  }

  testing::TemporaryFolder folder;
  FolderOptions options;
  Intake intake{{.executor = view.executor,
                 .controller = view.controller,
                 .claims = view.claims,
                 .books = view.books,
                 .onRead = [](const source::Snapshot&) {}}};
  ManifestFeed feed{intake, folder / "m"};
};

TEST_F(AFoldersPage, OfTheEnvironmentSaysHowAPlanIsApprovedThere) {
  options.env.emplace();
  options.state = "/var/lib/s";
  options.dnsServers = {"9.9.9.9", "[::1]:53"};
  const StatusSite site = folderSite(options, intake, feed, nullptr);
  EXPECT_EQ(site.planCommand({"default", "d0"}),
            "splitdelivery plan --from-env --state /var/lib/s --dns-server 9.9.9.9 --dns-server '[::1]:53'");
  EXPECT_THAT(site.planWhere, HasSubstr("all variables"));
  EXPECT_EQ(site.approval({"default", "d0"}, "9f3c").command, "export SPLITDELIVERY_APPROVED_PLAN=9f3c");
  EXPECT_THAT(site.approval({"default", "d0"}, "9f3c").advice, HasSubstr("commas"));
  EXPECT_EQ(site.notices(view.controller).size(), 0U);
}

TEST_F(AFoldersPage, HasACommandThatAShellReadsAsItIsMeant) {
  const std::string here = std::filesystem::current_path().string();
  options.manifests = "./my mail";
  options.state = "/var/lib/it's";
  const StatusSite site = folderSite(options, intake, feed, &uncovered);
  EXPECT_EQ(site.planCommand({"mail", "d0"}),
            "splitdelivery plan --manifests '" + here + "/my mail' --state '/var/lib/it'\\''s'");
  EXPECT_EQ(site.place, "./my mail");
  EXPECT_EQ(site.approval({"mail", "d0"}, "9f3c").command, "splitdelivery.dev/approved-plan: \"9f3c\"");
  EXPECT_EQ(shellWord("./mail/a-b_c=1"), "./mail/a-b_c=1");
  EXPECT_EQ(shellWord(""), "''");
  EXPECT_EQ(shellWord("$(reboot)"), "'$(reboot)'");
}

TEST_F(AFoldersPage, NamesForwardersThatNoDocumentIsAbout) {
  OfNobody books;
  Intake found{{.executor = view.executor,
                .controller = view.controller,
                .claims = view.claims,
                .books = books,
                .onRead = [](const source::Snapshot&) {}}};
  view.executor.run(found.take({}));
  const auto notices = folderSite(options, found, feed, &uncovered).notices(view.controller);
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_THAT(notices[0].lines, ElementsAre(HasSubstr("mail.gone")));
  EXPECT_TRUE(notices[0].urgent);
}

TEST_F(AFoldersPage, NamesDocumentsThatCannotBeUsedUntilTheyAreMended) {
  EXPECT_THAT(notices(), IsEmpty());
  std::ofstream(folder / "m/bad.yaml") << "apiVersion: splitdelivery.dev/v1alpha1\nkind: SplitDeliveryDomain\n";
  ASSERT_TRUE(view.executor.run(feed.begin()));
  ASSERT_THAT(notices(), SizeIs(1));
  EXPECT_TRUE(notices()[0].urgent);
  EXPECT_THAT(notices()[0].lines, Contains(StartsWith("bad.yaml")));
  std::filesystem::remove(folder / "m/bad.yaml");
  ASSERT_TRUE(view.executor.run(feed.begin()));
  EXPECT_THAT(notices(), IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::cli
