#include "api/suggest.h"

#include <algorithm>
#include <vector>

#include "api/address.h"

namespace splitdelivery::api {
namespace {

// Longer words are no slips of ours, and the distance takes time with the product of the lengths.
constexpr std::size_t kLongestWord = 64;

/// Insertions, deletions, changes and swaps of neighbours that lead from `a` to `b` (Damerau, optimal
/// string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> steps((a.size() + 1) * width);
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      auto& here = steps[i * width + j];
      here = i + j;
      if (i == 0 || j == 0) continue;
      const std::size_t change = steps[(i - 1) * width + j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      here = std::min({change, steps[(i - 1) * width + j] + 1, steps[i * width + j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) here = std::min(here, steps[(i - 2) * width + j - 2] + 1);
    }
  }
  return steps.back();
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > kLongestWord) return {};
  const std::string lowered = canonicalLocal(word);
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, std::min<std::size_t>(word.size() / 3, 3)) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t steps = distance(lowered, canonicalLocal(candidate));
    // A short word is near to every other short word.
    if (steps >= least || steps >= candidate.size()) continue;
    least = steps;
    best = candidate;
  }
  return best;
}

std::string didYouMean(std::string_view word, std::span<const std::string_view> known) {
  const auto meant = nearest(word, known);
  return meant.empty() ? std::string() : "; did you mean \"" + std::string(meant) + "\"?";
}

}  // namespace splitdelivery::api
