#include "plan/destination_of.h"

#include <gmock/gmock.h>

#include "plan/describe.h"
#include "plan/world.h"

namespace splitdelivery::plan {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The address book that a pass over this world leaves.
api::AddressBook bookOf(const World& world) {
  const Plan plan = world.plan();
  api::AddressBook book;
  book.ledger = plan.ledger;
  book.plan = describe(plan, world.spec);
  book.directory = {.zoho = world.zoho,
                    .accounts = world.accounts,
                    .groups = world.groups,
                    .domains = world.domains,
                    .verifiedAt = world.now,
                    .mailboxes = world.mailboxes.value_or(std::vector<std::string>{}),
                    .mailboxesKnown = world.mailboxes.has_value(),
                    .forwarders = world.present};
  return book;
}

World world() {
  World world;
  world.spec.directAdmin.server = world.identity.host;
  world.spec.zoho.organizationId = world.identity.organization;
  return world;
}

DestinationOf ask(const World& world, const std::string& local = "anna") {
  return destinationOf(world.spec, bookOf(world), local);
}

/// One row of the table above destinationOf.
struct Row {
  const char* name;
  void (*build)(World&);
  Standing standing;
  Owner owner;
  ServerDoes server;
};

class AnAddress : public ::testing::TestWithParam<Row> {};

TEST_P(AnAddress, StandsWhereTheTableSays) {
  World built = world();
  GetParam().build(built);
  const DestinationOf found = ask(built);
  EXPECT_EQ(api::choiceText(found.standing), api::choiceText(GetParam().standing));
  EXPECT_EQ(api::choiceText(found.owner), api::choiceText(GetParam().owner));
  EXPECT_EQ(api::choiceText(found.server), api::choiceText(GetParam().server));
}

constexpr auto elsewhere = "anna@elsewhere.example";

INSTANTIATE_TEST_SUITE_P(
    ByRow, AnAddress,
    ::testing::Values(
        Row{"InSync", [](World& w) { w.lists("anna").manages("anna"); }, Standing::InSync, Owner::Ours,
            ServerDoes::Forwards},
        Row{"InSyncWithAMailboxUnderDual",
            [](World& w) {
              w.spec.delivery = api::Delivery::Dual;
              w.lists("anna").manages("anna").hasMailbox("anna");
            },
            Standing::InSync, Owner::Ours, ServerDoes::ForwardsAndKeeps},
        Row{"Found", [](World& w) { w.lists("anna").forwards("anna"); }, Standing::Found, Owner::Found,
            ServerDoes::Forwards},
        Row{"ToBeMade", [](World& w) { w.lists("anna"); }, Standing::Pending, Owner::Nobody, ServerDoes::NoRule},
        Row{"ToBeDeleted", [](World& w) { w.lists("bob").manages("anna"); }, Standing::Pending, Owner::Ours,
            ServerDoes::Forwards},
        Row{"ObservedAlone",
            [](World& w) {
              w.spec.policy = api::Policy::Observe;
              w.lists("anna");
            },
            Standing::LeftAlone, Owner::Nobody, ServerDoes::NoRule},
        Row{"MailboxesUnknown",
            [](World& w) {
              w.mailboxes.reset();
              w.lists("anna");
            },
            Standing::LeftAlone, Owner::Nobody, ServerDoes::NotKnown},
        Row{"Held",
            [](World& w) {
              w.spec.approval = api::Approval::Manual;
              w.lists("bob").manages("anna");
            },
            Standing::Held, Owner::Ours, ServerDoes::Forwards},
        Row{"MailboxInTheWay", [](World& w) { w.lists("anna").hasMailbox("anna"); }, Standing::Conflict, Owner::Nobody,
            ServerDoes::Delivers},
        Row{"AnotherDestination", [](World& w) { w.lists("anna").forwards("anna", {elsewhere}); }, Standing::Conflict,
            Owner::SomebodyElse, ServerDoes::Forwards},
        Row{"Excluded",
            [](World& w) {
              w.spec.addresses.exclude = {"anna"};
              w.lists("anna").manages("anna");
            },
            Standing::Excluded, Owner::Ours, ServerDoes::Forwards},
        Row{"OutsideThePilot",
            [](World& w) {
              w.spec.addresses.only = {"bob"};
              w.lists("anna").hasMailbox("anna");
            },
            Standing::NotInOnly, Owner::Nobody, ServerDoes::Delivers},
        Row{"Blocked", [](World& w) { w.lists("anna", api::Kind::Primary, true); }, Standing::Blocked, Owner::Nobody,
            ServerDoes::NoRule},
        Row{"AliasesOff",
            [](World& w) {
              w.spec.addresses.aliases = false;
              w.lists("anna", api::Kind::Alias).forwards("anna");
            },
            Standing::KindSwitchedOff, Owner::Unmanaged, ServerDoes::Forwards},
        Row{"GroupsOff",
            [](World& w) {
              w.spec.addresses.groups = false;
              w.lists("anna", api::Kind::Group);
            },
            Standing::KindSwitchedOff, Owner::Nobody, ServerDoes::NoRule},
        Row{"Unmanaged", [](World& w) { w.forwards("anna"); }, Standing::Unmanaged, Owner::Unmanaged,
            ServerDoes::Forwards},
        Row{"UnmanagedBesideAMailbox", [](World& w) { w.forwards("anna").hasMailbox("anna"); }, Standing::Unmanaged,
            Owner::Unmanaged, ServerDoes::ForwardsAndKeeps},
        Row{"SomebodyElses", [](World& w) { w.forwards("anna", {elsewhere}); }, Standing::SomebodyElses,
            Owner::SomebodyElse, ServerDoes::Forwards},
        Row{"MailboxOnly", [](World& w) { w.hasMailbox("anna"); }, Standing::MailboxOnly, Owner::Nobody,
            ServerDoes::Delivers},
        Row{"Nobody", [](World& w) { w.lists("bob"); }, Standing::Nobody, Owner::Nobody, ServerDoes::NoRule},
        Row{"NobodyAsFarAsIsKnown", [](World& w) { w.mailboxes.reset(); }, Standing::Nobody, Owner::Nobody,
            ServerDoes::NotKnown}),
    [](const auto& row) { return row.param.name; });

TEST(AnAddressNobodyHasLookedAt, HasNoAnswer) {
  const DestinationOf found = destinationOf(world().spec, {}, "anna");
  EXPECT_EQ(found.standing, Standing::NotSeen);
  EXPECT_EQ(found.server, ServerDoes::NotKnown);
  EXPECT_EQ(found.mailbox, std::nullopt);
}

TEST(AnAddressAsked, IsAnsweredWithWhatIsKnownOfIt) {
  World built = world();
  built.spec.addresses.extra = {"anna"};
  built.lists("anna", api::Kind::Alias | api::Kind::Group).manages("anna");
  const DestinationOf found = ask(built);
  EXPECT_EQ(found.atZoho, api::Kind::Alias | api::Kind::Group);
  EXPECT_TRUE(found.extra);
  EXPECT_TRUE(found.leadsToZoho);
  EXPECT_TRUE(found.listingProves);
  EXPECT_EQ(found.mailbox, false);
  EXPECT_THAT(found.line, IsEmpty());
}

TEST(AnAddressAsked, MayBeInExtraAlone) {
  World built = world();
  built.spec.addresses.extra = {"anna"};
  built.manages("anna", api::Kind::Extra);
  const DestinationOf found = ask(built);
  EXPECT_EQ(found.standing, Standing::InSync);
  EXPECT_TRUE(found.extra);
  EXPECT_TRUE(found.atZoho.empty());
}

TEST(AnAddressAsked, CarriesTheLineThatSaysWhy) {
  World built = world();
  built.lists("anna").forwards("anna", {elsewhere});
  EXPECT_THAT(ask(built).line, HasSubstr("spec.addresses.exclude"));
  built.spec.policy = api::Policy::Observe;
  built.present.clear();
  EXPECT_THAT(ask(built).line, HasSubstr("the policy is Observe"));
}

TEST(AnAddressAsked, IsNoProofOfAbsenceWhereTheListingWasNotComplete) {
  World built = world();
  built.groups = api::Completeness::Stagnant;
  EXPECT_FALSE(ask(built).listingProves);
}

TEST(AnAddressAsked, IsNotAnsweredByAPlanThatIsOutOfDate) {
  World built = world();
  built.lists("anna");
  api::AddressBook book = bookOf(built);
  book.plan.clear();
  EXPECT_EQ(destinationOf(built.spec, book, "anna").standing, Standing::Moved) << "wanted, and not there";
  built = world();
  built.lists("anna").manages("anna");
  book = bookOf(built);
  book.directory.zoho.clear();
  EXPECT_EQ(destinationOf(built.spec, book, "anna").standing, Standing::Moved) << "ours, and not wanted any more";
}

class ALedgerOfAnother : public ::testing::TestWithParam<void (*)(api::Identity&)> {};

TEST_P(ALedgerOfAnother, OwnsNothingHere) {
  World built = world();
  built.lists("anna").manages("anna");
  api::AddressBook book = bookOf(built);
  GetParam()(*book.ledger.identity);
  EXPECT_EQ(destinationOf(built.spec, book, "anna").owner, Owner::Found);
}

INSTANTIATE_TEST_SUITE_P(S16, ALedgerOfAnother,
                         ::testing::Values([](api::Identity& made) { made.host = "https://other.example:2222"; },
                                           [](api::Identity& made) { made.domain = "other.example"; },
                                           [](api::Identity& made) { made.organization = "2"; }));

TEST(AForwarderThatIsBeingChanged, IsOursUnderEitherDestination) {
  World built = world();
  built.lists("anna").forwards("anna", {elsewhere});
  api::AddressBook book = bookOf(built);
  book.ledger.identity = built.identity;
  book.ledger.entries = {{.local = "anna",
                          .state = api::LedgerEntry::State::Updating,
                          .destinations = built.target("anna"),
                          .previous = {elsewhere}}};
  EXPECT_EQ(destinationOf(built.spec, book, "anna").owner, Owner::Ours);
  book.ledger.entries.front().previous = {"anna@third.example"};
  EXPECT_EQ(destinationOf(built.spec, book, "anna").owner, Owner::SomebodyElse);
}

}  // namespace
}  // namespace splitdelivery::plan
