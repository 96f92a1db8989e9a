#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

namespace splitdelivery::zoho {

/// When a listing without a total and without "has more" has come to its end (S1). A pure state
/// machine, fed one page after the other.
///
///   page                                     step
///   empty                                    Complete
///   fewer than 10 rows, all known            Complete    (the server starts counting at 1, or over)
///   10 or more rows, nothing new             Stagnant    (the server does not move on)
///   an id twice within the page              Repeated
///   anything else                            Next, from `start()`
///   … on the last page that is allowed       Endless
///
/// A short page alone proves nothing: servers cap `limit` as they like. Starting at 0 and going on by
/// the rows received is right for servers that count from 0 and from 1, since known ids are dropped.
class Paging {
 public:
  enum class Step { Next, Complete, Stagnant, Repeated, Endless };

  /// What one page amounts to; `fresh` holds the indexes of the ids not seen on an earlier page.
  struct Turn {
    Step step;
    std::vector<std::size_t> fresh;
  };

  static constexpr std::size_t kMostPages = 1000;
  static constexpr std::size_t kFullPage = 10;  ///< Zoho's smallest page: `limit` when it is not given

  explicit Paging(std::size_t mostPages = kMostPages) : pagesLeft_(mostPages) {}

  /// The number of the row to ask for next.
  [[nodiscard]] std::size_t start() const { return start_; }

  /// `received` counts all rows of the page, also those without an id.
  Turn feed(const std::vector<std::string>& ids, std::size_t received);

 private:
  std::size_t pagesLeft_;
  std::size_t start_ = 0;
  std::unordered_set<std::string> known_;
};

}  // namespace splitdelivery::zoho
