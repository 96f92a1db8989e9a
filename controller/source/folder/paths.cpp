#include "source/folder/paths.h"

#include "base/digest.h"

namespace splitdelivery::source::folder {
namespace {

// File systems allow 255 bytes, a namespace and a name together have up to 317. Endings and the
// temporary names of replaceFile need their part.
constexpr std::size_t kLongestStem = 180;
constexpr std::size_t kDigestDigits = 32;

/// "<namespace>.<name>": a namespace has no dot, so no two keys share one. A name that is too long, or
/// that could leave the folder, ends in a digest behind a '~', which no name has.
std::string stem(const api::ObjectKey& key) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  const bool plain = key.ns.find_first_not_of(kPlain) == std::string::npos && key.ns.find('.') == std::string::npos &&
                     key.name.find_first_not_of(kPlain) == std::string::npos && !key.ns.empty();
  std::string text = key.ns + "." + key.name;
  if (plain && text.size() <= kLongestStem) return text;
  const auto digest = base::digest({key.ns, key.name}).substr(0, kDigestDigits);
  if (!plain) return "~" + digest;
  return text.substr(0, kLongestStem - kDigestDigits - 1) + "~" + digest;
}

}  // namespace

std::filesystem::path StatePaths::book(const api::ObjectKey& key) const {
  return books() / (stem(key) + ".json");
}

std::filesystem::path StatePaths::status(const api::ObjectKey& key) const {
  return statuses() / (stem(key) + ".yaml");
}

std::filesystem::path StatePaths::statusMemory(const api::ObjectKey& key) const {
  return statuses() / ("." + stem(key) + ".json");
}

}  // namespace splitdelivery::source::folder
