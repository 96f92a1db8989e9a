#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/enums.h"
#include "api/parse.h"
#include "api/suggest.h"
#include "api/value.h"

namespace splitdelivery::api {

using FieldErrors = std::vector<FieldError>;

/// "spec.zoho"; metadata.annotations["a.b/c"] for a key that is no plain word.
[[nodiscard]] std::string fieldPath(std::string_view parent, std::string_view key);
/// "spec.addresses.extra[2]".
[[nodiscard]] std::string elementPath(std::string_view list, std::size_t index);

/// Brings errors into the order in which `document` has the fields. A missing field stands with the
/// map it is missing from.
void sortAsIn(const Value& document, FieldErrors& errors);

/// One map of a document while it is read: hands out its fields by name and type, and notes all that
/// is wrong with them.
///
/// A field that is null is absent, as in Kubernetes. A field of the wrong type is noted and then
/// absent too. No message repeats a value: it might be a secret. Borrows the value and the list of
/// errors.
class Fields {
 public:
  using Words = std::initializer_list<std::string_view>;

  /// An entry of a list of strings.
  struct Item {
    std::string path;
    std::string text;
  };

  /// Notes at once what is no map, which keys are repeated and which are not among `known`. `value`
  /// may be nullptr: nothing is there.
  Fields(const Value* value, std::string path, Words known, FieldErrors& errors);

  /// False when the map is missing or was something else.
  [[nodiscard]] bool isMap() const { return value_ != nullptr && !value_->isNull(); }
  /// Whether the field is there and not null, of whatever type.
  [[nodiscard]] bool has(std::string_view name) const { return get(name) != nullptr; }
  [[nodiscard]] const Value* get(std::string_view name) const;
  [[nodiscard]] std::string pathOf(std::string_view name) const { return fieldPath(path_, name); }
  /// Notes an error of the field.
  void error(std::string_view name, std::string message) const;
  [[nodiscard]] FieldErrors& errors() const { return errors_; }

  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  /// Notes a missing or empty field: "is required: " + `what`.
  [[nodiscard]] std::optional<std::string> requiredText(std::string_view name, std::string_view what) const;
  [[nodiscard]] bool flag(std::string_view name, bool fallback) const;
  [[nodiscard]] std::optional<std::int64_t> wholeNumber(std::string_view name) const;
  [[nodiscard]] std::vector<Item> texts(std::string_view name, std::size_t limit) const;
  /// A map whose values are all strings, such as labels.
  [[nodiscard]] std::map<std::string, std::string, std::less<>> textMap(std::string_view name) const;
  [[nodiscard]] Fields map(std::string_view name, Words known) const;

  /// One of an enumeration's words.
  template <Worded E>
  [[nodiscard]] std::optional<E> choice(std::string_view name) const {
    const auto word = text(name);
    if (!word) return std::nullopt;
    const auto value = choiceFrom<E>(*word);
    if (!value) noteChoice(name, *word, words<E>());
    return value;
  }

 private:
  template <Worded E>
  static std::vector<std::string_view> words() {
    std::vector<std::string_view> all;
    all.reserve(kChoices<E>.size());
    for (const auto& choice : kChoices<E>) all.push_back(choice.text);
    return all;
  }
  void noteUnknownKeys(Words known) const;
  void noteRepeatedKeys() const;
  void noteChoice(std::string_view name, std::string_view word, const std::vector<std::string_view>& words) const;

  const Value* value_;
  std::string path_;
  FieldErrors& errors_;
};

/// The string in `value`, or a note at `path` of what it is instead, and how to write it.
[[nodiscard]] std::optional<std::string> textOf(const Value& value, const std::string& path, FieldErrors& errors);

}  // namespace splitdelivery::api
