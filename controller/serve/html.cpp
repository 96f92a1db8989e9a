#include "serve/html.h"

#include <algorithm>

namespace splitdelivery::serve {
namespace {

constexpr std::string_view kHidden = "(address hidden)";
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kBefore = "(\"'";
constexpr std::string_view kBehind = ",;:.)\"'";

void appendWord(std::string& out, std::string_view word) {
  if (word.find('@') == std::string_view::npos) {
    out.append(word);
    return;
  }
  const std::size_t from = std::min(word.find_first_not_of(kBefore), word.size());
  const std::size_t to = std::max(from, word.find_last_not_of(kBehind) + 1);
  const std::string_view core = word.substr(from, to - from);
  // The sign alone is in sentences about addresses.
  out.append(word.substr(0, from)).append(core == "@" ? core : kHidden).append(word.substr(to));
}

void appendEscaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out.append("&amp;");
        break;
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '"':
        out.append("&quot;");
        break;
      case '\'':
        out.append("&#39;");
        break;
      default:
        // Control characters are no part of HTML.
        out.push_back((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F ? ' ' : c);
    }
  }
}

}  // namespace

std::string withoutAddresses(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kSpace), text.size());
    appendWord(out, text.substr(0, end));
    if (end < text.size()) out.push_back(text[end]);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Html& Html::text(std::string_view text) {
  if (addresses_ || text.find('@') == std::string_view::npos) return ours(text);
  return ours(withoutAddresses(text));
}

Html& Html::ours(std::string_view text) {
  appendEscaped(out_, text);
  return *this;
}

Html& Html::number(std::uint64_t number) {
  out_.append(std::to_string(number));
  return *this;
}

}  // namespace splitdelivery::serve
