#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_transport.h"
#include "mailserver/directadmin/limits.h"
#include "mailserver/directadmin/names.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

Answer answerOf(const char* body) {
  Reading what = interpret(splitdelivery::testing::answered(200, body), showDomains(), "https://s:2222", {});
  auto* answer = std::get_if<Answer>(&what);
  if (answer == nullptr) throw std::logic_error(std::string("no answer: ") + body);
  return std::move(*answer);
}

TEST(TheListOfDomains, IsReadInEveryFormAndMadeCanonical) {
  for (const char* body :
       {R"(["nordlicht.example","Birkenhof.Example."])", R"({"list":["birkenhof.example","nordlicht.example"]})",
        "list[]=birkenhof.example&list[]=nordlicht.example",
        "list%5B%5D=nordlicht.example&list%5B%5D=birkenhof.example&list%5B%5D=birkenhof.example",
        "list[]&#61birkenhof&#46example&list[]=nordlicht.example"}) {
    EXPECT_THAT(parseDomains(answerOf(body)), Optional(ElementsAre("birkenhof.example", "nordlicht.example"))) << body;
  }
}

TEST(TheListOfDomains, LeavesOutWhatIsNoDomain) {
  EXPECT_THAT(parseDomains(answerOf(R"(["localhost","a.example","-.-"])")), Optional(ElementsAre("a.example")));
}

TEST(AListOfNames, WithNothingInItIsEmpty) {
  for (const char* body : {"", "  \n", "[]", "{}", R"({"list":[]})", R"("")", "null", "list[]="}) {
    EXPECT_THAT(parseDomains(answerOf(body)), Optional(IsEmpty())) << body;
    EXPECT_THAT(parseMailboxes(answerOf(body), "a.example"), Optional(IsEmpty())) << body;
  }
}

TEST(AListOfNames, IsNothingElse) {
  for (const char* body :
       {R"({"anna":"quota=1"})", R"({"list":"a"})", R"({"list":["a"],"info":{}})", R"([["a"]])", R"([1])", R"([null])",
        R"(["a b"])", R"([""])", "anna=quota%3D1", "list[]=a&anna=b",
        "error=0&text=&details=", R"({"list":{"list":["a"]}})", "list[]=&list[]=", "list[]=&list[]=a"}) {
    EXPECT_FALSE(parseDomains(answerOf(body))) << body;
    EXPECT_FALSE(parseMailboxes(answerOf(body), "a.example")) << body;
  }
}

TEST(TheListOfMailboxes, HasLocalPartsWhateverTheServerWrites) {
  EXPECT_THAT(parseMailboxes(answerOf(R"(["Mara","anna@birkenhof.example","anna","jo@Birkenhof.example"])"),
                             "birkenhof.example"),
              Optional(ElementsAre("anna", "jo", "mara")));
  EXPECT_THAT(parseMailboxes(answerOf("list[]=mara&list[]=anna%2Bx"), "birkenhof.example"),
              Optional(ElementsAre("anna+x", "mara")));
}

TEST(ADomainBehindAName, IsTakenOffOnlyWhenItIsTheOne) {
  EXPECT_EQ(withoutDomain("anna@a.example", "a.example"), "anna");
  EXPECT_EQ(withoutDomain("Anna@A.Example", "a.example"), "Anna");
  EXPECT_EQ(withoutDomain("anna@b.example", "a.example"), "anna@b.example");
  EXPECT_EQ(withoutDomain("@a.example", "a.example"), "@a.example");
  EXPECT_EQ(withoutDomain("anna", "a.example"), "anna");
}

TEST(TheNumberOfForwarders, IsANumberOrUnlimited) {
  EXPECT_THAT(parseForwarderCount(answerOf(R"({"nemailf":"100","nemails":"5"})")), Optional(100U));
  EXPECT_THAT(parseForwarderCount(answerOf(R"({"nemailf":0})")), Optional(0U));
  EXPECT_THAT(parseForwarderCount(answerOf("nemails=5&nemailf=37")), Optional(37U));
  for (const char* body :
       {R"({"nemailf":"unlimited"})", "nemailf=unlimited", R"({"nemailf":null})", R"({"nemailf":-1})",
        R"({"nemailf":"12x"})", R"({"nemailf":""})", R"({"nemailf":"99999999999"})", "{}", "[]", "", "nemails=5"}) {
    EXPECT_FALSE(parseForwarderCount(answerOf(body))) << body;
  }
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
