// S19: where credentials may go.

#include <gmock/gmock.h>

#include "reconcile/universe.h"
#include "support/message_style.h"

namespace splitdelivery::reconcile {
namespace {

using ::testing::HasSubstr;

std::vector<api::ServerPattern> patterns(const std::string& list) {
  return *api::parseServerPatterns(list);
}

struct Row {
  const char* story;
  bool strict;
  const char* allowed;   ///< "": none was given
  const char* inSecret;  ///< of the mail server's Secret; "": no annotation
  const char* caBundle;
  const char* says;  ///< "": it may go
};

class S19 : public ::testing::TestWithParam<Row> {};

TEST_P(S19, KeepsCredentialsWhereTheyMayGo) {
  const Row& row = GetParam();
  Universe u;
  u.addUser("anna");
  u.resource.spec.directAdmin.caBundle = row.caBundle;
  u.rules.strict = row.strict;
  if (*row.allowed != '\0') u.rules.allowed = patterns(row.allowed);
  auto& secret = u.secrets.at({u.resource.key.ns, u.resource.spec.directAdmin.credentialsSecret});
  if (*row.inSecret != '\0') secret.servers = patterns(row.inSecret);
  const PassReport report = u.pass();
  if (*row.says == '\0') {
    EXPECT_EQ(readyReason(report), "Synced");
    return;
  }
  EXPECT_EQ(readyReason(report), "ServerNotAllowed");
  EXPECT_THAT(readyMessage(report), HasSubstr(row.says));
  EXPECT_EQ(condition(report.status, api::condition::kStalled).status, api::ConditionStatus::True);
  EXPECT_EQ(u.world.journal.requests("da"), 0U) << "nothing was sent there";
}

INSTANTIATE_TEST_SUITE_P(
    Rules, S19,
    ::testing::Values(Row{"InAFolderEverythingGoes", false, "", "", "", ""},
                      Row{"InAClusterAServerNeedsNoPermission", true, "", "", "", ""},
                      Row{"ACaBundleNeedsIt", true, "", "", "PEM", "caBundle"},
                      Row{"OnceOneIsNamedAllOthersAreRefused", true, "other.example", "", "", "--allow-server"},
                      Row{"InAFolderToo", false, "other.example", "", "", "--allow-server"},
                      Row{"ASecretGoesOnlyWhereItSays", true, "", "other.example", "", "annotation"},
                      Row{"InAFolderToIts", false, "", "other.example", "", "annotation"}),
    [](const auto& row) { return row.param.story; });

TEST(S19OtherHostsOfZoho, NeedPermissionInACluster) {
  Universe u;
  u.addUser("anna");
  u.rules.strict = true;
  u.resource.spec.zoho.mailUrl = "https://mail.evil.example";
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "ServerNotAllowed");
  EXPECT_THAT(readyMessage(report), HasSubstr("https://mail.evil.example"));
  EXPECT_EQ(u.world.journal.requests("zoho"), 0U);
}

TEST(S19OtherHostsOfZoho, AreNamedInNoSecretThatHasAListWithoutThem) {
  Universe u;
  u.addUser("anna");
  u.secrets.at({u.resource.key.ns, u.resource.spec.zoho.credentialsSecret}).servers = patterns("accounts.zoho.eu");
  const PassReport report = u.pass();
  EXPECT_EQ(readyReason(report), "ServerNotAllowed");
  EXPECT_EQ(u.world.journal.requests("zoho"), 0U);
}

}  // namespace
}  // namespace splitdelivery::reconcile
