#include "zoho/domains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zoho/payloads.h"

namespace splitdelivery::zoho {
namespace {

using api::ZohoDomain;
using ::testing::ElementsAre;
namespace payload = splitdelivery::testing::payload;

DomainList read(const std::string& json) {
  auto list = readDomains(Json::parse(json));
  return list ? std::move(*list) : DomainList{.malformed = true};
}

/// The one domain of a list of one row, with that field.
ZohoDomain with(const std::string& field) {
  const auto list = read(R"({"domainVO":[{"domainName":"main.example",)" + field + "}]}");
  return list.domains.empty() ? ZohoDomain{} : list.domains.front();
}

TEST(TheDomains, AreReadWithTheirSettingsAndLinks) {
  const auto list = read(payload::kDomains);
  EXPECT_FALSE(list.malformed);
  EXPECT_EQ(list.skipped, 0U);
  EXPECT_THAT(
      list.domains,
      ElementsAre(
          ZohoDomain{.name = "fjord.example",
                     .verified = true,
                     .alias = true,
                     .subDomainStripping = false,
                     .aliasOf = "fjordlab.example"},
          ZohoDomain{.name = "fjordlab.example", .verified = true, .alias = false, .subDomainStripping = true}));
}

TEST(SubDomainStripping, IsReadFromEveryForm) {
  for (const char* on : {"1", "true", "\"1\"", "\"true\""}) {
    EXPECT_EQ(with(R"("subDomainStripping":)" + std::string(on)).subDomainStripping, std::optional(true)) << on;
  }
  for (const char* off : {"0", "false", "\"0\"", "\"false\""}) {
    EXPECT_EQ(with(R"("subDomainStripping":)" + std::string(off)).subDomainStripping, std::optional(false)) << off;
  }
  for (const char* unknown : {"null", "2", "\"\"", "[]"}) {
    EXPECT_EQ(with(R"("subDomainStripping":)" + std::string(unknown)).subDomainStripping, std::nullopt) << unknown;
  }
}

TEST(Verification, IsReadFromFlagsAndWords) {
  EXPECT_EQ(with(R"("verificationStatus":true)").verified, std::optional(true));
  EXPECT_EQ(with(R"("verificationStatus":"true")").verified, std::optional(true));
  EXPECT_EQ(with(R"("verificationStatus":"Verified")").verified, std::optional(true));
  EXPECT_EQ(with(R"("verificationStatus":false)").verified, std::optional(false));
  EXPECT_EQ(with(R"("verificationStatus":"unverified")").verified, std::optional(false));
  EXPECT_EQ(with(R"("verificationStatus":"who knows")").verified, std::nullopt);
  EXPECT_EQ(with(R"("x":1)").verified, std::nullopt);
}

TEST(ACatchAll, IsAnAddressOrNone) {
  EXPECT_EQ(with(R"("catchAllAddress":"Post@Main.Example")").catchAll, "post@main.example");
  EXPECT_EQ(with(R"("catchAllAddress":"")").catchAll, "");
  EXPECT_EQ(with(R"("catchAllAddress":null)").catchAll, "");
  EXPECT_EQ(read(R"([{"domainName":"main.example","catchAllAddress":"nonsense"}])").skipped, 1U);
}

struct Link {
  const char* name;
  const char* mainsWord;
  const char* aliasWord;
  const char* aliasOf;
};

TEST(AnAliasDomain, IsLinkedFromEitherSide) {
  for (const auto& [name, mainsWord, aliasWord, aliasOf] :
       {Link{"from the main domain", "alias.example", "", "main.example"},
        Link{"from the alias", "", "Main.Example.", "main.example"},
        Link{"from both", "alias.example", "main.example", "main.example"}, Link{"from neither", "", "", ""},
        Link{"the alias names itself", "", "alias.example", ""},
        Link{"the alias names itself, the main domain knows better", "alias.example", "alias.example", "main.example"},
        Link{"the main domain names a stranger", "other.example", "", ""},
        Link{"the alias's own word is stronger", "alias.example", "third.example", "third.example"}}) {
    const auto list = read(R"([{"domainName":"main.example","isDomainAlias":false,"domainAlias":")" +
                           std::string(mainsWord) + R"("},{"domainName":"alias.example","isDomainAlias":"true",)" +
                           R"("domainAlias":")" + aliasWord + R"("}])");
    ASSERT_EQ(list.domains.size(), 2U);
    EXPECT_EQ(list.domains[0].name, "alias.example");
    EXPECT_EQ(list.domains[0].aliasOf, aliasOf) << name;
    EXPECT_EQ(list.domains[1].aliasOf, "") << name;
  }
}

TEST(TheDomains, AreInCanonicalFormAndSorted) {
  const auto list = read(R"({"domainVO":[{"domainName":"Z.example."},{"domainName":"bücher.example"}]})");
  ASSERT_EQ(list.domains.size(), 2U);
  EXPECT_EQ(list.domains[0].name, "xn--bcher-kva.example");
  EXPECT_EQ(list.domains[1].name, "z.example");
}

TEST(TheDomains, AreMalformedWhenARowHasNoUsableNameOrANameComesTwice) {
  for (const char* rows :
       {R"([{"domainId":"1"},{"domainName":"a.example"}])",
        R"([{"domainName":"not a domain"},{"domainName":"a.example"}])", R"([7,{"domainName":"a.example"}])",
        R"([{"domainName":"a.example"},{"domainName":"A.example"}])"}) {
    const auto list = read(rows);
    EXPECT_TRUE(list.malformed) << rows;
    EXPECT_EQ(list.domains.size(), 1U) << rows;
  }
}

TEST(TheDomains, AreNoneWhenThereIsNoList) {
  for (const char* data : {"{}", R"({"domainVO":null})", R"({"domainVO":"x"})", "7"}) {
    EXPECT_FALSE(readDomains(Json::parse(data)).has_value()) << data;
  }
  EXPECT_TRUE(read(R"({"domainVO":[]})").domains.empty());
  EXPECT_EQ(read(R"({"domainVO":{"domainName":"a.example"}})").domains.size(), 1U);
}

}  // namespace
}  // namespace splitdelivery::zoho
