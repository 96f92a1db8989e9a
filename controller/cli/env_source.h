#pragma once

#include <string>

#include "cli/import_env_settings.h"

namespace splitdelivery::cli {

/// What --from-env works with instead of documents.
struct FromEnv {
  ScriptSettings settings;
  api::Policy policy = api::Policy::Observe;
  std::string approvedPlans{};  ///< ids of held plans with commas, each for the domain whose it is; empty: none
};

}  // namespace splitdelivery::cli
