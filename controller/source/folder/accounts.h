#pragma once

#include <memory>

#include "base/executor.h"
#include "source/folder/paths.h"
#include "source/folder/state.h"

namespace splitdelivery::source::folder {

/// Account records in one file that several processes may write (`plan` beside `run`): each save
/// merges with what is there.
///
/// Lives as long as its StateFolder; a task it gave may outlive it.
class FolderAccounts final : public api::AccountStore {
 public:
  FolderAccounts(base::Executor& executor, StatePaths paths, Access access);

  base::Task<api::AccountRecord> load(std::string account) override;
  base::Task<base::Done> save(std::string account, api::AccountRecord record) override;

 private:
  struct Seen;

  base::Executor& executor_;
  StatePaths paths_;
  Access access_;
  std::shared_ptr<Seen> seen_;
};

}  // namespace splitdelivery::source::folder
