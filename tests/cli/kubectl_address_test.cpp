#include "cli/kubectl/address_answer.h"
#include "kubectl_rig.h"

namespace splitdelivery::cli::kubectl {
namespace {

using plan::ServerDoes;
using plan::Standing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct AnAddressAskedAfter : ATerminal {
  void SetUp() override { server.put(kDomainsPath, seen("d0", "example.com", held())); }
};

TEST_F(AnAddressAskedAfter, IsAnsweredFromTheAddressBook) {
  putBook("d0", book());
  executor.advance(std::chrono::minutes{3});
  const auto said = run({"status", "Anna@Example.COM."});
  EXPECT_EQ(said.code, 0);
  for (const char* part :
       {"anna@example.com  (mail/d0)\n",
        "mail       the mail server, which receives first, forwards it to anna@zoho.example.com, which is Zoho\n",
        "why        it is wanted, and our forwarder is in place\n", "at Zoho    a user\n",
        "forwarder  to anna@zoho.example.com (ours)\n", "mailbox    none on the mail server\n",
        "verified   3m ago ("}) {
    EXPECT_THAT(said.out, HasSubstr(part));
  }
  const auto bob = run({"status", "bob@example.com"}).out;
  EXPECT_THAT(bob, HasSubstr("its change waits for approval: ⏸ held - bob@example.com"));
  EXPECT_THAT(bob, HasSubstr("! it is forwarded to Zoho, which does not list it"));
  const auto carl = run({"status", "carl@example.com"}).out;
  EXPECT_THAT(carl, HasSubstr("delivers it to its own mailbox"));
  EXPECT_THAT(carl, HasSubstr("mailbox    on the mail server"));
}

TEST_F(AnAddressAskedAfter, IsAnsweredForMachinesToo) {
  putBook("d0", book());
  const Json answer = Json::parse(run({"status", "anna@example.com", "-o", "json"}).out);
  EXPECT_EQ(answer.at("address"), "anna@example.com");
  const Json& one = answer.at("resources").at(0);
  EXPECT_EQ(one.at("standing"), "InSync");
  EXPECT_EQ(one.at("zoho").at("kinds"), Json({"Primary"}));
  EXPECT_EQ(one.at("forwarder").at("owner"), "Ours");
  EXPECT_EQ(one.at("mailbox"), false);
  EXPECT_EQ(one.at("firstReceiver"), "MailServer");
}

TEST_F(AnAddressAskedAfter, IsFoundInALongBookThatLiesInSlices) {
  api::AddressBook book = this->book();
  for (int i = 0; i < 12'000; ++i) {
    const std::string local = "zz" + std::to_string(100'000 + i);
    book.directory.zoho.push_back({{local, "example.com"}, api::Kind::Alias});
  }
  putBook("d0", book);
  ASSERT_GT(server.names(kBooksPath).size(), 2U);
  EXPECT_THAT(run({"status", "zz111999@example.com"}).out, HasSubstr("an alias"));
}

TEST_F(AnAddressAskedAfter, HasNoAnswerBeforeTheFirstPass) {
  const auto said = run({"status", "anna@example.com"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("was not looked at"));
  EXPECT_THAT(said.out, HasSubstr("verified   never"));
  const Json answer = Json::parse(run({"status", "anna@example.com", "-o", "json"}).out);
  EXPECT_TRUE(answer.at("resources").at(0).at("verifiedAt").is_null());
}

TEST_F(AnAddressAskedAfter, IsLookedForInAllNamespacesUnlessOneIsGiven) {
  server.put(domainsPath("other"), seen("shop", "shop.example"));
  EXPECT_THAT(run({"status", "anna@shop.example"}).out, HasSubstr("(other/shop)"));
  const auto said = run({"status", "anna@shop.example", "-n", "mail"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("is about shop.example"));
}

TEST_F(AnAddressAskedAfter, IsLookedForInTheOwnNamespaceWhereTheOthersAreForbidden) {
  putBook("d0", book());
  answer("GET", "/v1alpha1/splitdeliverydomains", 403);
  EXPECT_THAT(run({"status", "anna@example.com"}).out, HasSubstr("(mail/d0)"));
}

TEST_F(AnAddressAskedAfter, IsAnsweredByEachResourceTheOneThatWorksFirst) {
  putBook("d0", book());
  const Json claimed{{"conditions", {condition("Ready", "False", "DomainClaimed", "mail/d0 has this domain")}}};
  server.put(domainsPath("a"), seen("loser", "example.com", claimed));
  const auto out = run({"status", "anna@example.com"}).out;
  EXPECT_LT(out.find("(mail/d0)"), out.find("(a/loser)"));
  EXPECT_THAT(out, HasSubstr("not Ready: DomainClaimed: mail/d0 has this domain"));
}

TEST_F(AnAddressAskedAfter, OfNoDomainHereSaysWhatMayBeMeant) {
  EXPECT_THAT(run({"status", "anna@exmaple.com"}).err, HasSubstr("did you mean \"example.com\"?"));
  EXPECT_THAT(run({"status", "anna@zoho.example.com"}).err, HasSubstr("ask for anna@example.com"));
  EXPECT_THAT(run({"status", "anna@far.away.test"}).err, HasSubstr("the first of those that there are is about"));
  server.erase(kDomainsPath, "d0");
  EXPECT_THAT(run({"status", "anna@example.com"}).err, HasSubstr("there is none at all"));
}

TEST_F(AnAddressAskedAfter, NeedsTheRightToReadTheBook) {
  answer("GET", "addressbooks", 403);
  const auto said = run({"status", "anna@example.com"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("you may not get addressbooks.splitdelivery.dev in the namespace mail"));
}

TEST_F(AnAddressAskedAfter, OfADamagedBookSaysHowItIsMended) {
  putBook("d0", book());
  server.merge(kBooksPath, "d0", {{"record", {{"data", "{nonsense"}}}});
  EXPECT_THAT(run({"status", "anna@example.com"}).err, HasSubstr("the controller writes it anew"));
  EXPECT_EQ(writes(), 0U);
}

TEST_F(AnAddressAskedAfter, IsToldWithWhatMayKeepItsMailFromArriving) {
  putBook("d0", book());
  Json status{{"conditions",
               {condition("Ready", "True", "Synced", "well"),
                condition("RoutingReady", "False", "NoRoutingMX", "add the record")}}};
  server.put(kDomainsPath, seen("d0", "example.com", status));
  EXPECT_THAT(run({"status", "anna@example.com"}).out, HasSubstr("! the way to Zoho: NoRoutingMX: add the record"));
  EXPECT_THAT(run({"status", "carl@example.com"}).out, Not(HasSubstr("NoRoutingMX")));
  status["conditions"][1] = condition("RoutingReady", "True", "LeadsToZoho", "well; besides, mail is refused");
  server.put(kDomainsPath, seen("d0", "example.com", status));
  EXPECT_THAT(run({"status", "anna@example.com"}).out, HasSubstr("besides, mail is refused"));
}

/// One row: who receives first, what is found, and where the mail goes.
struct Row {
  const char* name;
  const char* first;
  plan::DestinationOf found;
  const char* says;
};

class WhereMailGoes : public ::testing::TestWithParam<Row> {};

TEST_P(WhereMailGoes, IsSaidFromTheOneThatReceivesFirst) {
  AddressAnswer answer{.resource = {}, .address = "anna@example.com", .found = GetParam().found};
  answer.resource.status.firstReceiver = GetParam().first;
  EXPECT_EQ(whereText(answer), GetParam().says);
}

plan::DestinationOf found(ServerDoes server, api::Kinds kinds = {}, bool blocked = false) {
  return {.standing = Standing::InSync,
          .server = server,
          .atZoho = kinds,
          .listingProves = true,
          .blocked = blocked,
          .present = {"x@y.example"}};
}

INSTANTIATE_TEST_SUITE_P(
    By, WhereMailGoes,
    ::testing::Values(
        Row{"Server", "MailServer", found(ServerDoes::Forwards, api::Kind::Primary),
            "the mail server, which receives first, forwards it to x@y.example"},
        Row{"ServerBoth", "MailServer", found(ServerDoes::ForwardsAndKeeps),
            "the mail server, which receives first, forwards it to x@y.example, and keeps a copy in its own mailbox"},
        Row{"ServerNobody", "MailServer", found(ServerDoes::NoRule),
            "the mail server, which receives first, has no rule for it: its catch-all takes it, where there is one, "
            "else it is refused"},
        Row{"ServerUnknown", "MailServer", found(ServerDoes::NotKnown),
            "the mail server, which receives first, has no forwarder for it, and whether it has a mailbox is not "
            "known"},
        Row{"Zoho", "Zoho", found(ServerDoes::Forwards, api::Kind::Group),
            "Zoho receives first and delivers it itself (a group)"},
        Row{"ZohoBlocked", "Zoho", found(ServerDoes::NoRule, api::Kind::Primary, true),
            "Zoho receives first and refuses it: incoming mail is blocked for its owner"},
        Row{"ZohoSharedInbox",
            "Zoho",
            {.standing = Standing::InSync,
             .server = ServerDoes::Forwards,
             .listingProves = true,
             .extra = true,
             .present = {"x@y.example"}},
            "Zoho receives first and delivers it itself (a shared inbox: spec.addresses.extra)"},
        Row{"ZohoLacksIt", "Zoho", found(ServerDoes::Delivers),
            "Zoho receives first and does not list it; the mail server, where Zoho hands unknown addresses on, "
            "delivers "
            "it to its own mailbox"},
        Row{"Other", "Other", found(ServerDoes::Delivers),
            "another host receives first; the mail server, where it is handed on to it, delivers it to its own "
            "mailbox"},
        Row{"Unknown", "Unknown", found(ServerDoes::Delivers),
            "who receives first is not known; the mail server, where it gets it, delivers it to its own mailbox"}),
    [](const auto& row) { return row.param.name; });

TEST(WhatZohoSays, IsToldWithItsDoubts) {
  AddressAnswer answer{.resource = {}, .address = "a@example.com", .found = found(ServerDoes::NoRule)};
  EXPECT_EQ(zohoKindText(answer), "not listed");
  answer.found.listingProves = false;
  EXPECT_EQ(zohoKindText(answer), "not listed (the listing was not complete)");
  answer.found.extra = true;
  EXPECT_THAT(zohoKindText(answer), HasSubstr("only in spec.addresses.extra"));
  answer.found.atZoho = api::Kind::Alias | api::Kind::GroupAlias;
  answer.found.blocked = true;
  EXPECT_EQ(zohoKindText(answer),
            "an alias and an alias of a group, whose incoming mail Zoho blocks; in spec.addresses.extra too");
  EXPECT_THAT(doubtsOf(answer), IsEmpty());
  answer.found.leadsToZoho = true;
  EXPECT_EQ(doubtsOf(answer).size(), 1U);
}

}  // namespace
}  // namespace splitdelivery::cli::kubectl
