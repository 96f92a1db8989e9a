#include "source/folder/state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "source/folder/paths.h"
#include "source/other_user.h"
#include "source/random_book.h"
#include "support/temporary_folder.h"
#include "support/virtual_executor.h"

namespace splitdelivery::source::folder {
namespace {

using splitdelivery::testing::TemporaryFolder;
using splitdelivery::testing::VirtualExecutor;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::OtherUser;
using testing::RandomBook;

const api::ObjectKey kShop{"default", "shop"};

/// A state folder inside of a temporary one.
class AStateFolder : public ::testing::Test {
 protected:
  std::unique_ptr<StateFolder> open(Access access) {
    auto opened = StateFolder::open(executor_, folder_ / "state", access);
    if (opened) return std::move(*opened);
    ADD_FAILURE() << opened.error().message;
    return nullptr;
  }
  base::Result<StoredBook> load(StateFolder& state) { return executor_.run(state.books().load(kShop)); }
  base::Result<base::Done> save(StateFolder& state, api::AddressBook book) {
    return executor_.run(state.books().save(kShop, std::move(book)));
  }
  [[nodiscard]] unsigned mode(const std::string& name) const {
    struct stat about {};
    EXPECT_EQ(::stat((folder_ / "state" / name).c_str(), &about), 0) << name;
    return about.st_mode & 0777U;
  }

  TemporaryFolder folder_;
  VirtualExecutor executor_;
};

TEST_F(AStateFolder, ListsItsBooksWithTheirNamesAlsoThoseThatOwnNothing) {
  const auto state = open(Access::Exclusive);
  const api::Identity identity{"directadmin", "https://da.test:2222", "user", "shop.example", "60012345"};
  api::AddressBook book;
  ASSERT_TRUE(executor_.run(state->books().save({"default", "new"}, book)));
  book.ledger.identity = identity;
  ASSERT_TRUE(save(*state, book));
  book.ledger.entries.push_back(
      {.local = "anna", .state = api::LedgerEntry::State::Managed, .destinations = {"anna@zoho.shop.example"}});
  ASSERT_TRUE(executor_.run(state->books().save({"mail", "shop.example"}, book)));
  ASSERT_TRUE(executor_.run(state->books().save({"default", std::string(200, 'n')}, book)));
  EXPECT_THAT(executor_.run(state->bookList().list()),
              ElementsAre(NamedBook{{"default", "new"}, std::nullopt, 0}, NamedBook{kShop, identity, 0},
                          NamedBook{{"mail", "shop.example"}, identity, 1}));
  EXPECT_EQ(executor_.run(state->books().orphans({{"mail", "shop.example"}})).size(), 1U) << "with a digest for a name";
}

TEST_F(AStateFolder, IsMadeForItsOwnerAlone) {
  const auto state = open(Access::Exclusive);
  EXPECT_EQ(mode("."), 0700U);
  EXPECT_EQ(mode("lock"), 0600U);
  EXPECT_THAT(folder_.names("state"), ElementsAre("books", "lock", "status"));
}

TEST_F(AStateFolder, KeepsABook) {
  const auto state = open(Access::Exclusive);
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto book = RandomBook(seed).make();
    ASSERT_TRUE(save(*state, book));
    const auto loaded = load(*state);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->book, book);
    EXPECT_EQ(loaded->setAside, "");
  }
  EXPECT_THAT(folder_.names("state/books"), ElementsAre("default.shop.json"));
  EXPECT_EQ(mode("books/default.shop.json"), 0600U);
}

TEST_F(AStateFolder, KeepsABookFromOneProcessToTheNext) {
  const auto book = RandomBook(1).make();
  ASSERT_TRUE(save(*open(Access::Exclusive), book));
  EXPECT_EQ(load(*open(Access::Exclusive))->book, book);
  EXPECT_EQ(load(*open(Access::ReadOnly))->book, book);
}

TEST_F(AStateFolder, HasAnEmptyBookWhereThereIsNone) {
  EXPECT_EQ(load(*open(Access::Exclusive))->book, api::AddressBook{});
  EXPECT_EQ(load(*open(Access::ReadOnly))->setAside, "");
}

TEST_F(AStateFolder, SetsADamagedBookAside) {
  executor_.setWallTime(base::WallTime{std::chrono::sys_days{std::chrono::year{2026} / 5 / 6}});
  folder_.write("state/books/default.shop.json", R"({"version": 1, "ledg)");
  const auto state = open(Access::Exclusive);
  auto loaded = load(*state);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->book, api::AddressBook{}) << "owns nothing, so it deletes nothing";
  EXPECT_EQ(loaded->setAside, (folder_ / "state/books/default.shop.json.damaged-20260506T000000Z").string());
  EXPECT_EQ(folder_.read("state/books/default.shop.json.damaged-20260506T000000Z"), R"({"version": 1, "ledg)");

  folder_.write("state/books/default.shop.json", "again");
  EXPECT_TRUE(load(*state)->setAside.ends_with(".damaged-20260506T000000Z-2")) << "never over another one";
  EXPECT_EQ(load(*state)->setAside, "") << "told once";
}

TEST_F(AStateFolder, OpenForReadingLeavesADamagedBookWhereItIs) {
  folder_.write("state/books/default.shop.json", "damaged");
  const auto loaded = load(*open(Access::ReadOnly));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->book, api::AddressBook{});
  EXPECT_EQ(loaded->setAside, (folder_ / "state/books/default.shop.json").string());
  EXPECT_THAT(folder_.names("state/books"), ElementsAre("default.shop.json"));
}

TEST_F(AStateFolder, StallsOnABookOfANewerVersionAndLeavesIt) {
  folder_.write("state/books/default.shop.json", R"({"version": 2, "more": true})");
  const auto loaded = load(*open(Access::Exclusive));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, base::ErrorKind::Stall);
  EXPECT_EQ(loaded.error().reason, "BookTooNew");
  EXPECT_EQ(folder_.read("state/books/default.shop.json"), R"({"version": 2, "more": true})");
}

TEST_F(AStateFolder, TriesAgainWhenABookCannotBeRead) {
  const auto state = open(Access::Exclusive);
  std::filesystem::create_directory(folder_ / "state/books/default.shop.json");
  const auto loaded = load(*state);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, base::ErrorKind::Retry);
  EXPECT_EQ(loaded.error().reason, "StateUnreadable");
  EXPECT_THAT(loaded.error().message, HasSubstr("default.shop.json"));
}

TEST_F(AStateFolder, SaysWhyABookCannotBeSaved) {
  const auto state = open(Access::Exclusive);
  std::filesystem::remove_all(folder_ / "state/books");
  const auto saved = save(*state, {});
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind, base::ErrorKind::Retry);
  EXPECT_EQ(saved.error().reason, "StateNotWritable");
  EXPECT_THAT(saved.error().message, HasSubstr("state/books"));
}

TEST_F(AStateFolder, OpenForReadingSavesNothingButTokenTimes) {
  const auto state = open(Access::ReadOnly);
  EXPECT_EQ(save(*state, {}).error().reason, "StateNotWritable");
  EXPECT_EQ(executor_.run(state->statuses().save(kShop, {})).error().reason, "StateNotWritable");
  EXPECT_EQ(executor_.run(state->statuses().load(kShop)), api::Status{});
  EXPECT_THAT(folder_.names(), ElementsAre());
  executor_.run(state->accounts().save("account", {}));
  EXPECT_THAT(folder_.names("state"), ElementsAre("accounts.json"));
  EXPECT_EQ(mode("."), 0700U);
}

TEST_F(AStateFolder, KeepsAStatus) {
  const auto state = open(Access::Exclusive);
  api::Status status;
  status.observedGeneration = 4;
  status.plan.sample = {"- bob"};
  ASSERT_TRUE(executor_.run(state->statuses().save(kShop, status)));
  EXPECT_EQ(executor_.run(state->statuses().load(kShop)), status);
  EXPECT_THAT(folder_.names("state/status"), ElementsAre(".default.shop.json", "default.shop.yaml"));
  std::filesystem::remove(folder_ / "state/status/default.shop.yaml");
  EXPECT_EQ(executor_.run(state->statuses().load(kShop)), api::Status{}) << "so that it is written anew";
}

TEST_F(AStateFolder, HasAnEmptyStatusWhereItCannotBeRead) {
  const auto state = open(Access::Exclusive);
  for (const auto* text : {"", "a: [", "a: 1\n---\nb: 2\n", "text"}) {
    folder_.write("state/status/default.shop.yaml", "status: {}");
    folder_.write("state/status/.default.shop.json", text);
    EXPECT_EQ(executor_.run(state->statuses().load(kShop)), api::Status{}) << text;
  }
}

TEST_F(AStateFolder, LetsOneProcessWriteAtATime) {
  auto first = open(Access::Exclusive);
  const auto second = StateFolder::open(executor_, folder_ / "state", Access::Exclusive);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, base::ErrorKind::Stall);
  EXPECT_EQ(second.error().reason, "StateLocked");
  EXPECT_THAT(second.error().message, AllOf(HasSubstr("(process " + std::to_string(::getpid()) + ")"),
                                            HasSubstr((folder_ / "state").string())));
  EXPECT_NE(open(Access::ReadOnly), nullptr) << "plan needs no lock";
  first.reset();
  EXPECT_NE(open(Access::Exclusive), nullptr);
}

TEST_F(AStateFolder, IsFreeAgainWhenItsProcessWasKilled) {
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto state = StateFolder::open(executor_, folder_ / "state", Access::Exclusive);
    const char byte = state ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) == 1) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  EXPECT_FALSE(StateFolder::open(executor_, folder_ / "state", Access::Exclusive));
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_NE(open(Access::Exclusive), nullptr) << "a lock file that is there does not mean a lock";
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(AStateFolder, ClearsAwayWhatACrashLeft) {
  ASSERT_TRUE(save(*open(Access::Exclusive), RandomBook(2).make()));
  folder_.write("state/books/.default.shop.json.99999999-3.tmp", R"({"version": 1, half)");
  folder_.write("state/status/.default.shop.yaml.99999999-4.tmp", "half");
  folder_.write("state/.accounts.json.99999999-5.tmp", "half");
  EXPECT_EQ(load(*open(Access::ReadOnly))->book, RandomBook(2).make()) << "the crash hurt nothing";
  EXPECT_EQ(folder_.names("state/books").size(), 2U) << "reading clears nothing";
  const auto state = open(Access::Exclusive);
  EXPECT_EQ(load(*state)->book, RandomBook(2).make());
  EXPECT_THAT(folder_.names("state/books"), ElementsAre("default.shop.json"));
  EXPECT_THAT(folder_.names("state"), ElementsAre("books", "lock", "status"));
}

TEST_F(AStateFolder, ThatCannotBeMadeStalls) {
  folder_.write("state", "a file");
  const auto opened = StateFolder::open(executor_, folder_ / "state", Access::Exclusive);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, base::ErrorKind::Stall);
  EXPECT_EQ(opened.error().reason, "StateNotWritable");
}

TEST_F(AStateFolder, OfSomebodyElseStalls) {
  open(Access::Exclusive);
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
  std::filesystem::permissions(folder_ / "state",
                               std::filesystem::perms::others_read | std::filesystem::perms::others_exec);
  {
    const OtherUser somebody;
    const auto opened = StateFolder::open(executor_, folder_ / "state", Access::Exclusive);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().reason, "StateNotWritable");
    EXPECT_THAT(opened.error().message, HasSubstr("Permission denied"));
  }
  std::filesystem::permissions(folder_ / "state", std::filesystem::perms::owner_all);
}

TEST(APathInTheState, IsOfOneKeyAlone) {
  const StatePaths paths("/state");
  EXPECT_EQ(paths.book({"default", "example.com"}), "/state/books/default.example.com.json");
  EXPECT_NE(paths.book({"a", "b.c"}), paths.book({"a.b", "c"}));
  const std::string longName(250, 'x');
  EXPECT_LT(paths.book({"default", longName}).filename().string().size(), 200U);
  EXPECT_NE(paths.book({"default", longName + "a"}), paths.book({"default", longName + "b"}));
  EXPECT_EQ(paths.status({"default", "../../etc/passwd"}).parent_path(), "/state/status");
  EXPECT_EQ(paths.status({"", "x"}).parent_path(), "/state/status");
}

}  // namespace
}  // namespace splitdelivery::source::folder
