#include <malloc.h>

#include "cli/cli.h"

int main(int argc, char** argv) {
  // Threads seldom allocate at the same time here, and each arena of their own costs megabytes.
  mallopt(M_ARENA_MAX, 1);
  return splitdelivery::cli::run(argc, argv);
}
