#include "api/fields.h"

#include <algorithm>
#include <set>
#include <span>
#include <unordered_map>

namespace splitdelivery::api {
namespace {

bool isPlainWord(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

using Positions = std::unordered_map<std::string, std::size_t>;

void addPositions(const Value& value, const std::string& path, Positions& positions) {
  positions.try_emplace(path, positions.size());
  if (const auto* map = std::get_if<Value::Map>(&value.data)) {
    for (const auto& [key, child] : *map) addPositions(child, fieldPath(path, key), positions);
  } else if (const auto* list = std::get_if<Value::List>(&value.data)) {
    for (std::size_t i = 0; i < list->size(); ++i) addPositions((*list)[i], elementPath(path, i), positions);
  }
}

std::size_t positionOf(std::string path, const Positions& positions) {
  while (!path.empty()) {
    if (const auto found = positions.find(path); found != positions.end()) return found->second;
    const auto cut = path.find_last_of(".[");
    path.resize(cut == std::string::npos ? 0 : cut);
  }
  return 0;
}

std::string quoteIt(const Value& value) {
  if (value.isNull()) return "must be a string, but is empty: give it its value";
  return "must be a string, but YAML reads this as " + std::string(value.typeName()) + ": put it in quotes";
}

}  // namespace

std::string fieldPath(std::string_view parent, std::string_view key) {
  if (!isPlainWord(key)) return std::string(parent) + "[\"" + std::string(key) + "\"]";
  return parent.empty() ? std::string(key) : std::string(parent) + "." + std::string(key);
}

std::string elementPath(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

void sortAsIn(const Value& document, FieldErrors& errors) {
  if (errors.size() < 2) return;
  Positions positions;
  addPositions(document, "", positions);
  // Each is looked up once: ten thousand bad entries are ten thousand errors.
  std::vector<std::pair<std::size_t, FieldError>> placed;
  placed.reserve(errors.size());
  for (FieldError& error : errors) {
    const std::size_t position = positionOf(error.path, positions);
    placed.emplace_back(position, std::move(error));
  }
  std::ranges::stable_sort(placed, std::less<>{}, &std::pair<std::size_t, FieldError>::first);
  std::ranges::transform(placed, errors.begin(), [](auto& entry) { return std::move(entry.second); });
}

Fields::Fields(const Value* value, std::string path, Words known, FieldErrors& errors)
    : value_(value), path_(std::move(path)), errors_(errors) {
  if (value_ == nullptr || value_->isNull()) return;
  if (!std::holds_alternative<Value::Map>(value_->data)) {
    errors_.push_back({path_, "must be a map of fields, but is " + std::string(value_->typeName())});
    value_ = nullptr;
    return;
  }
  noteUnknownKeys(known);
  noteRepeatedKeys();
}

void Fields::noteUnknownKeys(Words known) const {
  for (const auto& [key, value] : std::get<Value::Map>(value_->data)) {
    if (std::ranges::find(known, std::string_view(key)) != known.end()) continue;
    const std::span<const std::string_view> words(known.begin(), known.size());
    errors_.push_back({pathOf(key), "is no field of this version" + didYouMean(key, words), true});
  }
}

void Fields::noteRepeatedKeys() const {
  std::set<std::string_view> seen;
  for (const auto& [key, value] : std::get<Value::Map>(value_->data)) {
    if (!seen.insert(key).second) error(key, "is there twice: keep one");
  }
}

void Fields::noteChoice(std::string_view name, std::string_view word,
                        const std::vector<std::string_view>& words) const {
  std::string message = "must be ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) message += i + 1 == words.size() ? " or " : ", ";
    message += words[i];
  }
  error(name, message + didYouMean(word, words));
}

const Value* Fields::get(std::string_view name) const {
  const Value* found = value_ == nullptr ? nullptr : value_->find(name);
  return found == nullptr || found->isNull() ? nullptr : found;
}

void Fields::error(std::string_view name, std::string message) const {
  errors_.push_back({pathOf(name), std::move(message)});
}

std::optional<std::string> textOf(const Value& value, const std::string& path, FieldErrors& errors) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  const bool container =
      std::holds_alternative<Value::Map>(value.data) || std::holds_alternative<Value::List>(value.data);
  errors.push_back({path, container ? "must be a string, but is " + std::string(value.typeName()) : quoteIt(value)});
  return std::nullopt;
}

std::optional<std::string> Fields::text(std::string_view name) const {
  const Value* value = get(name);
  return value == nullptr ? std::nullopt : textOf(*value, pathOf(name), errors_);
}

std::optional<std::string> Fields::requiredText(std::string_view name, std::string_view what) const {
  auto found = text(name);
  if (!has(name) || (found && found->empty())) {
    error(name, "is required: " + std::string(what));
    return std::nullopt;
  }
  return found;
}

bool Fields::flag(std::string_view name, bool fallback) const {
  const Value* value = get(name);
  if (value == nullptr) return fallback;
  if (const auto* flag = std::get_if<bool>(&value->data)) return *flag;
  error(name, "must be true or false, without quotes");
  return fallback;
}

std::optional<std::int64_t> Fields::wholeNumber(std::string_view name) const {
  const Value* value = get(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&value->data)) return *number;
  error(name, "must be a whole number, without quotes");
  return std::nullopt;
}

std::vector<Fields::Item> Fields::texts(std::string_view name, std::size_t limit) const {
  std::vector<Item> items;
  const Value* value = get(name);
  if (value == nullptr) return items;
  const auto* list = std::get_if<Value::List>(&value->data);
  if (list == nullptr) {
    error(name, "must be a list, but is " + std::string(value->typeName()));
    return items;
  }
  if (list->size() > limit) {
    error(name, "must have at most " + std::to_string(limit) + " entries");
    return items;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    std::string path = elementPath(pathOf(name), i);
    auto text = textOf((*list)[i], path, errors_);
    if (text) items.push_back({std::move(path), std::move(*text)});
  }
  return items;
}

std::map<std::string, std::string, std::less<>> Fields::textMap(std::string_view name) const {
  std::map<std::string, std::string, std::less<>> texts;
  const Value* value = get(name);
  if (value == nullptr) return texts;
  const auto* map = std::get_if<Value::Map>(&value->data);
  if (map == nullptr) {
    error(name, "must be a map of strings, but is " + std::string(value->typeName()));
    return texts;
  }
  for (const auto& [key, entry] : *map) {
    const std::string path = fieldPath(pathOf(name), key);
    auto text = textOf(entry, path, errors_);
    if (text && !texts.emplace(key, std::move(*text)).second) errors_.push_back({path, "is there twice: keep one"});
  }
  return texts;
}

Fields Fields::map(std::string_view name, Words known) const {
  return {get(name), pathOf(name), known, errors_};
}

}  // namespace splitdelivery::api
