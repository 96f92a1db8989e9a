"""The dashboards and rules that the chart ships, and what their expressions ask for."""

import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "charts" / "split-delivery-operator"
RULES = CHART / "alerts" / "rules.yaml"
RUNBOOKS = ROOT / "docs" / "runbooks"
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")')
SELECTOR = re.compile(r'\b([a-zA-Z_:][\w:]*)(?![\w:])(?!\s*\()\s*(\{(?:"(?:[^"\\]|\\.)*"|[^"}])*\})?')
LABEL_LISTS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
WORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset", "group_left", "group_right"}


def dashboards():
    """File name → dashboard."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted((CHART / "dashboards").glob("*.json"))}


def panels(dashboard):
    return [each for each in dashboard["panels"] if each["type"] != "row"]


def queries(dashboard):
    """(title of the panel, expression) of all panels."""
    return [(panel["title"], target["expr"]) for panel in panels(dashboard) for target in panel["targets"]]


def variables(dashboard):
    return {each["name"]: each for each in dashboard["templating"]["list"]}


def alerts():
    """Name → rule."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def selectors(expression):
    """[(metric, {label: (operator, value)})] of every selector of an expression."""
    rest = LABEL_LISTS.sub(" ", re.sub(r"(?m)#.*$", "", expression))
    rest = re.sub(r"\[[^\]]*\]", " ", rest)  # ranges
    found = []
    strings = [match.span() for match in STRING.finditer(rest)]
    for match in SELECTOR.finditer(rest):
        if any(begin < match.start() < end for begin, end in strings):
            continue
        name, matchers = match.group(1), match.group(2) or ""
        if name in WORDS or re.match(r"\d", name):
            continue
        found.append((name, {label: (operator, json.loads(value)) for label, operator, value in MATCHER.findall(matchers)}))
    return found


def base_name(metric):
    """The name that docs/metrics.md lists: that of the histogram for its parts."""
    return re.sub(r"_(bucket|sum|count)$", "", metric)


def documented_metrics():
    """Name → type, of docs/metrics.md."""
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([a-z_]+)` \| (counter|gauge|histogram) \|", text, re.MULTILINE))
