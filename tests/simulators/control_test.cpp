#include "simulators/control.h"

#include <gmock/gmock.h>

#include "simulators/asking.h"

namespace splitdelivery::simulators {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using Json = nlohmann::json;

class TheControlPort : public ::testing::Test {
 protected:
  TheControlPort() { fillDemoWorld(world); }
  Reply ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    return control.handle(Request::make(method, target, {}, body));
  }
  std::size_t users() { return world.zoho.organization("60012345").users.size(); }

  World world;
  Control control{world};
};

TEST_F(TheControlPort, ShowsTheLogWithAndWithoutMutations) {
  world.daService.receive(
      as(form("/CMD_API_EMAIL_FORWARDERS?json=yes",
              {{"action", "create"}, {"domain", "example.com"}, {"user", "ben"}, {"email", "ben@zoho.example.com"}}),
         "demo", "demo-login-key"),
      kNoon);
  const auto brief = jsonOf(ask("GET", "/log?mutations=0"));
  EXPECT_EQ(brief["mutationCount"], 1);
  EXPECT_EQ(brief["apis"]["da"]["endpoints"]["POST CMD_API_EMAIL_FORWARDERS"], 1);
  EXPECT_FALSE(brief.contains("mutations"));
  EXPECT_EQ(jsonOf(ask("GET", "/log"))["mutations"][0]["what"], "example.com: + ben -> ben@zoho.example.com");
}

TEST_F(TheControlPort, ShowsAndChangesForwarders) {
  EXPECT_EQ(jsonOf(ask("GET", "/forwarders?domain=example.com"))["anna"], "anna@zoho.example.com");
  EXPECT_EQ(ask("POST", "/forwarders?domain=example.com&local=tom&to=tom%40elsewhere.example").status, 200);
  EXPECT_THAT(world.da.forwarders("example.com"), Contains(Pair("tom", "tom@elsewhere.example")));
  EXPECT_EQ(ask("DELETE", "/forwarders?domain=example.com&local=tom").status, 200);
  EXPECT_EQ(ask("DELETE", "/forwarders?domain=example.com&local=tom").status, 404);
  EXPECT_EQ(ask("POST", "/forwarders?domain=example.com&local=tom").status, 400);
  for (const char* method : {"GET", "POST", "DELETE"}) {
    EXPECT_EQ(ask(method, "/forwarders?domain=nowhere.example").status, 404) << method;
  }
  EXPECT_THAT(world.journal.changes(), IsEmpty()) << "somebody else's work";
}

TEST_F(TheControlPort, AddsAndRemovesUsers) {
  const auto before = users();
  EXPECT_EQ(
      ask("POST", "/users?org=60012345&email=zoe@example.com&alias=z@example.com&alias=zz@example.com&name=Zoe").status,
      200);
  EXPECT_EQ(users(), before + 1);
  EXPECT_EQ(world.zoho.user("60012345", "zoe@example.com").aliases.size(), 2U);
  EXPECT_EQ(ask("POST", "/users?org=60012345&email=zoe@example.com&blocked=true").status, 200);
  EXPECT_EQ(users(), before + 1) << "the same person, changed";
  EXPECT_TRUE(world.zoho.user("60012345", "zoe@example.com").incomingBlocked);
  EXPECT_EQ(ask("DELETE", "/users?org=60012345&email=zoe@example.com").status, 200);
  EXPECT_EQ(ask("DELETE", "/users?org=60012345&email=zoe@example.com").status, 404);
  EXPECT_EQ(users(), before);
  EXPECT_EQ(ask("POST", "/users?org=1&email=zoe@example.com").status, 404);
  EXPECT_EQ(ask("DELETE", "/users?org=1&email=zoe@example.com").status, 404);
  EXPECT_EQ(ask("POST", "/users?org=60012345&email=zoe").status, 400);
}

TEST_F(TheControlPort, ShowsAndChangesRecords) {
  EXPECT_EQ(jsonOf(ask("GET", "/dns?name=zoho.example.com"))["mx"],
            nlohmann::json({"10 mx.zoho.com", "20 mx2.zoho.com", "50 mx3.zoho.com"}));
  EXPECT_EQ(ask("POST", "/dns?name=zoho.example.com&mx=5+a.example.&mx=7+b.example&txt=v%3Dspf1&fault=Slow").status,
            200);
  const auto now = jsonOf(ask("GET", "/dns?name=ZOHO.example.com"));
  EXPECT_EQ(now["mx"], nlohmann::json({"5 a.example", "7 b.example"}));
  EXPECT_EQ(now["txt"], nlohmann::json({{"v=spf1"}}));
  EXPECT_EQ(now["fault"], "Slow");
  ask("POST", "/dns?name=zoho.example.com&fault=None");
  EXPECT_EQ(jsonOf(ask("GET", "/dns?name=zoho.example.com"))["mx"], now["mx"]) << "what is not given stays";
  ask("POST", "/dns?name=zoho.example.com&mx=0+.");
  EXPECT_EQ(world.dns.reply("zoho.example.com", DnsType::Mx).mx.at(0).host, "");
  ask("POST", "/dns?name=www.example.com&cname=zoho.example.com");
  EXPECT_EQ(world.dns.reply("www.example.com", DnsType::Mx).owner, "zoho.example.com");
  ask("POST", "/dns?name=*&fault=ServFail");
  EXPECT_EQ(world.dns.fault("anything.example"), DnsFault::ServFail);
  EXPECT_EQ(ask("DELETE", "/dns?name=zoho.example.com").status, 200);
  EXPECT_EQ(ask("DELETE", "/dns?name=zoho.example.com").status, 404);
}

TEST_F(TheControlPort, RefusesWhatIsNoRecord) {
  for (const char* wrong :
       {"", "name=", "name=a.example&mx=mx.zoho.com", "name=a.example&mx=10", "name=a.example&mx=10+",
        "name=a.example&mx=70000+b.example", "name=a.example&fault=Sulk", "name=*&mx=10+b.example"}) {
    EXPECT_EQ(ask("POST", std::string("/dns?") + wrong).status, 400) << wrong;
  }
  EXPECT_EQ(world.dns.reply("a.example", DnsType::Mx).code, DnsReply::Code::NoSuchName);
}

TEST_F(TheControlPort, SetsAndClearsFaults) {
  const Reply added = ask("POST", "/faults", R"({"api":"da","endpoint":"GET CMD_API_POP","nth":[2],"kind":"Status",
                                                 "status":502,"body":"no","headers":{"retry-after":"9"}})");
  EXPECT_EQ(added.status, 200);
  const Request request = Request::make("GET", "/CMD_API_POP");
  EXPECT_FALSE(world.faults.decide("da", "GET CMD_API_POP", request));
  const auto fault = world.faults.decide("da", "GET CMD_API_POP", request);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->status, 502);
  EXPECT_EQ(fault->body, "no");
  EXPECT_THAT(fault->headers, Contains(Pair("retry-after", "9")));
  EXPECT_EQ(ask("DELETE", "/faults").status, 200);
  EXPECT_EQ(world.faults.size(), 0U);
}

TEST_F(TheControlPort, SetsEveryPartOfAFault) {
  ask("POST", "/faults", R"({"kind":"Hang","effect":true,"containing":"example.com"})");
  ask("POST", "/faults", R"({"kind":"SlowBody","delayMs":250,"size":10})");
  const auto hang = world.faults.decide("zoho", "x", Request::make("GET", "/?domain=example.com"));
  ASSERT_TRUE(hang);
  EXPECT_EQ(hang->kind, FaultKind::Hang);
  EXPECT_TRUE(hang->takesEffect());
  const auto slow = world.faults.decide("zoho", "x", Request::make("GET", "/"));
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->delay, std::chrono::milliseconds(250));
  EXPECT_EQ(slow->size, 10U);
}

TEST_F(TheControlPort, RefusesWhatIsNoFault) {
  for (const char* wrong :
       {"", "[]", "{}", R"({"kind":"Sulk"})", R"({"kind":"Hang","nth":"first"})", R"({"kind":7})"}) {
    EXPECT_EQ(ask("POST", "/faults", wrong).status, 400) << wrong;
  }
  EXPECT_EQ(world.faults.size(), 0U);
}

TEST_F(TheControlPort, ExplainsItself) {
  EXPECT_EQ(ask("GET", "/").status, 200);
  EXPECT_EQ(ask("GET", "/nothing").status, 404);
  for (const char* part : {"/log", "/forwarders", "/users", "/dns", "/faults"}) {
    EXPECT_THAT(ask("GET", "/").body, HasSubstr(part));
  }
}

}  // namespace
}  // namespace splitdelivery::simulators
