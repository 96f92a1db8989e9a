#include <algorithm>

#include "base/text.h"
#include "serve/moment.h"
#include "serve/status_parts.h"

namespace splitdelivery::serve {
namespace {

constexpr std::size_t kLongestLine = 300;
constexpr std::size_t kMostLines = 20;

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
    (html << R"( <span class="soft">for )").ours(spanText(now - *domain.since)) << "</span>";
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

/// What the plan would do: line by line, or as numbers where addresses are not to be shown. Folded where there is
/// nothing to decide.
void writePlan(Html& html, const DomainView& domain) {
  const PlanView& plan = domain.plan;
  if (plan.changes() == 0) return;
  const bool isHeld = !plan.held.id.empty();
  if (isHeld) {
    html << "<div><h4>The plan that waits</h4>\n";
  } else {
    (html << "<details><summary>").ours(changesText(plan)) << " not done so far</summary>\n";
  }
  if (html.addresses() && !plan.sample.empty()) {
    html << "<ul class=\"diff\">\n";
    for (const std::string& line : plan.sample) {
      const Sign sign = signOf(line);
      (html << R"(<li><span class="op">)").ours(sign.label) << "</span> ";
      html.text(base::shortened(std::string(sign.rest), kLongestLine) + "@" + domain.domain) << "</li>\n";
    }
    html << "</ul>\n";
    if (plan.changes() > plan.sample.size()) {
      (html << R"(<p class="soft">and )").number(plan.changes() - plan.sample.size()) << " more: ";
      html.ours(changesText(plan)) << " in all. This shows every one of them:</p>\n";
      writeCommand(html, plan.command);
    }
  } else {
    (html << "<p>").ours(changesText(plan)) << ". Addresses are hidden on this page; this shows them:</p>\n";
    writeCommand(html, plan.command);
  }
  html.markup(isHeld ? "</div>\n" : "</details>\n");
}

void writeApproval(Html& html, const HeldView& held) {
  if (held.id.empty()) return;
  html << "<div><h4>To approve exactly this</h4>\n<p>";
  html.ours(held.advice) << "</p>\n";
  writeCommand(html, held.command);
  html << "</div>\n";
}

void writeConflicts(Html& html, const DomainView& domain) {
  if (domain.conflicts == 0) return;
  (html << "<div><h4>").ours(counted(domain.conflicts, "address")) << " in conflict</h4>\n";
  html << "<ul class=\"remarks\">\n";
  if (html.addresses()) {
    for (const ConflictView& conflict : domain.someConflicts) {
      (html << "<li><b>").text(conflict.address) << "</b>: ";
      html.text(conflict.message) << "</li>\n";
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
    html << R"(<p class="soft">)";
    if (isCut) (html << "These are the first ").number(domain.someConflicts.size()) << ". ";
    html << "Each with its address and what ends it:</p>\n";
    writeCommand(html, domain.plan.command);
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
    writePlan(html, domain);
    writeApproval(html, domain.plan.held);
    writeConflicts(html, domain);
    writeRemarks(html, domain);
    writeFacts(html, domain, view.now);
    html << "</article>\n";
  }
  if (number > 0 && !id.empty()) html << "</section>\n";
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
