#include "http/scrubber.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"
#include "http/percent.h"
#include "http/scrub_words.h"

namespace splitdelivery::http {
namespace {

constexpr std::size_t kLongestNumberKept = 3;
constexpr std::size_t kLongestWordNumbered = 20;
// Stands for a character that is not ASCII: part of a word, and of no known one.
constexpr char kForeign = '\xFF';

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool isLetter(char c) {
  return (base::lowered(c) >= 'a' && base::lowered(c) <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool isWordChar(char c) {
  return isLetter(c) || isDigit(c) || std::string_view("_@.+-%~'").find(c) != std::string_view::npos;
}

bool isBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool allDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, isDigit);
}

std::size_t indexOf(std::map<std::string, std::size_t, std::less<>>& known, std::string_view text) {
  return known.try_emplace(base::lowered(text), known.size() + 1).first->second;
}

std::vector<std::string_view> labelsOf(std::string_view text) {
  std::vector<std::string_view> labels;
  for (;;) {
    const auto dot = text.find('.');
    labels.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    text.remove_prefix(dot + 1);
  }
}

bool looksLikeDomain(std::string_view text) {
  const auto labels = labelsOf(text);
  const auto isLabel = [](std::string_view label) {
    return !label.empty() && std::ranges::all_of(label, [](char c) { return isLetter(c) || isDigit(c) || c == '-'; });
  };
  const std::string_view last = labels.back();
  const bool top = last.size() >= 2 && (std::ranges::all_of(last, isLetter) || base::lowered(last).starts_with("xn--"));
  return labels.size() >= 2 && top && std::ranges::all_of(labels, isLabel);
}

/// The number that `digits` hexadecimal digits at `at` are; none when they are not there.
std::optional<unsigned> hexAt(std::string_view text, std::size_t at, std::size_t digits) {
  unsigned code = 0;
  const auto part = text.substr(std::min(at, text.size()), digits);
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), code, 16);
  const bool whole = part.size() == digits && error == std::errc{} && end == part.data() + part.size();
  return whole ? std::optional(code) : std::nullopt;
}

char asciiOr(unsigned code) {
  return code < 0x80 ? static_cast<char>(code) : kForeign;
}

std::string asciiDecoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '%' ? hexAt(text, i + 1, 2) : std::nullopt;
    plain += code ? asciiOr(*code) : text[i] == '+' ? ' ' : text[i];
    if (code) i += 2;
  }
  return plain;
}

/// What a JSON string from `start` on holds, up to its closing quote or the end of the text.
std::pair<std::string, std::size_t> unquoted(std::string_view text, std::size_t start) {
  std::string plain;
  std::size_t i = start;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char escaped = text[++i];
    const auto code = escaped == 'u' ? hexAt(text, i + 1, 4) : std::nullopt;
    if (code) i += 4;
    const bool control = std::string_view("nrtbf").find(escaped) != std::string_view::npos;
    plain += code ? asciiOr(*code) : control ? ' ' : escaped;
  }
  return {std::move(plain), i};
}

/// Punctuation that breaks neither a JSON string nor a line.
char harmless(char c) {
  if (c == '"') return '\'';
  if (c == '\\') return '/';
  return static_cast<unsigned char>(c) < ' ' || c == '\x7F' ? ' ' : c;
}

}  // namespace

std::string Scrubber::body(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && text[first] == '<') return html(text);
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == '"') {
      i = quoted(text, i, out);
    } else if (std::string_view("{}[],=&\n").find(text[i]) != std::string_view::npos) {
      out += text[i++];
    } else {
      const auto end = std::min(text.find_first_of("{}[],=&\"\n", i), text.size());
      out += bare(text.substr(i, end - i));
      i = end;
    }
  }
  return out;
}

std::size_t Scrubber::quoted(std::string_view text, std::size_t start, std::string& out) {
  const auto [plain, end] = unquoted(text, start + 1);
  out += '"' + value(plain);
  if (end == text.size()) return end;
  out += '"';
  // The colon behind a key belongs to no value.
  std::size_t next = end + 1;
  while (next < text.size() && (isBlank(text[next]) || text[next] == ':')) out += text[next++];
  return next;
}

std::string Scrubber::bare(std::string_view text) {
  const std::string_view core = base::trimmed(text, " \t\r");
  if (core.empty()) return std::string(text);
  const auto lead = static_cast<std::size_t>(core.data() - text.data());
  return std::string(text.substr(0, lead)) + encoded(core) + std::string(text.substr(lead + core.size()));
}

std::string Scrubber::encoded(std::string_view text) {
  const bool plus = text.find('+') != std::string_view::npos;
  if (!plus && text.find('%') == std::string_view::npos) return value(text);
  std::string again = percentEncoded(value(asciiDecoded(text)));
  for (auto blank = again.find("%20"); plus && blank != std::string::npos; blank = again.find("%20", blank)) {
    again.replace(blank, 3, "+");
  }
  return again;
}

std::string Scrubber::path(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("/?&="), text.size());
    if (end > 0) out += encoded(text.substr(0, end));
    if (end < text.size()) out += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string Scrubber::html(std::string_view text) {
  const std::string lower = base::lowered(text);
  const auto open = lower.find("<title");
  const auto start = open == std::string::npos ? open : lower.find('>', open);
  const auto end = start == std::string::npos ? start : lower.find('<', start);
  const std::string_view title =
      end == std::string::npos ? std::string_view{} : text.substr(start + 1, end - start - 1);
  return "<title>" + value(base::trimmed(title, " \t\r\n")) + "</title>\n(HTML of " + std::to_string(text.size()) +
         " bytes)\n";
}

std::string Scrubber::value(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (allDigits(digits) && digits.size() <= kLongestNumberKept) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && isWordChar(text[end])) ++end;
    if (end > i) out += run(text.substr(i, end - i));
    if (end < text.size()) out += harmless(text[end]);
    i = end + 1;
  }
  return out;
}

std::string Scrubber::run(std::string_view text) {
  const auto core = base::trimmed(text, ".-+~'%_");
  if (core.empty()) return std::string(text);
  const auto lead = static_cast<std::size_t>(core.data() - text.data());
  return std::string(text.substr(0, lead)) + word(core) + std::string(text.substr(lead + core.size()));
}

std::string Scrubber::word(std::string_view text) {
  if (text.empty() || isKnownWord(text)) return std::string(text);
  const auto at = text.rfind('@');
  if (at != std::string_view::npos && at > 0 && at + 1 < text.size()) return email(text, at);
  if (allDigits(text)) return number(text);
  if (std::ranges::none_of(text, isLetter)) {
    std::string same(text);
    std::ranges::replace_if(same, isDigit, '1');
    return same;
  }
  if (looksLikeDomain(text)) return domain(text);
  if (text.size() > kLongestWordNumbered) return std::string().append(text.size(), 'x');
  return "word" + std::to_string(indexOf(names_, text));
}

std::string Scrubber::email(std::string_view text, std::size_t at) {
  const std::string_view host = text.substr(at + 1);
  return "user" + std::to_string(indexOf(names_, text.substr(0, at))) + "@" +
         (looksLikeDomain(host) ? domain(host) : word(host));
}

std::string Scrubber::domain(std::string_view text) {
  if (isKnownWord(text)) return std::string(text);
  const auto labels = labelsOf(text);
  std::string out;
  for (std::size_t i = 0; i + 2 < labels.size(); ++i) {
    out +=
        (isKnownWord(labels[i]) ? std::string(labels[i]) : "sub" + std::to_string(indexOf(labels_, labels[i]))) + ".";
  }
  const std::string own = std::string(labels[labels.size() - 2]) + "." + std::string(labels.back());
  return out + "domain" + std::to_string(indexOf(domains_, own)) + ".example";
}

std::string Scrubber::number(std::string_view text) {
  if (text.size() <= kLongestNumberKept) return std::string().append(text.size(), '1');
  std::string index = std::to_string(indexOf(numbers_, text));
  if (index.size() + 1 < text.size()) index.insert(0, text.size() - 1 - index.size(), '0');
  return "1" + index;
}

}  // namespace splitdelivery::http
