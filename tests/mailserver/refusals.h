#pragma once

#include <vector>

#include "fake_transport.h"

namespace splitdelivery::testing {

/// Every form in which a DirectAdmin server was seen to refuse credentials or a command.
inline std::vector<FakeTransport::Reply> everyRefusal() {
  return {answered(401, R"({"error":"Not logged in","success":"no"})"),
          answered(401, "details=Unauthorized&error=1&text=Not+logged+in"),
          answered(200, "<!doctype html><title>DirectAdmin Login</title>"),
          answered(200, "", {{"x-directadmin", "Unauthorized"}}),
          answered(302, "", {{"location", "/"}}),
          answered(403, "")};
}

}  // namespace splitdelivery::testing
