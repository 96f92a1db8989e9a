#include "http/recording_transport.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>

#include "base/await.h"
#include "base/log.h"

namespace splitdelivery::http {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNumberWidth = 4;

/// Fit for a file name whatever it is.
std::string namePart(std::string_view text) {
  std::string part(text.empty() ? "other" : text);
  std::ranges::replace_if(
      part, [](char c) { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_'; },
      '_');
  return part;
}

/// The number at the head of one of our file names; 0 for another file.
std::size_t numberOf(const std::string& name) {
  const auto digits = std::min(name.find('-'), name.size());
  if (digits < kNumberWidth || digits > 9 || digits == name.size() || !name.ends_with(".txt")) return 0;
  std::size_t number = 0;
  for (const char c : name.substr(0, digits)) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return number;
}

bool isInteresting(std::string_view header) {
  return header == "content-type" || header == "retry-after" || header == "x-directadmin" || header == "x-use-https" ||
         header.starts_with("x-ratelimit-");
}

/// Pauses and limits, which are the point of recording them.
bool isCount(std::string_view header, std::string_view value) {
  constexpr std::size_t kLongest = 10;
  return (header == "retry-after" || header.starts_with("x-ratelimit-")) && value.size() <= kLongest &&
         value.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string told(Scrubber& scrubber, const Request& request, const base::Result<Response>& answer,
                 std::chrono::milliseconds took) {
  std::string text = request.method + " " + scrubber.path(request.path) + "\n";
  text += "took: " + std::to_string(took.count()) + " ms\n";
  if (!answer) return text + "no answer: " + answer.error().reason + "\n";
  text += "status: " + std::to_string(answer->status) + "\n";
  for (const auto& [name, value] : answer->headers) {
    if (isInteresting(name)) text += name + ": " + (isCount(name, value) ? value : scrubber.value(value)) + "\n";
  }
  text += "length: " + std::to_string(answer->body.size()) + "\n";
  const std::string_view body = std::string_view(answer->body).substr(0, Recording::kLargestBody);
  if (body.size() < answer->body.size()) text += "cut: after " + std::to_string(body.size()) + "\n";
  return text + "\n" + scrubber.body(body).substr(0, Recording::kLargestBody);
}

}  // namespace

/// The folder's side, off the executor's threads; offloaded work may run beside other such work.
class Recording::Folder {
 public:
  explicit Folder(fs::path path) : path_(std::move(path)) {}

  /// What went wrong; empty when nothing did, or the folder is full.
  std::string write(const std::string& name, const std::string& content) {
    const std::scoped_lock held(mutex_);
    if (!opened_) {
      if (const auto error = open()) return explain(path_, *error);
    }
    if (files_ >= kMostFiles) return {};
    std::string number = std::to_string(last_ + 1);
    if (number.size() < kNumberWidth) number.insert(0, kNumberWidth - number.size(), '0');
    const fs::path file = path_ / (number + "-" + name + ".txt");
    ++last_;
    ++files_;
    const auto error = writeNew(file, content);
    return error ? explain(file, *error) : std::string{};
  }

 private:
  static std::string explain(const fs::path& path, int error) {
    return "cannot record to " + path.string() + ": " + std::generic_category().message(error);
  }

  std::optional<int> open() {
    std::error_code code;
    if (path_.has_parent_path()) fs::create_directories(path_.parent_path(), code);
    if (::mkdir(path_.c_str(), S_IRWXU) != 0 && errno != EEXIST) return errno;
    for (fs::directory_iterator entry(path_, code), end; !code && entry != end; entry.increment(code)) {
      const std::size_t number = numberOf(entry->path().filename().string());
      if (number > 0) ++files_;
      last_ = std::max(last_, number);
    }
    if (code) return code.value();
    opened_ = true;
    return std::nullopt;
  }

  static std::optional<int> writeNew(const fs::path& file, std::string_view content) {
    const int descriptor =
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return errno;
    std::optional<int> error;
    while (!content.empty() && !error) {
      const auto written = ::write(descriptor, content.data(), content.size());
      if (written >= 0) {
        content.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        error = errno;
      }
    }
    if (::close(descriptor) != 0 && !error) error = errno;
    return error;
  }

  const fs::path path_;
  std::mutex mutex_;
  bool opened_ = false;
  std::size_t files_ = 0;
  std::size_t last_ = 0;
};

Recording::Recording(base::Executor& executor, fs::path folder)
    : executor_(executor), folder_(std::make_shared<Folder>(std::move(folder))) {}

base::Task<base::Done> Recording::keep(Request request, base::Result<Response> answer, std::chrono::milliseconds took) {
  const std::string outcome = answer ? std::to_string(answer->status) : answer.error().reason;
  std::string name = namePart(request.provider) + "-" + namePart(request.endpoint) + "-" + namePart(outcome);
  std::string content = told(scrubber_, request, answer, took);
  const std::string trouble =
      co_await base::offload(executor_, [folder = folder_, name = std::move(name), content = std::move(content)] {
        return folder->write(name, content);
      });
  if (!trouble.empty() && !std::exchange(complained_, true)) base::log(base::LogLevel::Warn, trouble);
  co_return base::Done{};
}

base::Task<base::Result<Response>> RecordingTransport::send(Request request, std::stop_token stop) {
  // Without what must never be written: credentials and the request's body.
  Request kept{
      .method = request.method, .path = request.path, .provider = request.provider, .endpoint = request.endpoint};
  const auto start = executor_.now();
  auto answer = co_await next_.send(std::move(request), std::move(stop));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(executor_.now() - start);
  co_await recording_.keep(std::move(kept), answer, took);
  co_return answer;
}

}  // namespace splitdelivery::http
