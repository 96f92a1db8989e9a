#include "mailserver/directadmin/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "panel.h"
#include "support/message_style.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using splitdelivery::testing::answered;
using splitdelivery::testing::FakeTransport;
using splitdelivery::testing::noAnswer;
using splitdelivery::testing::outcome;
using splitdelivery::testing::Panel;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

FakeTransport::Server always(const FakeTransport::Reply& reply) {
  return [reply](const http::Request&) { return reply; };
}

TEST(TheStore, ReadsDomainsForwardersMailboxesAndLimits) {
  Panel panel;
  EXPECT_THAT(*panel.domains(), ElementsAre("a.example"));
  EXPECT_THAT(*panel.list(), ElementsAre(api::Forwarder{"anna", {"anna@zoho.a.example"}, "anna"}));
  EXPECT_THAT(*panel.mailboxes(), ElementsAre("mara"));
  const auto limits = panel.limits();
  ASSERT_TRUE(limits);
  EXPECT_EQ(limits->forwarders, 100U);
  EXPECT_EQ(limits->used, 7U);
  for (const auto& request : panel.transport.requests) {
    EXPECT_EQ(request.authorization.reveal(), "Basic YW5uYTprM3k=");
    EXPECT_EQ(request.origin, "https://eagle.example:2222");
  }
}

TEST(TheStore, SendsEachWriteOnce) {
  Panel panel;
  EXPECT_EQ(outcome(panel.create()), "ok");
  EXPECT_EQ(outcome(panel.replace({"anna", {"a@x.example"}, "Anna"})), "ok");
  EXPECT_EQ(outcome(panel.remove({"Anna", "bob"})), "ok");
  ASSERT_EQ(panel.transport.requests.size(), 3U);
  EXPECT_EQ(panel.transport.requests[0].body, "action=create&domain=a.example&user=anna&email=anna%40zoho.a.example");
  EXPECT_EQ(panel.transport.requests[1].body, "action=modify&domain=a.example&user=Anna&email=a%40x.example");
  EXPECT_EQ(panel.transport.requests[2].body, "action=delete&domain=a.example&select0=Anna&select1=bob");
}

TEST(AWriteWithoutAClearAnswer, IsUnclearAndNeverSentAgain) {
  const std::vector<FakeTransport::Reply> replies{
      noAnswer(http::reason::kTimedOut),
      noAnswer(http::reason::kConnectionLost),
      noAnswer(http::reason::kAnswerTooLarge),
      noAnswer(http::reason::kStopped, ErrorKind::Stopped),
      answered(500, ""),
      answered(502, "<html>Bad Gateway</html>"),
      answered(500, R"({"success":"Forwarder Created"})"),
      answered(200, ""),
      answered(200, "{}"),
      answered(200, "null"),
      answered(200, "list[]="),
      answered(200, "OK"),
  };
  for (const auto& reply : replies) {
    Panel panel;
    panel.transport.become(always(reply));
    EXPECT_EQ(panel.create().error().kind, ErrorKind::Unclear);
    EXPECT_EQ(panel.replace().error().kind, ErrorKind::Unclear);
    EXPECT_EQ(panel.remove().error().kind, ErrorKind::Unclear);
    EXPECT_EQ(panel.transport.requests.size(), 3U);
  }
}

TEST(AWriteThatNeverLeft, IsSimplyTriedLater) {
  for (const auto reason : {http::reason::kConnectFailed, http::reason::kHostNotFound}) {
    Panel panel;
    panel.transport.become(always(noAnswer(reason)));
    EXPECT_EQ(outcome(panel.create()), "Retry " + std::string(reason));
  }
  for (const auto reason : {http::reason::kTlsFailed, http::reason::kPlainHttp, http::reason::kInvalidRequest}) {
    Panel panel;
    panel.transport.become(always(noAnswer(reason, ErrorKind::Stall)));
    EXPECT_EQ(outcome(panel.remove()), "Stall " + std::string(reason));
  }
}

TEST(AReadWithoutAnAnswer, HasTheErrorOfTheTransport) {
  Panel panel;
  panel.transport.become(always(noAnswer(http::reason::kTimedOut)));
  EXPECT_EQ(outcome(panel.list()), "Retry TimedOut");
  EXPECT_EQ(outcome(panel.domains()), "Retry TimedOut");
  EXPECT_EQ(outcome(panel.mailboxes()), "Retry TimedOut");
  EXPECT_EQ(outcome(panel.limits()), "Retry TimedOut");
}

TEST(AReadOfSomethingElse, IsNeverAnEmptyList) {
  for (const auto& reply :
       {answered(200, R"({"success":"Done","result":""})"), answered(200, R"({"info":{}})"), answered(200, "[[]]"),
        answered(200, "error=0&text=&details="), answered(500, "{}"), answered(503, ""), answered(200, "hello"),
        answered(500, "null"), answered(200, R"("hello")")}) {
    Panel panel;
    panel.transport.become(always(reply));
    EXPECT_EQ(panel.list().error().kind, ErrorKind::Retry) << reply.body;
    EXPECT_EQ(panel.mailboxes().error().kind, ErrorKind::Retry) << reply.body;
    EXPECT_EQ(panel.domains().error().kind, ErrorKind::Retry) << reply.body;
  }
}

TEST(ADomainOfSomebodyElse, IsNotOnTheServer) {
  Panel panel;
  panel.transport.become(
      always(answered(500, R"({"error":"Could not execute your request","result":"You do not own that domain"})")));
  EXPECT_EQ(outcome(panel.list()), "Stall DomainNotOnServer");
  EXPECT_EQ(outcome(panel.mailboxes()), "Stall DomainNotOnServer");
  EXPECT_EQ(outcome(panel.create()), "Stall DomainNotOnServer");
  EXPECT_THAT(panel.list().error().message, ::testing::HasSubstr("a.example"));
}

TEST(ACreateOfWhatExists, IsRefusedSoThatTheCallerListsAgain) {
  Panel panel;
  panel.written = answered(500, R"({"error":"Cannot Create Forwarder","result":"That forwarder already exists"})");
  EXPECT_EQ(outcome(panel.create()), "Refuse AlreadyExists");
  panel.written = answered(500, R"({"error":"Cannot Create Forwarder","result":"over the limit"})");
  EXPECT_EQ(outcome(panel.create()), "Refuse ForwarderLimitReached");
  panel.written = answered(500, R"({"error":"Cannot Delete","result":"That forwarder does not exist"})");
  EXPECT_EQ(outcome(panel.remove()), "Refuse RefusedByServer");
}

TEST(AForwarderThatEximWouldMisread, NeverLeaves) {
  Panel panel;
  const std::vector<api::Forwarder> odd{
      {"", {"a@x.example"}},
      {"a,b", {"a@x.example"}},
      {"*", {"a@x.example"}},
      {"anna", {}},
      {"anna", {""}},
      {"anna", {"a@x.example,b@x.example"}},
      {"anna", {"a b@x.example"}},
      {"anna", {"a@x.example\n"}},
  };
  for (const auto& forwarder : odd) {
    EXPECT_EQ(outcome(panel.create(forwarder)), "Refuse InvalidForwarder") << forwarder.local;
    splitdelivery::testing::expectStyle(panel.create(forwarder).error());
    EXPECT_EQ(outcome(panel.replace(forwarder)), "Refuse InvalidForwarder") << forwarder.local;
  }
  EXPECT_THAT(panel.transport.requests, IsEmpty());
}

TEST(AThousandDeletions, GoInBatches) {
  Panel panel;
  std::vector<std::string> names;
  names.reserve(1000);
  for (int i = 0; i < 1000; ++i) names.push_back("user" + std::to_string(i));
  EXPECT_EQ(outcome(panel.remove(names)), "Refuse InvalidForwarder") << "not all at once";
  splitdelivery::testing::expectStyle(panel.remove(names).error());
  EXPECT_THAT(panel.transport.requests, IsEmpty());

  const std::size_t batch = panel.store.deleteBatch();
  for (std::size_t from = 0; from < names.size(); from += batch) {
    const auto first = names.begin() + static_cast<std::ptrdiff_t>(from);
    EXPECT_EQ(outcome(panel.remove({first, first + static_cast<std::ptrdiff_t>(batch)})), "ok");
  }
  ASSERT_EQ(panel.transport.requests.size(), 1000 / batch);
  const std::string& last = panel.transport.requests.back().body;
  EXPECT_THAT(last, ::testing::HasSubstr("&select" + std::to_string(batch - 1) + "=user999"));
  EXPECT_THAT(last, ::testing::Not(::testing::HasSubstr("&select" + std::to_string(batch) + "=")));
}

TEST(ADeletion, OfNothingSendsNothingAndOfANamelessOneIsRefused) {
  Panel panel;
  EXPECT_EQ(outcome(panel.remove({})), "ok");
  EXPECT_EQ(outcome(panel.remove({"anna", ""})), "Refuse InvalidForwarder");
  EXPECT_THAT(panel.transport.requests, IsEmpty());
}

TEST(Limits, AreUnknownForAnUnlimitedAccount) {
  Panel panel;
  panel.transport.become(always(answered(200, R"({"nemailf":"unlimited"})")));
  const auto limits = panel.limits();
  ASSERT_TRUE(limits);
  EXPECT_FALSE(limits->forwarders);
  EXPECT_FALSE(limits->used);
  EXPECT_EQ(panel.transport.requests.size(), 1U) << "nobody asks for the usage then";
}

TEST(Limits, ThatTheKeyDoesNotCoverAreNotAskedForInEachPass) {
  Panel panel;
  panel.refusedCommands = {"CMD_API_SHOW_USER_CONFIG"};
  EXPECT_EQ(outcome(panel.limits()), "Stall LoginKeyLacksCommand");
  EXPECT_EQ(panel.transport.requests.size(), 2U);
  EXPECT_EQ(outcome(panel.limits()), "Stall LoginKeyLacksCommand");
  EXPECT_EQ(panel.transport.requests.size(), 2U);
  EXPECT_EQ(outcome(panel.list()), "ok") << "nothing else is concerned";

  panel.refusedCommands = {"CMD_API_SHOW_USER_USAGE"};
  panel.executor.advance(5min);
  EXPECT_EQ(outcome(panel.limits()), "Stall LoginKeyLacksCommand");
  panel.refusedCommands.clear();
  panel.executor.advance(5min);
  EXPECT_EQ(outcome(panel.limits()), "Stall LoginKeyLacksCommand") << "the second pause is longer";
  panel.executor.advance(5min);
  EXPECT_EQ(outcome(panel.limits()), "ok");
}

TEST(AnAccount, IsTheUserBehindTheBar) {
  const auto user = [](const char* name) { return Account{"https://s:2222", name, base::Secret("k")}.effectiveUser(); };
  EXPECT_EQ(user("anna"), "anna");
  EXPECT_EQ(user("admin|anna"), "anna");
  EXPECT_EQ(user("a|b|anna"), "anna");
  EXPECT_EQ(user("admin|"), "");
}

TEST(AnAccountsDigest, DiffersWithEachPartAndShowsNone) {
  const Account account{"https://s:2222", "anna", base::Secret("k3y")};
  const auto digest = account.digest();
  EXPECT_EQ(digest, (Account{"https://s:2222", "anna", base::Secret("k3y")}.digest()));
  EXPECT_NE(digest, (Account{"https://t:2222", "anna", base::Secret("k3y")}.digest()));
  EXPECT_NE(digest, (Account{"https://s:2222", "jo", base::Secret("k3y")}.digest()));
  EXPECT_NE(digest, (Account{"https://s:2222", "anna", base::Secret("k3z")}.digest()));
  EXPECT_NE(digest, (Account{"https://s:2222", "annak", base::Secret("3y")}.digest()));
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
