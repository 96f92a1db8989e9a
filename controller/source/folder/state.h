#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/executor.h"
#include "source/source.h"

namespace splitdelivery::source::folder {

/// Whether a StateFolder writes.
enum class Access {
  ReadOnly,  ///< `plan`: no lock; writes nothing but, where that works, the account records
  Exclusive  ///< `sync`, `run`: one process at a time
};

/// The state folder:
///   lock                       held (flock) by the process that writes
///   books/<namespace>.<name>.json      address books: ledger, directory, plan; 0600
///   status/<namespace>.<name>.yaml     the resource's status as its YAML would carry it; a hidden
///                                      .json beside it is what is read back
///   accounts.json              access tokens and mint times; 0600
/// Every file is replaced whole: written beside, fsync'ed, renamed, folder fsync'ed.
class StateFolder {
 public:
  /// Makes the folder when it has to. Error: Stall "StateLocked" (another sync or run, with its
  /// process id), "StateNotWritable".
  [[nodiscard]] static base::Result<std::unique_ptr<StateFolder>> open(base::Executor& executor,
                                                                       std::filesystem::path folder, Access access);
  ~StateFolder();
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  [[nodiscard]] BookStore& books();
  [[nodiscard]] BookList& bookList();
  [[nodiscard]] StatusStore& statuses();
  [[nodiscard]] api::AccountStore& accounts();

 private:
  struct Parts;
  explicit StateFolder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace splitdelivery::source::folder
