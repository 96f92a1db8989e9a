"""Draws a dashboard from the data of a Prometheus, for the docs; much as Grafana would show it, and no more than that.

Needs matplotlib (Debian's python3-matplotlib). Usage: draw.py PROMETHEUS_URL SECONDS NAME=VALUE… DASHBOARD.json PICTURE.png
"""

import datetime
import json
import re
import sys
import time
import urllib.parse
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as dates  # noqa: E402
import matplotlib.pyplot as plot  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402

COLORS = {"green": "#37872d", "orange": "#d96a1a", "red": "#c4162a", "blue": "#1f60c4", "purple": "#8f3bb8", "yellow": "#b28d00",
          "text": "#24292e"}
PALETTE = ["#37872d", "#1f60c4", "#d96a1a", "#8f3bb8", "#c4162a", "#b28d00", "#5794f2", "#73bf69"]
MOST_NAMES = 4  # of lines, below a graph
PIXELS, UNIT, DPI = 1320, 34, 100  # width of all; height of a row of the grid


class Data:
    def __init__(self, url, seconds, chosen):
        self.url, self.end, self.seconds = url, time.time(), seconds
        self.step = max(1, seconds // 300)
        self.chosen = {"job": ".+", "instance": ".+", "provider": ".+", "account": ".+", "name": ".+", **chosen}

    def _ask(self, path, expression, **more):
        expression = expression.replace("$__rate_interval", f"{max(15, 4 * self.step)}s")
        expression = re.sub(r"\$([a-z]+)", lambda match: self.chosen[match.group(1)], expression)
        query = urllib.parse.urlencode({"query": expression, **more})
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=60) as answer:
            return json.loads(answer.read())["data"]["result"]

    def now(self, expression):
        return [(each["metric"], float(each["value"][1])) for each in self._ask("query", expression, time=self.end)]

    def over_time(self, expression):
        """[(labels, {time: value})]"""
        found = self._ask("query_range", expression, start=self.end - self.seconds, end=self.end, step=self.step)
        return [(each["metric"], {float(at): float(value) for at, value in each["values"] if value != "NaN"}) for each in found]


def shown(value, unit, decimals=0):
    if unit == "percentunit":
        return f"{value * 100:.{decimals}f} %"
    if unit == "s" and value < 1:
        return f"{value * 1000:.0f} ms"
    if unit == "s":
        return next((f"{value / size:.{0 if value >= 10 * size else 1}f} {name}" for size, name in
                     ((86400, "d"), (3600, "h"), (60, "min")) if value >= size), f"{value:.0f} s")
    return f"{value:.{decimals}f}"


def look(value, field, unit):
    """The text and the colour of a value, by its mappings and thresholds."""
    color = "text"
    for step in field.get("thresholds", {}).get("steps", []):
        if step["value"] is None or value >= step["value"]:
            color = step["color"]
    text = shown(value, unit, field.get("decimals", 0))
    for mapping in field.get("mappings", []):
        option = mapping["options"].get(f"{value:g}")
        if option:
            text, color = option["text"], option.get("color", color)
    return text, COLORS[color]


def name_of(labels, legend):
    if legend == "__auto":
        return ", ".join(labels.values())
    return re.sub(r"{{(\w+)}}", lambda match: labels.get(match.group(1), ""), legend).strip()


def draw_stat(axes, panel, data):
    field = panel["fieldConfig"]["defaults"]
    found = data.now(panel["targets"][0]["expr"])
    text, color = look(found[0][1], field, field["unit"]) if found else (field["noValue"], COLORS["text"])
    axes.text(0.5, 0.4, text, ha="center", va="center", fontsize=21, color=color, weight="bold", transform=axes.transAxes)


def with_gaps(values, step):
    """A line ends where there is nothing, as in Grafana."""
    times = sorted(values)
    ends = [at for at, after in zip(times, times[1:]) if after - at > 1.5 * step]
    return {**values, **{at + step / 2: float("nan") for at in ends}}


def draw_graph(axes, panel, data):
    field = panel["fieldConfig"]
    fixed = {each["matcher"]["options"]: each["properties"][0]["value"]["fixedColor"] for each in field["overrides"]}
    found = [(name_of(labels, target["legendFormat"]), values) for target in panel["targets"]
             for labels, values in data.over_time(target["expr"])]
    custom = field["defaults"]["custom"]
    below, highest = {}, field["defaults"].get("max", 0)
    for place, (name, values) in enumerate(found):
        color = COLORS[fixed[name]] if name in fixed else PALETTE[place % len(PALETTE)]
        values = with_gaps(values, data.step)
        times = sorted(values)
        moments = [datetime.datetime.fromtimestamp(at) for at in times]
        base = [below.get(at, 0) if custom["stacking"]["mode"] == "normal" else 0 for at in times]
        tops = [values[at] + low for at, low in zip(times, base)]
        if custom["drawStyle"] == "bars":
            width = datetime.timedelta(seconds=data.step)
            axes.bar(moments, [values[at] for at in times], bottom=base, width=width, color=color, label=name)
        else:
            axes.plot(moments, tops, color=color, linewidth=1.3, label=name)
            axes.fill_between(moments, base, tops, color=color, alpha=0.12)
        below.update(zip(times, tops))
        highest = max([highest, *(top for top in tops if top == top)])
    axes.set_ylim(bottom=0, top=highest * 1.05 or 1)
    axes.yaxis.set_major_formatter(lambda value, _: shown(value, field["defaults"]["unit"], 0 if value == int(value) else 1))
    axes.locator_params(axis="y", nbins=5)
    axes.set_xlim(*(datetime.datetime.fromtimestamp(at) for at in (data.end - data.seconds, data.end)))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))
    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=6))
    axes.grid(color="#e4e7e7", linewidth=0.6)
    axes.tick_params(labelsize=7, length=0, colors="#555")
    if any(values for _, values in found):
        axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(-0.02, -0.11), ncol=4, frameon=False, columnspacing=1,
                    handles=axes.get_legend_handles_labels()[0][:MOST_NAMES])


def draw_timeline(axes, panel, data):
    field = panel["fieldConfig"]["defaults"]
    found = [(name_of(labels, target["legendFormat"]), values) for target in panel["targets"]
             for labels, values in data.over_time(target["expr"])]
    for place, (name, values) in enumerate(found):
        for at, value in values.items():
            axes.add_patch(Rectangle((at, place + 0.12), data.step, 0.76, color=look(value, field, "short")[1], linewidth=0))
        axes.text(data.end - data.seconds, place + 0.5, "  " + name, va="center", fontsize=8, color="white", weight="bold")
    axes.set_xlim(data.end - data.seconds, data.end)
    axes.set_ylim(max(1, len(found)), 0)
    axes.set_xticks([])
    axes.set_yticks([])


def rows_of(panel, data):
    """{labels: {field: value}}"""
    rows = {}
    single = len(panel["targets"]) == 1
    for target in panel["targets"]:
        for labels, value in data.now(target["expr"]):
            row = rows.setdefault(tuple(sorted(labels.items())), dict(labels))
            row["Value" if single else f"Value #{target['refId']}"] = value
    return list(rows.values())


def draw_table(axes, panel, data):
    columns = panel["transformations"][1]["options"]["renameByName"]
    overrides = {each["matcher"]["options"]: {prop["id"]: prop["value"] for prop in each["properties"]}
                 for each in panel["fieldConfig"]["overrides"]}
    rows = rows_of(panel, data)
    sort = panel["options"]["sortBy"][0]
    key = next(field for field, heading in columns.items() if heading == sort["displayName"])
    rows.sort(key=lambda row: row.get(key, 0), reverse=sort["desc"])
    widths = [1.7 if not field.startswith("Value") else 1 for field in columns]
    height = 1 / (panel["gridPos"]["h"] * UNIT / 26)
    x = 0.01
    for (field, heading), width in zip(columns.items(), widths):
        axes.text(x, 0.97, heading, va="top", fontsize=8, weight="bold", color="#555", transform=axes.transAxes)
        how = overrides.get(heading, {})
        for place, row in enumerate(rows[:int(0.9 / height) - 1], 1):
            value = row.get(field, how.get("noValue", "–"))
            text, color = (look(value, how, how.get("unit", "short")) if isinstance(value, float) else
                           (value, COLORS["blue" if "links" in how else "text"]))
            axes.text(x, 0.97 - place * height, text, va="top", fontsize=8.5, color=color, transform=axes.transAxes)
        x += width / sum(widths) * 0.98


DRAW = {"stat": draw_stat, "timeseries": draw_graph, "state-timeline": draw_timeline, "table": draw_table}


def draw(dashboard, data, picture):
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in dashboard["panels"])
    figure = plot.figure(figsize=(PIXELS / DPI, (height * UNIT + 44) / DPI), dpi=DPI, facecolor="#f4f5f5")
    wide, tall = PIXELS, height * UNIT + 44
    figure.text(8 / wide, 1 - 24 / tall, dashboard["title"], fontsize=13, weight="bold", color=COLORS["text"])
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        left, top = place["x"] / 24 * wide, 40 + place["y"] * UNIT
        w, h = place["w"] / 24 * wide, place["h"] * UNIT
        if panel["type"] == "row":
            figure.text((left + 8) / wide, 1 - (top + 22) / tall, panel["title"], fontsize=10, weight="bold")
            continue
        figure.patches.append(Rectangle(((left + 3) / wide, 1 - (top + h - 3) / tall), (w - 6) / wide, (h - 6) / tall,
                                        facecolor="white", edgecolor="#dcdfe0", transform=figure.transFigure, zorder=-1))
        figure.text((left + 10) / wide, 1 - (top + 21) / tall, panel["title"], fontsize=8.5, weight="bold", color=COLORS["text"])
        inset = (44, 44) if panel["type"] == "timeseries" else (10, 8)
        axes = figure.add_axes([(left + inset[0]) / wide, 1 - (top + h - inset[1]) / tall, (w - inset[0] - 14) / wide,
                                (h - 32 - inset[1]) / tall])
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_facecolor("none")
        if panel["type"] in ("stat", "table"):
            axes.axis("off")
        DRAW[panel["type"]](axes, panel, data)
    figure.savefig(picture, dpi=DPI, facecolor=figure.get_facecolor(), pil_kwargs={"optimize": True})


def main(url, seconds, *rest):
    *chosen, page, picture = rest
    data = Data(url, int(seconds), dict(each.split("=", 1) for each in chosen))
    with open(page, encoding="utf-8") as file:
        draw(json.load(file), data, picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
