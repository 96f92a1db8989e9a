#include "kube/reflector.h"

#include <algorithm>
#include <exception>
#include <typeinfo>
#include <utility>

#include "base/await.h"
#include "base/log.h"
#include "http/percent.h"
#include "kube/raw_json.h"

namespace splitdelivery::kube {
namespace {

using base::Done;
using base::ErrorKind;
using base::fail;
using base::Result;

constexpr const char* kPage = "limit=500";
/// An object has 1.5 MiB at most (etcd's limit); escaped, with its envelope, it stays below this.
constexpr std::size_t kLongestLine = std::size_t{8} << 20U;
/// How much longer than the server's own end of a watch we wait for it.
constexpr std::chrono::seconds kPatience{5};
/// A watch that has lived so long was a good one.
constexpr std::chrono::seconds kGoodWatch{5};

/// {"type":"MODIFIED","object":{...}}
struct Event {
  std::string_view type;
  std::optional<Object> object;
};

/// Nothing for a line that is no event.
std::optional<Event> readEvent(std::string_view line) {
  Event event;
  const std::size_t end = raw_json::eachMember(line, [&](const raw_json::Member& member) {
    if (member.name == "object" && !event.object) {
      event.object.emplace(line.substr(member.value));
      if (event.object->size() != raw_json::kBroken) return member.value + event.object->size();
    }
    const std::size_t valueEnd = raw_json::skipValue(line, member.value);
    if (member.name == "type") event.type = raw_json::plainText(line.substr(member.value, valueEnd - member.value));
    return valueEnd;
  });
  const bool whole = end != raw_json::kBroken && event.object && event.object->size() != raw_json::kBroken;
  if (!whole || event.type.empty()) return std::nullopt;
  return event;
}

bool endsInitialEvents(const Object& bookmark) {
  const Json metadata = bookmark.parsed("metadata");
  const auto annotations = metadata.is_object() ? metadata.find("annotations") : metadata.end();
  if (annotations == metadata.end() || !annotations->is_object()) return false;
  const auto end = annotations->find("k8s.io/initial-events-end");
  return end != annotations->end() && *end == "true";
}

}  // namespace

base::Task<Done> Reflector::run(std::stop_token stop) {
  try {
    co_return co_await follow(std::move(stop));
  } catch (const std::exception& bug) {
    const std::string kind(collection_.type.plural);
    base::log(base::LogLevel::Error, "a bug ended the watch of " + kind + ": please report it",
              {{"namespace", collection_.ns.empty() ? "-" : collection_.ns}, {"type", typeid(bug).name()}});
    trouble_ = base::Error{ErrorKind::Stall, "InternalError", "a bug ended the watch of " + kind + ": start it anew"};
    throw;
  }
}

base::Task<Done> Reflector::follow(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const auto began = executor_.now();
    progressed_ = false;
    auto stepped = co_await step(stop);
    if (stop.stop_requested()) break;
    if (progressed_ || executor_.now() - began >= kGoodWatch) pause_ = kFirstPause;
    if (stepped) {
      trouble_.reset();
      // A server that ends each watch at once is not asked in a tight loop.
      if (progressed_ || executor_.now() - began >= kFirstPause) continue;
      co_await base::sleepFor(executor_, kFirstPause, stop);
      continue;
    }
    const base::Error& error = stepped.error();
    if (error.reason == reason::kExpired) {
      state_ = State::Empty;
      if (progressed_) continue;
    }
    tell(error);
    trouble_ = error;
    co_await base::sleepFor(executor_, pauseAfter(error), stop);
  }
  co_return Done{};
}

/// Each trouble once. A watch that breaks, and is taken up again, is nothing to tell.
void Reflector::tell(const base::Error& error) const {
  const bool known = trouble_ && trouble_->message == error.message;
  const bool passing = !trouble_ && synced_;
  base::log(known || passing ? base::LogLevel::Debug : base::LogLevel::Warn,
            "the API server cannot be followed; it is tried again",
            {{"resource", std::string(collection_.type.plural)},
             {"namespace", collection_.ns.empty() ? "-" : collection_.ns},
             {"reason", error.reason},
             {"message", error.message}});
}

base::Duration Reflector::pauseAfter(const base::Error& error) {
  const base::Duration pause = pause_;
  pause_ = std::min<base::Duration>(pause_ * 2, kLongestPause);
  const base::Duration jitter(
      static_cast<std::int64_t>(executor_.random() % static_cast<std::uint64_t>(pause.count())));
  return std::max<base::Duration>(pause / 2 + jitter, error.retryAfter.value_or(std::chrono::seconds{0}));
}

base::Task<Result<Done>> Reflector::step(std::stop_token stop) {
  // A list that broke off in the middle is begun anew.
  if (state_ == State::Streaming) state_ = State::Empty;
  if (state_ == State::Watching) return watch(std::move(stop));
  sink_.begin();
  if (!streamsLists_) return listPages(std::move(stop));
  state_ = State::Streaming;
  return watch(std::move(stop));
}

base::Task<Result<Done>> Reflector::listPages(std::stop_token stop) {
  std::string next;
  do {
    std::string query = kPage;
    if (!collection_.name.empty()) query += "&" + selector();
    if (!next.empty()) query += "&continue=" + http::percentEncoded(next);
    auto page = co_await client_.list(collection_.type, collection_.ns, query, stop);
    if (!page) co_return fail(std::move(page).error());
    const Object list(*page);
    const Json metadata = list.parsed("metadata");
    const bool whole = list.size() != raw_json::kBroken;  // half a list would look as if the rest were gone
    if (!whole || !list.part("items").starts_with('[') || !metadata.is_object()) {
      co_return fail(ErrorKind::Retry, "APIServerError", "the API server's list is none");
    }
    raw_json::eachElement(list.part("items"), [this](std::string_view item) { sink_.listed(Object(item)); });
    version_ = list.version();
    next = metadata.value("continue", std::string());
    progressed_ = true;
  } while (!next.empty());
  committed();
  co_return Done{};
}

void Reflector::committed() {
  sink_.commit();
  synced_ = true;
  trouble_.reset();
  state_ = State::Watching;
}

std::string Reflector::selector() const {
  return "fieldSelector=metadata.name%3D" + collection_.name;
}

std::string Reflector::watchQuery() const {
  std::string query = "allowWatchBookmarks=true&timeoutSeconds=" + std::to_string(kWatchFor.count());
  if (!collection_.name.empty()) query += "&" + selector();
  if (state_ == State::Streaming) return query + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
  return query + "&resourceVersion=" + http::percentEncoded(version_);
}

base::Task<Result<Done>> Reflector::watch(std::stop_token stop) {
  // Ends a stream that has turned out to be of no use.
  std::stop_source ending;
  const std::stop_callback stopped(stop, [&ending] { ending.request_stop(); });
  inStream_.reset();
  Lines lines(kLongestLine);
  // What a sink throws must not reach the transport, which calls from a turn of its own.
  std::exception_ptr bug;
  const auto onBody = [this, &lines, &ending, &bug](std::string_view bytes) {
    if (inStream_ || bug) return;
    try {
      const bool sound = lines.feed(bytes, [this](std::string_view line) { onEvent(line); });
      if (!sound) inStream_ = base::Error{ErrorKind::Retry, "APIServerError", "a line of the watch never ends"};
    } catch (...) {
      bug = std::current_exception();
    }
    if (inStream_ || bug) ending.request_stop();
  };
  auto ended = co_await client_.watch(collection_.type, collection_.ns, watchQuery(), onBody, kWatchFor + kPatience,
                                      ending.get_token());
  if (bug) std::rethrow_exception(bug);
  if (inStream_) co_return fail(*inStream_);
  if (ended) co_return Done{};
  if (state_ == State::Streaming && ended.error().reason == reason::kInvalid) {
    streamsLists_ = false;
    progressed_ = true;  // that is known now
    co_return Done{};
  }
  co_return fail(std::move(ended).error());
}

void Reflector::onEvent(std::string_view line) {
  if (inStream_) return;
  const auto event = readEvent(line);
  if (!event) {
    inStream_ = base::Error{ErrorKind::Retry, "APIServerError", "a line of the watch is no event"};
    return;
  }
  const auto& [type, found] = *event;
  const Object& object = *found;
  if (type == "ERROR") return onError(object);
  progressed_ = true;
  if (type == "BOOKMARK") return onBookmark(object);
  if (state_ == State::Streaming) {
    if (type != "DELETED") return sink_.listed(object);
    inStream_ =
        base::Error{ErrorKind::Retry, "APIServerError", "an object went while it was listed: it is listed anew"};
    return;
  }
  if (type == "DELETED") {
    sink_.removed(object);
  } else {
    sink_.changed(object);
  }
  version_ = object.version();
}

void Reflector::onBookmark(const Object& object) {
  version_ = object.version();
  if (state_ == State::Streaming && endsInitialEvents(object)) committed();
}

/// A metav1.Status in the middle of a stream.
void Reflector::onError(const Object& status) {
  const bool gone = status.part("code") == "410";
  inStream_ =
      gone ? base::Error{ErrorKind::Refuse, std::string(reason::kExpired), "the watch was too old: it is listed anew"}
           : base::Error{ErrorKind::Retry, "APIServerError", "the API server ended the watch with an error"};
}

}  // namespace splitdelivery::kube
