// Every small world: one address, in every combination of what the table in plan.h speaks of. The
// invariants are what a person may rely on, checked without asking the planner how it decided.

#include <gtest/gtest.h>

#include <array>

#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using api::Completeness;
using api::Kind;
using api::Kinds;
using State = api::LedgerEntry::State;

enum class Zoho { Lists, ListsAsGroup, ExtraOnly, Filtered, Gone };

/// One combination, and what follows from it directly.
struct Small {
  World world;
  Zoho zoho;
  Kinds recordedKinds;
  bool wanted = false;
  bool recordedShows = false;  ///< the ledger came with exactly the present destinations

  [[nodiscard]] const api::Forwarder* present() const {
    const auto found = std::ranges::find(world.present, std::string_view("anna"), &api::Forwarder::local);
    return found == world.present.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool mailboxStands() const { return world.mailboxes && !world.mailboxes->empty(); }
};

const std::string kName = "anna";
const api::Destinations kOld = {"anna@old.example.com"};

api::Destinations presentOf(int choice, const World& world) {
  switch (choice) {
    case 1:
      return world.target(kName);
    case 2:
      return kOld;
    case 3:
      return {"anna@elsewhere.example"};
    default:
      return api::canonicalDestinations({"anna@zoho.example.com", "jo@elsewhere.example"});
  }
}

void recordIn(World& world, int choice, Kinds kinds) {
  switch (choice) {
    case 1:
      world.records({kName, State::Creating, world.target(kName), {}, kinds});
      break;
    case 2:
      world.records({kName, State::Managed, world.target(kName), {}, kinds});
      break;
    case 3:
      world.records({kName, State::Managed, kOld, {}, kinds});
      break;
    case 4:
      world.records({kName, State::Updating, world.target(kName), kOld, kinds});
      break;
    default:
      break;
  }
}

void tellZoho(Small& small) {
  World& world = small.world;
  // A second address keeps the domain from being empty, which is a rule of its own.
  world.lists("zed").manages("zed");
  switch (small.zoho) {
    case Zoho::Lists:
      world.lists(kName);
      break;
    case Zoho::ListsAsGroup:
      world.lists(kName, Kind::Group);
      break;
    case Zoho::ExtraOnly:
      world.spec.addresses.extra = {kName};
      break;
    case Zoho::Filtered:
      world.lists(kName);
      world.spec.addresses.exclude = {kName};
      break;
    case Zoho::Gone:
      break;
  }
  small.wanted = small.zoho != Zoho::Filtered && small.zoho != Zoho::Gone;
}

template <class Visit>
void everySmallWorld(const Visit& visit) {
  constexpr std::array kZoho{Zoho::Lists, Zoho::ListsAsGroup, Zoho::ExtraOnly, Zoho::Filtered, Zoho::Gone};
  constexpr std::array kComplete{Completeness::Complete, Completeness::Stagnant, Completeness::Failed};
  const std::array kinds{Kinds(Kind::Primary), Kinds(Kind::Group), Kind::Alias | Kind::Group, Kinds(Kind::Extra)};
  for (int index = 0;; ++index) {
    int rest = index;
    const auto pick = [&rest](int choices) {
      const int choice = rest % choices;
      rest /= choices;
      return choice;
    };
    Small small{.world = {}, .zoho = kZoho.at(static_cast<std::size_t>(pick(5))), .recordedKinds = {}};
    World& world = small.world;
    world.spec.policy = static_cast<api::Policy>(pick(4));
    world.spec.delivery = static_cast<api::Delivery>(pick(2));
    world.adopt = pick(2) == 1;
    world.accounts = kComplete.at(static_cast<std::size_t>(pick(3)));
    world.groups = kComplete.at(static_cast<std::size_t>(pick(3)));
    world.domains = pick(2) == 0 ? Completeness::Complete : Completeness::Failed;
    const int mailbox = pick(3);
    const int present = pick(5);
    const int record = pick(5);
    small.recordedKinds = kinds.at(static_cast<std::size_t>(pick(4)));
    if (rest > 0) return;
    // Worlds that differ in nothing the planner could see, or only in two things at once that each
    // decide alone.
    if (record == 0 && !(small.recordedKinds == kinds[0])) continue;
    if (record > 0 && world.adopt) continue;
    if (world.domains == Completeness::Failed && world.groups != Completeness::Complete) continue;
    if (mailbox == 1) world.hasMailbox(kName);
    if (mailbox == 2) world.mailboxes.reset();
    if (present > 0) world.forwards(kName, presentOf(present, world));
    recordIn(world, record, small.recordedKinds);
    if (record > 0 && present > 0) {
      const api::LedgerEntry& entry = world.ledger.entries.front();
      small.recordedShows = entry.destinations == world.present.front().destinations ||
                            (entry.state == State::Updating && entry.previous == world.present.front().destinations);
    }
    tellZoho(small);
    visit(small);
  }
}

/// Everything the plan says about the one address, by list.
struct Verdict {
  int creates = 0, updates = 0, deletes = 0, held = 0, left = 0, conflicts = 0;
  const api::LedgerEntry* entry = nullptr;
};

Verdict about(const Plan& plan) {
  const auto count = [](const auto& list, auto projection) {
    return static_cast<int>(std::ranges::count(list, kName, projection));
  };
  Verdict verdict{count(plan.creates, &Operation::local),
                  count(plan.updates, &Operation::local),
                  count(plan.deletes, &Operation::local),
                  count(plan.held, &Operation::local),
                  count(plan.left, [](const Left& left) { return left.operation.local; }),
                  count(plan.conflicts, &Conflict::local)};
  const auto entry = std::ranges::find(plan.ledger.entries, kName, &api::LedgerEntry::local);
  if (entry != plan.ledger.entries.end()) verdict.entry = &*entry;
  return verdict;
}

std::string name(const Small& small) {
  const World& world = small.world;
  std::string text = "zoho " + std::to_string(static_cast<int>(small.zoho)) + ", policy " +
                     std::to_string(static_cast<int>(world.spec.policy)) + ", delivery " +
                     std::to_string(static_cast<int>(world.spec.delivery)) + (world.adopt ? ", adopt" : "") +
                     ", accounts/groups/domains " + std::to_string(static_cast<int>(world.accounts)) +
                     std::to_string(static_cast<int>(world.groups)) + std::to_string(static_cast<int>(world.domains)) +
                     (world.mailboxes ? (small.mailboxStands() ? ", box" : ", no box") : ", boxes unknown");
  text += ", present:";
  if (small.present() != nullptr) {
    for (const auto& to : small.present()->destinations) text += " " + to;
  }
  const auto entry = std::ranges::find(world.ledger.entries, kName, &api::LedgerEntry::local);
  if (entry != world.ledger.entries.end()) {
    text += ", recorded state " + std::to_string(static_cast<int>(entry->state)) + " to " +
            entry->destinations.front() + " kinds " + std::to_string(entry->kinds.bits());
  }
  return text;
}

class EverySmallWorld : public ::testing::Test {
 protected:
  /// Calls `check` on each world until one fails; a hundred thousand messages help nobody.
  template <class Check>
  static int check(const Check& check) {
    int worlds = 0;
    everySmallWorld([&](const Small& small) {
      if (HasFailure()) return;
      ++worlds;
      const Plan plan = small.world.plan();
      SCOPED_TRACE(name(small));
      check(small, plan, about(plan));
    });
    return worlds;
  }
};

TEST_F(EverySmallWorld, DeletesOnlyWhatWeMadeAndWhatACompleteListingLacks) {
  const int worlds = check([](const Small& small, const Plan& plan, const Verdict& verdict) {
    if (verdict.deletes + verdict.held == 0 || small.wanted) return;
    EXPECT_TRUE(small.recordedShows) << "the ledger does not record exactly what stands there";
    EXPECT_EQ(small.zoho, Zoho::Gone);
    EXPECT_EQ(small.world.spec.policy, api::Policy::Sync);
    EXPECT_EQ(small.world.domains, Completeness::Complete);
    EXPECT_NE(small.world.accounts, Completeness::Failed);
    EXPECT_NE(small.world.groups, Completeness::Failed);
    EXPECT_FALSE(small.recordedKinds.any(Kind::Extra)) << "a removed extra becomes found";
    if (small.recordedKinds.any(api::kAccountKinds)) EXPECT_EQ(small.world.accounts, Completeness::Complete);
    if (small.recordedKinds.any(api::kGroupKinds)) EXPECT_EQ(small.world.groups, Completeness::Complete);
    const bool allComplete =
        small.world.accounts == Completeness::Complete && small.world.groups == Completeness::Complete;
    if (verdict.deletes > 0) EXPECT_TRUE(allComplete) << "waits for approval while another part stagnates";
    EXPECT_EQ(verdict.held > 0, !plan.id.empty());
  });
  EXPECT_GT(worlds, 40'000);
}

TEST_F(EverySmallWorld, UpdatesOnlyWhatWeMadeAndZohoHas) {
  check([](const Small& small, const Plan&, const Verdict& verdict) {
    if (verdict.updates == 0) return;
    EXPECT_TRUE(small.recordedShows);
    EXPECT_TRUE(small.wanted);
    EXPECT_EQ(small.present()->destinations, kOld);
    EXPECT_TRUE(small.world.spec.policy == api::Policy::Sync || small.world.spec.policy == api::Policy::UpsertOnly);
    EXPECT_FALSE(small.world.spec.delivery == api::Delivery::Split && small.mailboxStands());
  });
}

TEST_F(EverySmallWorld, CreatesOnlyWhereNothingStands) {
  check([](const Small& small, const Plan&, const Verdict& verdict) {
    if (verdict.creates == 0) return;
    EXPECT_EQ(small.present(), nullptr);
    EXPECT_TRUE(small.wanted);
    EXPECT_NE(small.world.spec.policy, api::Policy::Observe);
    if (small.world.spec.delivery == api::Delivery::Split) {
      EXPECT_TRUE(small.world.mailboxes) << "without the list of mailboxes nothing is created";
      EXPECT_FALSE(small.mailboxStands());
    }
  });
}

TEST_F(EverySmallWorld, ClaimsNothingThatItDidNotMakeUnlessAdopted) {
  check([](const Small& small, const Plan&, const Verdict& verdict) {
    if (verdict.entry == nullptr) return;
    if (small.present() == nullptr) {
      EXPECT_EQ(verdict.creates, 1) << "an entry without a forwarder, and nobody makes it";
      EXPECT_GT(small.world.ledger.entries.size(), 1U) << "what was not ours before";
      EXPECT_NE(verdict.entry->state, State::Creating);
      EXPECT_EQ(verdict.entry->destinations, small.world.target(kName));
      return;
    }
    EXPECT_EQ(verdict.entry->destinations, small.present()->destinations);
    EXPECT_EQ(verdict.entry->state, State::Managed);
    const bool adopted =
        small.world.adopt && small.wanted && small.present()->destinations == small.world.target(kName);
    EXPECT_TRUE(small.recordedShows || adopted);
  });
}

TEST_F(EverySmallWorld, NeverLosesTrackOfWhatItMade) {
  check([](const Small& small, const Plan&, const Verdict& verdict) {
    const bool givenUp = small.zoho == Zoho::Gone && small.recordedKinds.any(Kind::Extra);
    if (small.recordedShows && !givenUp) EXPECT_NE(verdict.entry, nullptr);
  });
}

TEST_F(EverySmallWorld, SaysOneThingAboutAnAddress) {
  check([](const Small& small, const Plan& plan, const Verdict& verdict) {
    EXPECT_LE(verdict.creates + verdict.updates + verdict.deletes + verdict.held + verdict.left + verdict.conflicts, 1);
    EXPECT_EQ(plan.writes() && small.world.spec.policy == api::Policy::Observe, false);
  });
}

TEST_F(EverySmallWorld, FreezesEveryConflict) {
  check([](const Small& small, const Plan& plan, const Verdict& verdict) {
    const bool foreign = small.wanted && small.present() != nullptr && !small.recordedShows &&
                         small.present()->destinations != small.world.target(kName);
    const bool boxed = small.wanted && small.world.spec.delivery == api::Delivery::Split && small.mailboxStands();
    EXPECT_EQ(verdict.conflicts > 0, foreign || boxed);
    EXPECT_EQ(plan.counts.conflicts, static_cast<std::uint32_t>(verdict.conflicts));
  });
}

TEST_F(EverySmallWorld, ComesToRestAfterOnePass) {
  check([](const Small& small, const Plan& plan, const Verdict&) {
    World after = small.world;
    after.carryOut(plan);
    const Plan next = after.plan();
    EXPECT_FALSE(next.writes()) << "what was done is done";
    EXPECT_EQ(next.id, plan.id) << "what waits goes on waiting";
    EXPECT_EQ(next.conflicts, plan.conflicts);
    World again = after;
    again.ledger = next.ledger;
    EXPECT_EQ(again.plan().ledger, next.ledger) << "a pass in sync writes nothing down";
  });
}

TEST_F(EverySmallWorld, ConvergesWhenThePolicyAndTheListingAllowIt) {
  check([](const Small& small, const Plan& plan, const Verdict& verdict) {
    const World& world = small.world;
    const bool allowed = world.spec.policy == api::Policy::Sync && world.mailboxes &&
                         world.accounts == Completeness::Complete && world.groups == Completeness::Complete &&
                         world.domains == Completeness::Complete;
    if (!allowed || verdict.conflicts > 0) return;
    World after = world;
    after.carryOut(plan);
    const auto stands = std::ranges::find(after.present, kName, &api::Forwarder::local);
    if (small.wanted) {
      ASSERT_NE(stands, after.present.end());
      EXPECT_EQ(stands->destinations, world.target(kName));
    } else if (small.zoho == Zoho::Gone && small.recordedShows && !small.recordedKinds.any(Kind::Extra)) {
      EXPECT_EQ(stands, after.present.end());
    } else {
      EXPECT_EQ(after.present, world.present);
    }
  });
}

TEST_F(EverySmallWorld, WhileTheRoutingHostIsNotReadyOnlyDeletes) {
  check([](const Small& small, const Plan& ready, const Verdict& verdict) {
    World world = small.world;
    world.routingReady = false;
    const Plan plan = world.plan();
    EXPECT_EQ(plan.creates.size() + plan.updates.size(), 0U);
    EXPECT_EQ(plan.deletes, ready.deletes) << "the same as ever";
    EXPECT_EQ(plan.held, ready.held) << "no update among them, for updates are not held in worlds this small";
    EXPECT_EQ(plan.conflicts, ready.conflicts);
    EXPECT_EQ(plan.left.size(), ready.left.size() + ready.creates.size() + ready.updates.size());
    const Verdict waiting = about(plan);
    if (verdict.entry != nullptr) ASSERT_NE(waiting.entry, nullptr) << "waiting gives up nothing that is ours";
    if (small.present() != nullptr) {
      EXPECT_EQ(plan.ledger, ready.ledger);
    } else if (waiting.entry != nullptr) {
      EXPECT_NE(waiting.entry->state, State::Creating) << "nothing was begun";
    }
    world.ledger = plan.ledger;
    world.routingReady = true;
    Plan then = world.plan();
    EXPECT_EQ(then.creates, ready.creates);
    // One that was begun before the wait counts once more: the guard errs on the safe side.
    ASSERT_EQ(then.updates.size(), ready.updates.size());
    if (!then.updates.empty()) then.updates.front().counted = ready.updates.front().counted;
    EXPECT_EQ(then.updates, ready.updates);
  });
}

}  // namespace
}  // namespace splitdelivery::plan
