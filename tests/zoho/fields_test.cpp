#include "zoho/fields.h"

#include <gtest/gtest.h>

namespace splitdelivery::zoho {
namespace {

Json with(const char* value) {
  return Json::parse(std::string(R"({"x":)") + value + "}");
}

TEST(AFlag, IsReadFromEveryFormThatZohoWrites) {
  for (const char* value : {"true", "\"true\"", "\"TRUE\"", "1", "\"1\""}) {
    EXPECT_EQ(flagOf(with(value), "x"), std::optional(true)) << value;
  }
  for (const char* value : {"false", "\"false\"", "\"False\"", "0", "\"0\""}) {
    EXPECT_EQ(flagOf(with(value), "x"), std::optional(false)) << value;
  }
}

TEST(AFlag, IsUnknownInEveryOtherForm) {
  for (const char* value : {"null", "\"\"", "2", "-1", "0.5", "\"maybe\"", "[]", "{}", "[true]"}) {
    EXPECT_EQ(flagOf(with(value), "x"), std::nullopt) << value;
  }
  EXPECT_EQ(flagOf(Json::array({true}), "x"), std::nullopt);
  EXPECT_EQ(flagOf(Json::object(), "x"), std::nullopt);
}

TEST(AnId, KeepsAllItsDigitsAsNumberAndAsString) {
  EXPECT_EQ(idOf(with("6123450000000009002"), "x"), std::optional<std::string>("6123450000000009002"));
  EXPECT_EQ(idOf(with("\"6123450000000009002\""), "x"), std::optional<std::string>("6123450000000009002"));
  EXPECT_EQ(idOf(with("18446744073709551615"), "x"), std::optional<std::string>("18446744073709551615"));
  EXPECT_EQ(idOf(with("\"99999999999999999999999\""), "x"), std::optional<std::string>("99999999999999999999999"));
  EXPECT_EQ(idOf(with("\"a-7\""), "x"), std::optional<std::string>("a-7"));
}

TEST(AnId, IsTheSameWhetherWrittenAsNumberOrAsString) {
  EXPECT_EQ(idOf(with("810220011"), "x"), idOf(with("\"810220011\""), "x"));
}

TEST(AnId, IsNoneWhenItsDigitsAreLost) {
  for (const char* value : {"6.12345e18", "1e3", "-5", "99999999999999999999999", "true", "\"\"", "null", "[1]"}) {
    EXPECT_EQ(idOf(with(value), "x"), std::nullopt) << value;
  }
}

TEST(Rows, AreAnArrayOrTheOneRowItself) {
  const auto count = [](const char* list) {
    const Json json = Json::parse(list);
    return rowsOf(json).value_or(std::span<const Json>{}).size();
  };
  EXPECT_EQ(count("[{},{}]"), 2U);
  EXPECT_TRUE(rowsOf(Json::array()).has_value());
  EXPECT_EQ(count(R"({"a":1})"), 1U);
  EXPECT_FALSE(rowsOf(Json("text")).has_value());
  EXPECT_FALSE(rowsOf(Json(7)).has_value());
}

}  // namespace
}  // namespace splitdelivery::zoho
