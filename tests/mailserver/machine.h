#pragma once

#include <string>
#include <utility>

#include "panel.h"

namespace splitdelivery::testing {

/// A server and a state folder, and one process after the other.
struct Machine : Panel {
  /// What a new process gets when it lists.
  base::Result<api::Forwarders> listAnew(const std::string& key = "k3y", bool personAsked = false) {
    mailserver::directadmin::Store process(executor, transport, records, account(key));
    if (personAsked) process.tryAgain();
    return executor.run(process.list("a.example", {}));
  }
  api::AccountRecord& record() { return records.records.at(account("k3y").digest()); }
  void answerAsUsual() {
    transport.become([this](const http::Request& request) { return answer(request); });
  }
  void throttle(std::string seconds) {
    transport.become([=](const http::Request&) { return answered(429, "", {{"retry-after", seconds}}); });
  }
};

}  // namespace splitdelivery::testing
