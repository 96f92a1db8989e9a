"""Panels of Grafana as plain values. What stands here is what all our dashboards have in common."""

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
TARGET = 'job=~"$job",instance=~"$instance"'
WIDTH = 24
FAILED = 'code!~"2.."'  # of requests
GREEN, ORANGE, RED, BLUE = "green", "orange", "red", "blue"
TAGS = ["splitdelivery"]
UID = "splitdelivery-"


def series(metric, more=""):
    """A selector of the replicas that the page is about."""
    return f"{metric}{{{TARGET}{',' + more if more else ''}}}"


def working(expression):
    """Without replicas that stand by: they know every resource and have looked at none."""
    return f"({expression} unless on (cluster, job, instance) ({series('leader_election_master_status')} == 0))"


def by_resource(expression, *more):
    """One value for each resource, whether the scrape left our label `namespace` alone or made it exported_namespace."""
    labels = ", ".join(("namespace", "name", "domain", *more))
    return f'max by ({labels}) (label_replace({working(expression)}, "namespace", "$1", "exported_namespace", "(.+)"))'


def rate(metric, more="", by="", function="rate"):
    grouped = f"sum by ({by}) " if by else "sum"
    return f"{grouped}({function}({series(metric, more)}[$__rate_interval]))"


def quantile(share, histogram, more="", by=""):
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, {rate(histogram + '_bucket', more, labels)})"


def query(expression, legend="", instant=False, table=False):
    return {"datasource": DATASOURCE, "expr": expression, "legendFormat": legend or "__auto",
            "instant": instant, "range": not instant, "format": "table" if table else "time_series"}


def steps(*pairs, base=GREEN):
    """Colours from values on: steps((1, RED)) is green below 1."""
    return {"mode": "absolute", "steps": [{"color": base, "value": None}] +
            [{"color": color, "value": value} for value, color in pairs]}


def words(**texts):
    """Value mappings: words(_1=("yes", GREEN)); what has no colour keeps that of the thresholds."""
    options = {}
    for place, (key, (text, color)) in enumerate(texts.items()):
        options[key.lstrip("_")] = {"index": place, "text": text, **({"color": color} if color else {})}
    return [{"type": "value", "options": options}]


def _panel(kind, title, description, queries, unit, width, height, defaults, options):
    targets = [{**each, "refId": chr(ord("A") + place)} for place, each in enumerate(queries)]
    return {"type": kind, "title": title, "description": description, "datasource": DATASOURCE, "targets": targets,
            "gridPos": {"w": width, "h": height}, "options": options,
            "fieldConfig": {"defaults": {"unit": unit, **defaults}, "overrides": []}}


def stat(title, description, expression, unit="short", thresholds=None, mappings=None, width=3, decimals=0, none="–"):
    return _panel("stat", title, description, [query(expression, instant=True)], unit, width, 4,
                  {"color": {"mode": "thresholds"}, "thresholds": thresholds or steps(base=BLUE), "decimals": decimals,
                   "mappings": mappings or [], "noValue": none},
                  {"colorMode": "value", "graphMode": "none", "textMode": "value", "justifyMode": "center",
                   "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}})


def graph(title, description, queries, unit="short", width=12, height=8, stack=False, bars=False, most=None, colors=None):
    custom = {"drawStyle": "bars" if bars else "line", "lineWidth": 1, "fillOpacity": 60 if bars else 10,
              "showPoints": "never", "spanNulls": False, "stacking": {"mode": "normal" if stack else "none"}}
    limits = {"min": 0, **({} if most is None else {"max": most})}
    panel = _panel("timeseries", title, description, queries, unit, width, height,
                   {"color": {"mode": "palette-classic"}, "custom": custom, **limits},
                   {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
                    "tooltip": {"mode": "multi", "sort": "desc"}})
    panel["fieldConfig"]["overrides"] = [override(name, color={"mode": "fixed", "fixedColor": color})
                                         for name, color in (colors or {}).items()]
    return panel


def timeline(title, description, queries, mappings, width=24, height=6):
    return _panel("state-timeline", title, description, queries, "short", width, height,
                  {"color": {"mode": "thresholds"}, "thresholds": steps(base=BLUE), "mappings": mappings,
                   "custom": {"lineWidth": 0, "fillOpacity": 80}},
                  {"showValue": "auto", "mergeValues": True, "rowHeight": 0.8, "alignValue": "left",
                   "legend": {"showLegend": False}, "tooltip": {"mode": "single"}})


def override(name, **properties):
    """How the field of that name is shown, apart from the others."""
    ids = {"links": "links", "unit": "unit", "mappings": "mappings", "thresholds": "thresholds", "color": "color",
           "decimals": "decimals", "none": "noValue", "cell": "custom.cellOptions", "fieldWidth": "custom.width"}
    return {"matcher": {"id": "byName", "options": name},
            "properties": [{"id": ids[key], "value": value} for key, value in properties.items()]}


def table(title, description, columns, queries, overrides, sort, width=24, height=10):
    """`columns`: field → heading, in order; the value of query A is the field "Value #A", of a single query "Value"."""
    panel = _panel("table", title, description, queries, "short", width, height,
                   {"color": {"mode": "thresholds"}, "thresholds": steps(base="text"), "noValue": "–",
                    "custom": {"align": "auto", "filterable": True}},
                   {"showHeader": True, "cellHeight": "sm", "sortBy": [{"displayName": name, "desc": down}
                                                                     for name, down in sort]})
    panel["fieldConfig"]["overrides"] = overrides
    panel["transformations"] = [
        {"id": "merge", "options": {}},
        {"id": "organize", "options": {"excludeByName": {"Time": True}, "renameByName": columns,
                                       "indexByName": {name: place for place, name in enumerate(columns)}}}]
    return panel


COLORED = {"type": "color-text"}


def row(title):
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": WIDTH, "h": 1}}


def variable(name, label, values, multi=True):
    """A variable whose values are those of a label."""
    everything = {"includeAll": True, "allValue": ".+", "current": {"text": ["All"], "value": ["$__all"]}} if multi else {
        "includeAll": False, "current": {}}
    return {"type": "query", "name": name, "label": label, "datasource": DATASOURCE, "definition": values,
            "query": {"query": values, "refId": name}, "refresh": 2, "sort": 1, "multi": multi, "hide": 0, "regex": "",
            "skipUrlSync": False, "options": [], **everything}


def dashboard(name, title, description, panels, variables=(), since="now-6h"):
    x = y = below = 0
    for number, panel in enumerate(panels, 1):
        place = panel["gridPos"]
        if x + place["w"] > WIDTH:
            x, y = 0, below
        place["x"], place["y"] = x, y
        x, below = x + place["w"], max(below, y + place["h"])
        panel["id"] = number
    targets = [{"type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "current": {},
                "hide": 0, "includeAll": False, "multi": False, "options": [], "refresh": 1, "regex": "",
                "skipUrlSync": False},
               variable("job", "Job", "label_values(splitdelivery_build_info, job)"),
               variable("instance", "Instance", 'label_values(splitdelivery_build_info{job=~"$job"}, instance)')]
    others = {"type": "dashboards", "title": "Split delivery", "tags": TAGS, "asDropdown": True, "includeVars": True,
              "keepTime": True, "targetBlank": False, "icon": "external link", "tooltip": "", "url": ""}
    return {"uid": UID + name, "title": f"Split delivery / {title}", "description": description, "tags": TAGS,
            "editable": False, "graphTooltip": 1, "schemaVersion": 38, "version": 1, "timezone": "browser",
            "refresh": "30s", "time": {"from": since, "to": "now"}, "timepicker": {}, "fiscalYearStartMonth": 0,
            "weekStart": "", "liveNow": False, "style": "dark", "annotations": {"list": []}, "links": [others],
            "templating": {"list": targets + list(variables)}, "panels": panels}
