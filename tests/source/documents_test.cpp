#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "api/parse.h"
#include "source/value_json.h"

/// The table of good and bad documents, held against the parser. tests/e2e/test_crd.py holds the same table against
/// an API server that has the CRD.
namespace splitdelivery::source {
namespace {

using Json = nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Json readTable() {
  std::ifstream file(std::string(SPLITDELIVERY_SOURCE_DIR) + "/tests/documents/splitdeliverydomains.json");
  return Json::parse(file, nullptr, false);
}

const Json& table() {
  static const Json table = readTable();
  return table;
}

/// {"$times": n, "of": x} is a string or a list, n times.
Json expanded(const Json& value) {
  if (value.is_object() && value.contains("$times")) {
    const auto times = value["$times"].get<std::size_t>();
    const Json& of = value["of"];
    Json list = Json::array();
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
      if (of.is_string()) text += of.get<std::string>();
      if (of.is_array()) list.insert(list.end(), of.begin(), of.end());
    }
    return of.is_string() ? Json(std::move(text)) : std::move(list);
  }
  if (!value.is_object()) return value;
  Json map = Json::object();
  for (const auto& [key, child] : value.items()) map[key] = expanded(child);
  return map;
}

Json documentOf(const Json& row) {
  Json document = table()["base"];
  document.merge_patch(expanded(row["change"]));
  for (const Json& field : row.value("nulls", Json::array())) document["spec"][field.get<std::string>()] = nullptr;
  return document;
}

class ADocument : public ::testing::TestWithParam<Json> {};

TEST_P(ADocument, IsTakenOrRefusedAsTheTableSays) {
  const Json& row = GetParam();
  const auto parsed = api::parseSplitDeliveryDomain(valueFrom(documentOf(row)));
  if (row["verdict"] == "good") {
    ASSERT_TRUE(parsed) << parsed.error().front().text();
    return;
  }
  ASSERT_FALSE(parsed) << "was accepted";
  const std::string at = row.value("folderAt", row["at"].get<std::string>());
  const std::string says = row.value("inFolder", row.value("says", ""));
  EXPECT_THAT(parsed.error(), Contains(AllOf(Field(&api::FieldError::path, StartsWith(at)),
                                             Field(&api::FieldError::message, HasSubstr(says)))));
}

std::vector<Json> rows() {
  const Json found = table().is_object() ? table().value("rows", Json::array()) : Json::array();
  return {found.begin(), found.end()};
}

/// gtest wants letters and digits alone.
std::string nameOf(const ::testing::TestParamInfo<Json>& info) {
  std::string name = std::to_string(info.index) + "_";
  for (const char c : info.param["name"].get<std::string>()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || name.back() != '_') name += plain ? c : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(OfTheTable, ADocument, ::testing::ValuesIn(rows()), nameOf);

TEST(TheTableOfDocuments, IsWholeAndExplainsEveryDifferenceBetweenFolderAndCluster) {
  const std::set<std::string> known{"name",      "verdict", "at",      "folderAt", "says",  "inFolder",
                                    "inCluster", "cluster", "because", "nulls",    "change"};
  ASSERT_GT(rows().size(), 60U);
  std::set<std::string> names;
  for (const Json& row : rows()) {
    const std::string name = row["name"];
    EXPECT_TRUE(names.insert(name).second) << name << " is there twice";
    EXPECT_THAT((std::set<std::string>{"good", "bad"}), Contains(row["verdict"].get<std::string>())) << name;
    EXPECT_EQ(row.contains("cluster"), row.contains("because")) << name;
    EXPECT_NE(row.value("cluster", ""), row["verdict"].get<std::string>()) << name << ": no difference";
    EXPECT_TRUE(row["verdict"] == "good" || row.contains("at")) << name << " does not say which field";
    for (const auto& [key, value] : row.items()) EXPECT_THAT(known, Contains(key)) << name;
  }
}

TEST(TheDefaultsOfTheCluster, AreThoseOfAFolder) {
  Json document = table()["base"];
  document["spec"].merge_patch(table()["defaults"]);
  const auto written = api::parseSplitDeliveryDomain(valueFrom(document));
  const auto left = api::parseSplitDeliveryDomain(valueFrom(table()["base"]));
  ASSERT_TRUE(written) << written.error().front().text();
  ASSERT_TRUE(left);
  EXPECT_EQ(*written, *left);
}

}  // namespace
}  // namespace splitdelivery::source
