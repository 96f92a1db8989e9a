#include "source/folder/yaml.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <sstream>

#include "source/folder/utf8.h"
#include "source/folder/yaml_tree.h"

namespace splitdelivery::source::folder {
namespace {

/// The text of one document, and how many lines of the file stand before it.
struct Chunk {
  std::string text;
  int linesBefore = 0;
};

bool isMarker(std::string_view line, std::string_view marker) {
  if (!line.starts_with(marker)) return false;
  return line.size() == marker.size() ||
         std::string_view(" \t\r\n").find(line[marker.size()]) != std::string_view::npos;
}

/// Cuts where YAML ends a document whatever came before, even an unclosed quote.
std::vector<Chunk> cut(std::string_view text) {
  std::vector<Chunk> chunks(1);
  bool started = false;
  for (int number = 0; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
    text.remove_prefix(line.size());
    const bool ends = isMarker(line, "...");
    if (ends || isMarker(line, "---")) {
      chunks.push_back(Chunk{{}, number});
      started = false;
    }
    // %YAML and %TAG lines before a document say nothing that we follow.
    const bool directive = !started && line.starts_with('%');
    chunks.back().text += ends || directive ? std::string_view("\n") : line;
    started = started || line.find_first_not_of(" \t\r\n") != std::string_view::npos;
    if (ends || directive || line.starts_with('#')) started = false;
  }
  return chunks;
}

/// yaml-cpp's words in ours, without what it repeats of the document.
std::string explain(const std::string& message) {
  struct Known {
    std::string_view start;
    std::string_view text;
  };
  constexpr std::array kKnown{
      Known{"illegal tab", "a tab stands where spaces must: indent with spaces"},
      Known{"the referenced anchor", "a value starting with * names an anchor that is not there: put it in quotes"},
      Known{"illegal map value",
            "a ':' stands where none can: check the indentation (spaces, no tabs), and put text with ': ' in quotes"},
      Known{"end of map not found", "this line fits neither the map above nor a new one: check its indentation"},
      Known{"end of sequence not found", "this line fits neither the list above nor a new one: check its indentation"},
      Known{"end of sequence flow", "a [ is opened and never closed"},
      Known{"end of map flow", "a { is opened and never closed"},
      Known{"illegal EOF in scalar", "a quote is opened and never closed"},
      Known{"illegal document indicator in scalar", "a quote is opened and never closed"},
      Known{"unknown token", "a value starts with a sign that YAML keeps for itself: put it in quotes"},
  };
  for (const auto& known : kKnown) {
    if (message.starts_with(known.start)) return std::string(known.text);
  }
  return message.substr(0, message.find(':'));
}

std::string at(int line, int column, std::string_view message) {
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + std::string(message);
}

/// What yaml-cpp would pass over or take for the end of the text.
std::string textFault(const Chunk& chunk) {
  int line = chunk.linesBefore + 1;
  int column = 0;
  for (const char c : chunk.text) {
    ++column;
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') return at(line, column, "a control character: remove it");
    if (c != '\n') continue;
    ++line;
    column = 0;
  }
  if (!isUtf8(chunk.text)) return at(chunk.linesBefore + 1, 1, "the document is not UTF-8: save it as UTF-8");
  return {};
}

tl::expected<std::vector<api::Value>, std::string> parse(const Chunk& chunk) {
  if (auto fault = textFault(chunk); !fault.empty()) return tl::unexpected(std::move(fault));
  std::vector<api::Value> values;
  try {
    // The marker shows yaml-cpp a quote that is still open, which it lets pass at the end of the text.
    std::istringstream stream(chunk.text + (chunk.text.ends_with('\n') ? "...\n" : "\n...\n"));
    YAML::Parser parser(stream);
    YamlTree tree;
    // Two are one too many already, and before a stray ] it would find documents for ever.
    while (values.size() < 2 && parser.HandleNextDocument(tree)) values.push_back(tree.take());
  } catch (const YamlTreeError& error) {
    return tl::unexpected(at(chunk.linesBefore + error.mark.line + 1, error.mark.column + 1, error.message));
  } catch (const YAML::Exception& error) {
    return tl::unexpected(at(chunk.linesBefore + error.mark.line + 1, error.mark.column + 1, explain(error.msg)));
  }
  if (values.size() > 1) {
    return tl::unexpected(
        at(chunk.linesBefore + 1, 1, "text stands behind the end of the document: check its indentation"));
  }
  return values;
}

}  // namespace

std::vector<YamlDocument> readYaml(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<YamlDocument> documents;
  for (const Chunk& chunk : cut(text)) {
    auto values = parse(chunk);
    if (!values) {
      documents.push_back({tl::unexpected(std::move(values.error()))});
    } else if (!values->empty() && !values->front().isNull()) {
      documents.push_back({std::move(values->front())});
    }
  }
  return documents;
}

}  // namespace splitdelivery::source::folder
