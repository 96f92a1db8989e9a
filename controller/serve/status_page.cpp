#include "serve/status_page.h"

#include <algorithm>
#include <numeric>

#include "base/digest.h"
#include "http/percent.h"
#include "serve/moment.h"
#include "serve/status_parts.h"
#include "serve/status_style.h"

namespace splitdelivery::serve {
namespace {

std::size_t of(const StatusView& view, Urgency urgency) {
  return view.totals.at(static_cast<std::size_t>(urgency));
}

std::size_t urgentNotices(const StatusView& view) {
  return static_cast<std::size_t>(std::ranges::count(view.notices, true, &NoticeView::urgent));
}

/// Whether this page of the list has one.
bool has(const StatusView& view, Urgency urgency) {
  return std::ranges::find(view.domains, urgency, &DomainView::urgency) != view.domains.end();
}

bool hasUrgent(const StatusView& view) {
  return has(view, Urgency::NeedsPerson) || urgentNotices(view) > 0;
}

bool hasLater(const StatusView& view) {
  return urgentNotices(view) < view.notices.size();
}

/// The page in a sentence; its title too, for a tab that is not looked at.
std::string headline(const StatusView& view) {
  const std::size_t domains = of(view, Urgency::NeedsPerson);
  const std::size_t things = domains + urgentNotices(view);
  if (things > 0) {
    const std::string what = things == domains ? counted(things, "domain") : counted(things, "thing");
    return what + (things == 1 ? " needs you" : " need you");
  }
  if (const std::size_t trouble = of(view, Urgency::Trouble); trouble > 0) {
    return counted(trouble, "domain") + (trouble == 1 ? " is" : " are") + " in trouble and tried again";
  }
  if (std::accumulate(view.totals.begin(), view.totals.end(), std::size_t{0}) == 0) {
    return view.starting.empty() ? "There is no domain yet" : "It is starting";
  }
  return of(view, Urgency::Waiting) > 0 ? "The first passes are under way" : "Nothing needs you";
}

void writeHead(Html& html, const StatusView& view, const std::string& title) {
  html << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"robots\" content=\"noindex\">\n<title>";
  html.ours(title) << " – split delivery";
  if (!view.place.empty()) (html << ", ").text(view.place);
  html << "</title>\n<style>";
  html.markup(kStatusStyle) << "</style>\n</head>\n";
}

void writeTotals(Html& html, const StatusView& view) {
  html << "<ul class=\"totals\" aria-label=\"Domains by state\">\n";
  for (std::size_t i = 0; i < kUrgencies; ++i) {
    const auto urgency = static_cast<Urgency>(i);
    if (view.totals.at(i) == 0) continue;
    const UrgencyWords words = wordsOf(urgency);
    (html << R"(<li class="badge )").ours(words.style) << R"(">)";
    (html.number(view.totals.at(i)) << " ").ours(view.totals.at(i) == 1 ? words.label : words.labels) << "</li>\n";
  }
  html << "</ul>\n";
}

/// When this was so, and whose view it is.
void writeRole(Html& html, const StatusView& view) {
  (html << R"(<p class="soft">As of <time datetime=")").ours(utcStamp(view.now)) << R"(">)";
  html.ours(utcText(view.now)) << "</time></p>\n";
  if (!view.starting.empty()) (html << "<p>Starting: ").text(view.starting) << ".</p>\n";
  if (!view.standby) return;
  html << "<p>This replica stands by. Passes and accounts are on the page of the one that works";
  if (!view.standby->worker.empty()) (html << ", <b>").text(view.standby->worker) << "</b>";
  html.markup(view.standby->command.empty() ? ".</p>\n" : ":</p>\n");
  if (!view.standby->command.empty()) writeCommand(html, view.standby->command);
}

void writeTop(Html& html, const StatusView& view, const std::string& title) {
  html << "<body>\n<a class=\"skip\" href=\"#main\">Skip to what there is</a>\n<header class=\"top\"><div "
          "class=\"wide\">\n"
          R"(<p class="brand"><b>Split delivery</b>)";
  if (!view.place.empty()) (html << " · ").text(view.place);
  (html << "</p>\n<h1>").ours(title) << "</h1>\n";
  writeRole(html, view);
  writeTotals(html, view);
  if (!view.find.empty()) {
    html << R"(<p class="soft">)";
    html.markup(view.domains.empty() ? "Nothing has “" : "Below is only what has “");
    html.ours(view.find) << "” in it.</p>\n";
  }
  html << "<nav aria-label=\"Parts of this page\" class=\"pages\">\n";
  if (view.page > 1) {
    (html << R"(<a href=")").ours(linkTo(view, 1, view.refreshes)) << "\">First page, with what is most urgent</a>\n";
  }
  if (hasUrgent(view)) html << "<a href=\"#needs\">Needs you</a>\n";
  if (has(view, Urgency::Trouble)) html << "<a href=\"#trouble\">In trouble</a>\n";
  html << "<a href=\"#domains\">Domains</a>\n";
  if (hasLater(view)) html << "<a href=\"#later\">Worth a look</a>\n";
  if (!view.accounts.empty()) html << "<a href=\"#accounts\">Accounts</a>\n";
  if (!view.standby || !view.passes.empty()) html << "<a href=\"#passes\">Last passes</a>\n";
  html << "</nav>\n</div></header>\n<main id=\"main\" class=\"wide\" tabindex=\"-1\">\n";
}

void writeUrgent(Html& html, const StatusView& view) {
  if (!hasUrgent(view)) return;
  html << "<section aria-labelledby=\"needs\"><h2 id=\"needs\">Needs you</h2>\n";
  std::size_t number = 0;
  for (const NoticeView& notice : view.notices) {
    if (notice.urgent) writeNotice(html, notice, "notice" + std::to_string(++number));
  }
  writeCards(html, view, Urgency::NeedsPerson, "", "");
  html << "</section>\n";
}

void writeLater(Html& html, const StatusView& view) {
  if (!hasLater(view)) return;
  html << "<section aria-labelledby=\"later\"><h2 id=\"later\">Worth a look</h2>\n";
  std::size_t number = 0;
  for (const NoticeView& notice : view.notices) {
    if (!notice.urgent) writeNotice(html, notice, "later" + std::to_string(++number));
  }
  html << "</section>\n";
}

void writeBottom(Html& html, const StatusView& view) {
  html << "</main>\n<footer class=\"bottom\"><div class=\"wide\">\n<p>";
  if (view.refreshes) {
    (html << "It refreshes itself every ").number(kStatusRefresh) << R"( seconds: <a href=")";
    html.ours(linkTo(view, view.page, false)) << "\">stop that</a>.</p>\n";
  } else {
    (html << R"(<a href=")").ours(linkTo(view, view.page, true)) << R"(">Refresh by itself every )";
    html.number(kStatusRefresh) << " seconds</a>.</p>\n";
  }
  (html << "<p>splitdelivery ").ours(view.version);
  html << R"(. This page changes nothing. Also here: <a href="/metrics">metrics</a>, )"
          "<a href=\"/healthz?verbose\">health</a>, <a href=\"/readyz?verbose\">readiness</a>.</p>\n"
          "</div></footer>\n</body>\n</html>\n";
}

const std::string& contentSecurityPolicy() {
  static const std::string kPolicy = "default-src 'none'; style-src 'sha256-" + base::sha256Base64(kStatusStyle) +
                                     "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return kPolicy;
}

}  // namespace

UrgencyWords wordsOf(Urgency urgency) {
  switch (urgency) {
    case Urgency::NeedsPerson:
      return {"needs you", "need you", "needs", "!"};
    case Urgency::Trouble:
      return {"in trouble", "in trouble, tried again", "trouble", "✗"};
    case Urgency::Waiting:
      return {"to be looked at", "to be looked at", "calm", "…"};
    case Urgency::Well:
      return {"well", "well", "well", "✓"};
    case Urgency::Suspended:
      break;
  }
  return {"suspended", "suspended", "calm", "‖"};
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : noun.ends_with('s') ? "es" : "s");
}

void writeBadge(Html& html, Urgency urgency) {
  const UrgencyWords words = wordsOf(urgency);
  (html << R"(<span class="badge )").ours(words.style) << R"("><span aria-hidden="true">)";
  (html.ours(words.mark) << "</span> ").ours(words.label) << "</span>";
}

void writeCommand(Html& html, std::string_view command) {
  (html << "<pre><code>").ours(command) << "</code></pre>\n";
}

void writeAgo(Html& html, base::WallTime time, base::WallTime now) {
  (html << R"(<time datetime=")").ours(utcStamp(time)) << R"(" title=")";
  html.ours(utcText(time)) << R"(">)";
  html.ours(spanText(now - time)) << " ago</time>";
}

std::string linkTo(const StatusView& view, std::size_t page, bool refreshes) {
  std::string query;
  const auto add = [&query](const std::string& part) { query += (query.empty() ? "?" : "&") + part; };
  if (!view.find.empty()) add("find=" + http::percentEncoded(view.find));
  if (page > 1) add("page=" + std::to_string(page));
  if (refreshes) add("refresh");
  return "/" + query;
}

std::string statusPage(const StatusView& view) {
  Html html(view.addresses);
  const std::string title = headline(view);
  writeHead(html, view, title);
  writeTop(html, view, title);
  writeUrgent(html, view);
  writeCards(html, view, Urgency::Trouble, "trouble", "In trouble, and tried again");
  writeDomains(html, view);
  writeLater(html, view);
  writeAccounts(html, view);
  writePasses(html, view);
  writeBottom(html, view);
  return html.take();
}

http::OutgoingAnswer statusAnswer(const StatusView& view) {
  http::OutgoingAnswer answer{.contentType = "text/html; charset=utf-8",
                              .body = statusPage(view),
                              .headers = {{"Content-Security-Policy", contentSecurityPolicy()},
                                          {"Cache-Control", "no-store"},
                                          {"Referrer-Policy", "no-referrer"},
                                          {"Cross-Origin-Resource-Policy", "same-origin"}}};
  if (view.refreshes) answer.headers.emplace_back("Refresh", std::to_string(kStatusRefresh));
  return answer;
}

}  // namespace splitdelivery::serve
