#pragma once

#include <string>
#include <string_view>

#include "serve/html.h"
#include "serve/status_view.h"

/// The parts of the status page. Each writes nothing where there is nothing to say, unless it says so.
namespace splitdelivery::serve {

/// The word for it and its class of style; "needs you", "needs".
struct UrgencyWords {
  std::string_view label;   ///< of one
  std::string_view labels;  ///< of several
  std::string_view style;
  std::string_view mark;  ///< a sign, so that colour is not alone
};
[[nodiscard]] UrgencyWords wordsOf(Urgency urgency);

/// "1 domain", "2 domains".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

void writeBadge(Html& html, Urgency urgency);
void writeCommand(Html& html, std::string_view command);
/// "3 min ago", with the exact time for machines.
void writeAgo(Html& html, base::WallTime time, base::WallTime now);
/// What a link to this page has to carry on, with a page of the list: "?find=x&page=2".
[[nodiscard]] std::string linkTo(const StatusView& view, std::size_t page, bool refreshes);

// status_cards.cpp
void writeCards(Html& html, const StatusView& view, Urgency urgency, std::string_view id, std::string_view title);
/// What of a plan is not done and waits for nobody's approval, folded.
void writeNotDone(Html& html, const DomainView& domain);
void writeNotice(Html& html, const NoticeView& notice, std::string_view id);

// status_tables.cpp
/// Says so where there is no resource at all.
void writeDomains(Html& html, const StatusView& view);
void writeAccounts(Html& html, const StatusView& view);
/// Says so where no pass has ended yet, but on a replica that stands by.
void writePasses(Html& html, const StatusView& view);

}  // namespace splitdelivery::serve
