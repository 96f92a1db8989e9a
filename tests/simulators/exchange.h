#pragma once

#include <chrono>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace splitdelivery::simulators {

/// The simulators' time of day. They have no clock: whoever hands them a request says what time it is.
using Time = std::chrono::system_clock::time_point;

/// Header names in lower case.
using Headers = std::map<std::string, std::string>;

[[nodiscard]] std::string lowerCase(std::string_view text);
[[nodiscard]] std::string percentEncode(std::string_view text);
/// Nothing when a '%' is not followed by two hexadecimal digits. '+' is a blank.
[[nodiscard]] std::optional<std::string> percentDecode(std::string_view text);
/// Nothing when it is no base64.
[[nodiscard]] std::optional<std::string> base64Decode(std::string_view text);
[[nodiscard]] std::string base64Encode(std::string_view bytes);

/// A form: names and values in the order in which they were written.
class Fields {
 public:
  using Pair = std::pair<std::string, std::string>;

  Fields() = default;
  Fields(std::initializer_list<Pair> pairs) : pairs_(pairs) {}
  /// Reads `a=1&b=%40`. Nothing when a percent escape is broken.
  [[nodiscard]] static std::optional<Fields> parse(std::string_view form);

  void add(std::string name, std::string value) { pairs_.emplace_back(std::move(name), std::move(value)); }
  [[nodiscard]] const std::string* find(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The first value of that name, or "".
  [[nodiscard]] std::string value(std::string_view name) const;
  [[nodiscard]] std::string encode() const;

  [[nodiscard]] auto begin() const { return pairs_.begin(); }
  [[nodiscard]] auto end() const { return pairs_.end(); }
  [[nodiscard]] bool empty() const { return pairs_.empty(); }

 private:
  std::vector<Pair> pairs_;
};

/// One request as a server sees it.
struct Request {
  std::string method = "GET";
  std::string target{};  ///< "/CMD_API_POP?domain=example.com", as sent
  std::string path{};    ///< the part of `target` before '?'
  Fields query{};
  Headers headers{};
  std::string body{};
  std::string client = "127.0.0.1";  ///< the address it came from; bad logins are counted by it
  bool malformed = false;            ///< the target is no path, or its query is broken

  [[nodiscard]] static Request make(std::string method, std::string target, Headers headers = {},
                                    std::string body = {});
  /// The header of that lower-case name, or "".
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool hasContentType(std::string_view type) const;
};

/// One answer. What stands below the line is for the journal and never sent.
struct Reply {
  int status = 200;
  Headers headers{};
  std::string body{};
  // ---
  std::string user{};                     ///< who was recognised
  std::vector<std::string> changes{};     ///< what it changed: "example.com: + anna -> anna@zoho.example.com"
  std::vector<std::string> complaints{};  ///< why a real server would not have taken this request
};

/// One simulated API as a state machine: no socket, no clock, no thread. One request at a time.
class Simulator {
 public:
  Simulator() = default;
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;
  virtual ~Simulator() = default;

  [[nodiscard]] virtual std::string_view api() const = 0;  ///< "zoho", "da"
  /// What the journal counts a request under: "GET accounts", "POST CMD_API_EMAIL_FORWARDERS".
  [[nodiscard]] virtual std::string endpoint(const Request& request) const = 0;
  /// Whether the request is one that may change something (a new token is no change).
  [[nodiscard]] virtual bool isWrite(const Request& request) const = 0;
  virtual Reply handle(const Request& request, Time now) = 0;
};

}  // namespace splitdelivery::simulators
