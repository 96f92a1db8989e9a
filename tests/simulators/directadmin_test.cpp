#include "simulators/directadmin.h"

#include <gmock/gmock.h>

#include "simulators/asking.h"

namespace splitdelivery::simulators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

class ADirectAdmin : public ::testing::Test {
 protected:
  ADirectAdmin() {
    da.addAccount(
        {.user = "dauser0", .keys = {{.key = "dakey0"}, {.key = "narrow", .commands = {"CMD_API_SHOW_DOMAINS"}}}});
    da.addAccount({.user = "other", .keys = {{.key = "otherkey"}}});
    da.addAccount({.user = "boss", .keys = {{.key = "bosskey"}}, .admin = true});
    da.addDomain("dauser0", "example.com");
    da.addDomain("dauser0", "example.net");
    da.addDomain("other", "example.org");
  }
  Reply showDomains(const std::string& user, const std::string& key) {
    return da.handle(as(Request::make("GET", "/CMD_API_SHOW_DOMAINS?json=yes"), user, key), kNoon);
  }
  Reply post(const std::string& command, const Fields& fields) {
    return da.handle(as(form('/' + command + "?json=yes", fields)), kNoon);
  }

  DirectAdmin da;
};

TEST_F(ADirectAdmin, ShowsTheDomainsOfWhoAsks) {
  EXPECT_EQ(get(da, "/CMD_API_SHOW_DOMAINS?json=yes").body, R"(["example.com","example.net"])");
  EXPECT_EQ(get(da, "/CMD_API_SHOW_DOMAINS").body, "list[]=example.com&list[]=example.net");
  EXPECT_EQ(get(da, "/CMD_API_SHOW_DOMAINS").user, "dauser0");
  da.behavior.domainsAsObject = true;
  EXPECT_EQ(get(da, "/CMD_API_SHOW_DOMAINS?json=yes").body, R"({"list":["example.com","example.net"]})");
}

TEST_F(ADirectAdmin, LetsAnAdministratorActForAUser) {
  EXPECT_EQ(showDomains("boss|other", "bosskey").body, R"(["example.org"])");
  EXPECT_EQ(showDomains("boss|other", "bosskey").user, "other");
  EXPECT_EQ(showDomains("boss|nobody", "bosskey").status, 401);
  EXPECT_EQ(showDomains("boss|other", "otherkey").status, 401) << "the administrator's password counts";
  EXPECT_EQ(showDomains("dauser0|other", "dakey0").status, 401) << "no administrator";
}

TEST_F(ADirectAdmin, RefusesABadLoginInEachOfItsForms) {
  da.behavior.banAfter = 0;
  const Reply json = showDomains("dauser0", "wrong");
  EXPECT_EQ(json.status, 401);
  EXPECT_EQ(json.body, R"({"error":"Not logged in","success":"no"})");
  const Reply text = da.handle(as(Request::make("GET", "/CMD_API_SHOW_DOMAINS"), "dauser0", "wrong"), kNoon);
  EXPECT_EQ(text.body, "details=Unauthorized&error=1&text=Not+logged+in");

  da.behavior.badLogin = DaBehavior::Refusal::LoginPage;
  EXPECT_EQ(showDomains("dauser0", "wrong").status, 200);
  EXPECT_THAT(showDomains("dauser0", "wrong").body, HasSubstr("<title>DirectAdmin Login</title>"));
  da.behavior.badLogin = DaBehavior::Refusal::Header;
  EXPECT_EQ(showDomains("nobody", "wrong").headers.at("x-directadmin"), "Unauthorized");
  da.behavior.badLogin = DaBehavior::Refusal::Redirect;
  EXPECT_EQ(showDomains("", "").status, 302);
  EXPECT_FALSE(showDomains("", "").headers.at("location").empty());
}

TEST_F(ADirectAdmin, ARequestWithoutALoginIsAMistakeOfTheClient) {
  const Reply reply = da.handle(Request::make("GET", "/CMD_API_SHOW_DOMAINS"), kNoon);
  EXPECT_EQ(reply.status, 401);
  EXPECT_THAT(reply.complaints, SizeIs(1));
  EXPECT_THAT(showDomains("dauser0", "wrong").complaints, IsEmpty()) << "a wrong key is the user's mistake";
}

TEST_F(ADirectAdmin, BansAnAddressAfterFiveBadLoginsWhateverComesThen) {
  for (int i = 0; i < 4; ++i) showDomains("dauser0", "wrong");
  EXPECT_EQ(showDomains("dauser0", "dakey0").status, 200) << "four are forgiven";
  showDomains("dauser0", "wrong");
  EXPECT_TRUE(da.isBanned("127.0.0.1"));
  EXPECT_THAT(showDomains("dauser0", "dakey0").body, HasSubstr("DirectAdmin Login"));
  da.behavior.ban = DaBehavior::Ban::Header;
  EXPECT_EQ(showDomains("dauser0", "dakey0").headers.at("x-directadmin"), "blacklisted");

  Request elsewhere = as(Request::make("GET", "/CMD_API_SHOW_DOMAINS?json=yes"));
  elsewhere.client = "127.0.0.2";
  EXPECT_EQ(da.handle(elsewhere, kNoon).body, R"(["example.com","example.net"])");
  da.liftBans();
  EXPECT_EQ(showDomains("dauser0", "dakey0").body, R"(["example.com","example.net"])");
}

TEST_F(ADirectAdmin, ARefusedCommandIsNoBadLogin) {
  const auto narrow = [this](const char* target) {
    return da.handle(as(Request::make("GET", target), "dauser0", "narrow"), kNoon);
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(narrow("/CMD_API_POP?json=yes&domain=example.com&action=list").status, 302);
  EXPECT_EQ(narrow("/CMD_API_SHOW_DOMAINS?json=yes").status, 200);
  da.behavior.badCommand = DaBehavior::Refusal::Unauthorized;
  EXPECT_EQ(narrow("/CMD_API_POP?json=yes&domain=example.com&action=list").status, 401);
}

TEST_F(ADirectAdmin, DoesNotKnowOtherCommands) {
  const Reply twin = get(da, "/CMD_EMAIL_FORWARDER?json=yes&domain=example.com");
  EXPECT_EQ(twin.status, 404);
  EXPECT_THAT(twin.complaints, ElementsAre("no such command"));
  da.behavior.missingCommands = {"CMD_API_DNS_MX"};
  const Reply missing = get(da, "/CMD_API_DNS_MX?json=yes&domain=example.com");
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.complaints, IsEmpty()) << "how should the client know";
}

TEST_F(ADirectAdmin, DoesNotTakeOtherMethodsAndBodies) {
  EXPECT_EQ(da.handle(as(Request::make("DELETE", "/CMD_API_POP")), kNoon).status, 405);
  const Reply untyped =
      da.handle(as(Request::make("POST", "/CMD_API_DNS_MX?json=yes", {}, "domain=example.com")), kNoon);
  EXPECT_EQ(untyped.status, 500);
  EXPECT_THAT(untyped.complaints, SizeIs(1));
  const Reply list = da.handle(
      as(Request::make("POST", "/CMD_API_DNS_MX?json=yes", {{"content-type", "application/json"}}, "[]")), kNoon);
  EXPECT_EQ(list.status, 500);
}

TEST_F(ADirectAdmin, ForeignDomainsAreABusinessErrorWithStatus500) {
  const Reply reply = get(da, "/CMD_API_EMAIL_FORWARDERS?json=yes&domain=example.org");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body, R"({"error":"Could not execute your request","result":"You do not own that domain"})");
  EXPECT_THAT(reply.complaints, IsEmpty());
  const Reply text = get(da, "/CMD_API_EMAIL_FORWARDERS?domain=example.org");
  EXPECT_EQ(text.body,
            "error=1&text=Could%20not%20execute%20your%20request&details=You%20do%20not%20own%20that%20domain");
  da.behavior.businessErrorStatus = 200;
  EXPECT_EQ(get(da, "/CMD_API_EMAIL_FORWARDERS?json=yes&domain=nowhere.example").status, 200);
  EXPECT_THAT(get(da, "/CMD_API_EMAIL_FORWARDERS?json=yes").complaints, ElementsAre("domain is missing"));
}

TEST_F(ADirectAdmin, ListsMailboxesInBothWays) {
  EXPECT_EQ(get(da, "/CMD_API_POP?json=yes&action=list&domain=example.com").body, "[]");
  da.addMailbox("example.com", "mara", {.usage = 12.4});
  da.addMailbox("example.com", "shop", {.suspended = true});
  EXPECT_EQ(get(da, "/CMD_API_POP?json=yes&action=list&domain=example.com").body, R"(["mara","shop"])");
  EXPECT_EQ(get(da, "/CMD_API_POP?action=list&domain=example.com").body, "list[]=mara&list[]=shop");
  const auto full = jsonOf(get(da, "/CMD_API_POP?json=yes&action=full_list&domain=example.com"));
  EXPECT_EQ(full["mara"]["usage"], "12.4") << "every scalar is a string";
  EXPECT_EQ(full["shop"]["suspended"], "yes");
  EXPECT_THAT(get(da, "/CMD_API_POP?action=full_list&domain=example.com").body,
              HasSubstr("mara=quota%3D1024%26usage%3D12.4%26suspended%3Dno"));
  EXPECT_THAT(get(da, "/CMD_API_POP?json=yes&domain=example.com").complaints, SizeIs(1));
}

TEST_F(ADirectAdmin, TellsLimitAndUse) {
  EXPECT_EQ(jsonOf(get(da, "/CMD_API_SHOW_USER_CONFIG?json=yes"))["nemailf"], "unlimited");
  da.account("dauser0").forwarderLimit = 3;
  EXPECT_EQ(jsonOf(get(da, "/CMD_API_SHOW_USER_CONFIG?json=yes"))["nemailf"], "3");
  EXPECT_EQ(get(da, "/CMD_API_SHOW_USER_CONFIG").body, "username=dauser0&nemailf=3");
  da.setForwarder("example.com", "a", "a@zoho.example.com");
  da.setForwarder("example.net", "a", "a@zoho.example.net");
  da.setForwarder("example.org", "a", "a@zoho.example.org");
  EXPECT_EQ(jsonOf(get(da, "/CMD_API_SHOW_USER_USAGE?json=yes"))["nemailf"], "2");
}

TEST_F(ADirectAdmin, HasTheLocalDeliverySwitch) {
  EXPECT_EQ(jsonOf(get(da, "/CMD_API_DNS_MX?json=yes&domain=example.com"))["internal"], "yes");
  const Reply off = post("CMD_API_DNS_MX", {{"domain", "example.com"}, {"action", "internal"}, {"internal", "no"}});
  EXPECT_EQ(jsonOf(off), Json({{"success", "Option Saved"}, {"result", ""}}));
  EXPECT_THAT(off.changes, ElementsAre("example.com: internal=no"));
  EXPECT_FALSE(da.domain("example.com").internal);
  EXPECT_THAT(get(da, "/CMD_API_DNS_MX?domain=example.com").body, HasSubstr("internal=no&"));
  const Reply again = post("CMD_API_DNS_MX", {{"domain", "example.com"}, {"action", "internal"}, {"internal", "no"}});
  EXPECT_THAT(again.changes, IsEmpty());
  EXPECT_THAT(post("CMD_API_DNS_MX", {{"domain", "example.com"}, {"internal", "yes"}}).complaints, SizeIs(1));
}

TEST_F(ADirectAdmin, ShowsTheSwitchInSeveralFaces) {
  const auto body = [this] { return get(da, "/CMD_API_DNS_MX?json=yes&domain=example.com").body; };
  EXPECT_EQ(body(), R"({"internal":"yes"})");
  da.behavior.mailRouting = DaBehavior::MailRouting::Records;
  EXPECT_EQ(body(), R"({"internal":"yes","records":[{"name":"mail","value":"10"}]})");
  da.behavior.mailRouting = DaBehavior::MailRouting::Form;
  EXPECT_EQ(body(), "10=mail\ninternal=yes&\n");
}

TEST_F(ADirectAdmin, MayRefuseToTurnTheSwitchOrOnlySayThatItDid) {
  const Fields off{{"domain", "example.com"}, {"action", "internal"}, {"internal", "no"}};
  da.behavior.turnInternal = DaBehavior::Setting::Refused;
  const Reply refused = post("CMD_API_DNS_MX", off);
  EXPECT_EQ(refused.status, 500);
  EXPECT_TRUE(jsonOf(refused).contains("error"));
  da.behavior.turnInternal = DaBehavior::Setting::Ignored;
  const Reply ignored = post("CMD_API_DNS_MX", off);
  EXPECT_EQ(jsonOf(ignored), Json({{"success", "Option Saved"}, {"result", ""}}));
  for (const Reply& reply : {refused, ignored}) {
    EXPECT_THAT(reply.changes, IsEmpty());
    EXPECT_THAT(reply.complaints, IsEmpty()) << "no mistake of the client";
  }
  EXPECT_TRUE(da.domain("example.com").internal);
}

TEST_F(ADirectAdmin, HasACatchAll) {
  EXPECT_EQ(get(da, "/CMD_API_EMAIL_CATCH_ALL?domain=example.com").body, "value=%3Afail%3A");
  const Reply set =
      post("CMD_API_EMAIL_CATCH_ALL",
           {{"domain", "example.com"}, {"update", "Update"}, {"catch", "address"}, {"value", "all@example.com"}});
  EXPECT_THAT(set.changes, ElementsAre("example.com: catch-all=all@example.com"));
  EXPECT_EQ(jsonOf(get(da, "/CMD_API_EMAIL_CATCH_ALL?json=yes&domain=example.com"))["value"], "all@example.com");
  const Reply wrong = post("CMD_API_EMAIL_CATCH_ALL", {{"domain", "example.com"}, {"action", "save"}});
  EXPECT_EQ(wrong.status, 500);
  EXPECT_THAT(wrong.complaints, SizeIs(1));
}

TEST_F(ADirectAdmin, ListsPointers) {
  EXPECT_EQ(get(da, "/CMD_API_DOMAIN_POINTER?domain=example.com").body, "");
  EXPECT_EQ(get(da, "/CMD_API_DOMAIN_POINTER?json=yes&domain=example.com").body, "{}");
  da.behavior.emptyPointers = DaBehavior::Empty::Array;
  EXPECT_EQ(get(da, "/CMD_API_DOMAIN_POINTER?json=yes&domain=example.com").body, "[]");
  da.behavior.emptyPointers = DaBehavior::Empty::Nothing;
  EXPECT_EQ(get(da, "/CMD_API_DOMAIN_POINTER?json=yes&domain=example.com").body, "");
  da.domain("example.com").pointers = {{"alias.example", "alias"}, {"other.example", "pointer"}};
  EXPECT_EQ(get(da, "/CMD_API_DOMAIN_POINTER?domain=example.com").body, "alias.example=alias&other.example=pointer");
  EXPECT_THAT(post("CMD_API_DOMAIN_POINTER", {{"domain", "example.com"}, {"action", "add"}}).complaints, SizeIs(1));
}

TEST_F(ADirectAdmin, SaysTheContentTypeThatItIsTold) {
  EXPECT_EQ(get(da, "/CMD_API_SHOW_DOMAINS?json=yes").headers.at("content-type"), "application/json");
  da.behavior.contentType = "text/html";
  EXPECT_EQ(get(da, "/CMD_API_SHOW_DOMAINS?json=yes").headers.at("content-type"), "text/html");
}

TEST_F(ADirectAdmin, NamesItsEndpointsByCommand) {
  EXPECT_EQ(da.endpoint(Request::make("GET", "/CMD_API_POP?domain=example.com")), "GET CMD_API_POP");
  EXPECT_TRUE(da.isWrite(Request::make("POST", "/CMD_API_POP")));
  EXPECT_FALSE(da.isWrite(Request::make("GET", "/CMD_API_POP")));
}

TEST_F(ADirectAdmin, NeedsTheAccountBeforeTheDomain) {
  EXPECT_THROW(da.addDomain("nobody", "example.com"), std::out_of_range);
  da.removeDomain("example.net");
  EXPECT_FALSE(da.hasDomain("example.net"));
}

}  // namespace
}  // namespace splitdelivery::simulators
