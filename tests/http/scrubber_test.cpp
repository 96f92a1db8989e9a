#include "http/scrubber.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "http/percent.h"
#include "http/scrub_words.h"

namespace splitdelivery::http {
namespace {

std::string scrubbed(std::string_view text) {
  Scrubber scrubber;
  return scrubber.body(text);
}

TEST(AScrubbedAnswer, OfZohoShowsItsFormAndNobodysName) {
  EXPECT_EQ(scrubbed(R"({"status":{"code":200,"description":"success"},"data":[
{"zuid":810220011,"accountId":"6123450000000008002","type":"ZOHO_ACCOUNT","primaryEmailAddress":"ida@fjordlab.example",
 "accountDisplayName":"Ida","mailboxStatus":"enabled","status":true,"iamStatus":1,"policyId":{"zoid":810220000},
 "emailAddress":[{"mailId":"ida.home@webmail.example","isPrimary":false,"isAlias":false,"isConfirmed":true}],
 "groupList":[{"zgid":810220900,"name":"Sales","emailId":"sales@fjordlab.example","role":"moderator"}]}]})"),
            R"({"status":{"code":200,"description":"success"},"data":[
{"zuid":100000001,"accountId":"1000000000000000002","type":"ZOHO_ACCOUNT","primaryEmailAddress":"user1@domain1.example",
 "accountDisplayName":"word1","mailboxStatus":"enabled","status":true,"iamStatus":1,"policyId":{"zoid":100000003},
 "emailAddress":[{"mailId":"user2@domain2.example","isPrimary":false,"isAlias":false,"isConfirmed":true}],
 "groupList":[{"zgid":100000004,"name":"word3","emailId":"user3@domain1.example","role":"moderator"}]}]})");
}

TEST(AScrubbedAnswer, OfDirectAdminHasItsKeysScrubbedToo) {
  EXPECT_EQ(
      scrubbed(R"({"anna":["anna@zoho.birkenhof.example"],"team":["jo@nordlicht.example"],"no-reply":[":fail:"]})"),
      R"({"word1":["user1@zoho.domain1.example"],"word2":["user3@domain2.example"],"word4":[":fail:"]})");
}

TEST(AScrubbedAnswer, ThatIsAFormStaysOne) {
  EXPECT_EQ(scrubbed("list[]=birkenhof.example&list[]=nordlicht.example"),
            "list[]=domain1.example&list[]=domain2.example");
  EXPECT_EQ(scrubbed("anna=anna%40zoho.birkenhof.example&noreply=%3Ablackhole%3A"),
            "word1=user1%40zoho.domain1.example&word2=%3Ablackhole%3A");
  EXPECT_EQ(scrubbed("details=Unauthorized&error=1&text=Not+logged+in"),
            "details=Unauthorized&error=1&text=Not+logged+in");
  EXPECT_EQ(scrubbed("mara=quota%3D1024%26usage%3D12.4%26suspended%3Dno"),
            "word1=quota%3D1001%26usage%3D11.1%26suspended%3Dno");
}

TEST(AScrubbedError, KeepsItsWordsAndLosesItsAddresses) {
  EXPECT_EQ(scrubbed(R"({"error":"Could not execute your request","result":"You do not own that domain"})"),
            R"({"error":"Could not execute your request","result":"You do not own that domain"})");
  EXPECT_EQ(scrubbed(R"({"result":"Alias kurt@birkenhof.example -> kurt@zoho.birkenhof.example has been created\n"})"),
            R"({"result":"Alias user1@domain1.example -> user1@zoho.domain1.example has been created "})");
  EXPECT_EQ(scrubbed(R"([2,{"msg":"…","status":"401","authFail":"true","errorCode":"INVALID_OAUTHSCOPE"}])"),
            R"([2,{"msg":"word1","status":"401","authFail":"true","errorCode":"INVALID_OAUTHSCOPE"}])");
}

TEST(AScrubbedToken, LeavesItsLengthAlone) {
  EXPECT_EQ(scrubbed(R"({"access_token":"1000.aa11bb22.cc33dd44","expires_in":3600,"token_type":"Bearer"})"),
            R"({"access_token":"xxxxxxxxxxxxxxxxxxxxxx","expires_in":1001,"token_type":"Bearer"})");
}

TEST(ScrubbedHtml, IsItsTitleAndItsLength) {
  EXPECT_EQ(scrubbed("\n<!doctype html><html><head><TITLE lang=en> DirectAdmin Login </TITLE></head>Anna</html>"),
            "<title>DirectAdmin Login</title>\n(HTML of 88 bytes)\n");
  EXPECT_EQ(scrubbed("<p>Anna's page"), "<title></title>\n(HTML of 14 bytes)\n");
  EXPECT_EQ(scrubbed("<title>Anna"), "<title></title>\n(HTML of 11 bytes)\n");
  EXPECT_EQ(scrubbed("<title>Birkenhof</title>"), "<title>word1</title>\n(HTML of 24 bytes)\n");
}

TEST(ABrokenBody, IsScrubbedAllTheSame) {
  EXPECT_EQ(scrubbed(R"({"primaryEmailAddress":"ida@fjordl)"), R"({"primaryEmailAddress":"user1@word2)");
  EXPECT_EQ(scrubbed(R"({"name":"Ida)"), R"({"name":"word1)");
  EXPECT_EQ(scrubbed(R"({"name":"Ida\)"), R"({"name":"word1/)");
  EXPECT_EQ(scrubbed("{name:Ida}"), "{name:word1}");
  EXPECT_EQ(scrubbed("\"\\u0049da\""), R"("word1")") << "escapes hide nothing";
  EXPECT_EQ(scrubbed("\"B\\u00fccher B\xC3\xBC"
                     "cher\""),
            R"("word1 word2")");
  EXPECT_EQ(scrubbed("%49%64%61"), "word1");
  EXPECT_EQ(scrubbed(""), "");
}

TEST(Numbers, PassOnlyWhenTheyAreShortAndAlone) {
  Scrubber scrubber;
  EXPECT_EQ(scrubber.value("200"), "200");
  EXPECT_EQ(scrubber.value("-1"), "-1");
  EXPECT_EQ(scrubber.value("0"), "0");
  EXPECT_EQ(scrubber.value("4711"), "1001");
  EXPECT_EQ(scrubber.value("+49 30 123-45"), "+11 11 111-11") << "a telephone number";
  EXPECT_EQ(scrubber.value("192.168.7.42"), "111.111.1.11");
  EXPECT_EQ(scrubber.value("2026-11-24"), "1111-11-11");
}

TEST(TheSameName, ComesOutTheSameThroughoutARecording) {
  Scrubber scrubber;
  EXPECT_EQ(scrubber.path("/api/organization/60012345/accounts?start=0&limit=500"),
            "/api/organization/10000001/accounts?start=0&limit=500");
  EXPECT_EQ(scrubber.body("60012345"), "10000001");
  EXPECT_EQ(scrubber.path("/CMD_API_EMAIL_FORWARDERS?domain=Example.COM&json=yes"),
            "/CMD_API_EMAIL_FORWARDERS?domain=domain1.example&json=yes");
  EXPECT_EQ(scrubber.body("a@example.com"), "user1@domain1.example");
  EXPECT_EQ(scrubber.body("mx7.example.com"), "sub1.domain1.example");
}

TEST(AFieldsName, IsNoLicenceForASurname) {
  EXPECT_EQ(scrubbed(R"({"page":"Jimmy Page"})"), R"({"page":"word1 word2"})");
}

/// Every run of letters and digits, in lower case.
std::set<std::string> runsIn(std::string_view text) {
  std::set<std::string> runs;
  std::string run;
  for (const char c : std::string(text) + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      run += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!run.empty()) {
      runs.insert(std::exchange(run, {}));
    }
  }
  return runs;
}

/// Documents, forms, and heaps of both, with names that start with "zq".
class Author {
 public:
  explicit Author(std::uint32_t seed) : random_(seed) {}

  std::string text() {
    std::string text;
    for (int i = 0; i < 40; ++i) text += piece();
    return text;
  }
  [[nodiscard]] const std::set<std::string>& names() const { return names_; }

 private:
  std::size_t upTo(std::size_t most) { return random_() % (most + 1); }

  std::string name() {
    std::string name = "zq";
    for (std::size_t i = upTo(25); i > 0; --i) name += "abcdefghijklmnopqrstuvwxyz0123456789"[upTo(35)];
    names_.insert(name);
    if (upTo(4) == 0) name[0] = 'Z';
    return name;
  }

  std::string piece() {
    static const std::vector<std::string> kGlue{
        "{\"", "\":\"",  "\",\"",    "\"}",     "[",   "]",  "=",   "&",     "\\\"", "\\",
        " ",   "\n",     "@",        ".",       "%40", "%2", "+",   ":",     "'",    "<b>",
        "\\n", "mailId", "\xC3\xBC", "\\u00e4", "-",   "/",  "200", "error", "%"};
    switch (upTo(6)) {
      case 0:
        return name();
      case 1:
        return name() + "@" + name() + ".example";
      case 2:
        return "\"" + name() + "\":[\"" + name() + "@zoho." + name() + ".com\"]";
      case 3:
        return percentEncoded(name() + "@" + name() + ".org");
      default:
        return kGlue[upTo(kGlue.size() - 1)];
    }
  }

  std::mt19937 random_;
  std::set<std::string> names_;
};

TEST(NoWordOutsideTheVocabulary, SurvivesInWhateverItStands) {
  for (std::uint32_t seed = 1; seed <= 2000; ++seed) {
    Author author(seed);
    const std::string text = author.text();
    const std::string clean = scrubbed(text);
    for (const auto& run : runsIn(clean)) {
      ASSERT_FALSE(run.starts_with("zq") || author.names().contains(run)) << run << " of\n" << text << "\n" << clean;
    }
  }
}

TEST(NoLongNumber, SurvivesInWhateverItStands) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const std::string id = std::to_string(random() | (1ULL << 40U));
    for (const auto& text : {id, "\"" + id + "\"", "a=" + id, "+" + id, id + "@x.example", "{\"zuid\":" + id + "}"}) {
      ASSERT_EQ(scrubbed(text).find(id), std::string::npos) << text;
    }
  }
}

TEST(TheVocabulary, HoldsNoCommonName) {
  for (const char* name : {"anna", "bob", "Will", "Mark", "Grant", "Sales", "Page", "Fields", "Ida", "example"}) {
    EXPECT_FALSE(isKnownWord(name)) << name;
  }
}

}  // namespace
}  // namespace splitdelivery::http
