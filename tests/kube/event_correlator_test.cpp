#include "kube/event_correlator.h"

#include <gmock/gmock.h>

#include <set>

namespace splitdelivery::kube {
namespace {

using namespace std::chrono_literals;
using ::testing::StartsWith;

/// Events of one controller, told to a correlator at times that a test chooses.
class Told : public ::testing::Test {
 protected:
  std::shared_ptr<EventSeries> tell(const std::string& note, const std::string& reason = "Synced",
                                    const std::string& name = "d0") {
    return correlator.take(
        {.regarding = {.ns = "mail", .name = name, .uid = "uid-" + name}, .reason = reason, .note = note},
        {base::SteadyTime(at), base::WallTime(at), ++random});
  }

  EventCorrelator correlator;
  base::Duration at{};
  std::uint64_t random = 0;
};

TEST_F(Told, TheSameAgainIsOneSeriesThatCounts) {
  const auto first = tell("well");
  at += 20min;
  const auto second = tell("well");
  EXPECT_EQ(first, second);
  EXPECT_EQ(second->count, 2U);
  EXPECT_EQ(second->firstAt, base::WallTime(0min));
  EXPECT_EQ(second->lastAt, base::WallTime(20min));
}

TEST_F(Told, AnotherNoteReasonOrObjectIsAnEventOfItsOwn) {
  const std::set<std::shared_ptr<EventSeries>> all{tell("a"), tell("b"), tell("a", "Observed"),
                                                   tell("a", "Synced", "d1")};
  EXPECT_EQ(all.size(), 4U);
  std::set<std::string> names;
  for (const auto& series : all) names.insert(series->name);
  EXPECT_EQ(names.size(), 4U);
}

TEST_F(Told, TheSameAnHourLaterBeginsAnew) {
  const auto first = tell("well");
  at += 1h;
  const auto second = tell("well");
  EXPECT_NE(first, second);
  EXPECT_EQ(second->count, 1U);
}

TEST_F(Told, TheEleventhOfManyAlikeInTenMinutesIsCombinedWithThoseThatFollow) {
  for (int i = 0; i < 10; ++i) {
    const auto series = tell(std::to_string(i) + " created");
    ASSERT_TRUE(series);
    EXPECT_EQ(series->latest.note, std::to_string(i) + " created");
    at += 10s;
  }
  const auto combined = tell("10 created");
  EXPECT_THAT(combined->latest.note, StartsWith("(combined from similar events): 10 created"));
  EXPECT_EQ(tell("11 created"), combined);
  EXPECT_EQ(combined->count, 2U);
  EXPECT_NE(tell("3 created"), combined) << "one that was told goes on with its own series";
  EXPECT_NE(tell("10 created", "Other"), combined);
  at += 10min;
  EXPECT_EQ(tell("12 created")->latest.note, "12 created");
}

TEST_F(Told, TheTwentySixthOfAnObjectIsNotSentAndOneEveryFiveMinutesAfterIt) {
  for (int i = 0; i < 25; ++i) EXPECT_TRUE(tell("well")) << i;
  EXPECT_FALSE(tell("well"));
  EXPECT_FALSE(tell("ill")) << "it is the object that has had enough";
  EXPECT_TRUE(tell("well", "Synced", "d1"));
  at += 5min;
  const auto next = tell("well");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->count, 27U) << "those that were not sent count";
  EXPECT_FALSE(tell("well"));
}

TEST_F(Told, WhatMustBeSaidIsSaidAllTheSame) {
  for (int i = 0; i < 26; ++i) static_cast<void>(tell("well"));
  EXPECT_TRUE(correlator.take({.regarding = {.ns = "mail", .name = "d0", .uid = "uid-d0"}, .reason = "Gone"},
                              {base::SteadyTime(at), base::WallTime(at), 1}, false));
}

TEST_F(Told, ALongNoteIsCutToWhatTheServerTakes) {
  std::string note;
  while (note.size() < 3000) note += "größe ";
  const auto series = tell(note);
  EXPECT_LE(series->latest.note.size(), 1024U);
  EXPECT_TRUE(series->latest.note.ends_with("…"));
}

TEST_F(Told, ALongNameLeavesRoomAndEndsWell) {
  const auto series = tell("well", "Synced", std::string(229, 'a') + "." + std::string(23, 'b'));
  EXPECT_LE(series->name.size(), 253U);
  EXPECT_EQ(series->name, std::string(229, 'a') + ".0000000000000001");
}

TEST_F(Told, OfMoreObjectsThanItRemembersTheOldestAreForgotten) {
  const auto first = tell("well", "Synced", "d0");
  const auto second = tell("well", "Synced", "d1");
  for (std::size_t i = 2; i <= EventCorrelator::kObjects; ++i) {
    static_cast<void>(tell("well", "Synced", "d" + std::to_string(i)));
    if (i == 10) EXPECT_EQ(tell("well", "Synced", "d0"), first);
  }
  EXPECT_EQ(correlator.objects(), EventCorrelator::kObjects);
  EXPECT_EQ(tell("well", "Synced", "d0"), first) << "it was told of since";
  EXPECT_NE(tell("well", "Synced", "d1"), second);
}

}  // namespace
}  // namespace splitdelivery::kube
