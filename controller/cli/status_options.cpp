#include "cli/status_options.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace splitdelivery::cli {

void addStatusPageOptions(CLI::App& command, FolderOptions& options) {
  command
      .add_flag_function(
          "--status-page", [&options](std::int64_t given) { options.statusPage = given > 0; },
          "Answer GET / with a page for people: what needs you first, then every domain, account and pass; "
          "nothing can be changed there [with --listen over a folder; not in a cluster]")
      ->envname("SPLITDELIVERY_STATUS_PAGE");
  command
      .add_flag("--status-addresses", options.statusAddresses,
                "Show e-mail addresses in that page; without, numbers and the command that shows them")
      ->envname("SPLITDELIVERY_STATUS_ADDRESSES");
}

namespace {

bool isOn(const FolderOptions& options) {
  return options.statusPage.value_or(!options.manifests.empty() || options.env);
}

}  // namespace

bool hasStatusPage(const FolderOptions& options) {
  return !options.listen.empty() && isOn(options);
}

bool statusPageFits(const FolderOptions& options) {
  std::string no;
  if (options.statusPage.value_or(false) && options.listen.empty()) {
    no = "--status-page needs a port to be at: add --listen, such as --listen 127.0.0.1:8080";
  } else if (options.statusAddresses && !hasStatusPage(options)) {
    no = isOn(options)
             ? "--status-addresses is about the page at --listen: add that, or leave it out"
             : "--status-addresses is about the status page, which is off: add --status-page, or leave it out";
  }
  if (!no.empty()) std::cerr << no << "\n";
  return no.empty();
}

}  // namespace splitdelivery::cli
