#pragma once

#include <optional>
#include <string>

#include "api/value.h"

namespace splitdelivery::source::folder {

/// What Kubernetes makes of a plain (unquoted) YAML scalar: YAML 1.1 with its traps, `no` is false,
/// `on` is true, 0755 is octal.
/// Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go.
[[nodiscard]] api::Value plainScalar(const std::string& text);

/// A scalar under its tag, as yaml-cpp names it: "?" is a plain one, "!" a quoted one. None when the
/// tag is unknown or does not fit.
[[nodiscard]] std::optional<api::Value> taggedScalar(const std::string& tag, const std::string& text);

}  // namespace splitdelivery::source::folder
