#pragma once

#include <string>

#include "api/value.h"

namespace splitdelivery::source::folder {

/// A document as YAML, in block style, with a final line end. What `readYaml` reads back is the same
/// value: a string that YAML would take for something else comes in quotes.
[[nodiscard]] std::string writeYaml(const api::Value& document);

}  // namespace splitdelivery::source::folder
