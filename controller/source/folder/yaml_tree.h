#pragma once

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/value.h"

namespace splitdelivery::source::folder {

/// What is wrong with a document that is good YAML otherwise.
struct YamlTreeError {
  YAML::Mark mark;
  std::string message;  ///< holds nothing of the document
};

/// Builds one document's tree from yaml-cpp's events.
///
/// Not yaml-cpp's own nodes: they lose repeated keys and know nothing of YAML 1.1. Aliases are
/// copied, within a bound, so that a few lines cannot grow into gigabytes ("billion laughs").
/// Throws YamlTreeError, through yaml-cpp's parser.
class YamlTree final : public YAML::EventHandler {
 public:
  /// The finished tree.
  [[nodiscard]] api::Value take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  /// A list or map that is still open.
  struct Open {
    YAML::Mark mark;
    YAML::anchor_t anchor;
    api::Value value;
    int keyPosition = -1;              ///< where the key starts
    std::optional<std::string> key{};  ///< of a map: read, its value not yet
    bool merging = false;              ///< the key is `<<`
    std::vector<api::Value> merges{};  ///< what stood under `<<`
  };
  struct Extent {
    std::size_t bytes = 0;
    std::size_t depth = 0;
  };

  [[nodiscard]] static Extent extentOf(const api::Value& value);
  [[nodiscard]] bool expectsKey() const;
  void open(const YAML::Mark& mark, YAML::anchor_t anchor, api::Value value);
  void close();
  void addKey(const YAML::Mark& mark, const std::string& tag, const std::string& text);
  void add(const YAML::Mark& mark, YAML::anchor_t anchor, api::Value value);
  void charge(const YAML::Mark& mark, std::size_t bytes);
  static void merge(const YAML::Mark& mark, api::Value::Map& into, const api::Value& from);

  api::Value root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, api::Value> anchored_;
  std::size_t copied_ = 0;
};

}  // namespace splitdelivery::source::folder
