#include "mailserver/directadmin/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "panel.h"
#include "support/message_style.h"

/// The switch, the catch-all and the pointers of a domain: read to the letter, or not at all.
namespace splitdelivery::mailserver::directadmin {
namespace {

using splitdelivery::testing::answered;
using splitdelivery::testing::FakeTransport;
using splitdelivery::testing::outcome;
using splitdelivery::testing::Panel;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr const char* kDomain = "a.example";
constexpr const char* kServer = "https://s.example:2222";

Reading interpreted(const Command& command, std::string body, int status = 200) {
  return interpret(answered(status, std::move(body)), command, kServer, base::WallTime{});
}

/// What `parse` makes of a body; nullopt too where the body is no answer at all.
template <class Parse>
auto parsed(const Command& command, Parse parse, const std::string& body) -> decltype(parse(Answer{})) {
  const Reading what = interpreted(command, body);
  const auto* answer = std::get_if<Answer>(&what);
  return answer == nullptr ? std::nullopt : parse(*answer);
}

std::optional<bool> internalIn(const std::string& body) {
  return parsed(showMailRouting(kDomain), parseInternal, body);
}
std::optional<CatchAll> catchAllIn(const std::string& body) {
  return parsed(showCatchAll(kDomain), parseCatchAll, body);
}
std::optional<std::vector<Pointer>> pointersIn(const std::string& body) {
  return parsed(listPointers(kDomain), parsePointers, body);
}

TEST(TheLocalDeliverySwitch, IsReadFromEveryFace) {
  struct Face {
    const char* body;
    bool on;
  };
  for (const Face& face : {Face{R"({"internal":"yes"})", true}, Face{R"({"internal":"no"})", false},
                           Face{R"({"10":"mail","internal":"no","records":[{"name":"mail","value":"10"}]})", false},
                           Face{"internal=yes", true}, Face{"internal=no&", false},
                           Face{"10=mail\ninternal=no&affect_pointers=yes\n", false},
                           Face{"internal=yes&\r\n10=mail\r\n20=mail2.a.example.\r\n", true},
                           Face{"mail.a.example. 10\n\ninternal&#61no\n", false}}) {
    EXPECT_THAT(internalIn(face.body), Optional(face.on)) << face.body;
  }
}

TEST(TheLocalDeliverySwitch, IsNeverGuessed) {
  for (const char* body : {"",
                           "{}",
                           "[]",
                           "null",
                           R"({"internal":""})",
                           R"({"internal":true})",
                           R"({"internal":null})",
                           R"({"internal":1})",
                           R"({"internal":"on"})",
                           R"({"internal":"Yes please"})",
                           R"({"internal":["yes"]})",
                           R"(["internal","yes"])",
                           R"({"Internal":"yes"})",
                           R"({"external":"yes"})",
                           R"({"success":"Option Saved"})",
                           "internal=",
                           "internal=maybe",
                           "internal=ye",
                           "10=mail\n20=mail2\n",
                           "internal=yes\ninternal=no\n",
                           "internal=yes&internal=yes",
                           "internal",
                           "internal: yes",
                           "yes",
                           "list[]=internal",
                           "<b>internal=yes</b>",
                           "10=mail\n<i>\ninternal=yes\n",
                           "error=1&text=No&internal=yes",
                           "10=mail\nerror=1&text=No\ninternal=yes\n",
                           R"({"internal":"yes","error":"No"})"}) {
    EXPECT_EQ(internalIn(body), std::nullopt) << body;
  }
}

TEST(OtherCommands, AreNotReadLineByLine) {
  const Reading what = interpreted(listForwarders(kDomain), "anna=a%40x.example\nbob=b%40x.example\n");
  EXPECT_EQ(std::get_if<Answer>(&what), nullptr);
}

TEST(TheCatchAll, IsReadFromEveryFace) {
  using Kind = CatchAll::Kind;
  struct Face {
    const char* body;
    CatchAll catchAll;
  };
  for (const Face& face :
       {Face{R"({"value":":fail:"})", {Kind::Fail, ""}}, Face{"value=%3Afail%3A", {Kind::Fail, ""}},
        Face{"value=:fail:", {Kind::Fail, ""}}, Face{R"({"value":":blackhole:"})", {Kind::Blackhole, ""}},
        Face{"value=%253Ablackhole%253A", {Kind::Blackhole, ""}},
        Face{R"({"value":"All@A.Example."})", {Kind::Address, "all@a.example"}},
        Face{"value=all%40a.example", {Kind::Address, "all@a.example"}},
        Face{"value=all%2540a.example", {Kind::Address, "all@a.example"}},
        Face{"value=all&#64a.example", {Kind::Address, "all@a.example"}},
        Face{R"({"value":" dauser "})", {Kind::Address, "dauser"}},
        Face{R"({"value":"DaUser"})", {Kind::Address, "DaUser"}}}) {
    EXPECT_THAT(catchAllIn(face.body), Optional(face.catchAll)) << face.body;
  }
}

TEST(TheCatchAll, IsNeverGuessed) {
  for (const char* body : {"",
                           "{}",
                           "[]",
                           "null",
                           "value=",
                           R"({"value":""})",
                           R"({"value":null})",
                           R"({"value":[":fail:"]})",
                           R"({"value":":fail"})",
                           R"({"value":":drop:"})",
                           R"({"value":"a b"})",
                           R"({"value":"a@x.example,b@x.example"})",
                           R"({"value":"@x.example"})",
                           R"({"value":"a@"})",
                           R"({"value":"|/bin/x"})",
                           R"({"value":"a@-.example"})",
                           R"({"catch":":fail:"})",
                           "value=:fail:&value=:blackhole:",
                           "list[]=:fail:",
                           R"({"success":"ok"})",
                           "value=%253Cb%253E",
                           R"({"error":"Could not","value":":fail:"})",
                           ":fail:"}) {
    EXPECT_EQ(catchAllIn(body), std::nullopt) << body;
  }
}

TEST(ThePointers, AreReadFromEveryFaceAndMadeCanonical) {
  const Pointer alias{"alias.example", true};
  const Pointer other{"other.example", false};
  for (const char* body : {R"({"other.example":"pointer","alias.example":"alias"})",
                           "other.example=pointer&Alias.Example.=alias", "other&#46example=pointer&alias.example=alias",
                           "alias.example=alias&other.example=pointer&ALIAS.example=alias"}) {
    EXPECT_THAT(pointersIn(body), Optional(ElementsAre(alias, other))) << body;
  }
  for (const char* body : {"", " \n", "{}", "[]", R"("")", "null"}) {
    EXPECT_THAT(pointersIn(body), Optional(IsEmpty())) << body;
  }
}

TEST(ThePointers, AreNeverGuessed) {
  for (const char* body :
       {R"(["alias.example"])", R"({"alias.example":""})", R"({"alias.example":"Alias"})", R"({"alias.example":true})",
        R"({"alias.example":{"type":"alias"}})", R"({"list":["alias.example"]})", R"({"localhost":"alias"})",
        R"({"a b.example":"alias"})", R"({"success":"ok","result":""})", R"({"alias.example":"alias","info":{}})",
        "list[]=alias.example", "alias.example=alias&text=hello", "error=0&text=&details=",
        "alias.example=alias&alias.example=pointer", "alias.example", R"({"alias.example":"alias","error":"x"})"}) {
    EXPECT_EQ(pointersIn(body), std::nullopt) << body;
  }
}

TEST(TheStore, ReadsAndTurnsTheSettings) {
  Panel panel;
  EXPECT_EQ(panel.localDelivery(), true);
  EXPECT_EQ(panel.catchAll(), CatchAll{});
  EXPECT_EQ(panel.pointers(), (std::vector<Pointer>{{"b.example", true}}));
  EXPECT_EQ(outcome(panel.setLocalDelivery(false)), "ok");
  EXPECT_EQ(panel.transport.requests.back().body, "domain=a.example&action=internal&internal=no");
}

TEST(SettingsThatCannotBeRead, AreAnErrorThatIsTriedAgain) {
  for (const char* body : {"hello", "[1]", R"({"internal":"x","value":":x:","list":[]})", "internal=x&value=:x:"}) {
    Panel panel;
    panel.transport.become([=](const http::Request&) { return answered(200, body); });
    EXPECT_EQ(outcome(panel.localDelivery()), "Retry UnexpectedAnswer") << body;
    EXPECT_EQ(outcome(panel.catchAll()), "Retry UnexpectedAnswer") << body;
    EXPECT_EQ(outcome(panel.pointers()), "Retry UnexpectedAnswer") << body;
    splitdelivery::testing::expectStyle(panel.catchAll().error());
  }
}

TEST(TheSwitch, ThatTheServerRefusesToTurnIsARefusalAndNoLimitOfForwarders) {
  for (const char* body :
       {R"({"error":"Could not save","result":"The limit of local domains is reached"})",
        R"({"error":"Could not save","result":"The domain exists elsewhere"})", R"({"error":"Invalid","result":""})"}) {
    Panel panel;
    panel.written = answered(500, body);
    const auto turned = panel.setLocalDelivery(true);
    EXPECT_EQ(outcome(turned), "Refuse RefusedByServer") << body;
    splitdelivery::testing::expectStyle(turned.error());
  }
}

TEST(TheSwitch, WithoutAClearAnswerIsUnclear) {
  for (const auto& reply : {answered(200, ""), answered(500, ""), answered(200, R"({"internal":"yes"})"),
                            answered(200, "internal=yes&\n")}) {
    Panel panel;
    panel.written = reply;
    EXPECT_EQ(panel.setLocalDelivery(true).error().kind, base::ErrorKind::Unclear) << reply.body;
  }
}

TEST(RandomBytes, AreNeverTakenForASetting) {
  static constexpr std::array<std::string_view, 24> kPieces{"{",
                                                            "}",
                                                            "[",
                                                            "]",
                                                            ",",
                                                            ":",
                                                            R"("internal":"yes")",
                                                            "internal=yes",
                                                            "value",
                                                            "=",
                                                            ":fail:",
                                                            "&",
                                                            "\n",
                                                            "value=:fail:",
                                                            R"("value":":fail:")",
                                                            "x.example=alias",
                                                            "%",
                                                            "@",
                                                            "&#",
                                                            "<",
                                                            "x.example",
                                                            "pointer",
                                                            R"("error":"x")",
                                                            "error=1"};
  std::mt19937_64 random(17);
  std::size_t read = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string body;
    for (std::size_t left = random() % 12; left > 0; --left) {
      if (random() % 16 == 0) {
        body += static_cast<char>(random() & 255U);
      } else {
        body += kPieces.at(random() % kPieces.size());
      }
    }
    if (internalIn(body)) {
      ++read;
      EXPECT_NE(body.find("internal"), std::string::npos) << body;
      EXPECT_NE(body.find("yes"), std::string::npos) << body;
    }
    if (const auto found = catchAllIn(body)) {
      ++read;
      EXPECT_NE(body.find("value"), std::string::npos) << body;
      EXPECT_EQ(found->kind == CatchAll::Kind::Address, !found->address.empty()) << body;
    }
    for (const Pointer& pointer : pointersIn(body).value_or(std::vector<Pointer>{})) {
      ++read;
      EXPECT_NE(pointer.name.find('.'), std::string::npos) << body;
      EXPECT_NE(body.find(pointer.alias ? "alias" : "pointer"), std::string::npos) << body;
    }
  }
  EXPECT_GT(read, 100U) << "the pieces do make settings now and then";
}

TEST(ASettingCutOffAnywhere, IsNoSetting) {
  const std::string internal = R"({"10":"mail","internal":"yes"})";
  const std::string catchAll = R"({"value":"all@a.example"})";
  const std::string pointers = R"({"alias.example":"alias","other.example":"pointer"})";
  ASSERT_TRUE(internalIn(internal) && catchAllIn(catchAll) && pointersIn(pointers));
  for (std::size_t length = 1; length < internal.size(); ++length) EXPECT_FALSE(internalIn(internal.substr(0, length)));
  for (std::size_t length = 1; length < catchAll.size(); ++length) EXPECT_FALSE(catchAllIn(catchAll.substr(0, length)));
  for (std::size_t length = 1; length < pointers.size(); ++length) EXPECT_FALSE(pointersIn(pointers.substr(0, length)));
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
