#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "zoho/paging.h"

namespace splitdelivery::zoho {
namespace {

using Step = Paging::Step;
using Rows = std::vector<std::string>;

/// A server whose list changes while it is read.
struct Server {
  std::size_t countsFrom;  ///< what it takes for the number of the first row
  std::size_t perPage;     ///< the smaller one of `limit` and its own cap
  Rows rows;

  [[nodiscard]] Rows page(std::size_t start) const {
    const auto first = std::min(start - std::min(start, countsFrom), rows.size());
    const auto last = std::min(first + perPage, rows.size());
    const auto at = [&](std::size_t index) { return rows.begin() + static_cast<std::ptrdiff_t>(index); };
    return {at(first), at(last)};
  }
};

struct Outcome {
  Step step = Step::Next;
  std::size_t requests = 0;
  Rows got{};

  [[nodiscard]] bool lacks(const std::string& row) const { return std::ranges::find(got, row) == got.end(); }
};

/// Reads it all; `change` may touch the list before each request, told how many were made.
template <class Change>
Outcome readAll(Server& server, Change change) {
  Paging paging(200);
  Outcome outcome;
  while (outcome.step == Step::Next) {
    change(outcome.requests++, server.rows);
    const auto page = server.page(paging.start());
    const auto turn = paging.feed(page, page.size());
    for (const auto index : turn.fresh) outcome.got.push_back(page[index]);
    outcome.step = turn.step;
  }
  return outcome;
}

Rows rowsUpTo(std::size_t count) {
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back(std::to_string(i));
  return rows;
}

void leaveOut(Rows& rows, std::size_t index) {
  if (index < rows.size()) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(index));
}

class AChangingList : public ::testing::TestWithParam<std::size_t> {
 protected:
  static constexpr std::size_t kLongest = 40;

  /// Each length of the list, counted from 0 and from 1.
  template <class Check>
  static void forEachServer(Check check) {
    for (std::size_t length = 0; length <= kLongest; ++length) {
      for (const std::size_t countsFrom : {0U, 1U}) {
        check(Server{countsFrom, GetParam(), rowsUpTo(length)});
        if (HasFailure()) return;
      }
    }
  }

  static std::size_t requestsInPeace(Server server) {
    return readAll(server, [](std::size_t, Rows&) {}).requests;
  }

  static void expectNothingLost(const Outcome& outcome, const Rows& stayed, const std::string& story) {
    if (outcome.step != Step::Complete) return;
    for (const auto& row : stayed) {
      if (outcome.lacks(row)) ADD_FAILURE() << story << ": row " << row << " was there all the time";
    }
  }

  static std::string story(const Server& server, const char* change, std::size_t request, std::size_t row) {
    return std::to_string(server.rows.size()) + " rows counted from " + std::to_string(server.countsFrom) + ", " +
           std::to_string(server.perPage) + " a page, row " + std::to_string(row) + " " + change + " before request " +
           std::to_string(request);
  }
};

TEST_P(AChangingList, ThatKeepsStillIsReadToItsEnd) {
  forEachServer([](Server server) {
    const Rows rows = server.rows;
    const auto outcome = readAll(server, [](std::size_t, Rows&) {});
    // With one row a page nothing can overlap, and no server is known that does this.
    const bool unreadable = server.perPage == 1 && rows.size() > 1;
    EXPECT_EQ(outcome.step, unreadable ? Step::Moved : Step::Complete) << story(server, "stays", 0, 0);
    if (!unreadable) EXPECT_EQ(outcome.got, rows);
  });
}

TEST_P(AChangingList, ThatOneRowLeavesIsNeverCompleteWithoutTheOthers) {
  forEachServer([](const Server& before) {
    const auto lastRequest = requestsInPeace(before) + 1;
    for (std::size_t row = 0; row < before.rows.size(); ++row) {
      Rows stayed = before.rows;
      leaveOut(stayed, row);
      for (std::size_t when = 1; when <= lastRequest; ++when) {
        Server server = before;
        const auto outcome = readAll(server, [&](std::size_t request, Rows& rows) {
          if (request == when) leaveOut(rows, row);
        });
        expectNothingLost(outcome, stayed, story(before, "leaves", when, row));
      }
    }
  });
}

TEST_P(AChangingList, ThatOneRowEntersIsNeverCompleteWithoutTheOthers) {
  forEachServer([](const Server& before) {
    const auto lastRequest = requestsInPeace(before) + 1;
    for (std::size_t row = 0; row <= before.rows.size(); ++row) {
      for (std::size_t when = 1; when <= lastRequest; ++when) {
        Server server = before;
        const auto outcome = readAll(server, [&](std::size_t request, Rows& rows) {
          if (request == when) rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(row), "new");
        });
        expectNothingLost(outcome, before.rows, story(before, "enters", when, row));
      }
    }
  });
}

TEST_P(AChangingList, ThatManyLeaveIsNeverCompleteWithoutTheOthers) {
  std::mt19937 random(GetParam());
  forEachServer([&random](const Server& before) {
    for (int turn = 0; turn < 50; ++turn) {
      Server server = before;
      const auto outcome = readAll(server, [&](std::size_t request, Rows& rows) {
        for (auto leaving = request == 0 ? 0 : random() % 4; leaving > 0 && !rows.empty(); --leaving) {
          leaveOut(rows, random() % rows.size());
        }
      });
      expectNothingLost(outcome, server.rows, story(before, "and others leave", 0, 0));
    }
  });
}

INSTANTIATE_TEST_SUITE_P(RowsAPage, AChangingList, ::testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 25, 500));

TEST(AListThatKeepsStill, CostsTwoRequestsWhenItFitsOnOnePage) {
  for (const std::size_t countsFrom : {0U, 1U}) {
    for (std::size_t length = 3; length < 25; ++length) {
      Server server{countsFrom, 25, rowsUpTo(length)};
      EXPECT_EQ(readAll(server, [](std::size_t, Rows&) {}).requests, 2U) << length;
    }
  }
}

TEST(AListThatKeepsStill, CostsAtMostTwoMoreWhenItIsTiny) {
  for (const std::size_t countsFrom : {0U, 1U}) {
    for (std::size_t length = 0; length < 3; ++length) {
      Server server{countsFrom, 25, rowsUpTo(length)};
      EXPECT_LE(readAll(server, [](std::size_t, Rows&) {}).requests, 4U) << length;
    }
  }
}

}  // namespace
}  // namespace splitdelivery::zoho
