#include "cli/cli.h"

int main(int argc, char** argv) {
  return splitdelivery::cli::run(argc, argv);
}
