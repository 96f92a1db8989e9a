#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/resource.h"
#include "base/result.h"

namespace splitdelivery::source::cluster {

using Json = nlohmann::json;

/// How an encoded address book lies in objects of the API server, which takes 1.5 MiB at most in one.
///
/// The head has the resource's name. A short book is in it; of a long one it names the slices, objects of their own
/// whose names hold a digest of what is in them. A new version is announced in the head as strays, then come its
/// slices, then the head, which names those of the old version as strays, then they go: the head always leads to a
/// whole book, and names every slice that may be there, also after a crash in between.
inline constexpr std::size_t kLongestSlice = std::size_t{512} << 10U;

struct Slice {
  std::string name;
  std::string data;
};

/// Nothing when the book fits into its head. `resource` names the resource.
[[nodiscard]] std::vector<Slice> slicesOf(const std::string& resource, std::string_view encoded);

/// `slices` empty: the whole book goes into the head. `version`: resourceVersion that it replaces, or empty.
[[nodiscard]] Json headObject(const api::ObjectKey& key, std::string_view encoded, const std::vector<Slice>& slices,
                              const std::vector<std::string>& strays, const std::string& version);
/// Names slices before they are written: as a merge patch of the head, which leaves what it leads to, or as a new head.
[[nodiscard]] Json announcement(const api::ObjectKey& key, const std::vector<std::string>& strays,
                                const std::string& version);
[[nodiscard]] Json sliceObject(const api::ObjectKey& key, const Slice& slice);

/// What a head says.
struct Head {
  bool ours = true;                   ///< false: it is a slice, or another resource's
  bool damaged = false;               ///< of another shape
  bool announced = false;             ///< its first slices were named, and there is no book yet
  std::string data{};                 ///< the whole book, where there are no slices
  std::vector<std::string> slices{};  ///< names, in order
  std::vector<std::string> strays{};  ///< names of slices that may be there too

  [[nodiscard]] std::vector<std::string> everySlice() const;
};
[[nodiscard]] Head headFrom(const api::ObjectKey& key, const Json& object);
/// That it certainly belongs to another resource.
[[nodiscard]] bool isAnothers(const std::string& resource, const Json& object);
/// Its data, when it is what its name says; nothing when it is not.
[[nodiscard]] std::optional<std::string> sliceFrom(const std::string& resource, const Json& object);

}  // namespace splitdelivery::source::cluster
