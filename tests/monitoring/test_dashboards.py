"""The dashboards by themselves: the conventions that Grafana's own linter asks for, and that they can be imported anywhere."""

import json
import pathlib
import re
import sys
import unittest

import pages

sys.path.insert(0, str(pages.ROOT / "monitoring"))
import write_dashboards  # noqa: E402

UIDS = {"fleet.json": "splitdelivery-fleet", "domain.json": "splitdelivery-domain",
        "accounts.json": "splitdelivery-accounts", "runtime.json": "splitdelivery-runtime"}
RANGE = re.compile(r"\[([^\]]*)\]")
OF_A_COUNTER = re.compile(r"\b(rate|irate|increase)\(([a-z_]+)\{")
VARIABLE = re.compile(r"\$\{?([a-zA-Z_]\w*)")
BUILT_IN = {"__rate_interval", "__data", "__all"}


def everything(value, place=()):
    """(place, value) of all that a JSON value holds."""
    yield place, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from everything(part, (*place, key))


class EachDashboard(unittest.TestCase):
    def setUp(self):
        self.dashboards = pages.dashboards()
        self.at = ""

    def _formatMessage(self, msg, standardMsg):
        return f"{self.at}: {super()._formatMessage(msg, standardMsg)}"

    def each(self):
        for self.at, dashboard in self.dashboards.items():
            yield dashboard

    def each_panel(self):
        for dashboard in self.each():
            name = self.at
            for panel in pages.panels(dashboard):
                self.at = f"{name}, {panel['title']}"
                yield panel

    def each_query(self):
        for panel in self.each_panel():
            self.assertTrue(panel["targets"], "a panel without a query shows nothing")
            for target in panel["targets"]:
                yield target["expr"]

    def test_is_what_its_source_makes_of_it(self):
        there = {path.name: path.read_text(encoding="utf-8") for path in write_dashboards.FOLDER.glob("*.json")}
        self.assertEqual(there, write_dashboards.texts(), "make monitoring writes them anew")

    def test_has_a_uid_that_links_may_count_on_and_cannot_be_edited(self):
        self.assertEqual({name: each["uid"] for name, each in self.dashboards.items()}, UIDS)
        for dashboard in self.each():
            self.assertIs(dashboard["editable"], False)
            self.assertNotIn("id", dashboard, "an id is that of one Grafana")
            self.assertTrue(dashboard["title"] and dashboard["description"])

    def test_has_one_data_source_that_is_chosen(self):
        for dashboard in self.each():
            chosen = [each for each in dashboard["templating"]["list"] if each["type"] == "datasource"]
            self.assertEqual([(each["name"], each["label"], each["query"]) for each in chosen],
                             [("datasource", "Data source", "prometheus")])

    def test_can_be_imported_where_the_data_source_has_another_name(self):
        for dashboard in self.each():
            self.assertFalse({"__inputs", "__requires", "__elements"} & dashboard.keys())
            self.assertEqual(pages.variables(dashboard)["datasource"]["current"], {}, "Grafana takes the one that it has")
            named = [value for place, value in everything(dashboard) if place and place[-1] == "datasource"]
            self.assertTrue(named)
            for value in named:
                self.assertEqual(value, {"type": "prometheus", "uid": "${datasource}"})
            self.assertNotRegex(json.dumps(dashboard), r"\$\{(DS|VAR)_", "it waits for an answer that provisioning never gives")

    def test_lets_people_choose_jobs_and_instances(self):
        for dashboard in self.each():
            for name in ("job", "instance"):
                variable = pages.variables(dashboard)[name]
                self.assertEqual(variable["label"].lower(), name)
                self.assertEqual((variable["multi"], variable["includeAll"], variable["allValue"]), (True, True, ".+"))

    def test_asks_for_the_values_of_its_variables_anew_when_the_time_changes(self):
        for dashboard in self.each():
            for name, variable in pages.variables(dashboard).items():
                if variable["type"] == "query":
                    self.assertEqual(variable["refresh"], 2, name)
                    self.assertEqual(variable["query"]["query"], variable["definition"])
                    self.assertRegex(variable["definition"], r"^label_values\(.+, \w+\)$")

    def test_uses_no_variable_that_it_does_not_have(self):
        for dashboard in self.each():
            known = pages.variables(dashboard).keys() | BUILT_IN
            texts = [value for _, value in everything(dashboard) if isinstance(value, str)]
            used = {name for text in texts for name in VARIABLE.findall(text)}
            self.assertLessEqual(used, known)
            self.assertLessEqual(pages.variables(dashboard).keys(), used, "a variable that nothing uses")

    def test_gives_every_panel_a_title_a_description_a_unit_and_a_place_of_its_own(self):
        for panel in self.each_panel():
            self.assertTrue(panel["title"] and panel["description"].endswith("."))
            self.assertTrue(panel["fieldConfig"]["defaults"]["unit"])
        for dashboard in self.each():
            taken = set()
            for panel in dashboard["panels"]:
                place = panel["gridPos"]
                cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                         for y in range(place["y"], place["y"] + place["h"])}
                self.assertFalse(cells & taken, panel["title"])
                self.assertLessEqual(place["x"] + place["w"], 24)
                taken |= cells
            ids = [panel["id"] for panel in dashboard["panels"]]
            self.assertEqual(len(ids), len(set(ids)))

    def test_matches_job_and_instance_in_every_selector(self):
        for expression in self.each_query():
            for metric, matchers in pages.selectors(expression):
                self.assertEqual(matchers.get("job"), ("=~", "$job"), metric)
                self.assertEqual(matchers.get("instance"), ("=~", "$instance"), metric)

    def test_looks_at_counters_as_rates_over_the_rate_interval_alone(self):
        types = pages.documented_metrics()
        for expression in self.each_query():
            self.assertEqual(set(RANGE.findall(expression)) - {"$__rate_interval"}, set())
            rated = {metric for _, metric in OF_A_COUNTER.findall(expression)}
            for metric, _ in pages.selectors(expression):
                counts = types[pages.base_name(metric)] != "gauge"
                self.assertEqual(counts, metric in rated, metric)

    def test_names_no_metric_that_is_not_documented(self):
        for expression in self.each_query():
            found = {pages.base_name(metric) for metric, _ in pages.selectors(expression)}
            self.assertTrue(found, expression)
            self.assertLessEqual(found, pages.documented_metrics().keys())

    def test_leaves_replicas_that_stand_by_out_of_what_it_says_of_resources(self):
        of_resources = re.compile(r"splitdelivery_(domain|addresses|held|plan|last_sync|suspended)|workqueue_depth")
        for expression in self.each_query():
            asked = [metric for metric, _ in pages.selectors(expression)]
            if any(of_resources.match(metric) for metric in asked):
                self.assertIn("unless on (cluster, job, instance) (leader_election_master_status{", expression)

    def test_leads_from_the_fleet_to_one_domain_with_everything_that_was_chosen(self):
        fleet, domain = self.dashboards["fleet.json"], self.dashboards["domain.json"]
        urls = [value for place, value in everything(fleet) if place and place[-1] == "url" and value]
        self.assertEqual(len(urls), 1)
        path, parameters = urls[0].split("?")
        self.assertEqual(path, "/d/" + domain["uid"])
        for name in pages.variables(domain):
            self.assertRegex(parameters, rf"(^|&)(\${{{name}:queryparam}}|var-{name}=\${{__data\.fields\.\w+}})(&|$)")
        table = next(panel for panel in pages.panels(fleet) if panel["title"] == "Resources" and panel["type"] == "table")
        headings = table["transformations"][1]["options"]["renameByName"].values()
        for field in re.findall(r"__data\.fields\.(\w+)", parameters):
            self.assertIn(field, headings)
        for each in table["fieldConfig"]["overrides"]:
            self.assertIn(each["matcher"]["options"], headings)


class TheListOfMetrics(unittest.TestCase):
    def test_is_that_of_the_program(self):
        source = (pages.ROOT / "controller/serve/metric_table.cpp").read_text(encoding="utf-8")
        exported = dict(re.findall(r'\{\s*"([a-z_]+)",\s*(Counter|Gauge|Histogram),', source))
        self.assertGreater(len(exported), 30)
        self.assertEqual({name: kind.lower() for name, kind in exported.items()}, pages.documented_metrics())


if __name__ == "__main__":
    unittest.main()
