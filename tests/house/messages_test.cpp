// docs/messages.md is what the sources say: every reason with its message. `make messages` writes it anew.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace splitdelivery {
namespace {

namespace fs = std::filesystem;
const fs::path kSource = SPLITDELIVERY_SOURCE_DIR;
const fs::path kPage = kSource / "docs" / "messages.md";

constexpr const char* kHead =
    "# Messages\n\n"
    "Every reason with its messages, as they stand in the sources (`make messages` writes this page, and a test holds "
    "it\n"
    "current). `…` is what a message fills in; the fix stands behind the colon or the semicolon. What each means, and "
    "what\n"
    "to do about it, is in [status.md](status.md).\n\n"
    "| reason | message | from |\n"
    "|---|---|---|\n";

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reads an expression of string literals and others from `at`, up to the comma or bracket that ends it:
/// the literals' text, with "…" for all that stands between them.
class Expression {
 public:
  Expression(const std::string& source, std::size_t at) : source_(source), at_(at) {}

  std::string text() {
    int depth = 0;
    for (; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      const bool ends = c == ',' || c == ';' || c == ')' || c == '}' || c == ']';
      if (depth == 0 && ends) break;
      if (source_.compare(at_, 2, "//") == 0) {
        at_ = source_.find('\n', at_);
      } else if (source_.compare(at_, 3, "R\"(") == 0) {
        rawLiteral(depth);
      } else if (c == '"') {
        literal(depth);
      } else if (c == '(' || c == '{' || c == '[') {
        ++depth;
        gap();
      } else if (ends && c != ',' && c != ';') {
        --depth;
      } else if (std::isspace(static_cast<unsigned char>(c)) == 0 && c != '+') {
        gap();
      }
    }
    return text_;
  }

 private:
  void literal(int depth) {
    std::string found;
    for (++at_; source_[at_] != '"'; ++at_) {
      if (source_[at_] == '\\') ++at_;
      found += source_[at_];
    }
    take(found, depth);
  }
  void rawLiteral(int depth) {
    const std::size_t end = source_.find(")\"", at_);
    take(source_.substr(at_ + 3, end - at_ - 3), depth);
    at_ = end + 1;
  }
  /// What stands in brackets is an argument of something else, unless it is a choice between two texts.
  void take(const std::string& found, int depth) {
    if (depth > 0 && found.find(' ') == std::string::npos) return gap();
    text_ += found;
    filled_ = false;
  }
  void gap() {
    if (!filled_) text_ += "…";
    filled_ = true;
  }

  const std::string& source_;
  std::size_t at_;
  std::string text_;
  bool filled_ = false;
};

/// In a table's cell a bar would end it.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

/// `kInvalidClient` → `InvalidClient`, of all headers.
const std::map<std::string, std::string>& constants() {
  static const auto kAll = [] {
    const std::regex constant(R"re(constexpr std::string_view (k\w+) = "([A-Z]\w+)";)re");
    std::map<std::string, std::string> all;
    for (const char* header : {"zoho/answer.h", "http/transport.h"}) {
      const std::string source = read(kSource / "controller" / header);
      for (std::sregex_iterator match(source.begin(), source.end(), constant), end; match != end; ++match) {
        all[(*match)[1]] = (*match)[2];
      }
    }
    return all;
  }();
  return kAll;
}

/// The source with its named reasons spelled out.
std::string spelledOut(std::string source) {
  for (const auto& [name, value] : constants()) {
    for (const std::string& use : {"std::string(reason::" + name + ")", "reason::" + name}) {
      for (std::size_t at = 0; (at = source.find(use, at)) != std::string::npos;) {
        const std::size_t after = at + use.size();
        const bool longer = after < source.size() && std::isalnum(static_cast<unsigned char>(source[after])) != 0;
        if (!longer) source.replace(at, use.size(), '"' + value + '"');
        ++at;
      }
    }
  }
  return source;
}

/// The rows of one file.
void addRows(const fs::path& file, std::map<std::string, std::string>& rows) {
  static const std::regex kReason(R"re([({][ \n]*(?:[\w:]+,[ \n]*)?"([A-Z][A-Za-z]{4,})",[ \n]*)re");
  const std::string source = spelledOut(read(file));
  for (std::sregex_iterator match(source.begin(), source.end(), kReason), end; match != end; ++match) {
    const auto after = static_cast<std::size_t>(match->position() + match->length());
    const std::string message = Expression(source, after).text();
    if (std::ranges::count(message, ' ') < 2) continue;  // no message, but a name or a variable
    const std::string from = fs::relative(file, kSource / "controller").generic_string();
    rows.try_emplace("| `" + (*match)[1].str() + "` | " + cell(message) + " | ", "`" + from + "` |\n");
  }
}

std::string page() {
  std::map<std::string, std::string> rows;
  std::set<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "controller")) {
    const auto extension = entry.path().extension();
    // That one names the values of fields.
    if (entry.path().filename() == "enums.h") continue;
    if (extension == ".cpp" || extension == ".h") files.insert(entry.path());
  }
  for (const fs::path& file : files) addRows(file, rows);
  std::string text = kHead;
  for (const auto& [row, from] : rows) text += row + from;
  return text;
}

TEST(TheTableOfMessages, IsWhatTheSourcesSay) {
  const std::string now = page();
  if (std::getenv("SPLITDELIVERY_WRITE_MESSAGES") != nullptr) std::ofstream(kPage) << now;
  EXPECT_EQ(read(kPage), now) << "run `make messages`";
}

TEST(TheTableOfMessages, KnowsTheReasonsThatPeopleMeetMost) {
  const std::string now = page();
  for (const char* reason : {"BadCredentials", "DomainNotOnServer", "NoRoutingMX", "InvalidClient", "StateNotWritable",
                             "SecretMissing", "DomainClaimed", "LoginKeyLacksCommand", "ListenFailed"}) {
    EXPECT_NE(now.find(std::string("| `") + reason + "` |"), std::string::npos) << reason;
  }
}

TEST(TheTableOfMessages, ReadsLiteralsAndLeavesTheRestOpen) {
  const auto read = [](const std::string& source) { return Expression(source, 0).text(); };
  EXPECT_EQ(read(R"("a " + name + " b", more)"), "a … b");
  EXPECT_EQ(read(R"("one " "two")"), "one two");
  EXPECT_EQ(read(R"(std::to_string(count(x, "no")) + " are left")"), "… are left");
  EXPECT_EQ(read(R"("say \"yes\"")"), "say \"yes\"");
  EXPECT_EQ(read("R\"(must be \"true\")\")"), "must be \"true\"");
  EXPECT_EQ(read("message)"), "…");
}

}  // namespace
}  // namespace splitdelivery
