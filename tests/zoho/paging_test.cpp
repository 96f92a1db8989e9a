#include "zoho/paging.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace splitdelivery::zoho {
namespace {

using Step = Paging::Step;

std::vector<std::string> ids(std::size_t from, std::size_t until) {
  std::vector<std::string> made;
  for (std::size_t i = from; i < until; ++i) made.push_back(std::to_string(i));
  return made;
}

struct Server {
  const char* name;
  std::size_t rows;
  std::size_t perPage;     ///< its own cap
  std::size_t countsFrom;  ///< what it takes for the number of the first row
  bool ignoresStart;
  bool repeatsLastPage;  ///< instead of an empty one
  Step ends;
};

std::vector<std::string> pageOf(const Server& server, std::size_t start) {
  std::size_t first = server.ignoresStart ? 0 : start - std::min(start, server.countsFrom);
  if (first >= server.rows && server.repeatsLastPage) first = server.rows - std::min(server.rows, server.perPage);
  return ids(std::min(first, server.rows), std::min(first + server.perPage, server.rows));
}

class APagedListing : public ::testing::TestWithParam<Server> {};

TEST_P(APagedListing, BringsEachRowOnceAndKnowsWhetherItIsComplete) {
  const Server& server = GetParam();
  Paging paging;
  std::vector<std::string> got;
  Step step = Step::Next;
  int pages = 0;
  while (step == Step::Next && ++pages < 2000) {
    const auto page = pageOf(server, paging.start());
    const auto turn = paging.feed(page, page.size());
    for (const auto index : turn.fresh) got.push_back(page[index]);
    step = turn.step;
  }
  EXPECT_EQ(step, server.ends);
  if (server.ends == Step::Complete) {
    EXPECT_EQ(got, ids(0, server.rows));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Servers, APagedListing,
    ::testing::Values(Server{"nobody", 0, 10, 0, false, false, Step::Complete},
                      Server{"one user, counted from 0", 1, 10, 0, false, false, Step::Complete},
                      Server{"one user, counted from 1", 1, 10, 1, false, false, Step::Complete},
                      Server{"one page", 499, 500, 0, false, false, Step::Complete},
                      Server{"exactly one page", 500, 500, 0, false, false, Step::Complete},
                      Server{"exactly one page, counted from 1", 500, 500, 1, false, false, Step::Complete},
                      Server{"many pages, capped at 10", 137, 10, 0, false, false, Step::Complete},
                      Server{"many pages, counted from 1", 137, 10, 1, false, false, Step::Complete},
                      Server{"capped below 10", 23, 4, 0, false, false, Step::Complete},
                      Server{"9 rows, start ignored", 9, 10, 0, true, false, Step::Complete},
                      Server{"10 rows, start ignored", 10, 10, 0, true, false, Step::Stagnant},
                      Server{"the 10 lowest of 30", 30, 10, 0, true, false, Step::Stagnant},
                      Server{"the last page again, short", 9, 10, 0, false, true, Step::Complete},
                      Server{"the last page again, full", 40, 20, 0, false, true, Step::Complete}));

TEST(Paging, TakesAnIdThatComesTwiceInOneAnswerForABrokenAnswer) {
  Paging paging;
  EXPECT_EQ(paging.feed({"1", "2", "1"}, 3).step, Step::Repeated);
}

TEST(Paging, GoesOnFromTheLastRowReceivedNotFromTheLastOneUnderstood) {
  Paging paging;
  const auto turn = paging.feed({"1", "2"}, 5);
  EXPECT_EQ(turn.step, Step::Next);
  EXPECT_EQ(paging.start(), 4U);
}

TEST(Paging, DoesNotBelieveAPageOfNewRowsAlone) {
  Paging paging;
  EXPECT_EQ(paging.feed({"1", "2"}, 2).step, Step::Next);
  const auto turn = paging.feed({"3", "4"}, 2);
  EXPECT_EQ(turn.step, Step::Moved);
  EXPECT_EQ(turn.fresh.size(), 2U) << "what was read still counts";
}

TEST(AnEmptyPage, AfterRowsIsBelievedWhenTheLastPageIsStillTheSame) {
  Paging paging;
  EXPECT_EQ(paging.feed({"1", "2", "3"}, 3).step, Step::Next);
  EXPECT_EQ(paging.start(), 2U);
  EXPECT_EQ(paging.feed({"3", "4", "5"}, 3).step, Step::Next);
  EXPECT_EQ(paging.feed({}, 0).step, Step::Next);
  EXPECT_EQ(paging.start(), 2U) << "where the last page began";
  EXPECT_EQ(paging.feed({"3", "4", "5"}, 3).step, Step::Complete);
}

TEST(AnEmptyPage, AfterRowsIsNotBelievedWhenTheLastRowIsGoneOrAllAre) {
  for (const auto& page : {std::vector<std::string>{"1", "2"}, {"4"}, {}}) {
    Paging paging;
    EXPECT_EQ(paging.feed({"1", "2", "3"}, 3).step, Step::Next);
    EXPECT_EQ(paging.feed({}, 0).step, Step::Next);
    EXPECT_EQ(paging.feed(page, page.size()).step, Step::Moved);
  }
}

TEST(AnEmptyPage, AfterRowsIsForgottenWhenTheLastPageShowsMoreNow) {
  Paging paging;
  EXPECT_EQ(paging.feed({"1", "2", "3"}, 3).step, Step::Next);
  EXPECT_EQ(paging.feed({}, 0).step, Step::Next);
  EXPECT_EQ(paging.feed({"3", "4", "5"}, 3).step, Step::Next);
  EXPECT_EQ(paging.start(), 2U);
  EXPECT_EQ(paging.feed({"5"}, 1).step, Step::Complete);
}

TEST(Paging, KeepsTheFreshRowsOfAPageThatOverlaps) {
  Paging paging;
  EXPECT_EQ(paging.feed({"1", "2"}, 2).fresh, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(paging.feed({"2", "3"}, 2).fresh, (std::vector<std::size_t>{1}));
}

TEST(Paging, DoesNotBelieveAPageOfTenRowsWithoutAnyId) {
  Paging paging;
  EXPECT_EQ(paging.feed({}, 10).step, Step::Stagnant);
}

TEST(Paging, EndsAtItsBoundWhenTheServerNeverDoes) {
  Paging paging(3);
  EXPECT_EQ(paging.feed({"1", "2"}, 2).step, Step::Next);
  EXPECT_EQ(paging.feed({"2", "3"}, 2).step, Step::Next);
  const auto last = paging.feed({"3", "4"}, 2);
  EXPECT_EQ(last.step, Step::Endless);
  EXPECT_EQ(last.fresh.size(), 1U) << "what was read still counts";
}

TEST(Paging, MayFindTheEndOnItsLastPage) {
  Paging paging(2);
  EXPECT_EQ(paging.feed({"1", "2"}, 2).step, Step::Next);
  EXPECT_EQ(paging.feed({"2"}, 1).step, Step::Complete);
}

}  // namespace
}  // namespace splitdelivery::zoho
