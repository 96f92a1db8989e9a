#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "api/directory.h"
#include "zoho/payloads.h"
#include "zoho/world.h"

/// Looking at what a listing has brought.
namespace splitdelivery::testing {

/// "ida@fjordlab.example 1" for each address, the number being its kinds' bits, "!" when blocked.
inline std::vector<std::string> shown(const api::Listing& listing) {
  std::vector<std::string> lines;
  lines.reserve(listing.addresses.size());
  for (const auto& entry : listing.addresses) {
    lines.push_back(entry.address.text() + " " + std::to_string(entry.kinds.bits()) + (entry.blocked ? "!" : ""));
  }
  return lines;
}

/// The listing, or an exception: for tests that are about its content. Borrowed from `listed`.
inline const api::Listing& must(const World::Listed& listed) {
  if (!listed) throw std::runtime_error(listed.error().reason + ": " + listed.error().message);
  return **listed;
}

inline void expectState(const api::PartState& part, api::Completeness completeness, std::string_view reason = "") {
  EXPECT_EQ(part.completeness, completeness);
  EXPECT_EQ(part.error ? part.error->reason : "", reason);
  if (part.error) payload::expectDiscreet(*part.error);
}

}  // namespace splitdelivery::testing
