#include "mailserver/directadmin/answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_transport.h"
#include "mailserver/directadmin/forwarders.h"
#include "support/message_style.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using base::Error;
using base::ErrorKind;
using splitdelivery::testing::answered;

constexpr const char* kServer = "https://eagle.example:2222";
constexpr const char* kLoginPage = "<!doctype html><html><head><title>DirectAdmin Login</title></head></html>";

Command reading() {
  return listForwarders("birkenhof.example");
}

Command writing() {
  return createForwarder("birkenhof.example", {"kurt", {"kurt@zoho.birkenhof.example"}});
}

Reading interpreted(const http::Response& response, const Command& command, const std::string& server = kServer) {
  return interpret(response, command, server, base::WallTime{});
}

/// "answer", "refusal", "blacklisted", or the error's kind and reason.
std::string verdict(const Reading& what) {
  if (std::holds_alternative<Answer>(what)) return "answer";
  if (const auto* refusal = std::get_if<Refusal>(&what)) return refusal->blacklisted ? "blacklisted" : "refusal";
  const auto& error = std::get<Error>(what);
  switch (error.kind) {
    case ErrorKind::Retry:
      return "Retry " + error.reason;
    case ErrorKind::Wait:
      return "Wait " + error.reason;
    case ErrorKind::Stall:
      return "Stall " + error.reason;
    case ErrorKind::Refuse:
      return "Refuse " + error.reason;
    case ErrorKind::Unclear:
      return "Unclear " + error.reason;
    case ErrorKind::Stopped:
      return "Stopped " + error.reason;
  }
  return "?";
}

struct Case {
  const char* what;
  http::Response response;
  const char* read;
  const char* write;
};

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(verdict(interpreted(c.response, reading())), c.read) << c.what << " (read)";
    EXPECT_EQ(verdict(interpreted(c.response, writing())), c.write) << c.what << " (write)";
  }
}

TEST(RefusedCredentials, AreKnownInEachOfTheirForms) {
  check({
      {"401, JSON", answered(401, R"({"error":"Not logged in","success":"no"})"), "refusal", "refusal"},
      {"401, form", answered(401, "details=Unauthorized&error=1&text=Not+logged+in"), "refusal", "refusal"},
      {"200, form", answered(200, "details=Unauthorized&error=1&text=Not+logged+in"), "refusal", "refusal"},
      {"200, JSON", answered(200, R"({"error":"Not logged in","success":"no"})"), "refusal", "refusal"},
      {"403", answered(403, ""), "refusal", "refusal"},
      {"200, login page", answered(200, kLoginPage), "refusal", "refusal"},
      {"200, an unnamed page", answered(200, "\n <!DOCTYPE HTML PUBLIC>\n<html>"), "refusal", "refusal"},
      {"200, no doctype", answered(200, "<HTML lang=en>"), "refusal", "refusal"},
      {"200, login page that says it is JSON", answered(200, kLoginPage, {{"content-type", "application/json"}}),
       "refusal", "refusal"},
      {"503, login page", answered(503, kLoginPage), "refusal", "refusal"},
      {"302 to the login page", answered(302, "", {{"location", "/login"}}), "refusal", "refusal"},
      {"302 to https on the same host, asked over https",
       answered(302, "", {{"location", "https://eagle.example:2222/evo/login"}}), "refusal", "refusal"},
      {"307", answered(307, ""), "refusal", "refusal"},
      {"header", answered(200, "[]", {{"x-directadmin", "Unauthorized"}}), "refusal", "refusal"},
      {"header, banned", answered(200, "", {{"x-directadmin", "IP is Blacklisted"}}), "blacklisted", "blacklisted"},
      {"401 and banned", answered(401, "", {{"x-directadmin", "blacklisted"}}), "blacklisted", "blacklisted"},
      {"old text in a page", answered(200, "<p>The request you've made does not exist in your authority level</p>"),
       "refusal", "refusal"},
      {"old text in a message",
       answered(500, R"({"error":"The request you've made does not exist in your authority level"})"), "refusal",
       "refusal"},
  });
}

TEST(AnotherXDirectAdminHeader, MeansNothing) {
  check({{"version", answered(200, "{}", {{"x-directadmin", "1.680"}}), "answer", "answer"}});
}

TEST(ABusinessError, IsReadWithAnyStatusAndBeforeSuccess) {
  check({
      {"500, foreign domain",
       answered(500, R"({"error":"Could not execute your request","result":"You do not own that domain"})"),
       "Stall DomainNotOnServer", "Stall DomainNotOnServer"},
      {"200, foreign domain",
       answered(200, R"({"error":"Could not execute your request","result":"You do not own that domain"})"),
       "Stall DomainNotOnServer", "Stall DomainNotOnServer"},
      {"form, foreign domain",
       answered(200, "error=1&text=Could%20not%20execute%20your%20request&details=You+do+not+own+that+domain"),
       "Stall DomainNotOnServer", "Stall DomainNotOnServer"},
      {"the old JSON keys", answered(200, R"({"error":"1","text":"x","details":"Domain does not belong to you"})"),
       "Stall DomainNotOnServer", "Stall DomainNotOnServer"},
      {"only the first line", answered(500, R"({"error":"Could not execute your request","result":""})"),
       "Stall DomainNotOnServer", "Refuse RefusedByServer"},
      {"no such domain", answered(500, R"({"error":"Error","result":"That domain does not exist"})"),
       "Stall DomainNotOnServer", "Refuse RefusedByServer"},
      {"exists", answered(500, R"({"error":"Could not execute your request","result":"Forwarder already EXISTS"})"),
       "Stall DomainNotOnServer", "Refuse AlreadyExists"},
      {"limit", answered(500, R"({"error":"Cannot create","result":"You have reached your Limit"})"),
       "Refuse RefusedByServer", "Refuse ForwarderLimitReached"},
      {"exceeded", answered(200, "error=1&text=Quota+exceeded&details="), "Refuse RefusedByServer",
       "Refuse ForwarderLimitReached"},
      {"anything else", answered(500, R"({"error":"Invalid address","result":""})"), "Refuse RefusedByServer",
       "Refuse RefusedByServer"},
      {"success says no", answered(200, R"({"success":"no","result":"x"})"), "Refuse RefusedByServer",
       "Refuse RefusedByServer"},
      {"error beside success", answered(200, R"({"success":"Forwarder Created","error":"Invalid"})"),
       "Refuse RefusedByServer", "Refuse RefusedByServer"},
      {"error as a number", answered(200, R"({"error":1})"), "Refuse RefusedByServer", "Refuse RefusedByServer"},
      {"error as a truth", answered(200, R"({"error":true})"), "Refuse RefusedByServer", "Refuse RefusedByServer"},
      {"error as an object", answered(200, R"({"error":{"0":"x"}})"), "Refuse RefusedByServer",
       "Refuse RefusedByServer"},
  });
}

TEST(AHintInAComplaint, IsAWholeWordAndNotTheNameThatItQuotes) {
  const auto refused = [](const Command& command, const std::string& result) {
    const auto what =
        interpreted(answered(500, R"({"error":"Cannot create forwarder","result":")" + result + R"("})"), command);
    return verdict(what);
  };
  const auto create = [](const char* local) {
    return createForwarder("acme-limited.test", {local, {"exist@limit.example"}});
  };
  struct Refused {
    const char* local;
    const char* result;
    const char* verdict;
  };
  const std::vector<Refused> cases{
      {"aa", "Cannot create aa@acme-limited.test", "Refuse RefusedByServer"},
      {"aa", "Cannot create AA@Acme-Limited.Test", "Refuse RefusedByServer"},
      {"aa", "exist@limit.example is not allowed", "Refuse RefusedByServer"},
      {"limit", "Cannot create limit", "Refuse RefusedByServer"},
      {"limit", "Cannot create 'Limit'@acme-limited.test", "Refuse RefusedByServer"},
      {"o'exist", "Cannot create o'exist", "Refuse RefusedByServer"},
      {"exist", "exist -> exist@limit.example: invalid", "Refuse RefusedByServer"},
      {"aa", "Unlimited accounts only", "Refuse RefusedByServer"},
      {"aa", "Our coexistence rules forbid it", "Refuse RefusedByServer"},
      {"aa", "over-limit@other.example refused", "Refuse RefusedByServer"},
      {"aa", "aa@acme-limited.test: limit reached.", "Refuse ForwarderLimitReached"},
      {"a", "You have reached a Limit.", "Refuse ForwarderLimitReached"},
      {"aa", "(limits)", "Refuse ForwarderLimitReached"},
      {"aa", "this would exceed your share", "Refuse ForwarderLimitReached"},
      {"aa", "it exceeds your share", "Refuse ForwarderLimitReached"},
      {"aa", "share exceeded", "Refuse ForwarderLimitReached"},
      {"aa", "aa@acme-limited.test already exists!", "Refuse AlreadyExists"},
      {"aa", "they exist: aa", "Refuse AlreadyExists"},
      {"aa", "an existing forwarder", "Refuse AlreadyExists"},
      {"aa", "aa does not exist", "Refuse RefusedByServer"},
      {"aa", "aa doesn't exist", "Refuse RefusedByServer"},
  };
  for (const Refused& c : cases)
    EXPECT_EQ(refused(create(c.local), c.result), c.verdict) << c.local << ": " << c.result;

  const auto deletion = deleteForwarders("acme-limited.test", {"Exist", "limit"});
  EXPECT_EQ(refused(deletion, "limit and EXIST are locked"), "Refuse RefusedByServer");
  EXPECT_EQ(refused(deletion, "deleting limit exceeds your share"), "Refuse ForwarderLimitReached");
}

TEST(AnErrorThatIsNone, IsAnAnswer) {
  check({
      {"\"0\"", answered(200, R"({"error":"0","text":"ok"})"), "answer", "answer"},
      {"0", answered(200, R"({"error":0})"), "answer", "answer"},
      {"empty", answered(200, R"({"error":"","success":"Option Saved"})"), "answer", "answer"},
      {"form", answered(200, "error=0&text=Forwarder%20Created&details="), "answer", "answer"},
      {"a forwarder of that name", answered(200, R"({"error":["a@x.example"]})"), "answer", "answer"},
  });
}

TEST(TroubleOnTheServer, IsTriedAgainWhenReadAndUnclearWhenWritten) {
  check({
      {"500, no body", answered(500, ""), "Retry ServerError", "Unclear ServerError"},
      {"502, a proxy's page", answered(502, "<html><h1>Bad Gateway</h1></html>"), "Retry ServerError",
       "Unclear ServerError"},
      {"500, an empty list", answered(500, "{}"), "Retry ServerError", "Unclear ServerError"},
      {"500, a list", answered(500, R"({"anna":["a@x.example"]})"), "Retry ServerError", "Unclear ServerError"},
      {"500, a broken body", answered(500, R"({"error":"Could)"), "Retry ServerError", "Unclear ServerError"},
      {"500, success", answered(500, R"({"success":"Forwarder Created"})"), "Retry ServerError", "Unclear ServerError"},
      {"200, a broken body", answered(200, R"({"anna":["a@x.example")"), "Retry UnexpectedAnswer",
       "Unclear UnexpectedAnswer"},
      {"200, prose", answered(200, "It works!"), "Retry UnexpectedAnswer", "Unclear UnexpectedAnswer"},
      {"404, a page", answered(404, "<!doctype html><title>nginx</title>"), "Stall UnexpectedAnswer",
       "Stall UnexpectedAnswer"},
      {"404, nothing", answered(404, ""), "Stall UnexpectedAnswer", "Stall UnexpectedAnswer"},
      {"400", answered(400, "Bad Request"), "Retry UnexpectedAnswer", "Refuse RefusedByServer"},
      {"429", answered(429, R"({"error":"Too many"})", {{"retry-after", "17"}}), "Wait Throttled", "Wait Throttled"},
      {"429, a page", answered(429, "<html>slow down</html>"), "Wait Throttled", "Wait Throttled"},
  });
}

TEST(AThrottledRequest, NamesThePauseAndHasOneWithoutTheHeader) {
  const auto asked = interpreted(answered(429, "", {{"retry-after", "17"}}), reading());
  EXPECT_EQ(std::get<Error>(asked).retryAfter, std::chrono::seconds{17});
  EXPECT_EQ(std::get<Error>(interpreted(answered(429, ""), reading())).retryAfter, std::chrono::seconds{60});
  const auto down = interpreted(answered(503, "", {{"retry-after", "30"}}), reading());
  EXPECT_EQ(std::get<Error>(down).retryAfter, std::chrono::seconds{30});
}

TEST(AServerThatWantsHttps, IsNamedWithTheUrlToWrite) {
  struct Redirect {
    const char* server;
    http::Response response;
    const char* url;  ///< nullptr: an ordinary refusal
  };
  const auto to = [](const char* location) { return answered(302, "", {{"location", location}}); };
  const std::vector<Redirect> cases{
      {"http://localhost:2222", to("https://localhost:2222/CMD_LOGIN"), "https://localhost:2222"},
      {"http://localhost:2222", to("HTTPS://LocalHost/"), "https://localhost"},
      {"http://[::1]:2222", to("https://[::1]:2223/x"), "https://[::1]:2223"},
      {"http://localhost:2222", answered(200, "{}", {{"x-use-https", "yes"}}), "https://localhost:2222"},
      {"http://localhost:2222", to("https://evil.example/"), nullptr},
      {"http://localhost:2222", to("https://localhost:22x/"), nullptr},
      {"http://localhost:2222", to("http://localhost:2222/login"), nullptr},
      {"http://localhost:2222", to("/login"), nullptr},
      {"https://localhost:2222", to("https://localhost:2222/login"), nullptr},
  };
  for (const auto& c : cases) {
    const Reading what = interpreted(c.response, reading(), c.server);
    if (c.url == nullptr) {
      EXPECT_EQ(verdict(what), "refusal") << c.response.header("location");
      continue;
    }
    ASSERT_EQ(verdict(what), "Stall UseHTTPS") << c.url;
    EXPECT_NE(std::get<Error>(what).message.find("write " + std::string(c.url) + " in"), std::string::npos);
  }
  const auto off = interpreted(answered(200, "{}", {{"x-use-https", "no"}}), reading(), "http://localhost:2222");
  EXPECT_EQ(verdict(off), "answer");
}

TEST(AMessage, NeverRepeatsWhatTheServerSaid) {
  const std::string poison = "s3cr3t<script>";
  const std::vector<http::Response> responses{
      answered(200, R"({"error":")" + poison + R"(","result":"exists, limit, do not own"})"),
      answered(500, "error=1&text=" + poison),
      answered(500, poison),
      answered(404, poison),
      answered(429, poison),
      answered(200, poison),
      answered(400, poison),
      answered(302, poison, {{"location", "https://localhost:2222/" + poison}}),
  };
  for (const auto& response : responses) {
    for (const Command& command : {reading(), writing()}) {
      const Reading what = interpreted(response, command, "http://localhost:2222");
      const auto* error = std::get_if<Error>(&what);
      ASSERT_NE(error, nullptr) << response.body;
      testing::expectStyle(*error);
      EXPECT_EQ(error->message.find("s3cr3t"), std::string::npos) << error->message;
      EXPECT_NE(error->message.find("localhost:2222"), std::string::npos) << error->message;
    }
  }
}

TEST(AWrite, IsConfirmedByItsWordAlone) {
  const auto confirmed = [](const char* body) {
    const Reading what = interpreted(answered(200, body), writing());
    return confirms(std::get<Answer>(what));
  };
  EXPECT_TRUE(confirmed(
      R"({"result":"Alias kurt@birkenhof.example -> kurt@zoho.birkenhof.example has been created\n","success":"Forwarder Created"})"));
  EXPECT_TRUE(confirmed(R"({"result":"","success":"Forwarders Deleted"})"));
  EXPECT_TRUE(confirmed(R"({"error":"0"})"));
  EXPECT_TRUE(confirmed(R"({"error":0})"));
  EXPECT_TRUE(confirmed("error=0&text=Forwarder%20Created&details="));
  EXPECT_FALSE(confirmed(""));
  EXPECT_FALSE(confirmed("{}"));
  EXPECT_FALSE(confirmed("[]"));
  EXPECT_FALSE(confirmed("text=Forwarder+Created"));
  EXPECT_FALSE(confirmed(R"({"error":["a@x.example"]})"));
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
