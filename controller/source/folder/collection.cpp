#include "source/folder/collection.h"

#include <algorithm>

#include "api/parse.h"
#include "source/folder/yaml.h"

namespace splitdelivery::source::folder {
namespace {

/// Of one document: a list may have ten thousand bad entries, and nobody reads as many lines.
constexpr std::size_t kMostErrors = 50;

}  // namespace

void Collection::addError(std::string where, std::string message) {
  wheres_.push_back(std::move(where));
  note(wheres_.size() - 1, std::move(message));
}

void Collection::note(std::size_t place, std::string message) {
  errors_.emplace_back(place, std::move(message));
}

void Collection::addFile(const std::string& name, std::string_view text) {
  std::size_t number = 0;
  for (const auto& document : readYaml(text)) {
    const std::string where = name + ", document " + std::to_string(++number);
    if (document.value) {
      addDocument(where, *document.value);
    } else {
      addError(where, document.value.error());
    }
  }
}

void Collection::addDocument(const std::string& where, const api::Value& document) {
  const Concern concern = concernOf(document);
  if (concern == Concern::Other) return;
  if (concern == Concern::List) return addList(where, document);
  const api::ObjectKey key = keyOf(document);
  wheres_.push_back(where + titleOf(concern, key));
  const std::size_t place = wheres_.size() - 1;
  if (!key.name.empty()) names_[{concern, key}].push_back(place);
  addObject(place, concern, document);
}

void Collection::addList(const std::string& where, const api::Value& list) {
  const api::Value* items = list.find("items");
  const auto* entries = items == nullptr ? nullptr : std::get_if<api::Value::List>(&items->data);
  if (entries == nullptr) return;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    // kubectl nests no lists, and a list in a list without end would be ours to follow.
    const bool nested = concernOf((*entries)[i]) == Concern::List;
    if (!nested) addDocument(where + ", item " + std::to_string(i + 1), (*entries)[i]);
  }
}

void Collection::addObject(std::size_t place, Concern concern, const api::Value& document) {
  const auto keep = [&](auto parsed, auto& objects) {
    if (parsed) {
      objects.push_back({place, std::move(*parsed)});
    } else {
      const auto& errors = parsed.error();
      for (std::size_t i = 0; i < std::min(errors.size(), kMostErrors); ++i) note(place, errors[i].text());
      if (errors.size() > kMostErrors) {
        note(place, "and " + std::to_string(errors.size() - kMostErrors) + " more errors: mend these first");
      }
    }
  };
  if (concern == Concern::Secret) {
    keep(api::parseSecret(document), secrets_);
  } else {
    keep(api::parseSplitDeliveryDomain(document), resources_);
  }
}

std::string Collection::others(const std::vector<std::size_t>& places, std::size_t than) const {
  std::string text;
  for (const std::size_t place : places) {
    if (place != than) text += (text.empty() ? "" : "; ") + wheres_[place];
  }
  return text;
}

bool Collection::isRepeated(Concern concern, const api::ObjectKey& key) const {
  const auto found = names_.find({concern, key});
  return found != names_.end() && found->second.size() > 1;
}

void Collection::noteRepeatedNames() {
  for (const auto& [name, places] : names_) {
    if (places.size() < 2) continue;
    for (const std::size_t place : places) {
      note(place, "metadata.name: is there twice, neither counts: keep this one or " + others(places, place));
    }
  }
}

Snapshot Collection::settle() {
  noteRepeatedNames();
  Snapshot snapshot;
  for (auto& found : resources_) {
    if (!isRepeated(Concern::Resource, found.object.key)) snapshot.resources.push_back(std::move(found.object));
  }
  std::ranges::sort(snapshot.resources, std::less<>{}, &api::SplitDeliveryDomain::key);
  for (auto& found : secrets_) {
    if (isRepeated(Concern::Secret, found.object.key)) continue;
    auto key = found.object.key;
    snapshot.secrets.emplace(std::move(key), std::move(found.object));
  }
  std::ranges::stable_sort(errors_, std::less<>{}, [](const auto& error) { return error.first; });
  for (auto& [place, message] : errors_) snapshot.errors.push_back({wheres_[place], std::move(message)});
  return snapshot;
}

}  // namespace splitdelivery::source::folder
