#pragma once

#include "base/executor.h"
#include "source/folder/paths.h"
#include "source/folder/state.h"

namespace splitdelivery::source::folder {

/// Address books as files. Lives as long as its StateFolder; a task it gave may outlive it.
class FolderBooks final : public BookStore, public BookList {
 public:
  FolderBooks(base::Executor& executor, StatePaths paths, Access access)
      : executor_(executor), paths_(std::move(paths)), access_(access) {}

  base::Task<base::Result<StoredBook>> load(api::ObjectKey key) override;
  base::Task<base::Result<base::Done>> save(api::ObjectKey key, api::AddressBook book) override;
  base::Task<std::vector<Orphan>> orphans(std::vector<api::ObjectKey> known) override;
  base::Task<std::vector<NamedBook>> list() override;

 private:
  base::Executor& executor_;
  StatePaths paths_;
  Access access_;
};

}  // namespace splitdelivery::source::folder
