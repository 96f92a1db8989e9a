#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "support/virtual_executor.h"
#include "zoho/fake_transport.h"
#include "zoho/memory_store.h"
#include "zoho/organization.h"
#include "zoho/payloads.h"

namespace splitdelivery::testing {

inline zoho::Account accountOfTheTests() {
  return {.organizationId = "810220000",
          .accountsUrl = "https://accounts.zoho.eu",
          .mailUrl = "https://mail.zoho.eu",
          .clientId = "1000.CLIENT",
          .clientSecret = base::Secret(payload::kClientSecret)};
}

inline const std::string kTokenPath = "/oauth/v2/token";
inline const std::string kApi = "/api/organization/810220000/";

inline std::string joined(const std::vector<std::string>& rows) {
  std::string list;
  for (const auto& row : rows) {
    if (!list.empty()) list += ',';
    list += row;
  }
  return list;
}

/// The answer of a list endpoint that counts from 0 and moves on properly.
inline FakeTransport::Handler pages(std::vector<std::string> rows, std::size_t cap, std::string before = "[",
                                    std::string behind = "]") {
  return [rows = std::move(rows), cap, before = std::move(before),
          behind = std::move(behind)](const http::Request& request) {
    const auto start = std::stoul(request.path.substr(request.path.find("start=") + 6));
    const auto first = std::min(start, rows.size());
    const auto last = std::min(first + cap, rows.size());
    const auto at = [&](std::size_t index) { return rows.begin() + static_cast<std::ptrdiff_t>(index); };
    return ok(before + joined({at(first), at(last)}) + behind);
  };
}

/// The rows of a list as text.
inline std::vector<std::string> rowsIn(const nlohmann::json& list) {
  std::vector<std::string> rows;
  for (const auto& row : list) rows.push_back(row.dump());
  return rows;
}

inline std::string userRow(std::size_t id) {
  const std::string number = std::to_string(id);
  return R"({"zuid":)" + number + R"(,"primaryEmailAddress":"u)" + number + R"(@fjordlab.example"})";
}

inline std::string groupRow(std::size_t id) {
  const std::string number = std::to_string(id);
  return R"({"zgid":)" + number + R"(,"emailId":"g)" + number + R"(@fjordlab.example"})";
}

template <class MakeRow>
std::vector<std::string> manyRows(MakeRow makeRow, std::size_t from, std::size_t until) {
  std::vector<std::string> rows;
  for (std::size_t i = from; i < until; ++i) rows.push_back(makeRow(i));
  return rows;
}

/// An organisation whose every answer is the fact sheet's until a test says otherwise.
struct World {
  explicit World(std::uint64_t seed = 1) : executor(seed, true) {
    transport.on(kTokenPath, {answer(200, payload::kToken)});
    transport.on(kApi + "domains", {ok(payload::kDomains)});
    transport.on(kApi + "accounts", pages(rowsIn(nlohmann::json::parse(payload::kAccounts)), 500));
    transport.on(kApi + "groups", pages(rowsIn(nlohmann::json::parse(payload::kGroups)["groups"]), 25,
                                        R"({"count":3,"groups":[)", "]}"));
  }

  using Listed = base::Result<std::shared_ptr<const api::Listing>>;

  Listed list() { return executor.run(organization->listing({})); }

  /// The process dies and a new one starts on what the store has kept.
  void restart() {
    organization = std::make_unique<zoho::Organization>(executor, transport, store, accountOfTheTests());
  }

  VirtualExecutor executor;
  FakeTransport transport{executor};
  MemoryStore store;
  std::unique_ptr<zoho::Organization> organization =
      std::make_unique<zoho::Organization>(executor, transport, store, accountOfTheTests());
};

}  // namespace splitdelivery::testing
