// What a person meets at night: each fault has a condition whose message names the fix, and nothing
// is deleted on its account.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"
#include "source/status_document.h"
#include "source/value_json.h"

namespace splitdelivery::reconcile {
namespace {

using namespace std::chrono_literals;
using simulators::FaultKind;
using ::testing::HasSubstr;

struct Row {
  const char* story;
  void (*spoil)(Universe&);
  const char* reason;
  std::vector<std::string> messageNames;
  bool stalled;
};

void everyZoho(Universe& u, simulators::Fault fault, const std::string& endpoint = "") {
  u.world.faults.add({.api = "zoho", .endpoint = endpoint, .fault = std::move(fault)});
}
void everyDa(Universe& u, simulators::Fault fault, const std::string& endpoint = "") {
  u.world.faults.add({.api = "da", .endpoint = endpoint, .fault = std::move(fault)});
}

const std::vector<Row>& table() {
  static const std::vector<Row> kTable{
      {"the wrong data centre",
       [](Universe& u) {
         static simulators::World other;
         u.network.serve("https://accounts.zoho.eu", other.zohoService);
         u.resource.spec.zoho.accountsUrl = "https://accounts.zoho.eu";
       },
       "InvalidClient",
       {"data cent"},
       true},
      {"a wrong client secret",
       [](Universe& u) {
         u.secrets.at({"default", "zoho"}).values.insert_or_assign("clientSecret", base::Secret("wrong"));
       },
       "InvalidClient",
       {"clientSecret"},
       true},
      {"the wrong organisation",
       [](Universe& u) { u.resource.spec.zoho.organizationId = "60099999"; },
       "InvalidOrganization",
       {"organizationId"},
       true},
      {"a Secret that is not there",
       [](Universe& u) {
         u.secrets.erase({"default", "directadmin"});
       },
       "SecretMissing",
       {"default/directadmin", "spec.directAdmin.credentialsSecretRef"},
       true},
      {"a Secret without a key",
       [](Universe& u) {
         u.secrets.at({"default", "directadmin"}).values.erase("loginKey");
       },
       "SecretKeyMissing",
       {"loginKey"},
       true},
      {"a wrong login key",
       [](Universe& u) {
         u.secrets.at({"default", "directadmin"}).values.insert_or_assign("loginKey", base::Secret("wrong"));
       },
       "BadCredentials",
       {"login key"},
       true},
      {"a login key that lacks the forwarders",
       [](Universe& u) {
         u.world.da.account("user").keys.front().commands = {"CMD_API_SHOW_DOMAINS", "CMD_API_POP"};
       },
       "LoginKeyLacksCommand",
       {"CMD_API_EMAIL_FORWARDERS"},
       true},
      {"a login key that lacks the mailboxes, with something to create",
       [](Universe& u) {
         u.addUser("new");
         u.world.da.account("user").keys.front().commands = {"CMD_API_SHOW_DOMAINS", "CMD_API_EMAIL_FORWARDERS"};
       },
       "LoginKeyLacksCommand",
       {"CMD_API_POP"},
       false},
      {"the wrong host",
       [](Universe& u) { u.resource.spec.directAdmin.server = "https://wrong.test:2222"; },
       "HostNotFound",
       {},
       false},
      {"a host where nobody listens",
       [](Universe& u) { u.network.setDown(simulators::VirtualNetwork::kDirectAdmin, true); },
       "ConnectFailed",
       {},
       false},
      {"a domain that the account does not have",
       [](Universe& u) {
         u.world.da.addAccount({.user = "other", .keys = {{.key = "key"}}});
         u.world.da.addDomain("other", "other.example");
         u.secrets.at({"default", "directadmin"}).values.insert_or_assign("username", base::Secret("other"));
       },
       "DomainNotOnServer",
       {"example.com", "other.example"},
       true},
      {"an organisation without a user",
       [](Universe& u) { u.world.zoho.organization(Universe::kOrganization).users.clear(); },
       "EmptyOrganization",
       {"organizationId"},
       false},
      {"half a listing of users",
       [](Universe& u) { everyZoho(u, {.kind = FaultKind::Truncate}, "GET accounts"); },
       "ConnectionLost",
       {},
       false},
      {"a hanging Zoho", [](Universe& u) { everyZoho(u, {.kind = FaultKind::Hang}); }, "TimedOut", {}, false},
      {"a hanging mail server", [](Universe& u) { everyDa(u, {.kind = FaultKind::Hang}); }, "TimedOut", {}, false},
      {"a dripping mail server",
       [](Universe& u) { everyDa(u, {.kind = FaultKind::SlowBody, .delay = 600s}); },
       "TimedOut",
       {},
       false},
      {"a body of 100 MB",
       [](Universe& u) { everyDa(u, {.kind = FaultKind::HugeBody, .size = std::size_t{100} << 20U}); },
       "AnswerTooLarge",
       {},
       false},
      {"an HTML page from Zoho",
       [](Universe& u) { everyZoho(u, {.kind = FaultKind::Html}); },
       "UnexpectedAnswer",
       {},
       false},
      {"a redirect from Zoho",
       [](Universe& u) { everyZoho(u, {.kind = FaultKind::Redirect}); },
       "UnexpectedRedirect",
       {},
       true},
      {"a login page from DirectAdmin",
       [](Universe& u) { everyDa(u, {.kind = FaultKind::Html}); },
       "BadCredentials",
       {},
       true},
      {"Zoho's limit of tokens",
       [](Universe& u) {
         u.records.records.clear();
         everyZoho(
             u,
             {.kind = FaultKind::Status,
              .status = 400,
              .body =
                  R"({"error_description":"You have made too many requests","error":"Access Denied","status":"failure"})"},
             "token");
       },
       "TokenThrottled",
       {},
       false},
  };
  return kTable;
}

class BadInput : public ::testing::TestWithParam<Row> {};

TEST_P(BadInput, HasAConditionThatNamesTheFixAndDeletesNothing) {
  const Row& row = GetParam();
  Universe u;
  for (const char* local : {"anna", "bob", "carol", "dave"}) u.addUser(local);
  u.pass();
  const auto before = u.forwarders();
  const auto ledger = u.ledger();
  u.executor.advance(2h);  // the token has expired
  row.spoil(u);
  const PassReport report = u.pass();
  EXPECT_EQ(report.outcome, Outcome::Failed);
  EXPECT_EQ(readyReason(report), row.reason) << readyMessage(report);
  for (const std::string& part : row.messageNames) EXPECT_THAT(readyMessage(report), HasSubstr(part));
  EXPECT_EQ(condition(report.status, "Stalled").status == api::ConditionStatus::True, row.stalled);
  EXPECT_EQ(u.forwarders(), before);
  EXPECT_EQ(u.ledger().entries, ledger.entries) << "what we know is not forgotten over it";
  RecordProperty("message", readyMessage(report));
}

INSTANTIATE_TEST_SUITE_P(Faults, BadInput, ::testing::ValuesIn(table()), [](const auto& info) {
  std::string name = info.param.story;
  std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0; });
  return name;
});

TEST(BadCredentials, AreTriedTwiceAtMostForAnyNumberOfDomains) {
  Universe u;
  u.addUser("anna");
  u.secrets.at({"default", "directadmin"}).values.insert_or_assign("loginKey", base::Secret("wrong"));
  Observer observer;
  Accounts accounts(
      u.executor, [&](const std::string&) -> http::Transport& { return u.network; }, u.records);
  Claims claims;
  Reconciler reconciler({u.executor, accounts, u.books, u.statuses, observer, claims, u.dns}, Mode::Sync);
  std::vector<base::Task<PassReport>> passes;
  for (int i = 0; i < 50; ++i) {
    api::SplitDeliveryDomain resource = u.resource;
    resource.key.name = "r" + std::to_string(i);
    passes.push_back(reconciler.pass(std::move(resource), u.secrets, {}));
  }
  u.executor.run(base::all(u.executor, std::move(passes), 16));
  EXPECT_LE(u.world.journal.requests("da"), 2U);
}

TEST(GroupsThatStagnate, LeaveTheRestInSync) {
  Universe u;
  for (const char* local : {"anna", "bob"}) u.addUser(local);
  for (int i = 0; i < 14; ++i) {
    const std::string name = "g" + std::to_string(i);
    u.world.zoho.addGroup(Universe::kOrganization, {.name = name, .email = name + "@example.com"});
  }
  u.world.zoho.behavior.stagnantGroups = true;
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "SyncedPartially");
  EXPECT_EQ(report.outcome, Outcome::InSync);
  EXPECT_THAT(readyMessage(report), HasSubstr("groups"));
  EXPECT_EQ(condition(report.status, "InSync").status, api::ConditionStatus::True);
}

TEST(DomainSettingsThatMayNotBeRead, LeaveTheRestInSyncAndDeleteNothing) {
  Universe u;
  for (const char* local : {"anna", "bob"}) u.addUser(local);
  u.pass();
  u.removeUser("bob");
  u.world.faults.add(
      {.api = "zoho",
       .endpoint = "GET domains",
       .fault = {.kind = FaultKind::Status,
                 .status = 401,
                 .body = R"([2,{"msg":"x","status":"401","authFail":"true","errorCode":"INVALID_OAUTHSCOPE"}])"}});
  const PassReport report = u.passAfter(5min);
  EXPECT_EQ(readyReason(report), "SyncedPartially") << readyMessage(report);
  EXPECT_TRUE(u.forwarders().contains("bob"));
}

TEST(AStatus, IsNoLargerThanTheApiServerTakesWhateverAMailServerSays) {
  Universe u;
  std::string many;
  for (int i = 0; i < 3000; ++i)
    many += (i > 0 ? "," : "") + std::string("grüße") + std::to_string(i) + "@elsewhere.example";
  for (int i = 0; i < 30; ++i) {
    u.addUser("u" + std::to_string(i));
    u.forward("u" + std::to_string(i), many);
  }
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "SyncedWithConflicts");
  constexpr std::size_t kLongest = 32'768;  // crds/
  for (const api::Condition& each : report.status.conditions.list()) EXPECT_LT(each.message.size(), kLongest);
  for (const auto& conflict : report.status.conflicts) {
    EXPECT_LT(conflict.message.size(), kLongest);
    EXPECT_TRUE(conflict.message.ends_with("…"));
  }
  for (const std::string& line : report.status.plan.sample) EXPECT_LT(line.size(), kLongest);
  const auto document = source::toJson(source::statusDocument(report.resource.key, report.status));
  EXPECT_LT(document.dump().size(), std::size_t{256} << 10U) << "and whole characters, else this throws";
}

TEST(ADomainThatIsNotInTheOrganisation, NamesTheOnesThatAre) {
  Universe u;
  u.addUser("anna");
  u.world.da.addDomain("user", "third.example");
  u.resource.spec.domain = "third.example";
  u.resource.spec.routingHost = "zoho.third.example";
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "NoAddresses");
  EXPECT_THAT(readyMessage(report), HasSubstr("example.com, example.net"));
}

TEST(AStop, InTheMiddleOfApplyEndsBetweenTwoWrites) {
  for (int when = 0; when < 40; ++when) {
    SCOPED_TRACE(when);
    Universe u;
    for (int i = 0; i < 30; ++i) u.addUser("u" + std::to_string(i));
    u.executor.runAt(u.executor.now() + 10ms * when, [&] { u.stop.request_stop(); });
    u.pass();
    for (const api::LedgerEntry& entry : u.ledger().entries) {
      if (entry.state != api::LedgerEntry::State::Creating) continue;
      EXPECT_LE(u.ledger().entries.size(), u.forwarders().size() + 16U) << "at most a batch is written ahead";
    }
    for (const auto& [local, to] : u.forwarders()) {
      const auto entry = std::ranges::find(u.ledger().entries, local, &api::LedgerEntry::local);
      EXPECT_NE(entry, u.ledger().entries.end()) << local << " stands and nobody knows that it is ours";
    }
    u.stop = std::stop_source();
    u.passAfter(5min);
    EXPECT_EQ(u.forwarders().size(), 30U);
    EXPECT_EQ(u.passAfter(5min).status.forwarders.managed, 30U);
  }
}

}  // namespace
}  // namespace splitdelivery::reconcile
