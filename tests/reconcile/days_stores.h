#pragma once

#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {

/// The stores of a Universe on a disk that can be full: what is read is what was last written, and a
/// save fails as the folder's would.
struct Disk {
  bool booksFull = false;
  bool statusesFull = false;
  bool accountsFull = false;
  int failedSaves = 0;

  void setFull(bool full) { booksFull = statusesFull = accountsFull = full; }
  [[nodiscard]] bool full() const { return booksFull || statusesFull || accountsFull; }
  [[nodiscard]] tl::unexpected<base::Error> refuse() {
    ++failedSaves;
    return base::fail(base::ErrorKind::Retry, "StateNotWritable", "the disk is full: make room on it");
  }
};

class BooksOnDisk final : public source::BookStore {
 public:
  BooksOnDisk(Disk& disk, MemoryBooks& books) : disk_(disk), books_(books) {}
  base::Task<base::Result<source::StoredBook>> load(api::ObjectKey key) override { return books_.load(key); }
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::AddressBook book) override {
    if (disk_.booksFull) co_return disk_.refuse();
    co_return co_await books_.save(std::move(key), std::move(book));
  }
  base::Task<std::vector<source::Orphan>> orphans(std::vector<api::ObjectKey> known) override {
    return books_.orphans(std::move(known));
  }

 private:
  Disk& disk_;
  MemoryBooks& books_;
};

/// Holds what a person sees to the rules of conditions: legal, and lastTransitionTime moves exactly when
/// the status does.
class StatusesOnDisk final : public source::StatusStore {
 public:
  StatusesOnDisk(Disk& disk, MemoryStatuses& statuses, const base::Executor& executor)
      : disk_(disk), statuses_(statuses), executor_(executor) {}
  base::Task<api::Status> load(api::ObjectKey key) override { return statuses_.load(key); }
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::Status status) override {
    if (disk_.statusesFull) co_return disk_.refuse();
    expectLegal(status);
    for (const api::Condition& next : status.conditions.list()) {
      const api::Condition* before = statuses_.statuses[key].conditions.find(next.type);
      const bool moved = before == nullptr || before->status != next.status;
      EXPECT_EQ(next.lastTransitionTime, moved ? executor_.wallTime() : before->lastTransitionTime)
          << next.type << " " << next.reason;
      if (moved && next.type == api::condition::kReady) ++readyMoves[key];
    }
    co_return co_await statuses_.save(std::move(key), std::move(status));
  }
  std::map<api::ObjectKey, int> readyMoves{};  ///< how often Ready's status changed

 private:
  Disk& disk_;
  MemoryStatuses& statuses_;
  const base::Executor& executor_;
};

class AccountsOnDisk final : public api::AccountStore {
 public:
  AccountsOnDisk(Disk& disk, MemoryAccounts& accounts) : disk_(disk), accounts_(accounts) {}
  base::Task<api::AccountRecord> load(std::string account) override { return accounts_.load(std::move(account)); }
  base::Task<base::Done> save(std::string account, api::AccountRecord record) override {
    if (!disk_.accountsFull) co_return co_await accounts_.save(std::move(account), std::move(record));
    ++disk_.failedSaves;
    co_return base::Done{};
  }

 private:
  Disk& disk_;
  MemoryAccounts& accounts_;
};

}  // namespace splitdelivery::reconcile
