#include "mailserver/directadmin/requests.h"

#include <gtest/gtest.h>

#include <vector>

#include "mailserver/directadmin/basic_auth.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

http::Request requestFor(const Command& command) {
  return toRequest(command, "https://s.example:2222", base::Secret("Basic x"));
}

TEST(ARead, IsAGetWithItsQueryAndAsksForJson) {
  struct Read {
    Command command;
    const char* path;
  };
  const std::vector<Read> cases{
      {showDomains(), "/CMD_API_SHOW_DOMAINS?json=yes"},
      {showUserConfig(), "/CMD_API_SHOW_USER_CONFIG?json=yes"},
      {showUserUsage(), "/CMD_API_SHOW_USER_USAGE?json=yes"},
      {listForwarders("a.example"), "/CMD_API_EMAIL_FORWARDERS?domain=a.example&json=yes"},
      {listMailboxes("a.example"), "/CMD_API_POP?action=list&domain=a.example&json=yes"},
      {showMailRouting("a.example"), "/CMD_API_DNS_MX?domain=a.example&json=yes"},
      {showCatchAll("a.example"), "/CMD_API_EMAIL_CATCH_ALL?domain=a.example&json=yes"},
      {listPointers("a.example"), "/CMD_API_DOMAIN_POINTER?domain=a.example&json=yes"},
      {listForwarders("a b&c=d"), "/CMD_API_EMAIL_FORWARDERS?domain=a%20b%26c%3Dd&json=yes"},
  };
  for (const auto& c : cases) {
    const auto request = requestFor(c.command);
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.path, c.path);
    EXPECT_EQ(request.body, "");
    EXPECT_EQ(request.origin, "https://s.example:2222");
    EXPECT_EQ(request.authorization.reveal(), "Basic x");
    EXPECT_NE(request.trustAdvice.find("spec.directAdmin.caBundle"), std::string::npos);
    EXPECT_EQ(request.deadline, std::chrono::seconds{30});
  }
}

TEST(AWriteRequest, IsAPostWithAFormBody) {
  struct Write {
    Command command;
    const char* body;
  };
  const api::Forwarder anna{"anna", {"anna@zoho.a.example"}, "Anna"};
  const api::Forwarder odd{"o'neil+x&y=z", {"a+b@x.example", "c@x.example"}};
  const std::vector<Write> cases{
      {createForwarder("a.example", anna), "action=create&domain=a.example&user=anna&email=anna%40zoho.a.example"},
      {createForwarder("a.example", odd),
       "action=create&domain=a.example&user=o%27neil%2Bx%26y%3Dz&email=a%2Bb%40x.example%2Cc%40x.example"},
      {modifyForwarder("a.example", anna), "action=modify&domain=a.example&user=Anna&email=anna%40zoho.a.example"},
      {modifyForwarder("a.example", {"jo", {"jo@x.example"}}),
       "action=modify&domain=a.example&user=jo&email=jo%40x.example"},
      {deleteForwarders("a.example", {"anna", "Jo &x"}),
       "action=delete&domain=a.example&select0=anna&select1=Jo%20%26x"},
  };
  for (const auto& c : cases) {
    const auto request = requestFor(c.command);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/CMD_API_EMAIL_FORWARDERS?json=yes");
    EXPECT_EQ(request.body, c.body);
    EXPECT_EQ(request.contentType, "application/x-www-form-urlencoded");
    EXPECT_EQ(request.deadline, std::chrono::seconds{20}) << "a graceful stop has 30 s in all and waits for it";
  }
}

TEST(ASwitchRequest, IsAPostToTheMailRouting) {
  for (const bool on : {true, false}) {
    const auto request = requestFor(setInternal("a.example", on));
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/CMD_API_DNS_MX?json=yes");
    EXPECT_EQ(request.body, std::string("domain=a.example&action=internal&internal=") + (on ? "yes" : "no"));
    EXPECT_EQ(request.deadline, std::chrono::seconds{20});
  }
}

TEST(EveryRequest, SaysInFixedWordsWhomItAsksForWhat) {
  const std::string domain = "somebody.example";
  for (const auto& command :
       {showDomains(), showUserConfig(), showUserUsage(), listForwarders(domain), listMailboxes(domain),
        showMailRouting(domain), showCatchAll(domain), listPointers(domain), setInternal(domain, true),
        createForwarder(domain, {"anna", {"anna@x.example"}}), modifyForwarder(domain, {"anna", {"anna@x.example"}}),
        deleteForwarders(domain, {"anna"})}) {
    const auto request = requestFor(command);
    EXPECT_EQ(request.provider, "directadmin");
    EXPECT_EQ("/" + std::string(request.endpoint), request.path.substr(0, request.path.find('?')));
  }
}

TEST(OptionalCommands, AreThoseBehindTheSettings) {
  for (const auto& command : {showMailRouting("a.example"), showCatchAll("a.example"), listPointers("a.example"),
                              setInternal("a.example", true)}) {
    EXPECT_TRUE(command.optional) << command.name;
  }
  for (const auto& command : {showDomains(), listForwarders("a.example"), listMailboxes("a.example")}) {
    EXPECT_FALSE(command.optional) << command.name << ": S4 needs the mailboxes";
  }
}

TEST(BasicAuthorization, IsBase64WithItsPadding) {
  const auto value = [](const char* user, const char* key) {
    return basicAuthorization(user, base::Secret(key)).reveal();
  };
  EXPECT_EQ(value("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617, 2
  EXPECT_EQ(value("test", "123\xc2\xa3"), "Basic dGVzdDoxMjPCow==");                 // RFC 7617, 2.1
  EXPECT_EQ(value("a", "b"), "Basic YTpi");
  EXPECT_EQ(value("", "fooba"), "Basic OmZvb2Jh");
  EXPECT_EQ(value("admin|anna", "k"), "Basic YWRtaW58YW5uYTpr");
  EXPECT_EQ(value("u", "\xff\xff"), "Basic dTr//w==");
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
