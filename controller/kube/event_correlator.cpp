#include "kube/event_correlator.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <iterator>
#include <utility>

#include "base/text.h"

namespace splitdelivery::kube {
namespace {

/// Names have 253 bytes at most: what is left beside a dot and 16 digits, and some to spare.
constexpr std::size_t kLongestStem = 230;

std::string nameFor(const Event& event, std::uint64_t random) {
  if (!event.name.empty()) return event.name;
  std::string stem = event.regarding.name.substr(0, kLongestStem);
  // A part of a name ends in a letter or a digit.
  while (!stem.empty() && (stem.back() == '.' || stem.back() == '-')) stem.pop_back();
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(random));
  return stem + "." + digits.data();
}

}  // namespace

EventCorrelator::Object& EventCorrelator::objectOf(const Regarding& regarding, base::SteadyTime now) {
  std::string key = regarding.ns;
  key.append("/").append(regarding.name).append("/").append(regarding.uid);
  if (const auto known = byKey_.find(key); known != byKey_.end()) {
    objects_.splice(objects_.begin(), objects_, known->second);
    return objects_.front();
  }
  if (objects_.size() == kObjects) {
    byKey_.erase(objects_.back().key);
    objects_.pop_back();
  }
  objects_.push_front({.key = key, .refilledAt = now});
  byKey_.emplace(std::move(key), objects_.begin());
  return objects_.front();
}

bool EventCorrelator::isAllowed(Object& object, base::SteadyTime now) {
  const std::chrono::duration<double, std::chrono::minutes::period> passed = now - object.refilledAt;
  object.allowed = std::min(kBurst, object.allowed + passed.count() / static_cast<double>(kRefill.count()));
  object.refilledAt = now;
  if (object.allowed < 1) return false;
  object.allowed -= 1;
  return true;
}

EventCorrelator::Series EventCorrelator::seriesIn(Similar& group, Event& event, const Moment& moment) {
  const std::size_t note = std::hash<std::string>{}(event.note);
  const auto begin = [&] {
    auto series = std::make_shared<EventSeries>();
    series->name = nameFor(event, moment.random);
    series->note = note;
    series->firstAt = moment.wall;
    series->startedAt = moment.now;
    return series;
  };
  std::erase_if(group.told, [&](const Series& each) { return moment.now - each->seenAt >= kSeriesEnds; });
  if (const auto known = std::ranges::find(group.told, note, &EventSeries::note); known != group.told.end()) {
    return *known;
  }
  const auto recent = std::ranges::count_if(
      group.told, [&](const Series& each) { return moment.now - each->startedAt < kAlikeWithin; });
  if (static_cast<std::size_t>(recent) == kAlike) {
    event.note = "(combined from similar events): " + event.note;
    if (!group.combined || moment.now - group.combined->seenAt >= kAlikeWithin) group.combined = begin();
    return group.combined;
  }
  if (group.told.size() == kAlike) {
    group.told.erase(std::ranges::min_element(group.told, std::less<>{}, &EventSeries::seenAt));
  }
  group.told.push_back(begin());
  return group.told.back();
}

std::shared_ptr<EventSeries> EventCorrelator::take(Event event, Moment moment, bool limited) {
  Object& object = objectOf(event.regarding, moment.now);
  auto group = std::ranges::find_if(
      object.groups, [&](const Similar& each) { return each.type == event.type && each.reason == event.reason; });
  if (group == object.groups.end()) {
    object.groups.push_back({.type = event.type, .reason = event.reason});
    group = std::prev(object.groups.end());
  }
  Series series = seriesIn(*group, event, moment);
  event.note = base::shortened(std::move(event.note), kLongestNote);
  ++series->count;
  series->lastAt = moment.wall;
  series->seenAt = moment.now;
  const bool goes = isAllowed(object, moment.now) || !limited;
  if (!goes) return nullptr;
  series->latest = std::move(event);
  return series;
}

}  // namespace splitdelivery::kube
