#pragma once

#include <string>

#include "http/listener.h"
#include "serve/status_view.h"

namespace splitdelivery::serve {

/// How long a page that refreshes itself stands, in seconds.
inline constexpr int kStatusRefresh = 30;

/// The status page: HTML and CSS of ours and nothing from anywhere else, no script. Pure: the same view gives the same
/// page. What needs a person comes first.
[[nodiscard]] std::string statusPage(const StatusView& view);

/// The same as an answer, which nobody may keep, frame, or load anything from.
[[nodiscard]] http::OutgoingAnswer statusAnswer(const StatusView& view);

}  // namespace splitdelivery::serve
