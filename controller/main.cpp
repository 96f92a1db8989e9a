#include "cli/cli.h"

/// jemalloc's settings (https://jemalloc.net/jemalloc.3.html#tuning): threads seldom allocate at the same time here, so
/// one arena will do; what is free goes back to the system after a second, also when nothing happens any more.
extern "C" const char* malloc_conf;  // NOLINT(readability-identifier-naming): jemalloc's name
const char* malloc_conf = "narenas:1,background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";

int main(int argc, char** argv) {
  return splitdelivery::cli::run(argc, argv);
}
