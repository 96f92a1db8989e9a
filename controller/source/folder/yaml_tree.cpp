#include "source/folder/yaml_tree.h"

#include <algorithm>

#include "source/folder/yaml_scalar.h"

namespace splitdelivery::source::folder {
namespace {

using api::Value;
using YAML::Mark;

// Far beyond what anybody writes by hand, and harmless.
constexpr std::size_t kMostCopiedBytes = std::size_t{16} << 20U;
constexpr std::size_t kDeepest = 500;

}  // namespace

YamlTree::Extent YamlTree::extentOf(const Value& value) {
  Extent extent{sizeof(Value), 1};
  const auto include = [&](const Value& child) {
    const Extent inner = extentOf(child);
    extent.bytes += inner.bytes;
    extent.depth = std::max(extent.depth, inner.depth + 1);
  };
  if (const auto* text = std::get_if<std::string>(&value.data)) extent.bytes += text->size();
  if (const auto* list = std::get_if<Value::List>(&value.data)) std::ranges::for_each(*list, include);
  if (const auto* map = std::get_if<Value::Map>(&value.data)) {
    for (const auto& [key, child] : *map) {
      extent.bytes += sizeof(std::string) + key.size();
      include(child);
    }
  }
  return extent;
}

void YamlTree::charge(const Mark& mark, std::size_t bytes) {
  copied_ += bytes;
  if (copied_ > kMostCopiedBytes) throw YamlTreeError{mark, "the aliases make the document too large"};
}

bool YamlTree::expectsKey() const {
  return !open_.empty() && std::holds_alternative<Value::Map>(open_.back().value.data) && !open_.back().key;
}

void YamlTree::OnDocumentStart(const Mark&) {
  root_ = Value{};
  open_.clear();
  anchored_.clear();
  copied_ = 0;
}

void YamlTree::OnNull(const Mark& mark, YAML::anchor_t anchor) {
  // A line without its colon comes as a key with nothing, found where the key is.
  const bool alone = !open_.empty() && open_.back().key && open_.back().keyPosition == mark.pos;
  if (alone) throw YamlTreeError{mark, "a ':' is missing behind the key, or a closing ] or }"};
  add(mark, anchor, Value{});
}

void YamlTree::OnAlias(const Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchored_.find(anchor);
  if (found == anchored_.end()) throw YamlTreeError{mark, "the alias stands inside of what it stands for"};
  const Extent extent = extentOf(found->second);
  charge(mark, extent.bytes);
  if (open_.size() + extent.depth > kDeepest) throw YamlTreeError{mark, "the aliases make the document too deep"};
  add(mark, YAML::NullAnchor, found->second);
}

void YamlTree::OnScalar(const Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) {
  if (expectsKey()) return addKey(mark, tag, value);
  auto scalar = taggedScalar(tag, value);
  if (!scalar) throw YamlTreeError{mark, "the tag is unknown or does not fit the value: leave it out"};
  add(mark, anchor, std::move(*scalar));
}

void YamlTree::OnSequenceStart(const Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(mark, anchor, Value{Value::List{}});
}

void YamlTree::OnSequenceEnd() {
  close();
}

void YamlTree::OnMapStart(const Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(mark, anchor, Value{Value::Map{}});
}

void YamlTree::OnMapEnd() {
  auto& map = std::get<Value::Map>(open_.back().value.data);
  for (const auto& merged : open_.back().merges) merge(open_.back().mark, map, merged);
  close();
}

void YamlTree::open(const Mark& mark, YAML::anchor_t anchor, Value value) {
  if (expectsKey()) throw YamlTreeError{mark, "a key must be plain text, not a list or a map"};
  open_.push_back(Open{mark, anchor, std::move(value)});
}

void YamlTree::close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  add(done.mark, done.anchor, std::move(done.value));
}

/// Keys become text as in JSON, so `on:` is "true" here as it is for Kubernetes.
void YamlTree::addKey(const Mark& mark, const std::string& tag, const std::string& text) {
  Open& map = open_.back();
  map.keyPosition = mark.pos;
  map.merging = tag == "?" && text == "<<";
  const auto key = taggedScalar(tag, text);
  if (!key || key->isNull()) throw YamlTreeError{mark, "a key must be text"};
  if (const auto* flag = std::get_if<bool>(&key->data)) {
    map.key = *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<std::int64_t>(&key->data)) {
    map.key = std::to_string(*number);
  } else {
    map.key = text;
  }
}

void YamlTree::add(const Mark& mark, YAML::anchor_t anchor, Value value) {
  if (expectsKey()) throw YamlTreeError{mark, "a key must be text"};
  if (anchor != YAML::NullAnchor) {
    charge(mark, extentOf(value).bytes);
    anchored_.insert_or_assign(anchor, value);
  }
  if (open_.empty()) {
    root_ = std::move(value);
    return;
  }
  Open& parent = open_.back();
  if (auto* list = std::get_if<Value::List>(&parent.value.data)) {
    list->push_back(std::move(value));
  } else if (parent.merging) {
    parent.merges.push_back(std::move(value));
  } else {
    std::get<Value::Map>(parent.value.data).emplace_back(std::move(*parent.key), std::move(value));
  }
  parent.key.reset();
  parent.merging = false;
}

/// https://yaml.org/type/merge.html: what the map says itself is stronger than what it merges.
void YamlTree::merge(const Mark& mark, Value::Map& into, const Value& from) {
  if (const auto* list = std::get_if<Value::List>(&from.data)) {
    for (const auto& each : *list) {
      if (!std::holds_alternative<Value::Map>(each.data)) throw YamlTreeError{mark, "<< merges maps alone"};
      merge(mark, into, each);
    }
    return;
  }
  const auto* map = std::get_if<Value::Map>(&from.data);
  if (map == nullptr) throw YamlTreeError{mark, "<< merges maps alone"};
  for (const auto& [key, value] : *map) {
    const bool known = std::ranges::any_of(into, [&name = key](const auto& entry) { return entry.first == name; });
    if (!known) into.emplace_back(key, value);
  }
}

}  // namespace splitdelivery::source::folder
