#pragma once

#include <string>

#include "source/source.h"

namespace splitdelivery::cli {

/// One sentence for a person: what an address book without a document means (S14).
[[nodiscard]] inline std::string orphanText(const source::Orphan& orphan) {
  return "no document has " + orphan.name + (orphan.domain.empty() ? "" : " (" + orphan.domain + ")") +
         " any more, and " + std::to_string(orphan.managed) +
         (orphan.managed == 1 ? " forwarder that we made stays" : " forwarders that we made stay") +
         ": nothing is deleted; put the document back, or delete them in the server's panel and then the address book";
}

}  // namespace splitdelivery::cli
