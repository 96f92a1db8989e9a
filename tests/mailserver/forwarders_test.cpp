#include "mailserver/directadmin/forwarders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_transport.h"

namespace splitdelivery::mailserver::directadmin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr const char* kDomain = "birkenhof.example";

/// None, too, when the body is an error or a refusal.
std::optional<api::Forwarders> listed(const std::string& body) {
  const Reading what =
      interpret(splitdelivery::testing::answered(200, body), listForwarders(kDomain), "https://s:2222", {});
  const auto* answer = std::get_if<Answer>(&what);
  return answer == nullptr ? std::nullopt : parseForwarders(*answer, kDomain);
}

api::Forwarder rule(const char* local, api::Destinations destinations, const char* name = nullptr) {
  return {local, std::move(destinations), name == nullptr ? local : name};
}

TEST(TheListOfForwarders, ReadsTheAnswersThatWereSeen) {
  const auto anna = rule("anna", {"anna@zoho.birkenhof.example"});
  const auto team = rule("team", {"anna@zoho.birkenhof.example", "jo@nordlicht.example"});
  const auto noreply = rule("noreply", {":blackhole:"});

  EXPECT_THAT(listed("anna=anna%40zoho.birkenhof.example&team=anna%40zoho.birkenhof.example%2Cjo%40nordlicht.example&"
                     "noreply=%3Ablackhole%3A"),
              Optional(ElementsAre(anna, noreply, team)));
  EXPECT_THAT(listed("team=anna@zoho.birkenhof.example,jo@nordlicht.example&anna=anna@zoho.birkenhof.example"),
              Optional(ElementsAre(anna, team)));
  EXPECT_THAT(listed("team&#61anna&#64zoho.birkenhof.example&#44jo%40nordlicht.example"), Optional(ElementsAre(team)));
  EXPECT_THAT(listed("anna=anna%2540zoho.birkenhof.example"), Optional(ElementsAre(anna))) << "encoded twice";
  EXPECT_THAT(listed(R"({"anna":["anna@zoho.birkenhof.example"],
                         "team":["anna@zoho.birkenhof.example","jo@nordlicht.example"]})"),
              Optional(ElementsAre(anna, team)));
  EXPECT_THAT(listed(R"({"team":"jo@nordlicht.example, anna@zoho.birkenhof.example"})"), Optional(ElementsAre(team)));
  EXPECT_THAT(listed(R"({"team":["jo@nordlicht.example,anna@zoho.birkenhof.example"]})"), Optional(ElementsAre(team)));
}

TEST(TheListOfForwarders, IsEmptyWhenTheServerSaysNothing) {
  for (const char* body : {"", "\n", "{}", "[]", " {} ", R"("")", "null", " null\n", "list[]=", "list%5B%5D="}) {
    EXPECT_THAT(listed(body), Optional(IsEmpty())) << body;
  }
}

TEST(TheListOfForwarders, KeepsDestinationsThatAreNoAddresses) {
  EXPECT_THAT(
      listed(R"({"a":[":fail:"],"b":[":fail: nobody here"],"c":["\"|/usr/bin/php -q, x\""],"d":["mara"],"e":[]})"),
      Optional(ElementsAre(rule("a", {":fail:"}), rule("b", {":fail: nobody here"}),
                           rule("c", {"\"|/usr/bin/php -q, x\""}), rule("d", {"mara"}), rule("e", {}))));
  EXPECT_THAT(listed("c=%22%7C%2Fbin%2Fx%2Cy%22%2Cmara"), Optional(ElementsAre(rule("c", {"\"|/bin/x,y\"", "mara"}))));
}

TEST(TheListOfForwarders, KeepsAFileOrACommandWithBlanksInIt) {
  for (const char* kept : {"/home/u/my folder", R"(\\mara and jo)", "|/bin/x -y", ":fail: nobody here"}) {
    const std::string value = kept;
    const std::string plain = value.starts_with('\\') ? R"(\mara and jo)" : value;
    EXPECT_THAT(listed(R"({"box":")" + value + R"(","anna":["a@x.example"]})"),
                Optional(ElementsAre(rule("anna", {"a@x.example"}), rule("box", {plain.c_str()}))))
        << kept;
  }
  EXPECT_THAT(listed("box=%2Fhome%2Fu%2Fmy+folder"), Optional(ElementsAre(rule("box", {"/home/u/my folder"}))));
  EXPECT_THAT(listed("no=%3Afail%3A+gone%2C+not+here&anna=a@x.example"),
              Optional(ElementsAre(rule("anna", {"a@x.example"}), rule("no", {":fail: gone", "not here"}))));
}

TEST(AnArrayUnderAName, IsAForwarderWhateverTextItHolds) {
  EXPECT_THAT(listed(R"({"anna":["a@x.example"],"odd":["two words"],"odder":["Jo Doe <jo@x.example>"]})"),
              Optional(ElementsAre(rule("anna", {"a@x.example"}), rule("odd", {"two words"}),
                                   rule("odder", {"Jo Doe <jo@x.example>"}))));
  EXPECT_THAT(listed(R"({"odd":["a\u001b[2Jb\nc"]})"), Optional(ElementsAre(rule("odd", {"a?[2Jb?c"}))))
      << "nothing that a terminal would obey";
}

TEST(TheListOfForwarders, KeepsTheNameAsTheServerSpellsIt) {
  EXPECT_THAT(listed(R"({"Anna":["X@Zoho.Birkenhof.Example."]})"),
              Optional(ElementsAre(rule("anna", {"x@zoho.birkenhof.example"}, "Anna"))));
  EXPECT_THAT(listed(R"({"Jo@Birkenhof.example":["x@a.example"]})"),
              Optional(ElementsAre(rule("jo", {"x@a.example"}, "Jo"))));
  EXPECT_THAT(listed(R"({"jo@other.example":["x@a.example"]})"),
              Optional(ElementsAre(rule("jo@other.example", {"x@a.example"}))));
}

TEST(ForwardersThatDifferInCaseAlone, AreOneWithTheDestinationsOfBoth) {
  EXPECT_THAT(listed(R"({"ANNA":["b@x.example"],"Anna":["a@x.example","b@x.example"]})"),
              Optional(ElementsAre(rule("anna", {"a@x.example", "b@x.example", "b@x.example"}, "ANNA"))));
  EXPECT_THAT(listed(R"({"Anna":["b@x.example"],"anna":["a@x.example"]})"),
              Optional(ElementsAre(rule("anna", {"a@x.example", "b@x.example"}, "anna"))))
      << "the canonical spelling is preferred";
  EXPECT_THAT(listed("anna=a@x.example&anna=b@x.example"),
              Optional(ElementsAre(rule("anna", {"a@x.example", "b@x.example"}))));
}

TEST(ForwardersThatDifferInCaseAlone, NeverLookLikeOneThatWeMade) {
  for (const char* body :
       {R"({"Anna":["a@x.example"],"anna":["a@x.example"]})", R"({"Anna":["A@x.example"],"anna":"a@X.example"})",
        "Anna=a@x.example&anna=a@x.example", "anna=a@x.example&anna=a@x.example",
        R"({"Anna":[],"anna":["a@x.example"]})", R"({"Anna":["a@x.example"],"anna":[]})"}) {
    EXPECT_THAT(listed(body), Optional(ElementsAre(rule("anna", {"a@x.example", "a@x.example"})))) << body;
  }
  EXPECT_THAT(listed(R"({"anna":["a@x.example","A@x.example"]})"), Optional(ElementsAre(rule("anna", {"a@x.example"}))))
      << "one row that repeats itself is still one";
}

TEST(AForwarderNamedLikeAMessage, IsAnArrayWhileAMessageIsAString) {
  for (const char* name : {"error", "success", "result", "text", "details"}) {
    const std::string key = std::string("{\"") + name + "\":";
    EXPECT_THAT(listed(key + R"(["a@x.example"]})"), Optional(ElementsAre(rule(name, {"a@x.example"})))) << name;
    EXPECT_FALSE(listed(key + R"("a@x.example"})")) << name;
    EXPECT_FALSE(listed(key + R"("a@x.example","anna":["a@x.example"]})")) << name;
  }
}

TEST(AForwarderNamedErrorInAForm, MakesTheListUnreadableRatherThanShort) {
  EXPECT_FALSE(listed("anna=a@x.example&error=a@x.example"));
  EXPECT_FALSE(listed("anna=a@x.example&error=0"));
  EXPECT_FALSE(listed("error=0&text=&details="));
  EXPECT_THAT(listed("details=a@x.example&text=b@x.example"),
              Optional(ElementsAre(rule("details", {"a@x.example"}), rule("text", {"b@x.example"}))));
}

TEST(TheListOfForwarders, IsNothingElse) {
  for (const char* body : {R"(["anna"])",
                           R"({"anna":1})",
                           R"({"anna":null})",
                           R"({"anna":{"0":"a@x.example"}})",
                           R"({"anna":[1]})",
                           R"({"anna":[["a@x.example"]]})",
                           R"({"message":"Bad Gateway"})",
                           R"({"an na":["a@x.example"]})",
                           R"({"":["a@x.example"]})",
                           R"({"anna":"two words"})",
                           R"({"error":"0","anna":["two words"]})",
                           R"({"result":"Forwarder Created"})",
                           R"({"result":"/ is not: found"})",
                           R"("anna")",
                           R"("" "")",
                           "nullnull",
                           "NULL",
                           "list[]=&list[]=",
                           "list[]=&anna=a@x.example",
                           R"({"success":"Forwarder Created","result":""})",
                           R"({"error":"0"})",
                           R"({"anna":["a@x.example"]} trailing)",
                           R"({"anna":["a@x.exa)",
                           "list[]=a&list[]=b",
                           "<html></html>",
                           "anna",
                           "a b=c"}) {
    EXPECT_FALSE(listed(body)) << body;
  }
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
