#include <gtest/gtest.h>

#include <array>
#include <random>

#include "fake_transport.h"
#include "mailserver/directadmin/forwarders.h"
#include "mailserver/directadmin/limits.h"
#include "mailserver/directadmin/names.h"

/// Bytes that no server should send, from fixed seeds.
namespace splitdelivery::mailserver::directadmin {
namespace {

using Random = std::mt19937_64;

constexpr const char* kDomain = "a.example";

Reading interpreted(std::string body, int status = 200) {
  return interpret(splitdelivery::testing::answered(status, std::move(body)), listForwarders(kDomain),
                   "https://s.example:2222", base::WallTime{});
}

/// Whether any of the parsers takes this for something to act on.
bool yieldsAList(const Reading& what) {
  const auto* answer = std::get_if<Answer>(&what);
  return answer != nullptr &&
         (parseForwarders(*answer, kDomain) || parseMailboxes(*answer, kDomain) || parseDomains(*answer));
}

/// What an answer is made of, so that chance gets past the first character.
std::string randomText(Random& random) {
  static constexpr std::array<std::string_view, 26> kPieces{
      "{", "}",   "[",      "]", ",",         ":",       "\"",     "anna", "error", "=",    "&", "&#",   "64",
      "%", "%40", "list[]", "@", "x.example", "\\u00e9", "<html>", " ",    "\n",    "null", "0", "\xff", "success"};
  std::string text;
  const std::size_t pieces = random() % 24;
  for (std::size_t i = 0; i < pieces; ++i) {
    if (random() % 8 == 0) {
      text += static_cast<char>(random() & 255U);
    } else {
      text += kPieces.at(random() % kPieces.size());
    }
  }
  return text;
}

TEST(RandomBytes, NeverBreakAParserAndOnlyEverYieldWholeNames) {
  Random random(7);
  std::size_t lists = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string body = randomText(random);
    const Reading what = interpreted(body);
    const auto* answer = std::get_if<Answer>(&what);
    if (answer == nullptr) continue;
    (void)parseForwarderCount(*answer);
    (void)parseMailboxes(*answer, kDomain);
    (void)parseDomains(*answer);
    const auto forwarders = parseForwarders(*answer, kDomain);
    if (!forwarders) continue;
    ++lists;
    for (const auto& forwarder : *forwarders) {
      EXPECT_FALSE(forwarder.local.empty()) << body;
      EXPECT_FALSE(forwarder.name.empty()) << body;
      EXPECT_EQ(forwarder.local.find_first_of(" \n\t"), std::string::npos) << body;
    }
  }
  EXPECT_GT(lists, 100U) << "the pieces do make lists now and then";
}

TEST(AWholeListCutOffAnywhere, IsNoList) {
  const std::string whole = R"({"anna":["anna@zoho.a.example"],"team":["a@x.example","b@x.example"]})";
  ASSERT_TRUE(yieldsAList(interpreted(whole)));
  for (std::size_t length = 1; length < whole.size(); ++length) {
    EXPECT_FALSE(yieldsAList(interpreted(whole.substr(0, length)))) << whole.substr(0, length);
  }
}

TEST(AnErrorAmongAnything, NeverYieldsAList) {
  Random random(11);
  const std::array<std::string, 4> errors{R"("error":"Could not execute your request")", R"("error":"1")",
                                          R"("success":"no")", R"("error":true)"};
  const std::array<std::string, 4> company{R"("anna":["anna@x.example"])", R"("list":["anna"])", R"("result":"")",
                                           R"("bob":"b@x.example")"};
  for (int i = 0; i < 2'000; ++i) {
    std::vector<std::string> members{errors.at(random() % errors.size())};
    for (std::size_t k = random() % 4; k > 0; --k) members.push_back(company.at(random() % company.size()));
    std::shuffle(members.begin(), members.end(), random);
    std::string body = "{";
    for (const auto& member : members) body += (body.size() > 1 ? "," : "") + member;
    body += "}";
    const Reading what = interpreted(body, random() % 2 == 0 ? 200 : 500);
    EXPECT_FALSE(yieldsAList(what)) << body;
  }
}

TEST(AnErrorAmongAnything, NeverYieldsAListFromAFormEither) {
  Random random(13);
  std::vector<std::string> fields{"error=1", "text=Could+not", "details=You+do+not", "anna=a%40x.example",
                                  "list%5B%5D=anna"};
  for (int i = 0; i < 500; ++i) {
    std::shuffle(fields.begin(), fields.end(), random);
    std::string body;
    for (const auto& field : fields) body += (body.empty() ? "" : "&") + field;
    EXPECT_FALSE(yieldsAList(interpreted(body))) << body;
  }
}

TEST(AVeryDeepBody, IsReadWithoutGrowingTheStack) {
  EXPECT_FALSE(yieldsAList(interpreted(std::string(200'000, '['))));
  EXPECT_FALSE(yieldsAList(interpreted(std::string(200'000, '[') + std::string(200'000, ']'))));
  std::string objects;
  for (int i = 0; i < 50'000; ++i) objects += R"({"list":)";
  objects += "[]" + std::string(50'000, '}');
  EXPECT_FALSE(yieldsAList(interpreted(objects)));
}

}  // namespace
}  // namespace splitdelivery::mailserver::directadmin
