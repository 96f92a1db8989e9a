#include "source/folder/new_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/parse.h"
#include "api/zoho_hosts.h"
#include "source/folder/yaml.h"
#include "source/folder/yaml_writer.h"

namespace splitdelivery::source::folder {
namespace {

using namespace std::chrono_literals;

api::SplitDeliveryDomain example() {
  const auto hosts = api::zohoHosts("eu").value();
  api::SplitDeliveryDomain resource;
  resource.key = {"mail", "example-com"};
  resource.spec.domain = "example.com";
  resource.spec.routingHost = "zoho.example.com";
  resource.spec.zoho = {.organizationId = "0060012345",
                        .dataCenter = "eu",
                        .accountsUrl = std::string(hosts.accountsUrl),
                        .mailUrl = std::string(hosts.mailUrl),
                        .credentialsSecret = "zoho"};
  resource.spec.directAdmin = {.server = "https://eagle.mxlogin.com:2222", .credentialsSecret = "directadmin"};
  return resource;
}

/// What a reader makes of the document.
template <class Parse>
auto readBack(const api::Value& document, Parse parse) {
  const auto documents = readYaml(writeYaml(document));
  return parse(documents.at(0).value.value()).value();
}

TEST(AProposedResource, IsReadBackAsWhatWasMeant) {
  auto resource = example();
  EXPECT_EQ(readBack(newResourceDocument(resource), api::parseSplitDeliveryDomain), resource);
  resource.annotations.emplace("splitdelivery.dev/adopt", "true");
  resource.spec.policy = api::Policy::Sync;
  resource.spec.routingHost = "mx.example.com";
  resource.spec.zoho.accountsUrl = "http://127.0.0.1:8080";
  resource.spec.zoho.mailUrl = "http://127.0.0.1:8081";
  resource.spec.directAdmin.caBundle = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
  for (const auto interval : {90s, 600s, 7200s, 30s, 86400s}) {
    resource.spec.interval = interval;
    EXPECT_EQ(readBack(newResourceDocument(resource), api::parseSplitDeliveryDomain), resource);
  }
}

TEST(AProposedSecret, IsReadBackWhateverItHolds) {
  for (const char* value :
       {"plain", "123", "true", "null", "~",    "a: b", "- x", "#no", "'",    "\"",  "\\", "line\nend", " blank ",
        "%TAG",  "*x",  "&x",   "!x",   "0x1F", "1e3",  "---", "ü",   "a\tb", "{x}", "@x", "`x"}) {
    const api::SecretObject secret{.key = {"default", "zoho"}, .values = {{"clientSecret", base::Secret(value)}}};
    EXPECT_EQ(readBack(newSecretDocument(secret), api::parseSecret), secret) << value;
  }
}

TEST(AProposedName, IsTheDomainsAndNobodyElses) {
  std::set<std::string> taken{"taken-example"};
  EXPECT_EQ(newName("example.com", taken), "example-com");
  EXPECT_EQ(newName("a-b.example", taken), "a-b-example");
  EXPECT_EQ(newName("a.b.example", taken), "a-b-example-2");
  EXPECT_EQ(newName("a.b-example", taken), "a-b-example-3");
  EXPECT_EQ(newName("taken.example", taken), "taken-example-2");
}

TEST(AComment, StaysOneWhateverStandsInIt) {
  EXPECT_EQ(yamlComment("x"), "# x\n");
  EXPECT_EQ(yamlComment(""), "#\n");
  EXPECT_EQ(yamlComment("a\nkind: Secret\r\x1B[2J\xE2\x80\xA8"), "# a?kind: Secret??[2J???\n");
  const std::string wide = yamlComment(std::string(60, 'a') + " " + std::string(60, 'b') + " c");
  EXPECT_EQ(wide, "# " + std::string(60, 'a') + "\n# " + std::string(60, 'b') + " c\n");
  EXPECT_EQ(yamlComment(std::string(300, 'a')), "# " + std::string(300, 'a') + "\n") << "a word is not cut";
}

}  // namespace
}  // namespace splitdelivery::source::folder
