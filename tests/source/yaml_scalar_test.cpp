#include "source/folder/yaml_scalar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace splitdelivery::source::folder {
namespace {

using api::Value;

std::string describe(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return "string " + *text;
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) return "int " + std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value.data)) return "float " + std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  return value.isNull() ? "null" : "other";
}

struct Case {
  std::string text;
  std::string meaning;
};

class APlainScalar : public ::testing::TestWithParam<Case> {};

TEST_P(APlainScalar, IsWhatKubernetesMakesOfIt) {
  EXPECT_EQ(describe(plainScalar(GetParam().text)), GetParam().meaning) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Words, APlainScalar,
    ::testing::Values(Case{"", "null"}, Case{"~", "null"}, Case{"null", "null"}, Case{"Null", "null"},
                      Case{"NULL", "null"}, Case{"nULL", "string nULL"}, Case{"nil", "string nil"}, Case{"y", "true"},
                      Case{"Y", "true"}, Case{"yes", "true"}, Case{"Yes", "true"}, Case{"YES", "true"},
                      Case{"yEs", "string yEs"}, Case{"on", "true"}, Case{"On", "true"}, Case{"ON", "true"},
                      Case{"true", "true"}, Case{"True", "true"}, Case{"TRUE", "true"}, Case{"n", "false"},
                      Case{"N", "false"}, Case{"no", "false"}, Case{"No", "false"}, Case{"NO", "false"},
                      Case{"off", "false"}, Case{"Off", "false"}, Case{"OFF", "false"}, Case{"false", "false"},
                      Case{"False", "false"}, Case{"FALSE", "false"}, Case{"fALSE", "string fALSE"},
                      Case{"anna", "string anna"}, Case{"example.com", "string example.com"},
                      Case{"no-reply", "string no-reply"}, Case{"<<", "string <<"}, Case{"=", "string ="}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, APlainScalar,
    ::testing::Values(Case{"0", "int 0"}, Case{"60012345", "int 60012345"}, Case{"-7", "int -7"}, Case{"+7", "int 7"},
                      Case{"1_000", "int 1000"}, Case{"0x1F", "int 31"}, Case{"0XfF", "int 255"},
                      Case{"-0x10", "int -16"}, Case{"0b101", "int 5"}, Case{"-0b11", "int -3"}, Case{"0o17", "int 15"},
                      Case{"0O17", "int 15"}, Case{"0755", "int 493"}, Case{"00", "int 0"}, Case{"089", "int 89"},
                      Case{"1.5", "float 1.500000"}, Case{"-1.5e3", "int -1500"}, Case{"5.0", "int 5"},
                      Case{"1e3", "int 1000"}, Case{"2.", "int 2"}, Case{".5", "float 0.500000"},
                      Case{"+1.5", "float 1.500000"}, Case{"9223372036854775807", "int 9223372036854775807"},
                      Case{"9223372036854775808", "float 9223372036854775808.000000"},
                      Case{"18446744073709551615", "float 18446744073709551616.000000"},
                      Case{"99999999999999999999", "float 100000000000000000000.000000"}, Case{".inf", "float inf"},
                      Case{"-.Inf", "float -inf"}, Case{"+.INF", "float inf"}, Case{"1.2.3", "string 1.2.3"},
                      Case{"192.0.2.1", "string 192.0.2.1"}, Case{"0x", "string 0x"}, Case{"0xZZ", "string 0xZZ"},
                      Case{"0b2", "string 0b2"}, Case{"1e", "string 1e"}, Case{"1e999", "string 1e999"},
                      Case{"-", "string -"}, Case{"+", "string +"}, Case{".", "string ."}, Case{"..", "string .."},
                      Case{"-.", "string -."}, Case{"+-1", "string +-1"}, Case{"1a", "string 1a"},
                      Case{"5m", "string 5m"}, Case{"30%", "string 30%"}, Case{"12:30:45", "string 12:30:45"},
                      Case{"2026-01-01", "string 2026-01-01"},
                      Case{"2026-01-01T00:00:00Z", "string 2026-01-01T00:00:00Z"}, Case{"1 2", "string 1 2"},
                      Case{"_1", "string _1"}));

TEST(APlainScalar, MayBeNoNumberAtAll) {
  for (const std::string text : {".nan", ".NaN", ".NAN"}) {
    EXPECT_TRUE(std::isnan(std::get<double>(plainScalar(text).data)));
  }
}

TEST(ATaggedScalar, IsWhatItsTagSays) {
  const auto meaning = [](const std::string& tag, const std::string& text) {
    const auto value = taggedScalar(tag, text);
    return value ? describe(*value) : "refused";
  };
  const std::string standard = "tag:yaml.org,2002:";
  EXPECT_EQ(meaning("!", "no"), "string no") << "quoted";
  EXPECT_EQ(meaning("?", "no"), "false");
  EXPECT_EQ(meaning(standard + "str", "60012345"), "string 60012345");
  EXPECT_EQ(meaning(standard + "int", "60012345"), "int 60012345");
  EXPECT_EQ(meaning(standard + "int", "anna"), "refused");
  EXPECT_EQ(meaning(standard + "bool", "no"), "false");
  EXPECT_EQ(meaning(standard + "bool", "1"), "refused");
  EXPECT_EQ(meaning(standard + "float", "1.5"), "float 1.500000");
  EXPECT_EQ(meaning(standard + "float", "x"), "refused");
  EXPECT_EQ(meaning(standard + "null", ""), "null");
  EXPECT_EQ(meaning(standard + "null", "x"), "refused");
  EXPECT_EQ(meaning(standard + "binary", "Zm9v"), "string foo");
  EXPECT_EQ(meaning(standard + "binary", "!"), "refused");
  EXPECT_EQ(meaning("!vault", "cipher"), "refused") << "an encrypted value is no value";
}

}  // namespace
}  // namespace splitdelivery::source::folder
