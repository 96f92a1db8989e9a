#include "kube/object.h"

#include <gmock/gmock.h>

#include <random>

#include "kube/raw_json.h"

namespace splitdelivery::kube {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> elements(const std::string& array) {
  std::vector<std::string> texts;
  raw_json::eachElement(array, [&](std::string_view text) { texts.emplace_back(text); });
  return texts;
}

TEST(AnObject, GivesTheTextOfItsParts) {
  const std::string text = R"( { "a" : [1, {"b": "}]\""}] , "b":"x\\\"y", "c": -1.5e3 , "d":null,"e":{}} )";
  const Object object(text);
  EXPECT_EQ(object.part("a"), R"([1, {"b": "}]\""}])");
  EXPECT_EQ(object.part("b"), R"("x\\\"y")");
  EXPECT_EQ(object.part("c"), "-1.5e3");
  EXPECT_EQ(object.part("d"), "null");
  EXPECT_EQ(object.part("e"), "{}");
  EXPECT_EQ(object.part("f"), "");
  EXPECT_EQ(object.parsed("f"), Json());
  EXPECT_EQ(Object("[]").part("a"), "");
}

TEST(AnObject, TellsWhoItIs) {
  const Object object(
      R"({"metadata":{"managedFields":[{"name":"x"}],"name":"d0","namespace":"mail","resourceVersion":"7","uid":"u-1"}})");
  EXPECT_EQ(object.ns(), "mail");
  EXPECT_EQ(object.name(), "d0");
  EXPECT_EQ(object.uid(), "u-1");
  EXPECT_EQ(object.version(), "7");
  EXPECT_EQ(Object(R"({"metadata":{"name":1,"uid":"\u0061"}})").uid(), "") << "no uid needs decoding";
  EXPECT_EQ(Object(R"({"metadata":{"name":1}})").name(), "");
  EXPECT_EQ(Object("{}").name(), "");
}

TEST(AnObject, LeavesOutItsManagedFieldsWhereverTheyStand) {
  for (const char* metadata :
       {R"({"managedFields":[1,"]"],"y":2})", R"({"y":2 , "managedFields":[1,"]"]})",
        R"({ "managedFields" : [1,"]"] })", R"({"w":0,"managedFields":[1,"]"],"y":2})", R"({"y":1})"}) {
    Json expected = Json::parse(metadata);
    expected.erase("managedFields");
    const std::string text = R"({"a":1,"metadata":)" + std::string(metadata) + R"(,"z":[]})";
    const Object object(text);
    EXPECT_EQ(object.parsed("metadata"), expected) << text;
    EXPECT_EQ(object.whole(), Json({{"a", 1}, {"metadata", expected}, {"z", Json::array()}})) << text;
  }
  EXPECT_TRUE(Object("nonsense").whole().is_discarded());
}

TEST(AnObject, BelievesNothingOfMetadataThatIsNone) {
  for (const char* text : {R"({"metadata":{"a":x"y,"managedFields":"},"z":"w"})",
                           R"({"metadata":{"name":"d","managedFields":[1,"a":{"b"]}]},"managedFields":[]})"}) {
    const Object object(text);
    EXPECT_EQ(object.name(), "") << text;
    EXPECT_EQ(object.parsed("metadata"), Json()) << text;
    EXPECT_TRUE(object.whole().is_discarded()) << text;
  }
}

TEST(AnObject, EndsWhereItEnds) {
  const std::string text = R"({"metadata":{"name":"d0"},"spec":{"a":"}"}} ,"more":1})";
  const Object object(text);
  EXPECT_EQ(object.size(), text.find(" ,"));
  EXPECT_EQ(object.name(), "d0");
  EXPECT_EQ(object.part("more"), "");
  EXPECT_EQ(object.whole(), Json({{"metadata", {{"name", "d0"}}}, {"spec", {{"a", "}"}}}}));
  for (const char* broken : {"", "7", "[]", "{", R"({"a":1)", R"({"a":1,)", R"({"a" 1})", R"({"a":1 "b":2})"}) {
    EXPECT_EQ(Object(broken).size(), raw_json::kBroken) << broken;
  }
}

TEST(AnArray, GivesItsElements) {
  EXPECT_THAT(elements(R"( [ {"a":[1]} , "x]" ,3 ] )"), ElementsAre(R"({"a":[1]})", R"("x]")", "3"));
  EXPECT_THAT(elements("[]"), ElementsAre());
  EXPECT_THAT(elements("{}"), ElementsAre());
  EXPECT_THAT(elements("[,1]"), ElementsAre());
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

TEST(AnObject, HasWhatAParserFindsInIt) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Json object = {{"metadata", Json::object()}};
    for (const char* name : {"a", "managedFields", "z"}) {
      if (random() % 3 > 0) object["metadata"][name] = randomJson(random, 3);
      if (random() % 2 == 0) object[name] = randomJson(random, 3);
    }
    const std::string text = object.dump(random() % 2 == 0 ? -1 : 2);
    object["metadata"].erase("managedFields");
    const Object read(text);
    for (const auto& [name, value] : object.items()) EXPECT_EQ(read.parsed(name), value) << text;
    EXPECT_EQ(read.whole(), object) << text;
  }
}

TEST(AnObject, ReadsNothingOutsideOfATextThatIsCutOffOrDamaged) {
  std::mt19937 random(7);
  const std::string whole =
      R"({"metadata":{"name":"d","uid":"u","managedFields":[{"a":"\\"}]},"spec":{"x":[1,2]},"status":{"y":"z"}})";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (int round = 0; round < 20; ++round) {
      // Of its own size, so that a sanitizer sees a step too far.
      std::vector<char> bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      for (std::size_t i = random() % 3; i > 0 && !bytes.empty(); --i) {
        bytes[random() % bytes.size()] = "{}[]\",:\\"[random() % 8];
      }
      const std::string_view text(bytes.data(), bytes.size());
      const Object object(text);
      EXPECT_LE(object.part("spec").size(), text.size());
      EXPECT_LE(object.name().size(), text.size());
      EXPECT_TRUE(object.whole().is_discarded() || object.whole().size() <= text.size());
      EXPECT_LE(object.parsed("metadata").size(), text.size());
      for (const std::string& element : elements(std::string(text))) EXPECT_LE(element.size(), text.size());
    }
  }
}

}  // namespace
}  // namespace splitdelivery::kube
