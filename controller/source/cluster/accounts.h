#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/await.h"
#include "kube/client.h"
#include "source/account_records.h"

namespace splitdelivery::source::cluster {

/// Account records in a ConfigMap of the controller's own namespace, each under its account's digest: when tokens were
/// asked for, and lock-outs, but never a token. One write at a time, of what has changed; what is saved meanwhile goes
/// into the next.
///
/// Lives on the executor; a save under way outlives nothing.
class Accounts final : public api::AccountStore {
 public:
  /// `name`: of the ConfigMap.
  Accounts(base::Executor& executor, kube::Client& client, std::string name)
      : executor_(executor), client_(client), name_(std::move(name)) {}

  base::Task<api::AccountRecord> load(std::string account) override;
  base::Task<base::Done> save(std::string account, api::AccountRecord record) override;

  /// Another replica may have written since.
  void forgetAll() { loaded_ = false; }

 private:
  base::Task<base::Done> read();
  base::Task<base::Done> write();
  [[nodiscard]] kube::Json changes();
  /// Logs what keeps the records from being kept, each trouble once; empty: nothing does.
  void tell(std::string trouble);

  base::Executor& executor_;
  kube::Client& client_;
  const std::string name_;
  AccountRecords records_;
  bool loaded_ = false;
  bool writing_ = false;
  std::set<std::string> unwritten_;
  std::set<std::string> written_;              ///< that the ConfigMap may have
  std::optional<base::SteadyTime> clearedAt_;  ///< when those were last removed that count no more
  std::vector<base::Deferred<bool>> waiting_;  ///< for the write after the one under way
  std::string said_;                           ///< the trouble that was logged last
};

}  // namespace splitdelivery::source::cluster
