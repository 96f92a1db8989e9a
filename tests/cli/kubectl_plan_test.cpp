#include "kubectl_rig.h"

namespace splitdelivery::cli::kubectl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kApproved = "splitdelivery.dev/approved-plan";

struct APlanShown : ATerminal {
  void SetUp() override {
    server.put(kDomainsPath, seen("d0", "example.com", held()));
    putBook("d0", book());
  }
};

TEST_F(APlanShown, IsTheOneInTheBookWithWhatToDo) {
  const auto said = run({"plan", "d0"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("example.com  (mail/d0, policy Sync)\n"
                                  "  ⏸ held - bob@example.com → bob@zoho.example.com\n"));
  EXPECT_THAT(said.out, HasSubstr("  = 1 unchanged\n"));
  EXPECT_THAT(said.out, Not(HasSubstr("not Ready"))) << "the lines say so themselves";
  EXPECT_THAT(said.out, HasSubstr("kubectl sdd approve d0 0123456789abcdef"));
}

TEST_F(APlanShown, IsToldWithWhyItsResourceIsNotReady) {
  const Json status{{"conditions", Json::array({condition("Ready", "False", "BadCredentials", "mend the Secret")})}};
  server.put(kDomainsPath, seen("d0", "example.com", status));
  EXPECT_THAT(run({"plan", "d0"}).out, HasSubstr("note: not Ready: BadCredentials: mend the Secret"));
}

TEST_F(APlanShown, HasColoursOnATerminalAlone) {
  EXPECT_THAT(run({"plan", "d0"}).out, Not(HasSubstr("\x1b")));
  colour = true;
  EXPECT_THAT(run({"plan", "d0"}).out, HasSubstr("\x1b[33m⏸ held - bob@example.com → bob@zoho.example.com\x1b[0m\n"));
}

TEST_F(APlanShown, LetsNothingInItControlTheTerminal) {
  api::AddressBook odd = book();
  odd.plan = {"+ a@example.com → \x1b]0;x\x07@evil"};
  putBook("d0", odd);
  EXPECT_THAT(run({"plan", "d0"}).out, HasSubstr("+ a@example.com → ?]0;x?@evil"));
}

TEST_F(APlanShown, ForMachinesHasALineEach) {
  const Json json = Json::parse(run({"plan", "d0", "-o", "json"}).out);
  EXPECT_EQ(json.at("id"), kHeldId);
  EXPECT_EQ(json.at("domain"), "example.com");
  EXPECT_EQ(json.at("lines").size(), 3U);
  EXPECT_EQ(json.at("lines").at(0).at("operation"), "delete");
  EXPECT_EQ(json.at("lines").at(0).at("held"), true);
  EXPECT_EQ(json.at("lines").at(0).at("address"), "bob@example.com");
  EXPECT_FALSE(json.at("lines").at(2).contains("operation"));
}

TEST_F(APlanShown, HasToBeThere) {
  server.put(kDomainsPath, resource("new", "new.example"));
  const auto said = run({"plan", "new"});
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.err, "error: there is no plan for mail/new yet (not looked at yet): wait for its first pass\n");
  answer("GET", "addressbooks", 403);
  EXPECT_THAT(run({"plan", "d0"}).err, HasSubstr("ask for the verb \"get\""));
}

struct AnApproval : APlanShown {};

TEST_F(AnApproval, ShowsWhatIsHeldAndSetsTheAnnotation) {
  const auto said = run({"approve", "sdd/d0", kHeldId});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("⏸ held - bob@example.com → bob@zoho.example.com"));
  EXPECT_THAT(said.out, Not(HasSubstr("unchanged")));
  EXPECT_THAT(said.out, HasSubstr("approved; the controller does it"));
  EXPECT_EQ(annotation("d0", kApproved), kHeldId);
  EXPECT_EQ(writes(), 1U);
  const auto again = run({"approve", "d0", kHeldId});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, HasSubstr("it was approved already"));
  EXPECT_EQ(writes(), 1U);
}

TEST_F(AnApproval, OfAnotherIdIsRefusedWithTheRightCommandAndWritesNothing) {
  const auto said = run({"approve", "d0", "fedcba9876543210"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("kubectl sdd approve d0 0123456789abcdef"));
  EXPECT_THAT(said.err, HasSubstr("kubectl sdd plan d0"));
  EXPECT_EQ(writes(), 0U);
}

TEST_F(AnApproval, OfNothingHeldIsRefused) {
  server.put(kDomainsPath, seen("d0"));
  const auto said = run({"approve", "d0", kHeldId});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("there is nothing to approve: Synced: 2 addresses are forwarded"));
  EXPECT_EQ(writes(), 0U);
}

TEST_F(AnApproval, OfAPlanThatChangesWhileItIsShownIsRefused) {
  server.setFault([this](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    // While the book is read the controller finds something else to hold.
    if (request.path.find("addressbooks") != std::string::npos) {
      server.merge(kDomainsPath, "d0", {{"status", {{"plan", {{"id", "aaaaaaaaaaaaaaaa"}}}}}});
    }
    return std::nullopt;
  });
  const auto said = run({"approve", "d0", kHeldId});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("held now is aaaaaaaaaaaaaaaa"));
  EXPECT_EQ(annotation("d0", kApproved), "");
}

TEST_F(AnApproval, OutlastsAnEditOfSomethingElseAtTheSameMoment) {
  int edits = 0;
  server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method == "PATCH" && edits++ == 0) {
      server.merge(kDomainsPath, "d0", {{"metadata", {{"labels", {{"a", "b"}}}}}});
    }
    return std::nullopt;
  });
  EXPECT_EQ(run({"approve", "d0", kHeldId}).code, 0);
  EXPECT_EQ(annotation("d0", kApproved), kHeldId);
  EXPECT_EQ(edits, 2);
}

TEST_F(AnApproval, EndsWhenSomebodyNeverStopsEditing) {
  server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method != "PATCH") return std::nullopt;
    return http::Response{.status = 409, .body = "{}", .headers = {}};
  });
  const auto said = run({"approve", "d0", kHeldId});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("somebody else changes mail/d0 at the same time"));
}

TEST_F(AnApproval, ShowsTheStatusWhereTheBookIsOfAnotherPassOrForbidden) {
  api::AddressBook older = book();
  older.plan = {"⏸ held - zoe@example.com → zoe@zoho.example.com",
                "⏸ 1 change waits: … splitdelivery.dev/approved-plan: \"ffffffffffffffff\""};
  putBook("d0", older);
  const auto said = run({"approve", "d0", kHeldId});
  EXPECT_THAT(said.out, HasSubstr("  - bob\n"));
  EXPECT_THAT(said.out, Not(HasSubstr("zoe")));
  server.put(kDomainsPath, seen("d0", "example.com", held()));
  answer("GET", "addressbooks", 403);
  const auto without = run({"approve", "d0", kHeldId});
  EXPECT_EQ(without.code, 0) << "the right to read books is not needed";
  EXPECT_THAT(without.out, HasSubstr("you may not get addressbooks"));
  Json object = seen("d0", "example.com", held());
  object["status"]["plan"]["sample"] = {"- bob", "+ kim"};
  server.put(kDomainsPath, object);
  const auto held = run({"approve", "d0", kHeldId});
  EXPECT_THAT(held.out, HasSubstr("  - bob\n  (1 of 1, from the status"));
  EXPECT_THAT(held.out, Not(HasSubstr("kim"))) << "it is not among those that an approval does";
}

TEST_F(AnApproval, OfASuspendedResourceSaysThatItWaits) {
  Json object = seen("d0", "example.com", held());
  object["spec"]["suspend"] = true;
  server.put(kDomainsPath, object);
  EXPECT_THAT(run({"approve", "d0", kHeldId}).out, HasSubstr("while it is suspended: kubectl sdd resume d0"));
}

TEST_F(AnApproval, NeedsTheVerbPatch) {
  answer("PATCH", "splitdeliverydomains", 403);
  EXPECT_THAT(run({"approve", "d0", kHeldId}).err, HasSubstr("ask for the verb \"patch\""));
}

struct Suspending : APlanShown {
  [[nodiscard]] bool suspended() const { return server.get(kDomainsPath, "d0")->at("spec").value("suspend", false); }
};

TEST_F(Suspending, SetsTheFieldAndNothingElse) {
  const Json before = server.get(kDomainsPath, "d0")->at("spec");
  EXPECT_THAT(run({"suspend", "d0"}).out, HasSubstr("kubectl sdd resume d0"));
  EXPECT_TRUE(suspended());
  EXPECT_THAT(run({"suspend", "d0"}).out, HasSubstr("mail/d0 is suspended already"));
  EXPECT_EQ(writes(), 1U);
  EXPECT_EQ(run({"resume", "d0"}).code, 0);
  EXPECT_FALSE(suspended());
  EXPECT_THAT(run({"resume", "d0"}).out, HasSubstr("mail/d0 is not suspended"));
  EXPECT_EQ(writes(), 2U);
  Json after = server.get(kDomainsPath, "d0")->at("spec");
  after.erase("suspend");
  EXPECT_EQ(after, before);
}

TEST_F(Suspending, OfOneThatIsDeletedMeanwhileSaysSo) {
  server.setFault([&](const http::Request& request) -> std::optional<base::Result<http::Response>> {
    if (request.method == "PATCH") server.erase(kDomainsPath, "d0");
    return std::nullopt;
  });
  const auto said = run({"suspend", "d0"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, HasSubstr("has just been deleted"));
}

}  // namespace
}  // namespace splitdelivery::cli::kubectl
