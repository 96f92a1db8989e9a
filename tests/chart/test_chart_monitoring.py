"""Alerts and dashboards pass through the chart as they are, except for what a value changes: with files of the test's own,
and with those that the chart has."""

import json
import pathlib
import shutil
import tempfile
import unittest

import yaml
from chart import BOTH, CHART, Refused, find, render

RULES = """\
groups:
  - name: splitdelivery.health
    interval: 1m
    rules:
      - record: splitdelivery:ready
        expr: sum(splitdelivery_domain_ready)
      - alert: DomainNotReady
        expr: splitdelivery_domain_ready == 0
        for: 15m
        labels: {severity: warning}
        annotations:
          summary: '{{ $labels.domain }} is not ready'
          description: 'For {{ $value | humanizeDuration }}: "{{ .Values.image }}" is not rendered by Helm. {{- 1 -}}'
          runbook_url: https://runbooks.example/DomainNotReady
      - alert: Panicked
        expr: increase(splitdelivery_panics_total[1h]) > 0
        labels: {severity: critical}
        annotations: {summary: A bug, runbook_url: docs/runbooks/Panicked.md}
  - name: splitdelivery.absent
    rules:
      - alert: Absent
        expr: absent(splitdelivery_build_info)
        for: 5m
        labels: {severity: critical}
        annotations: {summary: 'Nobody is there'}
"""
DASHBOARD = '{"title": "Fleet", "panels": [{"legendFormat": "{{domain}} {{ .Release.Name }}", "text": "ü\\n<b>"}]}\n'
ALWAYS = {"enabled": True, "renderMode": "always"}


class Case(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-chart."))
        self.addCleanup(shutil.rmtree, folder)
        self.chart = folder / CHART.name
        shutil.copytree(CHART, self.chart, ignore=shutil.ignore_patterns("alerts", "dashboards"))

    def write(self, name, text):
        path = self.chart / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


class Alerts(Case):
    def setUp(self):
        super().setUp()
        self.write("alerts/rules.yaml", RULES)

    def rule(self, **values):
        return find(render({"prometheusRule": {**ALWAYS, **values}}, chart=self.chart), "PrometheusRule")

    def alerts(self, **values):
        return {rule["alert"]: rule for group in self.rule(**values)["spec"]["groups"] for rule in group["rules"]
                if "alert" in rule}

    def test_are_passed_on_as_they_are(self):
        for which in BOTH:
            rule = find(render({"prometheusRule": ALWAYS}, chart=self.chart, which=which), "PrometheusRule")
            self.assertEqual(rule["spec"], yaml.safe_load(RULES))

    def test_of_the_chart_are_passed_on_as_they_are(self):
        path = CHART / "alerts" / "rules.yaml"
        shipped = [yaml.safe_load(path.read_text())] if path.exists() else []
        rendered = [each["spec"] for each in render({"prometheusRule": ALWAYS}) if each["kind"] == "PrometheusRule"]
        self.assertEqual(rendered, shipped)

    def test_can_each_be_turned_off(self):
        self.assertEqual(set(self.alerts(alerts={"Panicked": {"enabled": False}})), {"DomainNotReady", "Absent"})
        names = [group["name"] for group in self.rule(alerts={"Absent": {"enabled": False}})["spec"]["groups"]]
        self.assertEqual(names, ["splitdelivery.health"])

    def test_can_each_be_changed_without_the_others(self):
        changed = self.alerts(alerts={"DomainNotReady": {"for": "1h", "severity": "info", "labels": {"team": "post"}}},
                              alertLabels={"team": "mail"})
        self.assertEqual((changed["DomainNotReady"]["for"], changed["DomainNotReady"]["labels"]),
                         ("1h", {"severity": "info", "team": "post"}))
        self.assertEqual(changed["Absent"]["labels"], {"severity": "critical", "team": "mail"})
        self.assertEqual(changed["Absent"]["for"], "5m")
        self.assertNotIn("for", changed["Panicked"])

    def test_name_their_runbook_by_a_whole_url_where_its_beginning_is_known(self):
        for base in ("https://git.example.com/mail", "https://git.example.com/mail/"):
            alerts = self.alerts(runbookBaseURL=base)
            self.assertEqual({name: alert["annotations"].get("runbook_url") for name, alert in alerts.items()},
                             {"DomainNotReady": "https://runbooks.example/DomainNotReady",
                              "Panicked": "https://git.example.com/mail/docs/runbooks/Panicked.md", "Absent": None})

    def test_that_are_misspelt_are_refused_with_the_names_that_there_are(self):
        with self.assertRaises(Refused) as caught:
            self.rule(alerts={"DomainNotready": {"enabled": False}})
        self.assertIn("prometheusRule.alerts.DomainNotready: there is no alert of this name; there are Absent, "
                      "DomainNotReady, Panicked", str(caught.exception))

    def test_have_the_labels_by_which_prometheus_finds_them(self):
        metadata = self.rule(labels={"release": "kube-prometheus-stack"}, namespace="monitoring")["metadata"]
        self.assertEqual((metadata["labels"]["release"], metadata["namespace"]), ("kube-prometheus-stack", "monitoring"))

    def test_wait_for_the_kind_as_told(self):
        def kinds(mode, *known):
            values = {"prometheusRule": {"enabled": True, "renderMode": mode}}
            return {each["kind"] for each in render(values, chart=self.chart, kinds=known)}
        self.assertNotIn("PrometheusRule", kinds("skip"))
        self.assertIn("PrometheusRule", kinds("skip", "monitoring.coreos.com/v1/PrometheusRule"))
        self.assertIn("PrometheusRule", kinds("fail", "monitoring.coreos.com/v1"))


class Dashboards(Case):
    def maps(self, **values):
        objects = render({"grafanaDashboards": {"enabled": True, **values}}, chart=self.chart)
        return [each for each in objects if each["kind"] == "ConfigMap"]

    def test_are_passed_on_as_they_are_one_a_config_map(self):
        self.write("dashboards/fleet.json", DASHBOARD)
        self.write("dashboards/one_domain.json", "{}\n")
        maps = {each["metadata"]["name"]: each for each in self.maps()}
        self.assertEqual({name: each["data"] for name, each in maps.items()},
                         {"sdo-split-delivery-operator-dashboard-fleet": {"fleet.json": DASHBOARD},
                          "sdo-split-delivery-operator-dashboard-one-domain": {"one_domain.json": "{}\n"}})
        metadata = maps["sdo-split-delivery-operator-dashboard-fleet"]["metadata"]
        self.assertEqual(metadata["labels"]["grafana_dashboard"], "1")
        self.assertEqual(metadata["annotations"], {"grafana_folder": "Split delivery"})
        self.assertEqual(metadata["namespace"], "mail-system")

    def test_go_where_grafana_looks(self):
        self.write("dashboards/fleet.json", DASHBOARD)
        metadata = self.maps(label="load_me", labelValue="yes", folder="", namespace="grafana",
                             labels={"team": "mail"})[0]["metadata"]
        self.assertEqual((metadata["labels"]["load_me"], metadata["labels"]["team"], metadata["namespace"]),
                         ("yes", "mail", "grafana"))
        self.assertNotIn("annotations", metadata)

    def test_of_the_chart_are_passed_on_as_they_are(self):
        shipped = {path.name: json.loads(path.read_text()) for path in (CHART / "dashboards").glob("*.json")}
        rendered = {name: json.loads(text) for each in render({"grafanaDashboards": {"enabled": True}})
                    if each["kind"] == "ConfigMap" for name, text in each["data"].items()}
        self.assertEqual(rendered, shipped)


class AServiceMonitor(unittest.TestCase):
    def test_scrapes_the_service_that_there_is(self):
        objects = render(CHART / "ci" / "everything-values.yaml")
        spec = find(objects, "ServiceMonitor")["spec"]
        service = find(objects, "Service")
        self.assertLessEqual(spec["selector"]["matchLabels"].items(), service["metadata"]["labels"].items())
        self.assertEqual(spec["namespaceSelector"], {"matchNames": [service["metadata"]["namespace"]]})
        self.assertEqual(spec["jobLabel"], "app.kubernetes.io/name")
        endpoint = spec["endpoints"][0]
        self.assertIn(endpoint["port"], [port["name"] for port in service["spec"]["ports"]])
        self.assertEqual((endpoint["path"], endpoint["interval"], endpoint["scrapeTimeout"], endpoint["honorLabels"]),
                         ("/metrics", "30s", "10s", True))
        self.assertEqual(len(endpoint["relabelings"]), 1)
        self.assertEqual(len(endpoint["metricRelabelings"]), 1)


if __name__ == "__main__":
    unittest.main()
