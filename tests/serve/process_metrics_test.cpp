#include "serve/process_metrics.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "serve/page.h"

namespace splitdelivery::serve {
namespace {

constexpr const char* kTail =
    " S 1 2 3 0 -1 4194304 100 0 0 0 1500 250 0 0 20 0 5 0 987654 12345678 4321 18446744073709551615 1 1 0 0";

TEST(AStatLine, IsReadPastTheNameOfTheProgram) {
  const ProcessStat expected{.userTicks = 1500, .systemTicks = 250, .startTicks = 987654, .residentPages = 4321};
  for (const std::string name : {"(splitdelivery)", "(a b)", "(a) S 1 (b)", "()"}) {
    EXPECT_EQ(parseProcessStat("42 " + name + kTail), expected) << name;
  }
}

TEST(AStatLine, ThatIsNoneGivesNothing) {
  for (const std::string line : {"", "42 (x)", "42 (x) ", "42 (x) S 1 2 3", "no parentheses at all"}) {
    EXPECT_EQ(parseProcessStat(line), std::nullopt) << line;
  }
  std::string words = std::string("42 (x)") + kTail;
  words.replace(words.find("1500"), 4, "many");
  EXPECT_EQ(parseProcessStat(words), std::nullopt);
}

TEST(TheBootTime, IsFoundAmongTheOtherLines) {
  EXPECT_EQ(parseBootTime("cpu  1 2 3\nintr 5\nctxt 6\nbtime 1700000000\nprocesses 9\n"), 1'700'000'000U);
  EXPECT_EQ(parseBootTime("cpu 1\nbtime \n"), std::nullopt);
  EXPECT_EQ(parseBootTime(""), std::nullopt);
}

TEST(ThisProcess, IsShownAsItIs) {
  Registry registry;
  const ProcessMetrics metrics(registry);
  const Page page(registry.text());
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_GT(page.of("process_start_time_seconds"), now - 3600);
  EXPECT_LE(page.of("process_start_time_seconds"), now + 1);
  EXPECT_GT(page.of("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(page.of("process_cpu_seconds_total"), 0);

  const int extra = ::dup(0);
  EXPECT_EQ(Page(registry.text()).of("process_open_fds"), page.of("process_open_fds") + 1);
  ::close(extra);
}

TEST(AProcess, WhoseFilesCannotBeReadShowsZerosAndFailsNothing) {
  Registry registry;
  const ProcessMetrics metrics(registry, "/nonexistent");
  const Page page(registry.text());
  for (const char* name : {"process_cpu_seconds_total", "process_open_fds", "process_start_time_seconds"}) {
    EXPECT_EQ(page.of(name), 0) << name;
  }
}

}  // namespace
}  // namespace splitdelivery::serve
