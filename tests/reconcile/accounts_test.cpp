// Accounts as metrics show them: which are in use, and several credentials under one name.

#include "reconcile/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reconcile/universe.h"

namespace splitdelivery::reconcile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kMailServer = "da.test:2222/user";
constexpr const char* kOrganization = "mail.zoho.com/60012345";

struct InUse {
  InUse() {
    u.resource.key.name = "a";
    other.key.name = "b";
    other.spec.directAdmin.credentialsSecret = "other";
    setKey("other", "wrong");
  }
  void setKey(const std::string& secret, const std::string& key) {
    api::SecretObject object{.key = {"default", secret}, .values = {}};
    object.values.emplace("username", base::Secret("user"));
    object.values.emplace("loginKey", base::Secret(key));
    u.secrets.insert_or_assign(object.key, object);
  }
  /// What a pass of it begins with.
  MailAccount* begin(const api::SplitDeliveryDomain& resource) {
    const auto organization = accounts.organization(resource, u.secrets);
    const auto mail = accounts.mailAccount(resource, u.secrets);
    return organization && mail ? *mail : nullptr;
  }
  void ask(const api::SplitDeliveryDomain& resource) { (void)u.executor.run(begin(resource)->store().domains({})); }
  void exist(const std::vector<std::string>& names) {
    accounts.resourcesAre([names](const auto& key) { return std::ranges::find(names, key.name) != names.end(); });
  }
  /// Names, with a ! where they are stopped.
  std::vector<std::string> shown() {
    std::vector<std::string> all;
    for (const auto& state : accounts.states()) all.push_back(state.name + (state.shutOut ? "!" : ""));
    return all;
  }
  Accounts::State zoho() {
    for (auto& state : accounts.states()) {
      if (state.provider == "zoho") return state;
    }
    throw std::runtime_error("no account at Zoho");
  }

  Universe u;
  api::SplitDeliveryDomain other = u.resource;
  Accounts accounts{u.executor, [this](const std::string&) -> http::Transport& { return u.network; }, u.records};
};

TEST(AccountsOfOneName, AreShownAsOneWithTheWorstOfThem) {
  InUse place;
  place.ask(place.u.resource);
  EXPECT_THAT(place.shown(), ElementsAre(kMailServer, kOrganization));
  place.ask(place.other);
  EXPECT_THAT(place.shown(), ElementsAre(std::string(kMailServer) + "!", kOrganization)) << "its key is refused";
  place.ask(place.u.resource);
  EXPECT_THAT(place.shown(), ElementsAre(std::string(kMailServer) + "!", kOrganization)) << "whoever was asked last";
}

TEST(AccountsOfOneName, ThatNoResourceUsesAnyMoreSayNothing) {
  InUse place;
  place.ask(place.u.resource);
  place.ask(place.other);
  place.setKey("other", "key");
  place.ask(place.other);
  EXPECT_THAT(place.shown(), ElementsAre(kMailServer, kOrganization)) << "the key was rotated";
  place.exist({"b"});
  EXPECT_THAT(place.shown(), ElementsAre(kMailServer, kOrganization)) << "b has them still";
  place.u.secrets.erase({"default", "other"});
  EXPECT_EQ(place.begin(place.other), nullptr);
  EXPECT_THAT(place.shown(), ElementsAre(kOrganization));
  place.exist({});
  EXPECT_THAT(place.shown(), IsEmpty());
  place.exist({"a"});
  place.ask(place.u.resource);
  EXPECT_THAT(place.shown(), ElementsAre(kMailServer, kOrganization));
}

TEST(AccountsOfOneName, ForgetResourcesThatWentThoughNobodyAsksForTheirStates) {
  InUse place;
  place.exist({"a"});
  place.ask(place.u.resource);
  for (int number = 0; number < 500; ++number) {
    place.other.key.name = "went" + std::to_string(number);
    (void)place.begin(place.other);
  }
  EXPECT_LT(place.accounts.remembered(), 40U);
  place.exist({"a"});
  EXPECT_EQ(place.accounts.remembered(), 1U);
}

TEST(AccountsOfOneName, CountTheirTokensTogetherAndTheFullestBudget) {
  InUse place;
  auto& u = place.u;
  auto client = u.secrets.at({"default", u.resource.spec.zoho.credentialsSecret});
  client.key.name = "client";
  client.values.at("clientSecret") = base::Secret("wrong");
  u.secrets.emplace(client.key, client);
  place.other.spec.zoho.credentialsSecret = "client";
  const auto listed = [&](const api::SplitDeliveryDomain& resource) {
    return u.executor.run((*place.accounts.organization(resource, u.secrets))->listing({})).has_value();
  };
  ASSERT_TRUE(listed(u.resource));
  const auto before = place.zoho();
  EXPECT_GT(before.budgetUsed, 0);
  EXPECT_FALSE(listed(place.other)) << "whose secret is refused";
  EXPECT_TRUE(place.zoho().shutOut);
  EXPECT_EQ(place.zoho().budgetUsed, before.budgetUsed) << "the other one's is empty";
  EXPECT_GT(place.zoho().minted, before.minted);
  const auto both = place.zoho();
  place.exist({"a"});
  EXPECT_FALSE(place.zoho().shutOut);
  EXPECT_EQ(place.zoho().minted, both.minted) << "a counter does not fall";
}

}  // namespace
}  // namespace splitdelivery::reconcile
