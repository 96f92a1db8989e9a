#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/await.h"
#include "http/transport.h"

namespace splitdelivery::simulators {

/// A kube-apiserver in virtual time, as far as our client needs one: objects with resourceVersions, lists in pages,
/// watches with bookmarks and initial events, merge and JSON patches, finalizers, 409, 410 and 404, and the faults of a
/// real one at will. tests/e2e holds the same client against the real one.
class Kubernetes final : public http::Transport {
 public:
  using Json = nlohmann::json;

  explicit Kubernetes(base::Executor& executor) : executor_(executor) {}

  base::Task<base::Result<http::Response>> send(http::Request request, std::stop_token stop) override;

  // What a person does with kubectl. `collection`: "/api/v1/namespaces/mail/secrets".
  void put(const std::string& collection, Json object);
  void merge(const std::string& collection, const std::string& name, const Json& patch);
  void erase(const std::string& collection, const std::string& name);
  [[nodiscard]] std::optional<Json> get(const std::string& collection, const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names(const std::string& collection) const;

  // Its moods.
  /// Gives an answer in place of its own, or nothing.
  using Fault = std::function<std::optional<base::Result<http::Response>>(const http::Request&)>;
  void setFault(Fault fault) { fault_ = std::move(fault); }
  void setStreamsLists(bool does) { streamsLists_ = does; }
  void setPageSize(std::size_t size) { pageSize_ = size; }
  /// Ends every watch: cleanly, or as a connection that breaks.
  void cutWatches(bool cleanly = false);
  /// Forgets all older versions: who goes on from one gets 410.
  void compact() { compacted_ = revision_; }
  /// Sends a bookmark to every watch.
  void sendBookmarks();
  /// Sends this line, whatever it is, to every watch.
  void sendLine(const std::string& line);

  struct Asked {
    std::string method;
    std::string path;
    std::string contentType;
    std::string body;
    base::SteadyTime at;
  };
  [[nodiscard]] const std::vector<Asked>& asked() const { return asked_; }
  /// Requests of that method whose path begins so.
  [[nodiscard]] std::size_t count(const std::string& method, const std::string& path) const;
  [[nodiscard]] std::size_t watches() const { return watches_.size(); }

 private:
  struct Target;
  struct Watch;
  struct Event {
    std::uint64_t revision;
    std::string type;
    std::string path;
    Json object;
  };
  using Objects = std::map<std::string, Json>;  ///< by path

  static Target parse(const http::Request& request);
  http::Response answer(const Target& target, const http::Request& request);
  http::Response list(const Target& target);
  http::Response create(const Target& target, Json object);
  http::Response replace(const Target& target, Json object);
  http::Response patch(const Target& target, const http::Request& request);
  http::Response remove(const Target& target);
  base::Task<base::Result<http::Response>> watch(Target target, http::Request request, std::stop_token stop);
  void store(const std::string& path, Json object);
  void happened(const std::string& type, const std::string& path, Json object);
  void tell(Watch& watch, const Event& event) const;
  static void push(Watch& watch, const std::string& line);
  [[nodiscard]] bool matches(const Target& target, const std::string& path) const;

  base::Executor& executor_;
  Objects objects_;
  std::vector<Event> events_;
  std::set<std::shared_ptr<Watch>> watches_;
  std::uint64_t revision_ = 100;
  std::uint64_t compacted_ = 0;
  std::uint64_t uids_ = 0;
  std::size_t pageSize_ = 0;
  bool streamsLists_ = true;
  Fault fault_;
  std::vector<Asked> asked_;
};

}  // namespace splitdelivery::simulators
