#pragma once

#include <string>

#include "source/source.h"

namespace splitdelivery::cli {

/// One sentence for a person: what an address book without a document means (S14).
[[nodiscard]] inline std::string orphanText(const source::Orphan& orphan) {
  return "no usable document has " + orphan.name + (orphan.domain.empty() ? "" : " (" + orphan.domain + ")") + ": " +
         std::to_string(orphan.managed) +
         (orphan.managed == 1 ? " forwarder that we made stays as it is"
                              : " forwarders that we made stay as they are") +
         ", nothing is deleted; correct the document or put it back, and its work goes on";
}

}  // namespace splitdelivery::cli
