#include "source/cluster/secrets.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

#include "source/a_cluster.h"

namespace splitdelivery::source::cluster {
namespace {

TEST_F(ACluster, IsToldOfABugThatEndedTheWatchOfASecret) {
  bool breaks = false;
  int called = 0;
  Secrets secrets(executor, client, [&] {
    ++called;
    if (std::exchange(breaks, false)) throw std::logic_error("a bug");
  });
  secrets.want(kKey, {{"mail", "zoho"}});
  executor.advance(100ms);
  EXPECT_FALSE(secrets.bug());
  breaks = true;
  server.put("/api/v1/namespaces/mail/secrets", {{"kind", "Secret"}, {"metadata", {{"name", "zoho"}}}});
  const int before = called;
  executor.advance(1s);
  EXPECT_TRUE(secrets.bug()) << "a rotated one would never be seen again";
  EXPECT_GT(called, before) << "somebody has to look";
  executor.run(secrets.end());
}

}  // namespace
}  // namespace splitdelivery::source::cluster
