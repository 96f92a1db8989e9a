#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/directory.h"
#include "base/task.h"
#include "zoho/mail_api.h"
#include "zoho/page.h"
#include "zoho/paging.h"

namespace splitdelivery::zoho {

/// One paged list of an organisation, as far as it could be read.
struct PagedList {
  std::vector<Row> rows{};  ///< each id once
  std::uint32_t skipped = 0;
  api::PartState state{};
};

/// What to read page by page, and how.
struct PagedSource {
  std::string list;   ///< "accounts": the resource and the word in messages
  std::size_t limit;  ///< rows to ask for on each page
  std::function<std::optional<Page>(const Json& data, std::size_t start)> read;
  std::size_t mostPages = Paging::kMostPages;
};

/// Reads all pages of a list. Trouble with the list itself ends up in `state`, beside the rows that
/// were read before; an error is one that says the same about every other list (`concernsAll`).
base::Task<base::Result<PagedList>> readPages(MailApi& api, PagedSource source, std::stop_token stop);

/// Whether there is no point in asking the same organisation for anything else: nobody is reached,
/// we were told to wait or to stop, the token or the organisation is refused, the host is wrong.
[[nodiscard]] bool concernsAll(const base::Error& error);

/// A part of the listing that has failed.
[[nodiscard]] api::PartState failed(base::Error error);

/// Retry, MalformedRows: the list holds rows that cannot be read, so something is unknown.
[[nodiscard]] base::Error malformedRows(const std::string& list);

/// Retry, UnexpectedAnswer: the answer holds no such list.
[[nodiscard]] base::Error noList(const std::string& list);

}  // namespace splitdelivery::zoho
