#include "kube/raw_json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>

namespace splitdelivery::kube {
namespace {

using Json = nlohmann::json;

TEST(RawJson, GivesTheTextOfAMember) {
  const std::string object = R"( { "a" : [1, {"b": "}]\""}] , "b":"x\\\"y", "c": -1.5e3 , "d":null,"e":{}} )";
  EXPECT_EQ(memberOf(object, "a"), R"([1, {"b": "}]\""}])");
  EXPECT_EQ(memberOf(object, "b"), R"("x\\\"y")");
  EXPECT_EQ(memberOf(object, "c"), "-1.5e3");
  EXPECT_EQ(memberOf(object, "d"), "null");
  EXPECT_EQ(memberOf(object, "e"), "{}");
  EXPECT_EQ(memberOf(object, "f"), "");
  EXPECT_EQ(memberOf("[]", "a"), "");
}

TEST(RawJson, GivesAPlainTextWithoutItsQuotes) {
  const std::string object = R"({"a":"x","b":"\u0061","c":1,"d":""})";
  EXPECT_EQ(plainTextOf(object, "a"), "x");
  EXPECT_EQ(plainTextOf(object, "b"), "") << "it would have to be decoded";
  EXPECT_EQ(plainTextOf(object, "c"), "");
  EXPECT_EQ(plainTextOf(object, "d"), "");
}

TEST(RawJson, LeavesOutAMemberWhereverItStands) {
  for (const char* text : {R"({"m":{"x":[1,"]"],"y":2},"n":1})", R"({"m":{"y":2 , "x":[1,"]"]},"n":1})",
                           R"({"m":{ "x" : [1,"]"] },"n":1})", R"({"n":1,"m":{"w":0,"x":[1,"]"],"y":2}})"}) {
    Json expected = Json::parse(text);
    expected["m"].erase("x");
    EXPECT_EQ(Json::parse(without(text, "m", "x"), nullptr, false), expected) << text;
  }
  EXPECT_EQ(without(R"({"m":{"y":1}})", "m", "x"), R"({"m":{"y":1}})");
  EXPECT_EQ(without("nonsense", "m", "x"), "nonsense");
}

/// A tree of every kind of value, from a seed.
Json randomJson(std::mt19937& random, int depth) {
  static constexpr const char* kTexts[] = {"", "plain", "\"", "\\", "}]", "\n\t", "\u20ac", "a\\\"b"};
  switch (random() % (depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<int>(random()) / 3;
    case 3:
      return 0.5 * static_cast<double>(random() % 100);
    case 4:
      return kTexts[random() % std::size(kTexts)];
    case 5: {
      Json list = Json::array();
      for (std::size_t i = random() % 4; i > 0; --i) list.push_back(randomJson(random, depth - 1));
      return list;
    }
    default: {
      Json object = Json::object();
      for (std::size_t i = random() % 4; i > 0; --i) {
        object[kTexts[random() % std::size(kTexts)] + std::to_string(i)] = randomJson(random, depth - 1);
      }
      return object;
    }
  }
}

TEST(RawJson, FindsWhatAParserFinds) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Json object = {{"metadata", Json::object()}};
    for (const char* name : {"a", "managedFields", "z"}) {
      if (random() % 3 > 0) object["metadata"][name] = randomJson(random, 3);
      if (random() % 2 == 0) object[name] = randomJson(random, 3);
    }
    const std::string text = object.dump(random() % 2 == 0 ? -1 : 2);
    for (const auto& [name, value] : object.items()) {
      EXPECT_EQ(Json::parse(memberOf(text, name), nullptr, false), value) << text;
    }
    object["metadata"].erase("managedFields");
    EXPECT_EQ(Json::parse(without(text, "metadata", "managedFields"), nullptr, false), object) << text;
  }
}

TEST(RawJson, ReadsNothingOutsideOfTextThatIsCutOffOrDamaged) {
  std::mt19937 random(7);
  const std::string whole = R"({"metadata":{"managedFields":[{"a":"\\"}],"name":"d"},"spec":{"x":[1,2]}})";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (int round = 0; round < 20; ++round) {
      // Of its own size, so that a sanitizer sees a step too far.
      std::vector<char> bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      for (std::size_t i = random() % 3; i > 0 && !bytes.empty(); --i) {
        bytes[random() % bytes.size()] = "{}[]\",:\\"[random() % 8];
      }
      const std::string_view text(bytes.data(), bytes.size());
      EXPECT_LE(memberOf(text, "spec").size(), text.size());
      EXPECT_LE(plainTextOf(memberOf(text, "metadata"), "name").size(), text.size());
      EXPECT_LE(without(text, "metadata", "managedFields").size(), text.size());
    }
  }
}

}  // namespace
}  // namespace splitdelivery::kube
