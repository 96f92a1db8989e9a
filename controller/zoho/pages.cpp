#include "zoho/pages.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "zoho/answer.h"

namespace splitdelivery::zoho {
namespace {

using api::Completeness;
using base::ErrorKind;
using base::Result;
using base::Task;

base::Error retry(std::string_view reason, std::string message) {
  return {ErrorKind::Retry, std::string(reason), std::move(message)};
}

api::PartState stagnant(const std::string& list) {
  return {Completeness::Stagnant,
          retry(reason::kListingStagnant, "Zoho's list of " + list +
                                              " does not go on to its end, so some may be missing: nothing that came "
                                              "from there is deleted until a listing is complete")};
}

/// What the last step and what was noticed on the way make of the list.
api::PartState verdict(Paging::Step step, const std::string& list, bool malformed, bool fewerThanClaimed) {
  switch (step) {
    case Paging::Step::Repeated:
      return failed(retry(reason::kRepeatedRows, "one answer of Zoho's list of " + list +
                                                     " holds the same row twice, so it is not to be trusted: it will "
                                                     "be read again"));
    case Paging::Step::Moved:
      return failed(
          malformed ? malformedRows(list)
                    : retry(reason::kListingMoved, "Zoho's list of " + list +
                                                       " changed while it was read, so some may be missing: "
                                                       "nothing is deleted meanwhile, and it is read again next time"));
    case Paging::Step::Endless:
      return failed(retry(reason::kEndlessListing, "Zoho's list of " + list +
                                                       " does not end within the pages that are read at most: "
                                                       "nothing is deleted meanwhile"));
    case Paging::Step::Stagnant:
      return malformed ? failed(malformedRows(list)) : stagnant(list);
    case Paging::Step::Next:
    case Paging::Step::Complete:
      break;
  }
  if (malformed) return failed(malformedRows(list));
  if (fewerThanClaimed) return stagnant(list);
  return {Completeness::Complete, std::nullopt};
}

/// Where a list has ended, or that it has: an answer without any row need not hold an empty list.
bool holdsNothing(const Json& data) {
  return data.is_null() || (data.is_object() && data.empty());
}

/// How many rows and addresses a page leaves out that were not counted on an earlier one, too.
std::uint32_t newlySkipped(const Page& page, const std::vector<std::size_t>& fresh) {
  // What a page of known rows leaves out was counted when they were new.
  if (fresh.empty()) return 0;
  std::uint32_t skipped = page.skipped;
  for (const Row& row : page.rows) skipped -= row.skipped;
  for (const auto index : fresh) skipped += page.rows[index].skipped;
  return skipped;
}

}  // namespace

api::PartState failed(base::Error error) {
  return {Completeness::Failed, std::move(error)};
}

base::Error malformedRows(const std::string& list) {
  return retry(reason::kMalformedRows, "Zoho's list of " + list +
                                           " holds rows without an id or of an unknown form, so some may be missing: "
                                           "nothing is deleted meanwhile");
}

base::Error noList(const std::string& list) {
  return retry(reason::kUnexpectedAnswer, "Zoho answered the request for " + list +
                                              " with something that is no such list: it will be tried again");
}

bool concernsAll(const base::Error& error) {
  if (error.kind == ErrorKind::Wait || error.kind == ErrorKind::Stopped || http::neverSent(error)) return true;
  constexpr std::array kReasons{reason::kTokenRefused,        reason::kInvalidClient,      reason::kInvalidOrganization,
                                reason::kInvalidRefreshToken, reason::kUnexpectedRedirect, reason::kUnknownPath};
  return std::ranges::find(kReasons, error.reason) != kReasons.end();
}

Task<Result<PagedList>> readPages(MailApi& api, PagedSource source, std::stop_token stop) {
  PagedList result;
  Paging paging(source.mostPages);
  bool malformed = false;
  std::uint64_t claimed = 0;
  auto step = Paging::Step::Next;
  while (step == Paging::Step::Next) {
    const auto data = co_await api.get(
        source.list + "?start=" + std::to_string(paging.start()) + "&limit=" + std::to_string(source.limit), stop);
    if (!data && concernsAll(data.error())) co_return base::fail(data.error());
    std::optional<Page> page;
    if (data && paging.start() > 0 && holdsNothing(*data)) {
      page.emplace();
    } else if (data) {
      page = source.read(*data, paging.start());
    }
    if (!page) {
      result.state = failed(data ? noList(source.list) : data.error());
      co_return result;
    }
    malformed |= page->malformed;
    claimed = std::max(claimed, page->claimed);

    std::vector<std::string> ids;
    std::ranges::transform(page->rows, std::back_inserter(ids), [](const Row& row) { return row.id; });
    const auto turn = paging.feed(ids, page->received);
    step = turn.step;
    result.skipped += newlySkipped(*page, turn.fresh);
    for (const auto index : turn.fresh) result.rows.push_back(std::move(page->rows[index]));
  }
  result.state = verdict(step, source.list, malformed, claimed > result.rows.size());
  co_return result;
}

}  // namespace splitdelivery::zoho
