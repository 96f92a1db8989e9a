#include <algorithm>
#include <cmath>

#include "serve/moment.h"
#include "serve/status_parts.h"

namespace splitdelivery::serve {
namespace {

/// Roles as well: on a narrow screen rows are laid out as blocks, and would be no table any more to who listens.
void beginTable(Html& html, std::string_view heading, std::initializer_list<std::string_view> columns) {
  (html << R"(<table role="table" aria-labelledby=")").ours(heading)
      << "\">\n<thead role=\"rowgroup\"><tr role=\"row\">";
  for (const std::string_view column : columns) {
    (html << R"(<th scope="col" role="columnheader">)").ours(column) << "</th>";
  }
  html << "</tr></thead>\n<tbody role=\"rowgroup\">\n";
}

void beginRow(Html& html, std::string_view title, std::string_view below) {
  (html << R"(<tr role="row"><th scope="row" role="rowheader">)").text(title);
  if (!below.empty() && below != title) (html << R"( <span class="soft">)").text(below) << "</span>";
  html << "</th>";
}

void beginCell(Html& html, std::string_view label, std::string_view style = "") {
  (html << R"(<td role="cell" data-label=")").ours(label) << R"(")";
  if (!style.empty()) (html << R"( class=")").ours(style) << R"(")";
  html << ">";
}

void endTable(Html& html) {
  html << "</tbody></table>\n";
}

/// A resource that is well in the plainest way has nothing to read.
bool isPlain(const DomainView& domain) {
  return domain.urgency == Urgency::Well && domain.reason == "Synced";
}

void writeRow(Html& html, const DomainView& domain, const StatusView& view) {
  beginRow(html, domain.domain.empty() ? domain.key : domain.domain, domain.key);
  beginCell(html, "State", "bare");
  writeBadge(html, domain.urgency);
  if (domain.urgency != Urgency::Suspended) (html << " ").text(domain.reason);
  if (!isPlain(domain) && !domain.message.empty()) {
    (html << R"(<span class="soft">)").text(domain.message) << "</span>";
  }
  for (const RemarkView& remark : domain.remarks) {
    (html << R"(<span class="soft"><b>)").text(remark.type) << "</b>: ";
    html.text(remark.message) << "</span>";
  }
  writeNotDone(html, domain);
  html << "</td>";
  beginCell(html, "In place", "n");
  if (domain.desired == 0 && domain.urgency != Urgency::Well) {
    html << "not known";
  } else {
    html.number(domain.inSync) << " of ";
    html.number(domain.desired);
  }
  html << "</td>";
  beginCell(html, "Last pass", "n");
  if (domain.lastPass) {
    writeAgo(html, domain.lastPass->endedAt, view.now);
  } else {
    html.markup(view.standby ? "not here" : "none yet");
  }
  html << "</td></tr>\n";
}

void writeFind(Html& html, const StatusView& view) {
  if (view.pages == 1 && view.find.empty()) return;
  html << "<form role=\"search\"><label for=\"find\">Domain, name or reason</label>\n";
  (html << R"(<input id="find" name="find" type="search" maxlength="200" value=")").ours(view.find) << "\">\n";
  if (view.refreshes) html << "<input type=\"hidden\" name=\"refresh\">\n";
  html << "<button>Find</button>";
  if (!view.find.empty()) {
    (html << R"( <a href=")").ours(linkTo({}, 1, view.refreshes)) << R"(">all of them</a>)";
  }
  html << "</form>\n";
}

void writeReasons(Html& html, const StatusView& view) {
  if (view.reasons.empty()) return;
  html << "<ul class=\"totals\" aria-label=\"How many of each reason\">\n";
  for (const ReasonView& reason : view.reasons) {
    const StatusView found{.find = reason.reason};
    (html << R"(<li><a href=")").ours(linkTo(found, 1, view.refreshes)) << R"(">)";
    (html.text(reason.reason) << "</a> ").number(reason.count) << "</li>\n";
  }
  html << "</ul>\n";
}

void writePageLinks(Html& html, const StatusView& view) {
  if (view.pages == 1) return;
  html << "<nav aria-label=\"Pages of domains\" class=\"pages\">\n";
  if (view.page > 1) {
    (html << R"(<a rel="prev" href=")").ours(linkTo(view, view.page - 1, view.refreshes)) << "\">Previous page</a>\n";
  }
  (html << "<span>Page ").number(view.page) << " of ";
  html.number(view.pages) << "</span>\n";
  if (view.page < view.pages) {
    (html << R"(<a rel="next" href=")").ours(linkTo(view, view.page + 1, view.refreshes)) << "\">Next page</a>\n";
  }
  html << "</nav>\n";
}

void writeAccountState(Html& html, const AccountView& account) {
  if (!account.shutOut) {
    html << R"(<span class="badge well">asked as usual</span>)";
  } else if (account.waitsUntil) {
    html << R"(<span class="badge calm">left alone</span> it told us to wait until )";
    html.ours(utcText(*account.waitsUntil));
  } else {
    html << R"(<span class="badge trouble">left alone</span> it refused us: correct its Secret, as its domains say)";
  }
}

std::string changesOf(const PassView& pass) {
  std::string text;
  const auto add = [&text](std::uint32_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  add(pass.created, "created");
  add(pass.updated, "changed");
  add(pass.deleted, "deleted");
  add(pass.failed, "failed");
  return text.empty() ? "no change" : text;
}

}  // namespace

void writeDomains(Html& html, const StatusView& view) {
  html << "<section aria-labelledby=\"domains\"><h2 id=\"domains\">Domains</h2>\n";
  writeFind(html, view);
  const bool none = std::ranges::all_of(view.totals, [](std::size_t count) { return count == 0; });
  html << "<div class=\"box\">\n";
  if (none) {
    (html << "<p>").text(view.starting.empty() ? view.firstStep : "They are not known yet.") << "</p>\n";
  } else if (view.domains.empty()) {
    (html << "<p>No domain, name or reason has “").text(view.find) << "” in it.</p>\n";
  } else if (std::ranges::all_of(view.domains, hasCard, &DomainView::urgency)) {
    html << "<p>All domains of this page are above.</p>\n";
  } else {
    beginTable(html, "domains", {"Domain", "State", "In place", "Last pass"});
    for (const DomainView& domain : view.domains) {
      if (!hasCard(domain.urgency)) writeRow(html, domain, view);
    }
    endTable(html);
  }
  html << "</div>\n";
  writePageLinks(html, view);
  writeReasons(html, view);
  html << "</section>\n";
}

void writeAccounts(Html& html, const StatusView& view) {
  if (view.accounts.empty()) return;
  html << "<section aria-labelledby=\"accounts\"><h2 id=\"accounts\">Accounts</h2>\n<div class=\"box\">\n";
  beginTable(html, "accounts", {"Account", "State", "Calls of this minute", "Tokens"});
  for (const AccountView& account : view.accounts) {
    beginRow(html, account.name, account.provider);
    beginCell(html, "State", "bare");
    writeAccountState(html, account);
    html << "</td>";
    beginCell(html, "Calls of this minute", "n");
    if (account.minted) {
      const double used = std::clamp(account.budgetUsed, 0.0, 1.0);
      const auto percent = static_cast<std::uint64_t>(std::lround(used * 100));
      (html << R"(<meter min="0" max="100" aria-label="Calls used" value=")").number(percent) << R"("></meter>)";
      html.number(percent) << " % used";
    } else {
      html << "not counted";
    }
    html << "</td>";
    beginCell(html, "Tokens", "n");
    if (account.minted) {
      html.number(*account.minted) << " since the start";
    } else {
      html << "none needed";
    }
    html << "</td></tr>\n";
  }
  endTable(html);
  if (view.moreAccounts > 0) {
    (html << R"(<p class="soft">and )").ours(counted(view.moreAccounts, "account")) << " more</p>\n";
  }
  html << "</div></section>\n";
}

void writePasses(Html& html, const StatusView& view) {
  if (view.standby && view.passes.empty()) return;
  html << "<section aria-labelledby=\"passes\"><h2 id=\"passes\">Last passes</h2>\n<div class=\"box\">\n";
  if (view.passes.empty()) {
    html << "<p>No pass has ended since this process started.</p>\n";
  } else {
    beginTable(html, "passes", {"Domain", "Ended", "Took", "Came to", "Forwarders"});
    for (const PassView& pass : view.passes) {
      beginRow(html, pass.domain, pass.key);
      beginCell(html, "Ended", "n");
      writeAgo(html, pass.pass.endedAt, view.now);
      html << "</td>";
      beginCell(html, "Took", "n");
      html.ours(shortSpanText(pass.pass.took)) << "</td>";
      beginCell(html, "Came to");
      writeBadge(html, pass.urgency);
      (html << " ").text(pass.reason) << "</td>";
      beginCell(html, "Forwarders");
      html.ours(changesOf(pass)) << "</td></tr>\n";
    }
    endTable(html);
  }
  html << "</div></section>\n";
}

}  // namespace splitdelivery::serve
