#pragma once

#include <sys/types.h>
#include <unistd.h>

namespace splitdelivery::source::testing {

/// While it lives the files are looked at as somebody without rights: root, whom no permission stops,
/// becomes "nobody"; anybody else stays.
class OtherUser {
 public:
  OtherUser() : was_(::geteuid()) {
    constexpr uid_t kNobody = 65534;
    if (was_ == 0) changed_ = ::seteuid(kNobody) == 0;
  }
  OtherUser(const OtherUser&) = delete;
  OtherUser& operator=(const OtherUser&) = delete;
  ~OtherUser() {
    if (changed_ && ::seteuid(was_) != 0) ::_exit(1);
  }

 private:
  uid_t was_;
  bool changed_ = false;
};

}  // namespace splitdelivery::source::testing
