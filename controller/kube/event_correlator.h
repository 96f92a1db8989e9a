#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/executor.h"

namespace splitdelivery::kube {

enum class EventType { Normal, Warning };

/// What an Event is about.
struct Regarding {
  std::string apiVersion{};  ///< "splitdelivery.dev/v1alpha1"
  std::string kind{};
  std::string ns{};
  std::string name{};
  std::string uid{};
};

/// Something that a person who looks at an object should know of.
struct Event {
  Regarding regarding{};
  EventType type = EventType::Normal;
  std::string reason{};  ///< CamelCase
  std::string action{};  ///< what was done or tried, CamelCase
  std::string note{};    ///< for a person; cut to 1,024 bytes, which is what the API server takes
  /// Of the Event object; empty: one is made up. One that is there already is left as it is, so this tells something
  /// once for as long as Events are kept, also over restarts.
  std::string name{};
};

/// Events that are one object at the API server: the first of them, and how often it came again.
struct EventSeries {
  std::string name;      ///< of the object
  std::size_t note = 0;  ///< the hash of what it says
  Event latest{};        ///< as it is to be sent; empty once it was
  base::WallTime firstAt{};
  base::WallTime lastAt{};
  base::SteadyTime startedAt{};
  base::SteadyTime seenAt{};
  std::uint32_t count = 0;
  std::uint32_t sentCount = 0;  ///< what the API server knows of `count`; 0: it has no such object
};

/// Decides which Events are told on their own, as often as they deserve.
///
/// The same again (object, type, reason, note) goes on with the series it belongs to. Of one object, type and reason,
/// kAlike different notes within kAlikeWithin are told; further ones become one series of "similar events". An object
/// has kBurst Events at once, then one each kRefill; those beyond are counted in their series and not sent. The rules
/// of client-go's tools/record/events_cache.go. Remembers the kObjects objects that were told of last.
class EventCorrelator {
 public:
  static constexpr std::size_t kAlike = 10;
  static constexpr std::chrono::minutes kAlikeWithin{10};
  /// The API server forgets an Event after an hour, unless it was told otherwise.
  static constexpr std::chrono::hours kSeriesEnds{1};
  static constexpr double kBurst = 25;
  static constexpr std::chrono::minutes kRefill{5};
  static constexpr std::size_t kObjects = 4096;
  static constexpr std::size_t kLongestNote = 1024;

  struct Moment {
    base::SteadyTime now;
    base::WallTime wall;
    std::uint64_t random = 0;  ///< for the name of a new object
  };
  /// The series that is to be sent now; nothing when its object has had enough. `limited` false: that is not asked.
  [[nodiscard]] std::shared_ptr<EventSeries> take(Event event, Moment moment, bool limited = true);

  [[nodiscard]] std::size_t objects() const { return objects_.size(); }

 private:
  using Series = std::shared_ptr<EventSeries>;
  /// What was told of one object with one type and reason.
  struct Similar {
    EventType type;
    std::string reason;
    std::vector<Series> told{};  ///< kAlike at most
    Series combined{};
  };
  struct Object {
    std::string key;
    std::vector<Similar> groups{};
    double allowed = kBurst;
    base::SteadyTime refilledAt{};
  };

  Object& objectOf(const Regarding& regarding, base::SteadyTime now);
  static Series seriesIn(Similar& group, Event& event, const Moment& moment);
  static bool isAllowed(Object& object, base::SteadyTime now);

  std::list<Object> objects_;  ///< the one told of last in front
  std::unordered_map<std::string, std::list<Object>::iterator> byKey_;
};

}  // namespace splitdelivery::kube
