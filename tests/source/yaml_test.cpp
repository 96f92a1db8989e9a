#include "source/folder/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "source/folder/utf8.h"
#include "source/folder/yaml_writer.h"

namespace splitdelivery::source::folder {
namespace {

using api::Value;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Each document on one line in flow style, or its error.
std::vector<std::string> readAll(const std::string& text) {
  std::vector<std::string> all;
  for (const auto& document : readYaml(text)) {
    std::string one = document.value ? writeYaml(*document.value) : "error: " + document.value.error();
    while (one.ends_with('\n')) one.pop_back();
    all.push_back(one);
  }
  return all;
}

TEST(AYamlText, IsReadDocumentByDocument) {
  EXPECT_THAT(readAll("a: 1\n---\nb: [x, 'no', no]\n--- {c: ~}\n"),
              ElementsAre("a: 1", "b:\n  - x\n  - \"no\"\n  - false", "c: null"));
}

TEST(AYamlText, MayHaveEmptyDocuments) {
  EXPECT_THAT(readAll(""), IsEmpty());
  EXPECT_THAT(readAll("# nothing\n---\n---\n\n...\n---\n~\n"), IsEmpty());
  EXPECT_THAT(readAll("---\n# first\na: 1\n...\n# between\n---\nb: 2\n..."), ElementsAre("a: 1", "b: 2"));
}

TEST(AYamlText, MayHaveAByteOrderMarkWindowsLineEndsAndDirectives) {
  EXPECT_THAT(readAll("\xEF\xBB\xBF%YAML 1.1\r\n---\r\na: 1\r\n---\r\nb: x\r\n"), ElementsAre("a: 1", "b: x"));
  EXPECT_THAT(readAll("# note\n%TAG ! tag:x.example,2026:\n---\na: 1\n"), ElementsAre("a: 1"));
}

TEST(AYamlText, IsCutAtMarkersOnlyWhereTheyStandAlone) {
  EXPECT_THAT(readAll("pem: |\n  -----BEGIN CERTIFICATE-----\n  ---\n  -----END CERTIFICATE-----\n"),
              ElementsAre("pem: \"-----BEGIN CERTIFICATE-----\\n---\\n-----END CERTIFICATE-----\\n\""));
  EXPECT_THAT(readAll("---x: 1\n"), ElementsAre("\"---x\": 1"));
}

TEST(ABrokenDocument, DoesNotHideTheOthersAndIsNamedByItsLineInTheFile) {
  const auto all = readAll("a: 1\n---\n# two\nb: [1, 2\n---\nc: \"open\n---\nd: 4\n");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0], "a: 1");
  EXPECT_THAT(all[1], StartsWith("error: line 4, column 8: a ':' is missing behind the key, or a closing ]"));
  EXPECT_THAT(all[2], HasSubstr("a quote is opened and never closed"));
  EXPECT_EQ(all[3], "d: 4");
}

struct Case {
  std::string text;
  std::string says;
};

class ABrokenText : public ::testing::TestWithParam<Case> {};

TEST_P(ABrokenText, IsExplainedWithoutItsContent) {
  const auto all = readAll(GetParam().text);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all.front(), StartsWith("error: line "));
  EXPECT_THAT(all.front(), HasSubstr(GetParam().says));
  EXPECT_THAT(all.front(), Not(HasSubstr("hunter2")));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, ABrokenText,
    ::testing::Values(
        Case{"a:\n\tb: 1\n", "spaces, no tabs"}, Case{"a: hunter2: b\n", "line 1, column 11: a ':' stands"},
        Case{"a: 1\n  b: 2\n", "line 2, column 4: a ':' stands"},
        Case{"a:\n    b: 1\n  c: 2\n", "check its indentation"}, Case{"password: *hunter2\n", "put it in quotes"},
        Case{"a: &x [*x]\n", "inside of what it stands for"}, Case{"a: @hunter2\n", "YAML keeps for itself"},
        Case{"a: %hunter2\n", "YAML keeps for itself"}, Case{"a: \"\\q\"\n", "unknown escape character"},
        Case{"? [a]\n: b\n", "a key must be plain text"}, Case{"? {a: 1}\n: b\n", "a key must be plain text"},
        Case{"~: b\n", "a key must be text"}, Case{"a: !vault hunter2\n", "the tag is unknown"},
        Case{"a: !!int hunter2\n", "does not fit"}, Case{"<<: hunter2\n", "<< merges maps alone"},
        Case{"<<: [1]\n", "<< merges maps alone"}, Case{"a: 1\x04\nb: 2\n", "line 1, column 5: a control character"},
        Case{std::string("a: 1\nb: \0\n", 10), "line 2, column 4: a control character"}, Case{"a: \xFF\n", "not UTF-8"},
        Case{"a: b\nhunter2\n", "line 2, column 1: a ':' is missing"}, Case{"{a: 1} hunter2\n", "line 1"},
        Case{"[a]\nb\n", "line "}, Case{"a: 1\n]\n", "line "}, Case{"]", "line "}, Case{"{a: b", "line 1"},
        Case{"a: 'hunter2", "a quote is opened"}, Case{"a: \"hunter2\nb: 1\n", "line 3, column 1: a quote is opened"},
        Case{std::string(2000, '['), "line 1"}));

TEST(AText, ThatSaysTheSameKeyTwiceKeepsBothForTheValidation) {
  const auto documents = readYaml("a: 1\na: 2\n");
  ASSERT_EQ(documents.size(), 1U);
  EXPECT_EQ(std::get<Value::Map>(documents.front().value->data).size(), 2U);
}

TEST(AKey, IsTheTextThatJsonWouldHave) {
  EXPECT_THAT(readAll("on: 1\nno: 2\n0x10: 3\n1.5: 4\n\"off\": 5\n"),
              ElementsAre("\"true\": 1\n\"false\": 2\n\"16\": 3\n\"1.5\": 4\n\"off\": 5"));
}

TEST(AnAlias, StandsForItsAnchor) {
  EXPECT_THAT(readAll("a: &x {k: [1, &y 2]}\nb: *x\nc: *y\n"),
              ElementsAre("a:\n  k:\n    - 1\n    - 2\nb:\n  k:\n    - 1\n    - 2\nc: 2"));
  EXPECT_THAT(readAll("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), ElementsAre("a: 1\nb: 1\nc: 2\nd: 2"));
}

TEST(AnAlias, CountsInItsOwnDocumentOnly) {
  EXPECT_THAT(readAll("a: &x 1\n---\nb: *x\n").back(), HasSubstr("names an anchor that is not there"));
}

TEST(AMerge, AddsWhatTheMapDoesNotSayItself) {
  EXPECT_THAT(readAll("base: &b {x: 1, z: 2}\nmine: {z: 3, <<: *b}\n").front(), HasSubstr("mine:\n  z: 3\n  x: 1"));
  EXPECT_THAT(readAll("{<<: [{x: 1}, {x: 2, w: 3}], z: 4}\n"), ElementsAre("z: 4\nx: 1\nw: 3"));
  EXPECT_THAT(readAll("\"<<\": {x: 1}\n"), ElementsAre("\"<<\":\n  x: 1")) << "in quotes it is a key like any other";
}

TEST(BillionLaughs, EndInAnError) {
  std::string text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) text += ", " + before;
    text += "]\n";
  }
  EXPECT_THAT(readAll(text).front(), HasSubstr("the aliases make the document too large"));
}

TEST(BillionLaughs, WithOneLongTextEndInAnErrorToo) {
  std::string text = "a: &a " + std::string(100'000, 'x') + "\nb:\n";
  for (int i = 0; i < 1000; ++i) text += "- *a\n";
  EXPECT_THAT(readAll(text).front(), HasSubstr("the aliases make the document too large"));
}

TEST(AliasesInsideAliases, CannotGoDeeperThanTheStack) {
  std::string text = "a0: &a0 1\n";
  const std::string open(100, '[');
  const std::string close(100, ']');
  for (int i = 1; i < 10; ++i) {
    const std::string number = std::to_string(i);
    text.append("a").append(number).append(": &a").append(number).append(" ").append(open);
    text.append("*a").append(std::to_string(i - 1)).append(close).append("\n");
  }
  EXPECT_THAT(readAll(text).front(), HasSubstr("too deep"));
}

TEST(OrdinaryAliases, AreFarFromTheBound) {
  std::string text = "common: &c {name: zoho, keys: [a, b, c]}\nall:\n";
  for (int i = 0; i < 5000; ++i) text += "- *c\n";
  EXPECT_THAT(readAll(text).front(), Not(HasSubstr("error")));
}

TEST(RandomBytes, NeverDoWorseThanAnError) {
  std::mt19937 random(11);
  const std::string alphabet = "ab01 \t\n\n:-#&*!|>'\"%@`{}[],?~<.\\\r";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t i = random() % 60; i > 0; --i) text += alphabet[random() % alphabet.size()];
    for (const auto& document : readYaml(text)) {
      if (document.value) continue;
      EXPECT_THAT(document.value.error(), StartsWith("line ")) << text;
    }
  }
}

TEST(Utf8, IsWellFormed) {
  for (const std::string good : {"", "a", "\u00e9", "\u20ac", "\U0001F600", "\U0010FFFF"}) EXPECT_TRUE(isUtf8(good));
  for (const std::string bad : {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                                "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "a\xFFz"}) {
    EXPECT_FALSE(isUtf8(bad));
  }
}

bool same(const Value& a, const Value& b) {
  if (a.data.index() != b.data.index()) return false;
  if (const auto* list = std::get_if<Value::List>(&a.data)) {
    return std::ranges::equal(*list, std::get<Value::List>(b.data), same);
  }
  if (const auto* map = std::get_if<Value::Map>(&a.data)) {
    return std::ranges::equal(*map, std::get<Value::Map>(b.data), [](const auto& one, const auto& other) {
      return one.first == other.first && same(one.second, other.second);
    });
  }
  if (const auto* text = std::get_if<std::string>(&a.data)) return *text == std::get<std::string>(b.data);
  if (const auto* number = std::get_if<std::int64_t>(&a.data)) return *number == std::get<std::int64_t>(b.data);
  if (const auto* flag = std::get_if<bool>(&a.data)) return *flag == std::get<bool>(b.data);
  return a.isNull();
}

Value randomValue(std::mt19937& random, int depth) {
  const std::vector<std::string> words{"",         "no",         "anna",        "12",      "a: b",       "- x",
                                       "#c",       "two\nlines", "tab\there",   "\u20ac",  "~",          "*x",
                                       "'quoted'", "\"q\"",      "back\\slash", " blank ", "2026-01-01", "\x01",
                                       "1.5",      "a/b-c_d.e",  "---",         "null",    "0x10",       "a@b.example"};
  switch (random() % (depth > 3 ? 4 : 6)) {
    case 0:
      return Value{random() % 2 == 0};
    case 1:
      return Value{static_cast<std::int64_t>(random()) - 2'000'000'000};
    case 2:
      return Value{};
    case 3:
      return Value{words[random() % words.size()]};
    case 4: {
      Value::List list;
      for (auto i = random() % 4; i > 0; --i) list.push_back(randomValue(random, depth + 1));
      return Value{list};
    }
    default: {
      Value::Map map;
      for (auto i = random() % 4; i > 0; --i) {
        map.emplace_back(words[random() % words.size()] + std::to_string(i), randomValue(random, depth + 1));
      }
      return Value{map};
    }
  }
}

TEST(WhatIsWritten, IsReadBackTheSame) {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    const Value value{Value::Map{{"root", randomValue(random, 0)}}};
    const std::string text = writeYaml(value);
    const auto documents = readYaml(text);
    ASSERT_EQ(documents.size(), 1U) << text;
    ASSERT_TRUE(documents.front().value) << documents.front().value.error() << "\n" << text;
    EXPECT_TRUE(same(*documents.front().value, value)) << text;
  }
}

}  // namespace
}  // namespace splitdelivery::source::folder
