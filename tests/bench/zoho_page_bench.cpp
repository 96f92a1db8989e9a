// A page of 500 users, read, next to what the JSON parser alone takes for the same text.

#include <benchmark/benchmark.h>

#include <nlohmann/json.hpp>
#include <string>

#include "zoho/accounts.h"

namespace splitdelivery::zoho {
namespace {

/// Rows with every field that a live answer has.
std::string pageOf(int users) {
  nlohmann::json rows = nlohmann::json::array();
  for (int i = 0; i < users; ++i) {
    const std::string name = "user.number." + std::to_string(i);
    const std::string address = name + "@example.com";
    rows.push_back(
        {{"zuid", 810220000 + i},
         {"accountId", std::to_string(6123450000000000000 + i)},
         {"type", "ZOHO_ACCOUNT"},
         {"role", "member"},
         {"primaryEmailAddress", address},
         {"mailboxAddress", address},
         {"incomingUserName", address},
         {"accountDisplayName", "User Number " + std::to_string(i)},
         {"displayName", "User"},
         {"firstName", "User"},
         {"lastName", "Number"},
         {"mailboxStatus", "enabled"},
         {"status", true},
         {"enabled", true},
         {"iamStatus", 1},
         {"incomingBlocked", false},
         {"outgoingBlocked", false},
         {"imapBlocked", false},
         {"popBlocked", false},
         {"policyId", {{"zoid", 60012345}, {"1082700000000012345", "Default"}}},
         {"sendMailDetails", {{{"fromAddress", address}, {"displayName", "User"}, {"validated", true}}}},
         {"emailAddress",
          {{{"mailId", address}, {"isPrimary", true}, {"isAlias", false}, {"isConfirmed", true}},
           {{"mailId", "alias." + address}, {"isPrimary", false}, {"isAlias", true}, {"isConfirmed", true}}}},
         {"groupList",
          {{{"zgid", 810220900}, {"name", "Team"}, {"emailId", "team@example.com"}, {"role", "member"}}}}});
  }
  return nlohmann::json{{"status", {{"code", 200}, {"description", "success"}}}, {"data", rows}}.dump();
}

void parseOnly(benchmark::State& state) {
  const std::string text = pageOf(500);
  for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(text));
}

void parseAndRead(benchmark::State& state) {
  const std::string text = pageOf(500);
  const OwnDomains own{{"example.com"}};
  for (auto _ : state) {
    const auto json = nlohmann::json::parse(text);
    benchmark::DoNotOptimize(readAccounts(json["data"], own));
  }
}

BENCHMARK(parseOnly)->Unit(benchmark::kMillisecond);
BENCHMARK(parseAndRead)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace splitdelivery::zoho
