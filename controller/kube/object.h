#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "kube/raw_json.h"

namespace splitdelivery::kube {

using Json = nlohmann::json;

/// An object as the API server has sent it, of which only what is needed becomes a tree. Borrows its text, which is
/// gone through once.
///
/// Its managedFields, often half of the text, are left out everywhere: nobody here reads them.
class Object {
 public:
  /// What stands behind the object is none of it.
  explicit Object(std::string_view text);

  /// How much of the text it is; raw_json::kBroken when it is no whole object.
  [[nodiscard]] std::size_t size() const { return size_; }
  // Of its metadata; empty where that is missing. Such names need no decoding.
  [[nodiscard]] std::string_view ns() const { return ns_; }
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::string_view uid() const { return uid_; }
  [[nodiscard]] std::string_view version() const { return version_; }  ///< resourceVersion

  /// A digest of what people and other controllers decide: spec, annotations, finalizers and deletion; not the status.
  [[nodiscard]] std::size_t will() const { return will_; }
  /// The text of a member, "status"; empty when there is none.
  [[nodiscard]] std::string_view part(std::string_view name) const;
  /// The same as a tree; null when it is missing or no JSON.
  [[nodiscard]] Json parsed(std::string_view part) const;
  /// The whole object; `is_discarded()` when it is no JSON.
  [[nodiscard]] Json whole() const;

 private:
  std::size_t readMetadata(std::string_view metadata);
  void forgetMetadata();
  void addToWill(std::string_view name, std::string_view value);

  std::string_view text_;
  std::size_t size_ = raw_json::kBroken;
  std::vector<std::pair<std::string_view, std::string_view>> parts_;
  std::string_view ns_;
  std::string_view name_;
  std::string_view uid_;
  std::string_view version_;
  std::size_t will_ = 0;
  std::string_view cutOut_;  ///< of the text: managedFields, with a comma
};

}  // namespace splitdelivery::kube
