#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/executor.h"

/// What the status page shows: values alone, which whoever knows them fills in. Texts may come from anywhere and hold
/// anything; those called a command are our own.
namespace splitdelivery::serve {

/// How much a resource wants of whoever looks, in the order in which they are shown.
enum class Urgency : std::uint8_t {
  NeedsPerson,  ///< nothing helps but what somebody does
  Trouble,      ///< it fails, and is tried again
  Waiting,      ///< no pass has ended yet
  Well,
  Suspended,
};
inline constexpr std::size_t kUrgencies = 5;

/// Whether it has a card of its own rather than a row of the table.
[[nodiscard]] constexpr bool hasCard(Urgency urgency) {
  return urgency == Urgency::NeedsPerson || urgency == Urgency::Trouble;
}

/// Changes and deletes that wait for approval.
struct HeldView {
  std::string id{};       ///< of the plan; empty: nothing waits
  std::string advice{};   ///< a sentence before `command`
  std::string command{};  ///< approves exactly this plan: a line to paste somewhere; empty: there is none
};

/// What a plan would do, in short.
struct PlanView {
  std::uint32_t creates = 0;
  std::uint32_t updates = 0;
  std::uint32_t deletes = 0;
  std::size_t heldCount = 0;          ///< of these, how many wait for approval
  std::vector<std::string> sample{};  ///< the first lines, of what waits before the others: "+ anna", "~ ben", "- bob"
  std::string command{};              ///< shows all of it, with addresses
  std::string where{};                ///< what `command` needs around it; empty: nothing
  HeldView held{};

  [[nodiscard]] std::uint64_t changes() const { return std::uint64_t{creates} + updates + deletes; }
};

/// A wanted address that is taken.
struct ConflictView {
  std::string address{};
  std::string reason{};
  std::string message{};
};

/// What else is said of a resource: a condition that is not as it should be.
struct RemarkView {
  std::string type{};  ///< "RoutingReady"
  std::string message{};
};

struct LastPass {
  base::WallTime endedAt{};
  base::Duration took{};
};

struct DomainView {
  std::string key{};     ///< "namespace/name"
  std::string domain{};  ///< empty: its resource cannot be read
  std::string policy{};  ///< likewise
  Urgency urgency = Urgency::Waiting;
  std::string reason{};                   ///< of Ready: "Synced"
  std::string message{};                  ///< of Ready: names the fix
  std::optional<base::WallTime> since{};  ///< when it stopped being ready; none: it is, or never was
  bool leaving = false;                   ///< a person has asked for its end
  std::uint32_t desired = 0;
  std::uint32_t inSync = 0;
  std::uint32_t found = 0;
  std::uint32_t conflicts = 0;
  PlanView plan{};
  std::vector<ConflictView> someConflicts{};  ///< the first of them
  std::vector<RemarkView> remarks{};
  std::optional<LastPass> lastPass{};
  /// The last pass could not look: plan, conflicts, routing and counts are of one before it.
  bool stale = false;
  std::optional<base::WallTime> seenAt{};  ///< when that one ended; none: not known
};

/// An account at a provider, which resources share.
struct AccountView {
  std::string provider{};
  std::string name{};
  bool shutOut = false;                        ///< nothing is asked of it at present
  std::optional<base::WallTime> waitsUntil{};  ///< it told us to; none where it is shut out: it refused us
  double budgetUsed = 0;                       ///< share of what may be asked in a minute
  std::optional<std::uint64_t> minted{};       ///< tokens since the program started; none: it has no tokens
};

/// One pass over one resource.
struct PassView {
  std::string key{};
  std::string domain{};
  LastPass pass{};
  Urgency urgency = Urgency::Well;
  std::string reason{};
  std::uint32_t created = 0;
  std::uint32_t updated = 0;
  std::uint32_t deleted = 0;
  std::uint32_t failed = 0;
};

/// What a person should do about something that is no resource.
struct NoticeView {
  std::string title{};
  std::vector<std::string> lines{};  ///< the first of them are shown
  std::string advice{};              ///< a sentence before `command`; empty: none
  std::string command{};             ///< empty: none
  bool urgent = true;                ///< false: it can wait
};

/// What is said of a replica that stands by for another.
struct StandbyView {
  std::string worker{};   ///< the one that works; empty: not known
  std::string command{};  ///< leads to its page; empty: likewise
};

/// How many resources have this reason.
struct ReasonView {
  std::string reason{};
  std::size_t count = 0;
};

struct StatusView {
  base::WallTime now{};
  std::string version{};
  std::string place{};                   ///< whose resources these are: a folder, an API server
  std::string firstStep{};               ///< what to do where there is no resource at all
  std::string starting{};                ///< what is still to be done at the start; empty: nothing
  std::optional<StandbyView> standby{};  ///< none: this process does the work
  bool addresses = false;                ///< e-mail addresses may be shown
  bool refreshes = false;                ///< the page asks for itself again
  std::string find{};                    ///< what was looked for; empty: nothing

  std::array<std::size_t, kUrgencies> totals{};  ///< of all that there are, whatever was looked for, by urgency
  std::size_t page = 1;
  std::size_t pages = 1;
  std::vector<DomainView> domains{};  ///< of this page of what was found, the most urgent first
  std::vector<ReasonView> reasons{};  ///< where there are several pages: the most frequent first

  std::vector<NoticeView> notices{};
  std::vector<AccountView> accounts{};  ///< the most troubled first
  std::size_t moreAccounts = 0;         ///< that are not among them
  std::vector<PassView> passes{};       ///< the last ones, the latest first
};

}  // namespace splitdelivery::serve
