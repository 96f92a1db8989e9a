#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/value.h"
#include "source/folder/document.h"
#include "source/source.h"

namespace splitdelivery::source::folder {

/// Gathers the documents of all files, then settles which of them count.
class Collection {
 public:
  /// All documents of one file's text.
  void addFile(const std::string& name, std::string_view text);
  void addError(std::string where, std::string message);

  /// Takes out every name that is there twice. Ends the collection.
  [[nodiscard]] Snapshot settle();

 private:
  using Name = std::pair<Concern, api::ObjectKey>;
  /// A valid object and where it stands.
  template <class T>
  struct Found {
    std::size_t place;  ///< index in `wheres_`
    T object;
  };

  void addDocument(const std::string& where, const api::Value& document);
  void addList(const std::string& where, const api::Value& list);
  void addObject(std::size_t place, Concern concern, const api::Value& document);
  void note(std::size_t place, std::string message);
  void noteRepeatedNames();
  [[nodiscard]] bool isRepeated(Concern concern, const api::ObjectKey& key) const;
  [[nodiscard]] std::string others(const std::vector<std::size_t>& places, std::size_t than) const;

  std::vector<std::string> wheres_;  ///< of everything that was looked at, in order
  std::vector<std::pair<std::size_t, std::string>> errors_;
  std::vector<Found<api::SplitDeliveryDomain>> resources_;
  std::vector<Found<api::SecretObject>> secrets_;
  std::map<Name, std::vector<std::size_t>> names_;  ///< the places of each, valid or not
};

}  // namespace splitdelivery::source::folder
