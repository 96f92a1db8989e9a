#include "kubectl_rig.h"

namespace splitdelivery::cli::kubectl {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> linesOf(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

struct AStatus : ATerminal {};

TEST_F(AStatus, OfAllIsATableInTheOrderOfTheNames) {
  server.setPageSize(2);
  for (const char* name : {"c", "a", "b"}) server.put(kDomainsPath, seen(name));
  server.put(kDomainsPath, resource("new", "new.example"));
  server.put(domainsPath("other"), seen("elsewhere"));
  const auto lines = linesOf(run({"status"}).out);
  ASSERT_EQ(lines.size(), 5U) << "over three pages, of this namespace alone";
  EXPECT_EQ(lines[0], "NAME   DOMAIN        READY     REASON        IN SYNC   HELD PLAN   CONFLICTS   LAST SYNC");
  EXPECT_EQ(lines[1], "a      example.com   True      Synced        2/2       -           0           3m ago");
  EXPECT_EQ(lines[4], "new    new.example   Unknown   NotLookedAt   0/0       -           0           never");
  const auto everywhere = linesOf(run({"status", "-A"}).out);
  ASSERT_EQ(everywhere.size(), 6U);
  EXPECT_THAT(everywhere[5], StartsWith("other       elsewhere"));
}

TEST_F(AStatus, OfNothingSaysWhereToLook) {
  const auto said = run({"status"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.err, HasSubstr("the namespace mail; -A looks in all"));
  EXPECT_EQ(said.out, "");
  EXPECT_EQ(Json::parse(run({"status", "-o", "json"}).out), Json::parse(R"({"resources":[]})"));
}

TEST_F(AStatus, OfOneHasConditionsCountsAndWhatToDo) {
  Json status = held();
  status["conditions"].push_back(condition("DeletionsHeld", "True", "ManualApproval", "look and approve"));
  status["conditions"].push_back(condition("ZohoReady", "True", "Listed", "listed"));
  status["conditions"].push_back(condition("InSync", "Unknown", "TimedOut", "not compared"));
  status["conflicts"] = {{{"address", "kim@example.com"}, {"reason", "MailboxExists"}, {"message", "exclude it"}}};
  status["changes"] = {{"created", 3}, {"updated", 0}, {"deleted", 1}, {"failed", 0}};
  status["lastChangeTime"] = "2025-12-30T00:00:00Z";
  server.put(kDomainsPath, seen("d0", "example.com", status));
  const auto said = run({"status", "d0"});
  EXPECT_EQ(said.code, 0) << "not being Ready is no failure of looking";
  for (const char* part :
       {"mail/d0  example.com, policy Sync\n", "✗ Ready            False    DeletionsHeld: 1 change waits",
        "✗ DeletionsHeld    True     ManualApproval: look and approve", "✓ ZohoReady        True     Listed: listed",
        "· InSync           Unknown  TimedOut", "2 users, 1 aliases", "2 of 2 wanted are in place; 1 managed, 1 found",
        "the mail server receives the domain's mail first", "3 created, 0 changed, 1 deleted, 0 failed",
        "last change 2d ago (2025-12-30T00:00:00Z)", "last sync   3m ago (2025-12-31T23:57:00Z)",
        "1 to delete; 1 of them held as 0123456789abcdef", "    - bob\n",
        "! kim@example.com: MailboxExists: exclude it", "look        kubectl sdd plan d0\n",
        "approve     kubectl sdd approve d0 0123456789abcdef\n"}) {
    EXPECT_THAT(said.out, HasSubstr(part));
  }
}

TEST_F(AStatus, NamesTheNamespaceInWhatToTypeWhereItIsAnother) {
  server.put(domainsPath("other"), seen("d0", "example.com", held()));
  EXPECT_THAT(run({"status", "d0", "-n", "other", "--context", "work"}).out,
              HasSubstr("kubectl sdd approve d0 0123456789abcdef -n other --context work\n"));
}

TEST_F(AStatus, TellsWhatItIsNotTheStatusOf) {
  server.put(kDomainsPath, resource("new"));
  EXPECT_THAT(run({"status", "new"}).out, HasSubstr("no controller has looked at it yet"));
  server.put(kDomainsPath, seen("d0"));
  server.put(kDomainsPath, seen("d0"));  // generation 2
  EXPECT_THAT(run({"status", "d0"}).out, HasSubstr("edited after the last pass"));
  server.merge(kDomainsPath, "d0", {{"spec", {{"suspend", true}}}});
  EXPECT_THAT(run({"status", "d0"}).out, HasSubstr("until kubectl sdd resume d0"));
  server.merge(kDomainsPath, "d0", {{"metadata", {{"finalizers", {"x/y"}}}}});
  server.erase(kDomainsPath, "d0");
  EXPECT_THAT(run({"status", "d0"}).out, HasSubstr("it is being deleted"));
}

TEST_F(AStatus, OfOneThatCannotBeUsedIsShownAllTheSame) {
  Json odd = seen("odd");
  odd["spec"]["policy"] = "Whatever";
  odd["status"]["conditions"] =
      Json::array({condition("Ready", "False", "InvalidSpec", "spec.policy must be one of …")});
  server.put(kDomainsPath, odd);
  EXPECT_THAT(run({"status", "odd"}).out, HasSubstr("InvalidSpec: spec.policy"));
  server.put(kDomainsPath, {{"metadata", {{"name", "empty"}}}});
  EXPECT_EQ(run({"status"}).code, 0);
}

TEST_F(AStatus, ForMachinesHasTheStatusAsItStands) {
  server.put(kDomainsPath, seen("d0", "example.com", held()));
  const Json json = Json::parse(run({"status", "d0", "-o", "json"}).out);
  EXPECT_EQ(json.at("name"), "d0");
  EXPECT_EQ(json.at("status").at("plan").at("id"), kHeldId);
  EXPECT_EQ(json.at("status").at("forwarders"), counts());
  EXPECT_EQ(Json::parse(run({"status", "-o", "json"}).out).at("resources").at(0), json);
}

TEST_F(AStatus, LetsNothingControlTheTerminal) {
  const Json status{{"conditions",
                     {condition("Ready", "False", "X",
                                "a\x1b[2Jb\nc\xC2\x9B"
                                "d\xE2\x80\xAE"
                                "e")}}};
  server.put(kDomainsPath, seen("d0", "example.com", status));
  EXPECT_THAT(run({"status", "d0"}).out, HasSubstr("X: a?[2Jb?c?d?e\n"));
  EXPECT_THAT(run({"status", "d0", "-o", "json"}).out, Not(::testing::ContainsRegex("[\x1b\x7f-\xff]")));
  colour = true;
  EXPECT_THAT(run({"status", "d0"}).out, HasSubstr("\x1b[31m✗ Ready"));
}

TEST_F(AStatus, AsksForNoSecretAndWritesNothing) {
  server.put(kDomainsPath, seen("d0"));
  putBook("d0", book());
  run({"status"});
  run({"status", "d0"});
  run({"status", "anna@example.com"});
  run({"plan", "d0"});
  for (const auto& asked : server.asked()) EXPECT_THAT(asked.path, Not(HasSubstr("secrets")));
  EXPECT_EQ(writes(), 0U);
}

struct Trouble {
  const char* name;
  base::Result<http::Response> answer;
  std::vector<const char*> arguments;
  const char* says;
};

base::Result<http::Response> status(int code) {
  return http::Response{.status = code, .body = code == 404 ? "404 page not found\n" : "{}", .headers = {}};
}

base::Result<http::Response> lost(const char* reason) {
  return base::fail(base::ErrorKind::Retry, reason, "nothing accepts a connection at kube:443");
}

class ATrouble : public ATerminal, public ::testing::WithParamInterface<Trouble> {};

TEST_P(ATrouble, IsOneSentenceThatNamesTheFix) {
  server.setFault([](const http::Request&) { return std::optional(GetParam().answer); });
  const auto said = run(GetParam().arguments);
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, StartsWith("error: "));
  EXPECT_THAT(said.err, HasSubstr(GetParam().says));
  EXPECT_THAT(said.err, EndsWith("\n"));
  EXPECT_EQ(linesOf(said.err).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    OfTheApiServer, ATrouble,
    ::testing::Values(
        Trouble{"NoCrdForAll", status(404), {"status"}, "kubectl apply -f crds/"},
        Trouble{"NoCrdForOne", status(404), {"status", "d0"}, "kubectl apply -f crds/"},
        Trouble{"NoCrdForAnAddress", status(404), {"status", "a@example.com"}, "kubectl apply -f crds/"},
        Trouble{"NoCrdForAChange", status(404), {"suspend", "d0"}, "kubectl apply -f crds/"},
        Trouble{"ForbiddenList", status(403), {"status"}, "ask for the verb \"list\""},
        Trouble{"ForbiddenGet", status(403), {"plan", "d0"}, "ask for the verb \"get\""},
        Trouble{"ForbiddenForAnAddress", status(403), {"status", "a@example.com"}, "in the namespace mail"},
        Trouble{"Unknown", status(401), {"status"}, "log in again"},
        Trouble{"Down", lost("ConnectFailed"), {"status"}, "the API server of the context work is not reached"},
        Trouble{"Silent", lost("TimedOut"), {"resync", "d0"}, "is not reached"},
        Trouble{"Broken", status(500), {"status"}, "answered 500"}),
    [](const auto& row) { return row.param.name; });

TEST_F(AStatus, OfOneThatIsNotThereSaysWhatMayBeMeant) {
  server.put(kDomainsPath, seen("example-com"));
  server.put(domainsPath("other"), seen("shop", "shop.example"));
  EXPECT_THAT(run({"status", "exmaple-com"}).err, HasSubstr("did you mean \"example-com\"?"));
  EXPECT_THAT(run({"status", "shop"}).err, HasSubstr("it is in the namespace other, so add -n other"));
  EXPECT_THAT(run({"status", "shop.example"}).err, HasSubstr("the one for that domain is other/shop"));
  EXPECT_THAT(run({"status", "zzz"}).err, HasSubstr("there are example-com"));
  EXPECT_THAT(run({"status", "zzz", "-n", "empty"}).err, HasSubstr("that namespace has none"));
}

TEST_F(AStatus, OfOneThatIsNotThereNeedsNoRightToSeeOthers) {
  answer("GET", "splitdeliverydomains?", 403);
  const auto said = run({"status", "d0"});
  EXPECT_EQ(said.code, 1);
  EXPECT_EQ(said.err, "error: there is no SplitDeliveryDomain mail/d0: check its name and -n\n");
}

}  // namespace
}  // namespace splitdelivery::cli::kubectl
