#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "kube/client.h"
#include "kube/lines.h"

namespace splitdelivery::kube {

/// Is told what becomes of the objects of a collection. Calls come on the executor; none may throw: an object that
/// cannot be read is the receiver's to report, and never stops the rest.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// A list begins. What came of one that was not committed is forgotten.
  virtual void begin() = 0;
  virtual void listed(const Object& object) = 0;
  /// The list is whole: it takes the place of all that was known.
  virtual void commit() = 0;
  /// Added or modified.
  virtual void changed(const Object& object) = 0;
  virtual void removed(const Object& object) = 0;
};

/// Follows one collection of the API server and keeps a Sink true to it.
///
///   Empty ──▶ Listing ──(whole)──▶ Watching ──(410 Gone)──▶ Empty
///
/// Lists as a stream where the server can (sendInitialEvents), else in pages of 500. Bookmarks keep the resourceVersion
/// fresh; a watch that ends or breaks goes on from the last one; only 410 lists anew. Half-dead connections are given
/// up by a deadline a little longer than the server's own. Pauses after failures: 0.8 s, doubled up to 30 s, with
/// jitter, or what the server asks for.
///
/// The behaviour of client-go's tools/cache/reflector.go and kube-rs's watcher.rs;
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
///
/// Lives on the executor; must outlive `run`.
class Reflector {
 public:
  static constexpr std::chrono::milliseconds kFirstPause{800};
  static constexpr std::chrono::seconds kLongestPause{30};
  static constexpr std::chrono::seconds kWatchFor{290};

  struct Collection {
    ResourceType type;
    std::string ns{};    ///< empty: every namespace
    std::string name{};  ///< empty: all; else that one object alone
  };

  /// `client` and `sink` outlive this.
  Reflector(base::Executor& executor, Client& client, Collection collection, Sink& sink)
      : executor_(executor), client_(client), collection_(std::move(collection)), sink_(sink) {}

  /// Until a stop is asked for. An exception, which a bug alone throws (the sink's too), is logged and thrown on; what
  /// is seen stands still from then on.
  base::Task<base::Done> run(std::stop_token stop);

  /// Whether a whole list has been seen.
  [[nodiscard]] bool synced() const { return synced_; }
  /// What went wrong last, until something goes well again.
  [[nodiscard]] const std::optional<base::Error>& trouble() const { return trouble_; }

 private:
  enum class State : std::uint8_t { Empty, Streaming, Watching };

  base::Task<base::Done> follow(std::stop_token stop);
  base::Task<base::Result<base::Done>> step(std::stop_token stop);
  base::Task<base::Result<base::Done>> listPages(std::stop_token stop);
  base::Task<base::Result<base::Done>> watch(std::stop_token stop);
  void onEvent(std::string_view line);
  void onBookmark(const Object& object);
  void onError(const Object& status);
  void committed();
  void tell(const base::Error& error) const;
  [[nodiscard]] std::string selector() const;
  [[nodiscard]] std::string watchQuery() const;
  [[nodiscard]] base::Duration pauseAfter(const base::Error& error);

  base::Executor& executor_;
  Client& client_;
  const Collection collection_;
  Sink& sink_;
  State state_ = State::Empty;
  bool streamsLists_ = true;  ///< until the server says that it cannot
  std::string version_;       ///< resourceVersion to go on from
  bool synced_ = false;
  std::optional<base::Error> trouble_;
  std::optional<base::Error> inStream_;  ///< an error that the stream carried
  bool progressed_ = false;              ///< the request under way has brought something
  base::Duration pause_ = kFirstPause;
};

}  // namespace splitdelivery::kube
