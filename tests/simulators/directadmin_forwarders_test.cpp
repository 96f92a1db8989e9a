#include <gmock/gmock.h>

#include "simulators/asking.h"

namespace splitdelivery::simulators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using Json = nlohmann::json;

constexpr const char* kList = "/CMD_API_EMAIL_FORWARDERS?json=yes&domain=example.com";

class Forwarders : public ::testing::Test {
 protected:
  Forwarders() {
    da.addAccount({.user = "dauser0", .keys = {{.key = "dakey0"}}});
    da.addDomain("dauser0", "example.com");
    da.addDomain("dauser0", "example.net");
  }
  Reply create(const std::string& local, const std::string& destinations) {
    return postForwarder(da, {{"action", "create"}, {"user", local}, {"email", destinations}});
  }
  Reply modify(const std::string& local, const std::string& destinations) {
    return postForwarder(da, {{"action", "modify"}, {"user", local}, {"email", destinations}});
  }
  DirectAdmin da;
};

TEST_F(Forwarders, AreListedInEachForm) {
  da.setForwarder("example.com", "anna", "anna@zoho.example.com");
  da.setForwarder("example.com", "team", "anna@zoho.example.com,jo@example.net");
  da.setForwarder("example.com", "noreply", ":blackhole:");
  EXPECT_EQ(jsonOf(get(da, kList)), Json::parse(R"({"anna":["anna@zoho.example.com"],"noreply":[":blackhole:"],
                                                    "team":["anna@zoho.example.com","jo@example.net"]})"));
  EXPECT_EQ(get(da, "/CMD_API_EMAIL_FORWARDERS?action=list&domain=example.com").body,
            "anna=anna%40zoho.example.com&noreply=%3Ablackhole%3A&team=anna%40zoho.example.com%2Cjo%40example.net");
  da.behavior.destinationsAsText = true;
  EXPECT_EQ(jsonOf(get(da, kList))["team"], "anna@zoho.example.com,jo@example.net");
}

TEST_F(Forwarders, ThatAreNoneAreListedInEachForm) {
  EXPECT_EQ(get(da, kList).body, "{}");
  EXPECT_EQ(get(da, "/CMD_API_EMAIL_FORWARDERS?domain=example.com").body, "");
  da.behavior.emptyForwarders = DaBehavior::Empty::Array;
  EXPECT_EQ(get(da, kList).body, "[]");
  da.behavior.emptyForwarders = DaBehavior::Empty::Nothing;
  EXPECT_EQ(get(da, kList).body, "");
}

TEST_F(Forwarders, AreCreatedOnce) {
  const Reply created = create("kurt", "kurt@zoho.example.com");
  EXPECT_EQ(created.status, 200);
  EXPECT_EQ(created.body, R"({"result":"Alias kurt@example.com -> kurt@zoho.example.com has been created\n",)"
                          R"("success":"Forwarder Created"})");
  EXPECT_THAT(created.changes, ElementsAre("example.com: + kurt -> kurt@zoho.example.com"));
  EXPECT_THAT(created.complaints, IsEmpty());
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("kurt", "kurt@zoho.example.com")));

  const Reply again = create("Kurt", "kurt@elsewhere.example");
  EXPECT_EQ(again.status, 500);
  EXPECT_THAT(again.body, HasSubstr("exists"));
  EXPECT_THAT(again.changes, IsEmpty());
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("kurt", "kurt@zoho.example.com")));
}

TEST_F(Forwarders, AreMadeBesideAMailboxOfTheSameName) {
  da.addMailbox("example.com", "dora");
  EXPECT_EQ(create("dora", "dora@zoho.example.com").status, 200);
}

TEST_F(Forwarders, AreAcceptedAsAFormInPlainAnswersToo) {
  const Reply reply =
      da.handle(as(form("/CMD_API_EMAIL_FORWARDERS",
                        {{"action", "create"}, {"domain", "example.com"}, {"user", "a"}, {"email", "a@b.example"}})),
                kNoon);
  EXPECT_THAT(reply.body, ::testing::StartsWith("error=0&text=Forwarder%20Created&details="));
}

TEST_F(Forwarders, AreAcceptedAsJsonWithTheActionInTheQuery) {
  const auto request =
      Request::make("POST", "/CMD_API_EMAIL_FORWARDERS?json=yes&action=create", {{"content-type", "application/json"}},
                    R"({"domain":"example.com","user":"anna","email":"anna@zoho.example.com"})");
  EXPECT_EQ(da.handle(as(request), kNoon).status, 200);
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("anna", "anna@zoho.example.com")));
}

TEST_F(Forwarders, AreNotMadeBeyondTheLimit) {
  da.account("dauser0").forwarderLimit = 2;
  da.setForwarder("example.net", "one", "one@zoho.example.net");
  EXPECT_EQ(create("two", "two@zoho.example.com").status, 200);
  const Reply third = create("three", "three@zoho.example.com");
  EXPECT_EQ(third.status, 500);
  EXPECT_THAT(third.body, HasSubstr("limit"));
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("two", "two@zoho.example.com")));
}

TEST_F(Forwarders, TakeAddressesAndSpecialDestinations) {
  for (const char* good : {"a@zoho.example.com", ":fail:", ":blackhole:", "localname", "a@b.example,c@d.example"}) {
    EXPECT_EQ(create("x", good).status, 200) << good;
    da.removeForwarder("example.com", "x");
  }
  for (const char* bad : {"a@nodots", "a b@c.example", "|/bin/sh", "@example.com", ":other:", "a@b@c.example"}) {
    EXPECT_EQ(create("x", bad).status, 500) << bad;
  }
  EXPECT_EQ(create("with blank", "a@b.example").status, 500);
  EXPECT_THAT(da.forwarders("example.com"), IsEmpty());
}

TEST_F(Forwarders, TheServerCanRefuseAnAddressItDoesNotLike) {
  da.behavior.refusedAddresses = {"odd@example.com", "someone@zoho.example.com"};
  EXPECT_EQ(create("odd", "odd@zoho.example.com").status, 500);
  EXPECT_EQ(create("someone", "someone@zoho.example.com").status, 500);
  EXPECT_EQ(create("fine", "fine@zoho.example.com").status, 200);
  EXPECT_THAT(create("odd", "odd@zoho.example.com").complaints, IsEmpty()) << "a business error, no client's mistake";
}

TEST_F(Forwarders, AreReplacedAsAWhole) {
  da.setForwarder("example.com", "anna", "old@elsewhere.example,older@elsewhere.example");
  const Reply changed = modify("anna", "anna@zoho.example.com");
  EXPECT_EQ(changed.status, 200);
  EXPECT_THAT(changed.changes, ElementsAre("example.com: ~ anna -> anna@zoho.example.com"));
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("anna", "anna@zoho.example.com")));
  EXPECT_THAT(modify("anna", "anna@zoho.example.com").changes, IsEmpty()) << "the second time changes nothing";
  EXPECT_EQ(modify("nobody", "a@b.example").status, 500);
}

TEST_F(Forwarders, AreDeletedBySelection) {
  for (const char* local : {"a", "b", "c"}) da.setForwarder("example.com", local, "x@zoho.example.com");
  const Reply reply =
      postForwarder(da, {{"action", "delete"}, {"select0", "a"}, {"select1", "c"}, {"select2", "gone"}});
  EXPECT_EQ(reply.body, R"({"result":"","success":"Forwarders Deleted"})");
  EXPECT_THAT(reply.changes, ElementsAre("example.com: - a", "example.com: - c"));
  EXPECT_THAT(reply.complaints, IsEmpty());
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("b", "x@zoho.example.com")));
}

TEST_F(Forwarders, AreNotDeletedWithoutSelectionThoughTheServerSaysSo) {
  da.setForwarder("example.com", "anna", "anna@zoho.example.com");
  const Reply reply = postForwarder(da, {{"action", "delete"}, {"user", "anna"}, {"delete", "Delete"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(jsonOf(reply)["success"], "Forwarders Deleted");
  EXPECT_THAT(reply.changes, IsEmpty());
  EXPECT_THAT(reply.complaints, ElementsAre("delete without select0 deletes nothing"));
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("anna", "anna@zoho.example.com")));
}

TEST_F(Forwarders, AreNotDeletedByTheirFullAddress) {
  da.setForwarder("example.com", "anna", "anna@zoho.example.com");
  const Reply reply = postForwarder(da, {{"action", "delete"}, {"select0", "anna@example.com"}});
  EXPECT_THAT(reply.complaints, ElementsAre("select is the local part only"));
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("anna", "anna@zoho.example.com")));
}

TEST_F(Forwarders, ThatClientsGetWrongAreComplainedOf) {
  EXPECT_THAT(create("anna@example.com", "a@b.example").complaints, ElementsAre("user is the local part only"));
  EXPECT_THAT(create("", "a@b.example").complaints, ElementsAre("user or email is missing"));
  EXPECT_THAT(create("anna", "").complaints, ElementsAre("user or email is missing"));
  EXPECT_THAT(postForwarder(da, {{"action", "upsert"}}).complaints, ElementsAre("no such action"));
  const Reply byGet = get(da, std::string(kList) + "&action=create&user=anna&email=a%40b.example");
  EXPECT_THAT(byGet.complaints, ElementsAre("a change was sent with GET"));
  EXPECT_THAT(da.forwarders("example.com"), IsEmpty());
}

TEST_F(Forwarders, OfADomainInCapitalsAreTheSame) {
  EXPECT_EQ(postForwarder(da, {{"action", "create"}, {"user", "a"}, {"email", "a@b.example"}}, "Example.COM").status,
            200);
  EXPECT_THAT(da.forwarders("example.com"), ElementsAre(Pair("a", "a@b.example")));
}

}  // namespace
}  // namespace splitdelivery::simulators
