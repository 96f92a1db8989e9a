#include <algorithm>

#include "base/text.h"
#include "serve/moment.h"
#include "serve/status_parts.h"

namespace splitdelivery::serve {
namespace {

// Whoever wants all of it has the command.
constexpr std::size_t kLongestLine = 300;
constexpr std::size_t kMostLines = 20;
constexpr std::string_view kShowsEach = "This shows where each goes now and would go";

struct Sign {
  std::string_view label;
  std::string_view rest;
};

/// A line of a plan, "+ anna", for people: a sign alone says little, and to who listens nothing.
Sign signOf(std::string_view line) {
  const std::string_view rest = line.size() > 2 ? line.substr(2) : std::string_view{};
  if (line.starts_with("+ ")) return {"+ create", rest};
  if (line.starts_with("~ ")) return {"~ change", rest};
  if (line.starts_with("- ")) return {"− delete", rest};
  return {"", line};
}

void writeWhere(Html& html, const DomainView& domain) {
  html << R"(<p class="soft">)";
  html.text(domain.key);
  if (!domain.policy.empty()) (html << " · policy ").text(domain.policy);
  if (domain.leaving) html << " · being deleted";
  html << "</p>\n";
}

void writeState(Html& html, const DomainView& domain, base::WallTime now) {
  html << R"(<p class="state">)";
  writeBadge(html, domain.urgency);
  (html << " <b>").text(domain.reason) << "</b>";
  if (domain.since) {
    (html << R"( <span class="soft">not ready for )").ours(spanText(now - *domain.since)) << "</span>";
  }
  html << "</p>\n<p>";
  html.text(domain.message) << "</p>\n";
}

std::string changesText(const PlanView& plan) {
  std::string text;
  const auto add = [&text](std::uint32_t count, std::string_view what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + counted(count, what);
  };
  add(plan.deletes, "delete");
  add(plan.updates, "change");
  add(plan.creates, "create");
  return text;
}

/// Lines of the plan from `first` on, without `last`.
void writeDiff(Html& html, const DomainView& domain, std::size_t first, std::size_t last) {
  if (first >= last) return;
  html << "<ul class=\"diff\">\n";
  for (std::size_t i = first; i < last; ++i) {
    const Sign sign = signOf(domain.plan.sample[i]);
    (html << R"(<li><span class="op">)").ours(sign.label) << "</span> ";
    html.text(base::shortened(std::string(sign.rest), kLongestLine) + "@" + domain.domain) << "</li>\n";
  }
  html << "</ul>\n";
}

void writeMore(Html& html, std::uint64_t count) {
  if (count > 0) (html << R"(<p class="soft">and )").number(count) << " more</p>\n";
}

void writePlanCommand(Html& html, std::string_view sentence, const PlanView& plan) {
  (html << R"(<p class="soft">)").ours(sentence);
  if (!plan.where.empty()) (html << ", ").ours(plan.where);
  html << ":</p>\n";
  writeCommand(html, plan.command);
}

/// How many lines of the sample may be shown.
std::size_t linesOf(const Html& html, const PlanView& plan) {
  return html.addresses() ? plan.sample.size() : 0;
}

/// What an approval would let through, and nothing else.
void writeHeld(Html& html, const DomainView& domain) {
  const PlanView& plan = domain.plan;
  if (plan.held.id.empty()) return;
  const std::size_t shown = std::min(plan.heldCount, linesOf(html, plan));
  html << "<div><h4>The plan that waits";
  html.markup(domain.stale ? ", as last seen</h4>\n" : "</h4>\n");
  writeDiff(html, domain, 0, shown);
  if (html.addresses()) {
    writeMore(html, plan.heldCount - shown);
  } else {
    (html << "<p>").ours(counted(plan.heldCount, "change")) << ". Addresses are hidden on this page.</p>\n";
  }
  writePlanCommand(html, kShowsEach, plan);
  html << "</div>\n<div><h4>To approve exactly this</h4>\n<p>";
  html.ours(plan.held.advice) << "</p>\n";
  if (!plan.held.command.empty()) writeCommand(html, plan.held.command);
  html << "</div>\n";
}

void writeConflicts(Html& html, const DomainView& domain) {
  if (domain.conflicts == 0) return;
  (html << "<div><h4>").ours(counted(domain.conflicts, "address")) << " in conflict</h4>\n";
  html << "<ul class=\"remarks\">\n";
  if (html.addresses()) {
    for (const ConflictView& conflict : domain.someConflicts) {
      (html << "<li><b>").text(conflict.address) << "</b>: ";
      html.text(base::shortened(conflict.message, kLongestLine)) << "</li>\n";
    }
  } else {
    std::vector<ReasonView> reasons;
    for (const ConflictView& conflict : domain.someConflicts) {
      const auto known = std::ranges::find(reasons, conflict.reason, &ReasonView::reason);
      if (known != reasons.end()) ++known->count;
      if (known == reasons.end()) reasons.push_back({conflict.reason, 1});
    }
    for (const ReasonView& reason : reasons) {
      (html << "<li>").text(reason.reason) << ": ";
      html.number(reason.count) << "</li>\n";
    }
  }
  html << "</ul>\n";
  const bool isCut = domain.conflicts > domain.someConflicts.size();
  if (!html.addresses() || isCut) {
    const std::string cut =
        isCut ? "These are the first " + std::to_string(domain.someConflicts.size()) + ". " : std::string();
    writePlanCommand(html, cut + "This shows each with its address and what ends it", domain.plan);
  }
  html << "</div>\n";
}

void writeRemarks(Html& html, const DomainView& domain) {
  if (domain.remarks.empty()) return;
  html << "<ul class=\"remarks\">\n";
  for (const RemarkView& remark : domain.remarks) {
    (html << "<li><b>").text(remark.type) << "</b>: ";
    html.text(remark.message) << "</li>\n";
  }
  html << "</ul>\n";
}

/// What was not seen now is not to look so.
void writeStale(Html& html, const DomainView& domain, base::WallTime now) {
  if (!domain.stale || (domain.desired == 0 && domain.conflicts == 0 && domain.plan.changes() == 0)) return;
  html << R"(<p class="soft">The last pass could not look: plan, conflicts, routing and numbers are as last seen)";
  if (domain.seenAt) {
    html << ", ";
    writeAgo(html, *domain.seenAt, now);
  }
  html << ".</p>\n";
}

void writeFacts(Html& html, const DomainView& domain, base::WallTime now) {
  if (domain.desired == 0 && !domain.lastPass) return;
  html << "<dl class=\"facts\">\n";
  if (domain.desired > 0) {
    (html << "<div><dt>in place</dt><dd>").number(domain.inSync) << " of ";
    html.number(domain.desired) << "</dd></div>\n";
  }
  if (domain.found > 0) (html << "<div><dt>found, not ours</dt><dd>").number(domain.found) << "</dd></div>\n";
  if (domain.lastPass) {
    html << "<div><dt>last pass</dt><dd>";
    writeAgo(html, domain.lastPass->endedAt, now);
    (html << ", took ").ours(shortSpanText(domain.lastPass->took)) << "</dd></div>\n";
  }
  html << "</dl>\n";
}

}  // namespace

void writeCards(Html& html, const StatusView& view, Urgency urgency, std::string_view id, std::string_view title) {
  std::size_t number = 0;
  for (const DomainView& domain : view.domains) {
    if (domain.urgency != urgency) continue;
    if (number == 0 && !id.empty()) {
      (html << R"(<section aria-labelledby=")").ours(id) << R"("><h2 id=")";
      (html.ours(id) << R"(">)").ours(title) << "</h2>\n";
    }
    const UrgencyWords words = wordsOf(urgency);
    (html << R"(<article class="card )").ours(words.style) << R"(" aria-labelledby=")";
    html.ours(words.style).number(++number) << "\">\n<h3 id=\"";
    html.ours(words.style).number(number) << R"(">)";
    html.text(domain.domain.empty() ? domain.key : domain.domain) << "</h3>\n";
    writeWhere(html, domain);
    writeState(html, domain, view.now);
    writeStale(html, domain, view.now);
    writeHeld(html, domain);
    writeNotDone(html, domain);
    writeConflicts(html, domain);
    writeRemarks(html, domain);
    writeFacts(html, domain, view.now);
    html << "</article>\n";
  }
  if (number > 0 && !id.empty()) html << "</section>\n";
}

void writeNotDone(Html& html, const DomainView& domain) {
  const PlanView& plan = domain.plan;
  const bool isHeld = !plan.held.id.empty();
  const std::size_t held = isHeld ? plan.heldCount : 0;
  if (plan.changes() <= held) return;
  const std::uint64_t count = plan.changes() - held;
  const std::size_t lines = linesOf(html, plan);
  const std::size_t first = std::min(held, lines);
  html << "<details><summary>";
  if (isHeld) {
    html.ours(counted(count, "other change")) << ", not done either and no part of this approval";
  } else {
    html.ours(changesText(plan)) << " not done so far";
  }
  html << "</summary>\n";
  writeDiff(html, domain, first, lines);
  if (html.addresses()) writeMore(html, count - std::min<std::uint64_t>(count, lines - first));
  // What is held has it already.
  if (!isHeld) writePlanCommand(html, kShowsEach, plan);
  html << "</details>\n";
}

void writeNotice(Html& html, const NoticeView& notice, std::string_view id) {
  (html << R"(<article class="card )").markup(notice.urgent ? "needs" : "") << R"(" aria-labelledby=")";
  (html.ours(id) << "\">\n<h3 id=\"").ours(id) << R"(">)";
  html.text(notice.title) << "</h3>\n<ul class=\"remarks\">\n";
  for (std::size_t i = 0; i < std::min(notice.lines.size(), kMostLines); ++i) {
    (html << "<li>").text(base::shortened(notice.lines[i], 1024)) << "</li>\n";
  }
  if (notice.lines.size() > kMostLines) {
    (html << "<li>and ").number(notice.lines.size() - kMostLines) << " more</li>\n";
  }
  html << "</ul>\n";
  if (!notice.advice.empty()) (html << "<p>").ours(notice.advice) << "</p>\n";
  if (!notice.command.empty()) writeCommand(html, notice.command);
  html << "</article>\n";
}

}  // namespace splitdelivery::serve
