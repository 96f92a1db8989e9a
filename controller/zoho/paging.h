#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

namespace splitdelivery::zoho {

/// When a listing without a total and without "has more" has come to its end (S1). A pure state
/// machine, fed one page after the other.
///
/// Rows shift while we read: once a user who was listed already is gone, the next page starts one
/// row too late, and the row in the gap would be missing from a listing that looks complete. So each
/// page starts at the last row of the one before and has to show a known row: from there on nothing
/// lies between what is known and what is new.
///
///   page                                     step
///   an id twice within the page              Repeated
///   empty, no row known yet                  Complete
///   empty, after others                      Next, the last page once more from its start
///   that one, without its last row           Moved
///   that one, nothing new                    Complete
///   no row that is known                     Moved
///   10 or more rows, nothing new             Stagnant    (the server does not move on)
///   fewer rows, nothing new                  Complete, if it is shorter than another page or lies
///                                            behind all rows that there can be; else Next
///   anything else                            Next, from `start()`
///   … on the last page that is allowed       Endless
///
/// Right for servers that count from 0 and from 1 and that cap `limit` as they like, from two rows
/// on; pages of one row cannot overlap, so a list of several such pages is Moved.
class Paging {
 public:
  enum class Step { Next, Complete, Stagnant, Repeated, Moved, Endless };

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
  [[nodiscard]] bool overlaps(const std::vector<std::string>& ids) const;
  Step afterNothing();
  Step afterRows(std::size_t received, bool anyFresh);

  std::size_t pagesLeft_;
  std::size_t start_ = 0;
  std::size_t lastStart_ = 0;  ///< of the last page that had rows
  std::size_t largest_ = 0;    ///< rows of the largest page
  bool again_ = false;         ///< the last page is asked for once more
  std::string lastId_;
  std::unordered_set<std::string> known_;
};

}  // namespace splitdelivery::zoho
