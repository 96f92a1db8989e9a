#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "source/account_records.h"
#include "source/folder/state.h"
#include "source/other_user.h"
#include "support/temporary_folder.h"
#include "support/virtual_executor.h"

namespace splitdelivery::source::folder {
namespace {

using namespace std::chrono_literals;
using api::AccountRecord;
using base::Secret;
using splitdelivery::testing::TemporaryFolder;
using splitdelivery::testing::VirtualExecutor;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};  // when a VirtualExecutor starts

AccountRecord record(const std::string& token, base::WallTime expires, std::vector<base::WallTime> mints) {
  return {Secret(token), expires, std::move(mints), {}, {}};
}

class AccountsOfTwoProcesses : public ::testing::Test {
 protected:
  AccountRecord load(StateFolder& state, const std::string& account = "zoho") {
    return executor_.run(state.accounts().load(account));
  }
  void save(StateFolder& state, AccountRecord value, const std::string& account = "zoho") {
    executor_.run(state.accounts().save(account, std::move(value)));
  }

  TemporaryFolder folder_;
  VirtualExecutor executor_;
  std::unique_ptr<StateFolder> sync_ = *StateFolder::open(executor_, folder_.path(), Access::Exclusive);
  std::unique_ptr<StateFolder> plan_ = *StateFolder::open(executor_, folder_.path(), Access::ReadOnly);
};

TEST_F(AccountsOfTwoProcesses, SeeWhatTheOtherHasSaved) {
  auto saved = record("t1", kNow + 1h, {kNow - 1min});
  saved.lockedUntil = kNow + 5min;
  save(*plan_, saved);
  EXPECT_EQ(load(*sync_), saved);
  EXPECT_EQ(load(*sync_, "another"), AccountRecord{});
  struct stat about {};
  ASSERT_EQ(::stat((folder_ / "accounts.json").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(AccountsOfTwoProcesses, LoseNoMintOfEachOther) {
  load(*sync_);
  load(*plan_);
  save(*sync_, record("t1", kNow + 50min, {kNow - 2min}));
  save(*plan_, record("t2", kNow + 55min, {kNow - 1min}));
  save(*sync_, record("t1", kNow + 50min, {kNow - 2min}));
  const auto both = load(*sync_);
  EXPECT_THAT(both.mints, ElementsAre(kNow - 2min, kNow - 1min));
  EXPECT_EQ(both.accessToken.reveal(), "t2") << "the one that lives longer";
}

TEST_F(AccountsOfTwoProcesses, TakeBackAMintOfTheirOwnAndNoneOfTheOther) {
  save(*sync_, record("", {}, {kNow - 2min}));
  save(*plan_, record("", {}, {kNow - 1min}));
  auto takingBack = record("", {}, {});
  takingBack.retracted = {kNow - 1min};
  save(*plan_, takingBack);
  EXPECT_EQ(load(*sync_), record("", {}, {kNow - 2min})) << "and nothing else is kept of it";
}

TEST_F(AccountsOfTwoProcesses, ATokenThatIsDeadStaysDead) {
  save(*sync_, record("dead", kNow + 1h, {kNow - 1min}));
  load(*plan_);
  save(*plan_, record("", {}, {kNow - 1min}));
  EXPECT_TRUE(load(*plan_).accessToken.empty()) << "what we had seen ourselves does not come back from the disk";
}

TEST_F(AccountsOfTwoProcesses, KeepAccountsApart) {
  save(*sync_, record("a", kNow + 1h, {}), "one");
  save(*plan_, record("b", kNow + 1h, {}), "two");
  EXPECT_EQ(load(*sync_, "one").accessToken.reveal(), "a");
  EXPECT_EQ(load(*sync_, "two").accessToken.reveal(), "b");
}

TEST_F(AccountsOfTwoProcesses, StartAnewWhenTheFileIsDamaged) {
  for (const auto* text : {"", "{", "[]", "null", R"({"accounts": []})", R"({"accounts": {"zoho": 5}})",
                           R"({"accounts": {"zoho": {"mints": ["x"]}}})"}) {
    folder_.write("accounts.json", text);
    EXPECT_EQ(load(*sync_), AccountRecord{}) << text;
  }
  save(*sync_, record("t", kNow + 1h, {}));
  EXPECT_EQ(load(*sync_).accessToken.reveal(), "t");
}

TEST_F(AccountsOfTwoProcesses, GoOnWhenTheFileCannotBeWritten) {
  std::filesystem::create_directory(folder_ / "accounts.json");
  save(*sync_, record("t", kNow + 1h, {}));
  EXPECT_EQ(load(*sync_), AccountRecord{});
}

TEST_F(AccountsOfTwoProcesses, LeaveAFileThatIsTooLargeToBeReadAsItIs) {
  const std::string large((std::size_t{16} << 20U) + 1, ' ');
  folder_.write("accounts.json", large);
  save(*sync_, record("t", kNow + 1h, {kNow}));
  EXPECT_EQ(folder_.read("accounts.json"), large);
  EXPECT_EQ(load(*sync_), AccountRecord{});
}

TEST_F(AccountsOfTwoProcesses, LeaveAFileThatTheyMayNotReadAsItIs) {
  namespace fs = std::filesystem;
  save(*sync_, record("a", kNow + 1h, {kNow}), "another");
  const auto before = folder_.read("accounts.json");
  fs::permissions(folder_ / "accounts.json", fs::perms::none);
  fs::permissions(folder_.path(), fs::perms::all);
  {
    const testing::OtherUser somebody;
    save(*plan_, record("t", kNow + 1h, {kNow}));
  }
  fs::permissions(folder_ / "accounts.json", fs::perms::owner_read);
  EXPECT_EQ(folder_.read("accounts.json"), before);
}

/// The executor of this test only starts what is offloaded; threads do the work, as in the real one.
class ThreadedExecutor final : public base::Executor {
 public:
  [[nodiscard]] base::SteadyTime now() const override { return {}; }
  [[nodiscard]] base::WallTime wallTime() const override { return kNow; }
  void post(Work work) override {
    const std::scoped_lock held(mutex_);
    posted_.push_back(std::move(work));
  }
  TimerId runAt(base::SteadyTime, Work) override { return 1; }
  void cancel(TimerId) override {}
  void offload(Work blocking, Work then) override {
    threads_.emplace_back([this, blocking = std::move(blocking), then = std::move(then)] {
      blocking();
      post(then);
    });
  }
  std::uint64_t random() override { return 4; }

  void finish() {
    runPosted();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    runPosted();
  }

 private:
  void runPosted() {
    while (true) {
      std::vector<Work> batch;
      {
        const std::scoped_lock held(mutex_);
        batch.swap(posted_);
      }
      if (batch.empty()) return;
      for (auto& work : batch) work();
    }
  }

  std::mutex mutex_;
  std::vector<Work> posted_;
  std::vector<std::thread> threads_;
};

TEST(ManySavesAtOnce, LoseNothing) {
  const TemporaryFolder folder;
  ThreadedExecutor executor;
  const auto sync = *StateFolder::open(executor, folder.path(), Access::Exclusive);
  const auto plan = *StateFolder::open(executor, folder.path(), Access::ReadOnly);
  int done = 0;
  for (int i = 0; i < 20; ++i) {
    auto& store = i % 2 == 0 ? sync->accounts() : plan->accounts();
    base::spawn(executor, store.save("zoho", record("t", kNow, {kNow - std::chrono::seconds(i)})),
                [&done](const std::exception_ptr&, std::optional<base::Done>) { ++done; });
  }
  executor.finish();
  EXPECT_EQ(done, 20);
  EXPECT_EQ(decodeAccounts(folder.read("accounts.json")).at("zoho").mints.size(), 20U);
}

TEST(AMergedRecord, ForgetsOldMintsAndLockOutsThatAreOver) {
  auto ours = record("", {}, {kNow - 11min, kNow - 10min, kNow - 1min});
  ours.lockedUntil = kNow;
  auto theirs = record("", {}, {kNow - 1min, kNow - 20min});
  theirs.lockedUntil = kNow - 1s;
  const auto merged = mergedRecord(ours, theirs, Secret(), kNow);
  EXPECT_THAT(merged.mints, ElementsAre(kNow - 10min, kNow - 1min));
  EXPECT_EQ(merged.lockedUntil, std::nullopt);
}

TEST(AMergedRecord, KeepsTheLaterLockOut) {
  auto theirs = record("", {}, {});
  theirs.lockedUntil = kNow + 5min;
  EXPECT_EQ(mergedRecord({}, theirs, Secret(), kNow).lockedUntil, kNow + 5min);
  EXPECT_EQ(mergedRecord(theirs, {}, Secret(), kNow).lockedUntil, kNow + 5min);
  theirs.lockedBecause = "BadCredentials";
  theirs.lockedFor = 10min;
  const auto merged = mergedRecord({}, theirs, Secret(), kNow);
  EXPECT_EQ(merged.lockedBecause, "BadCredentials");
  EXPECT_EQ(merged.lockedFor, 10min) << "why and how long go with it";
}

TEST(AMergedRecord, PrefersOurTokenUnlessTheOthersLivesLonger) {
  const auto ours = record("ours", kNow + 30min, {});
  EXPECT_EQ(mergedRecord(ours, record("new", kNow + 40min, {}), Secret("old"), kNow).accessToken.reveal(), "new");
  EXPECT_EQ(mergedRecord(ours, record("new", kNow + 20min, {}), Secret("old"), kNow).accessToken.reveal(), "ours");
  EXPECT_EQ(mergedRecord(ours, record("old", kNow + 40min, {}), Secret("old"), kNow).accessToken.reveal(), "ours");
}

TEST(AccountRecords, ComeBackAsTheyWereWritten) {
  AccountRecords records{{"a", record("t", kNow + 1h + 5ns, {kNow, kNow + 1ns})}, {"b", {}}};
  records["a"].lockedUntil = kNow;
  records["b"].lockedUntil = kNow;
  records["b"].lockedBecause = "BadCredentials";
  records["b"].lockedFor = 10min;
  EXPECT_EQ(decodeAccounts(encodeAccounts(records)), records);
  EXPECT_THAT(decodeAccounts(encodeAccounts({})), IsEmpty());
}

}  // namespace
}  // namespace splitdelivery::source::folder
