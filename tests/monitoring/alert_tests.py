"""Makes `alerts.test.yaml`, promtool's unit tests of the rules, from `alert_cases.py`. Usage: alert_tests.py

The file can be run by hand: promtool test rules tests/monitoring/alerts.test.yaml
"""

import pathlib
import re

import yaml

import pages
from alert_cases import CASES, WELL

FILE = pathlib.Path(__file__).resolve().parent / "alerts.test.yaml"
HEAD = "# Made by alert_tests.py from alert_cases.py; make monitoring writes it anew.\n"
LABEL = re.compile(r"{{ \$labels\.(\w+) }}")
VALUE = re.compile(r"{{ \$value( \| [^}]+)? }}")
LATE = 300  # minutes after which there is nothing more to see, but for what takes longer to fire


def inputs(series, end):
    """As far as the test looks: 2000 minutes of the cases stand for "always"."""
    return [{"series": name, "values": values.replace("x2000", f"x{end}")} for name, values in series.items()]


def annotations(rule, case):
    """As Prometheus shows them: labels filled in, and the value as the case says that it looks."""
    return {key: VALUE.sub(case.shown, LABEL.sub(lambda match: case.labels[match.group(1)], text))
            for key, text in rule["annotations"].items()}


def expectation(name, minute, *alerts):
    return {"eval_time": f"{minute}m", "alertname": name, "exp_alerts": list(alerts)}


def firing(name, rule, case):
    alert = {"exp_labels": {**case.labels, **rule["labels"]}, "exp_annotations": annotations(rule, case)}
    return {"name": f"{name} fires", "interval": "1m", "input_series": inputs(case.series, case.minute),
            "alert_rule_test": [expectation(name, case.minute - 1), expectation(name, case.minute, alert)]}


def quiet(name, what, series, minute):
    """Nothing at the moment at which it would fire, nor now and then until long after."""
    end = max(minute + 10, min(3 * minute, LATE))
    times = sorted({minute, minute + 1, minute + 7, (minute + end) // 2, end})
    return {"name": f"{name} does not fire: {what}", "interval": "1m", "input_series": inputs(series, end),
            "alert_rule_test": [expectation(name, time) for time in times]}


def tests():
    rules = pages.alerts()
    yield {"name": "no alert fires while all is well", "interval": "1m", "input_series": inputs(WELL, LATE),
           "alert_rule_test": [expectation(name, time) for name in rules for time in (60, LATE)]}
    for name, case in CASES.items():
        yield firing(name, rules[name], case)
        for what, series in case.quiet.items():
            yield quiet(name, what, series, case.minute)


def text():
    content = {"rule_files": ["../../charts/split-delivery-operator/alerts/rules.yaml"], "evaluation_interval": "1m",
               "tests": list(tests())}
    return HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
