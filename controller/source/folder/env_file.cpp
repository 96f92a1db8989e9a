#include "source/folder/env_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"

namespace splitdelivery::source::folder {
namespace {

constexpr std::string_view kBlanks = " \t\r";

bool isNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool isName(std::string_view text) {
  return !text.empty() && (text.front() < '0' || text.front() > '9') && std::ranges::all_of(text, isNameChar);
}

std::string_view withoutExport(std::string_view text) {
  constexpr std::string_view kExport = "export";
  if (!text.starts_with(kExport) || text.size() == kExport.size()) return text;
  const bool blank = kBlanks.find(text[kExport.size()]) != std::string_view::npos;
  return blank ? base::trimmed(text.substr(kExport.size()), kBlanks) : text;
}

/// What a backslash before `c` stands for in double quotes.
char unescaped(char c) {
  constexpr std::string_view kLetters = "nrtbfva";
  constexpr std::string_view kMeant = "\n\r\t\b\f\v\a";
  const auto at = kLetters.find(c);
  return at == std::string_view::npos ? c : kMeant[at];
}

bool isEscape(char quote, char next) {
  return next == quote || next == '\\' ||
         (quote == '"' && std::string_view("nrtbfva").find(next) != std::string_view::npos);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  EnvFile read() {
    while (!rest_.empty()) {
      ++line_;
      readLine();
    }
    return std::move(file_);
  }

 private:
  void readLine() {
    const auto line = rest_.substr(0, rest_.find('\n'));
    const auto content = base::trimmed(line, kBlanks);
    if (content.empty() || content.front() == '#') return nextLine();
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
      note("there is no = in it, so it is passed over");
      return nextLine();
    }
    const auto name = withoutExport(base::trimmed(line.substr(0, equals), kBlanks));
    if (!isName(name)) {
      note("what stands before the = is no variable's name, so it is passed over");
      return nextLine();
    }
    readValue(std::string(name), equals + 1);
  }

  void readValue(std::string name, std::size_t at) {
    while (at < rest_.size() && kBlanks.find(rest_[at]) != std::string_view::npos) ++at;
    const char first = at < rest_.size() ? rest_[at] : '\n';
    if (first != '\'' && first != '"') {
      set(std::move(name), plain(base::trimmed(rest_.substr(at, rest_.find('\n', at) - at), kBlanks)));
      return nextLine();
    }
    const std::size_t startedAt = line_;
    auto value = quoted(at);
    if (!value) {
      note("the quote behind " + name + "= is not closed, so it is passed over");
      return nextLine();
    }
    set(std::move(name), std::move(*value), startedAt);
    const auto behind = base::trimmed(rest_.substr(0, rest_.find('\n')), kBlanks);
    if (!behind.empty() && behind.front() != '#') note("what stands behind the closing quote is passed over");
    nextLine();
  }

  /// A value without quotes: a # behind a blank starts a comment.
  std::string plain(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool comment = text[i] == '#' && (i == 0 || kBlanks.find(text[i - 1]) != std::string_view::npos);
      if (!comment) continue;
      note("what follows the # is taken for a comment; docker run --env-file would make it part of the value");
      return std::string(base::trimmed(text.substr(0, i), kBlanks));
    }
    if (text.find("${") != std::string_view::npos) note("${…} is not expanded");
    return std::string(text);
  }

  /// The value in quotes that starts at `at`; moves behind its closing quote. None when there is no such.
  std::optional<std::string> quoted(std::size_t at) {
    const char quote = rest_[at];
    std::string value;
    for (std::size_t i = at + 1; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        const auto lines = std::ranges::count(rest_.substr(0, i), '\n');
        line_ += static_cast<std::size_t>(lines);
        rest_.remove_prefix(i + 1);
        return value;
      }
      if (rest_[i] == '\\' && i + 1 < rest_.size() && isEscape(quote, rest_[i + 1])) {
        ++i;
        value += quote == '"' ? unescaped(rest_[i]) : rest_[i];
      } else {
        value += rest_[i];
      }
    }
    return std::nullopt;
  }

  void set(std::string name, std::string value) { set(std::move(name), std::move(value), line_); }

  void set(std::string name, std::string value, std::size_t line) {
    const auto earlier = std::ranges::find(file_.variables, name, &EnvVariable::name);
    if (earlier != file_.variables.end()) {
      note(name + " stands in line " + std::to_string(earlier->line) + " already; the later one counts");
      file_.variables.erase(earlier);
    }
    file_.variables.push_back({std::move(name), std::move(value), line});
  }

  void note(const std::string& text) { file_.notes.push_back("line " + std::to_string(line_) + ": " + text); }

  void nextLine() {
    const auto end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  }

  std::string_view rest_;
  std::size_t line_ = 0;
  EnvFile file_;
};

}  // namespace

EnvFile readEnvFile(std::string_view text) {
  return Reader(text).read();
}

}  // namespace splitdelivery::source::folder
