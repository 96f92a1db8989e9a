#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "api/value.h"

namespace splitdelivery::source::folder {

/// One document of a YAML text.
struct YamlDocument {
  /// Or what is wrong with it: "line 7, column 3: …", never with text of the document, which may be
  /// a Secret.
  tl::expected<api::Value, std::string> value;
};

/// All documents of a text that are not empty. One that is broken does not hide the others: the text
/// is cut at its `---` and `...` lines first.
[[nodiscard]] std::vector<YamlDocument> readYaml(std::string_view text);

}  // namespace splitdelivery::source::folder
