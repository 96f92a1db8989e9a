#include "serve/status_page.h"

#include <gmock/gmock.h>

#include "base/digest.h"
#include "serve/status_style.h"
#include "serve/status_views.h"

namespace splitdelivery::serve {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(AStatusPage, BeginsWithWhatNeedsAPerson) {
  StatusView view = viewOf({held(), domain("away", Urgency::Trouble, "ConnectFailed"),
                            domain("new", Urgency::Waiting, "Progressing"), domain("fine", Urgency::Well, "Synced")});
  view.notices = {{.title = "Worth it", .urgent = false}, {.title = "A document that cannot be used"}};
  const std::string page = statusPage(view);
  expectOrder(page, {"<h1>2 things need you</h1>", "<h2 id=\"needs\">", "A document that cannot be used",
                     "held.example.com", "<h2 id=\"trouble\">", "away.example.com", "<h2 id=\"domains\">",
                     "new.example.com", "fine.example.com", "<h2 id=\"later\">", "Worth it", "<h2 id=\"passes\">"});
  EXPECT_THAT(page, AllOf(HasSubstr("<title>2 things need you"), HasSubstr("what away needs"),
                          HasSubstr("not ready for 5 min")));
  EXPECT_EQ(times(page, "held.example.com"), 1U);
}

TEST(AStatusPage, SaysSoWhereNothingNeedsAnybody) {
  EXPECT_THAT(statusPage(viewOf({domain("fine", Urgency::Well, "Synced")})),
              AllOf(HasSubstr("<h1>Nothing needs you</h1>"), Not(HasSubstr("id=\"needs\"")), HasSubstr("18 of 20"),
                    Not(HasSubstr("what fine needs"))));
  EXPECT_THAT(statusPage(viewOf({domain("fine", Urgency::Well, "Observed")})), HasSubstr("what fine needs"));
  EXPECT_THAT(statusPage(viewOf({domain("away", Urgency::Trouble, "ConnectFailed")})),
              HasSubstr("<h1>1 domain is in trouble and tried again</h1>"));
  EXPECT_THAT(statusPage(viewOf({domain("new", Urgency::Waiting, "Progressing")})),
              HasSubstr("<h1>The first passes are under way</h1>"));
}

TEST(AStatusPage, TellsWhatToDoWhereThereIsNoDomainAndNoPassYet) {
  EXPECT_THAT(statusPage(viewOf({})), AllOf(HasSubstr("<h1>There is no domain yet</h1>"), HasSubstr("write a document"),
                                            HasSubstr("No pass has ended"), Not(HasSubstr("id=\"accounts\""))));
}

/// Markup wherever somebody else's text can be.
StatusView hostile() {
  const std::string evil = "\"><script>alert(1)</script><i '";
  DomainView bad = held();
  bad.key = bad.domain = bad.policy = bad.reason = bad.message = evil;
  bad.plan.sample = {"- " + evil, evil};
  bad.conflicts = 1;
  bad.someConflicts = {{evil, evil, evil}};
  bad.remarks = {{evil, evil}};
  DomainView row = bad;
  row.urgency = Urgency::Well;
  StatusView view = viewOf({bad, row});
  view.place = view.find = view.firstStep = evil;
  view.standby = {.worker = evil, .command = evil};
  view.pages = 2;
  view.reasons = {{evil, 2}};
  view.notices = {{.title = evil, .lines = {evil}, .advice = evil, .command = evil}};
  view.accounts = {{.provider = evil, .name = evil}};
  view.passes = {{.key = evil, .domain = evil, .reason = evil}};
  return view;
}

TEST(TextsOfOthers, StayTextWhereverTheyStand) {
  StatusView view = hostile();
  for (const bool addresses : {false, true}) {
    view.addresses = addresses;
    const std::string page = statusPage(view);
    EXPECT_EQ(times(page, "<script"), 0U);
    EXPECT_EQ(times(page, "<i "), 0U);
    EXPECT_EQ(times(page, "\"><script"), 0U);
    EXPECT_GT(times(page, "&quot;&gt;&lt;script&gt;"), 15U);
  }
}

TEST(AStatusPage, LoadsNothingAndRunsNothing) {
  const std::string page = statusPage(hostile());
  for (const char* part :
       {"<script", "<link", "<img", "<iframe", "src=", "style=\"", "http://", "https://", "url(", "@import"}) {
    EXPECT_EQ(page.find(part), std::string::npos) << part;
  }
}

TEST(ALongList, HasPagesThatKeepWhatWasLookedFor) {
  StatusView view = viewOf({domain("fine", Urgency::Well, "Synced")});
  EXPECT_THAT(statusPage(view), AllOf(Not(HasSubstr("role=\"search\"")), Not(HasSubstr("Pages of domains"))));
  view.page = 2;
  view.pages = 3;
  view.find = "a&b";
  view.refreshes = true;
  view.reasons = {{"ConnectFailed", 70}};
  EXPECT_THAT(statusPage(view),
              AllOf(HasSubstr("Page 2 of 3"), HasSubstr("href=\"/?find=a%26b&amp;refresh\">First page"),
                    HasSubstr("href=\"/?find=a%26b&amp;page=3&amp;refresh\">Next page"),
                    HasSubstr("href=\"/?find=a%26b&amp;refresh\">Previous page"), HasSubstr("value=\"a&amp;b\""),
                    HasSubstr("href=\"/?find=ConnectFailed&amp;refresh\">ConnectFailed</a> 70"),
                    HasSubstr("<input type=\"hidden\" name=\"refresh\">"),
                    HasSubstr("href=\"/?refresh\">all of them</a>"), HasSubstr("Below is only what has “a&amp;b”")));
}

TEST(ASearchWithoutAHit, LeavesTheHeadlineAsItIs) {
  StatusView view = viewOf({held()});
  view.domains = {};
  view.find = "nope";
  EXPECT_THAT(statusPage(view), AllOf(HasSubstr("<h1>1 domain needs you</h1>"), HasSubstr("<title>1 domain needs you"),
                                      HasSubstr("Nothing has “nope” in it."), Not(HasSubstr("write a document")),
                                      HasSubstr("No domain, name or reason has “nope” in it.")));
}

TEST(AReplicaThatStandsBy, SaysSoAtOnceAndWhereItsWorkIs) {
  DomainView away = domain("fine", Urgency::Well, "Synced");
  away.lastPass.reset();
  StatusView view = viewOf({away});
  EXPECT_THAT(statusPage(view),
              AllOf(Not(HasSubstr("stands by")), HasSubstr("none yet"), HasSubstr("No pass has ended")));
  view.standby = {.worker = "pod-1", .command = "kubectl port-forward pod/pod-1"};
  const std::string page = statusPage(view);
  expectOrder(page, {"</h1>", "This replica stands by", "<b>pod-1</b>", "kubectl port-forward pod/pod-1", "<main"});
  EXPECT_THAT(page, AllOf(Not(HasSubstr("none yet")), Not(HasSubstr("No pass has ended")), Not(HasSubstr("#passes"))));
  view.standby.emplace();
  EXPECT_THAT(statusPage(view), HasSubstr("the one that works.</p>"));
}

TEST(AStatusPage, SaysUnderItsHeadlineAsOfWhen) {
  expectOrder(statusPage(viewOf({})), {"</h1>", "As of <time", "2026-11-28 04:00:00 UTC</time>", "<main"});
}

TEST(Notices, AreCut) {
  StatusView view = viewOf({});
  view.notices = {{.title = "Many", .lines = std::vector<std::string>(500, "a line")}};
  EXPECT_EQ(times(statusPage(view), "a line"), 20U);
  EXPECT_THAT(statusPage(view), HasSubstr("and 480 more"));
}

TEST(Accounts, AreShownWithBudgetAndBreaker) {
  StatusView view = viewOf({});
  view.accounts = {{.provider = "zoho", .name = "mail.zoho.com/1", .shutOut = true, .budgetUsed = 0.324, .minted = 3},
                   {.provider = "directadmin", .name = "eagle/anna"},
                   {.provider = "zoho", .name = "mail.zoho.com/2", .shutOut = true, .waitsUntil = kNow + 3min}};
  view.moreAccounts = 2;
  EXPECT_THAT(statusPage(view),
              AllOf(HasSubstr("mail.zoho.com/1"), HasSubstr("left alone</span> it refused us: correct"),
                    HasSubstr("it told us to wait until 2026-11-28 04:03:00 UTC"), HasSubstr("32 % used"),
                    HasSubstr("3 since the start"), HasSubstr("not counted"), HasSubstr("and 2 accounts more")));
}

TEST(Passes, TellWhenHowLongAndWhatCameOfThem) {
  StatusView view = viewOf({});
  view.passes = {{.key = "mail/d0",
                  .domain = "d0.example.com",
                  .pass = {kNow - 3min, 3100ms},
                  .urgency = Urgency::Trouble,
                  .reason = "ApplyFailed",
                  .created = 3,
                  .failed = 1}};
  EXPECT_THAT(statusPage(view), AllOf(HasSubstr("<time datetime=\"2026-11-28T03:57:00Z\" "
                                                "title=\"2026-11-28 03:57:00 UTC\">3 min ago</time>"),
                                      HasSubstr("3.1 s"), HasSubstr("ApplyFailed"), HasSubstr("3 created, 1 failed")));
}

TEST(AnAnswer, LetsNobodyKeepFrameOrExtendThePage) {
  const auto answer = statusAnswer(viewOf({}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.contentType, "text/html; charset=utf-8");
  EXPECT_THAT(answer.headers, Contains(Pair("Cache-Control", "no-store")));
  EXPECT_THAT(answer.headers, Contains(Pair("Referrer-Policy", "no-referrer")));
  EXPECT_THAT(answer.headers, Contains(Pair("Content-Security-Policy",
                                            AllOf(HasSubstr("default-src 'none'"), Not(HasSubstr("unsafe")),
                                                  HasSubstr("frame-ancestors 'none'"),
                                                  HasSubstr("'sha256-" + base::sha256Base64(kStatusStyle) + "'")))));
  // That digest is of exactly what stands between the tags.
  EXPECT_THAT(answer.body, HasSubstr("<style>" + std::string(kStatusStyle) + "</style>"));
}

TEST(AnAnswer, RefreshesWhenThatWasAskedFor) {
  StatusView view = viewOf({});
  EXPECT_THAT(statusAnswer(view).headers, Not(Contains(Pair("Refresh", ::testing::_))));
  EXPECT_THAT(statusPage(view), HasSubstr("href=\"/?refresh\""));
  view.refreshes = true;
  EXPECT_THAT(statusAnswer(view).headers, Contains(Pair("Refresh", "30")));
  EXPECT_THAT(statusPage(view), HasSubstr("href=\"/\">stop that</a>"));
}

}  // namespace
}  // namespace splitdelivery::serve
