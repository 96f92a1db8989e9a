"""The rules: each alert fires when it should and not otherwise, has its runbook, and asks for what there is."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import alert_tests
import pages
import prometheus
from alert_cases import CASES

prometheus.require()

BINARY = pathlib.Path(os.environ["SPLITDELIVERY_BUILD"]).resolve() / "splitdelivery"
SEVERITIES = {"critical", "warning", "info"}
OURS = re.compile(r"\b(kubectl sdd|splitdelivery) ([a-z][a-z-]*)")
SUBCOMMAND = re.compile(r"(?m)^  ([a-z-]+) {3,}\S")
SECTIONS = ["Is mail at risk?", "Look", "Mend", "Silence"]


def subcommands(program):
    shown = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    return set(SUBCOMMAND.findall(shown.partition("Subcommands:")[2]))


class TheRules(unittest.TestCase):
    def test_are_taken_by_promtool_without_a_remark(self):
        code, output = prometheus.promtool("check", "rules", "--lint=all", "--lint-fatal", pages.RULES)
        self.assertEqual(code, 0, output)
        self.assertIn(f"SUCCESS: {len(pages.alerts())} rules found", output)

    def test_fire_when_they_should_and_not_otherwise(self):
        code, output = prometheus.promtool("test", "rules", alert_tests.FILE)
        self.assertEqual(code, 0, output[-5000:])

    def test_each_have_a_case_that_fires_and_one_that_does_not(self):
        self.assertEqual(CASES.keys(), pages.alerts().keys())
        for name, case in CASES.items():
            self.assertTrue(case.series and case.quiet, name)

    def test_are_tested_by_the_file_that_is_made_of_the_cases(self):
        self.assertEqual(alert_tests.FILE.read_text(encoding="utf-8"), alert_tests.text(), "make monitoring writes it anew")


class TheDocs(unittest.TestCase):
    def test_show_files_that_prometheus_takes(self):
        text = (pages.ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
        files = [block for block in re.findall(r"(?s)```yaml\n(.*?)```", text) if block.startswith("# prometheus.yml\n")]
        self.assertEqual(len(files), 2)
        for file in files:
            with tempfile.NamedTemporaryFile("w", suffix=".yml") as written:
                # Debian builds Prometheus without the discovery of Kubernetes.
                written.write(re.sub(r"kubernetes_sd_configs:\n( {6}.*\n)+", "static_configs: []\n", file))
                written.flush()
                code, output = prometheus.promtool("check", "config", "--syntax-only", written.name)
            self.assertEqual(code, 0, output)

    def test_lead_to_files_that_there_are(self):
        for page in (pages.ROOT / "docs/monitoring.md", pages.RUNBOOKS / "README.md"):
            links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
            self.assertTrue(links)
            self.assertEqual([link for link in links if not (page.parent / link).exists()], [])


class EachAlert(unittest.TestCase):
    at = ""

    def each(self):
        for self.at, rule in pages.alerts().items():
            yield self.at, rule

    def _formatMessage(self, msg, standardMsg):
        return f"{self.at}: {super()._formatMessage(msg, standardMsg)}"

    def test_says_what_it_is_how_bad_it_is_and_where_the_runbook_lies(self):
        for name, rule in self.each():
            self.assertTrue(name.startswith("SplitDelivery"))
            self.assertEqual(rule["labels"].keys(), {"severity"})
            self.assertIn(rule["labels"]["severity"], SEVERITIES)
            self.assertRegex(rule["for"], r"^\d+[mhd]$")
            self.assertEqual(rule["annotations"].keys(), {"summary", "description", "runbook_url"})
            self.assertLessEqual(len(rule["annotations"]["summary"]), 100)
            self.assertEqual(rule["annotations"]["runbook_url"], f"docs/runbooks/{name}.md")

    def test_has_a_runbook_and_each_runbook_its_alert(self):
        there = {path.stem for path in pages.RUNBOOKS.glob("*.md")} - {"README"}
        self.assertEqual(there, set(pages.alerts()))
        listed = (pages.RUNBOOKS / "README.md").read_text(encoding="utf-8")
        for name, rule in self.each():
            self.assertRegex(listed, rf"(?m)^\| \[{name}\]\({name}\.md\) \| {rule['labels']['severity']} \| {rule['for']} \| \S")

    def test_has_a_runbook_that_tells_the_five_things_in_order(self):
        for name, _ in self.each():
            text = (pages.RUNBOOKS / f"{name}.md").read_text(encoding="utf-8")
            self.assertTrue(text.startswith(f"# {name}\n\n"))
            self.assertEqual(re.findall(r"(?m)^## (.*)$", text), SECTIONS)
            self.assertRegex(text, r"(?m)^\*\*(Yes|No|For|By itself|Later|Hardly)", "the risk comes first, in bold")
            self.assertIn(f"alertname={name} ", text)
            for link in re.findall(r"\]\(([^)]+)\)", text):
                self.assertTrue((pages.RUNBOOKS / link).exists(), link)

    def test_has_a_runbook_whose_commands_there_are(self):
        known = {"splitdelivery": subcommands(BINARY)}
        with tempfile.TemporaryDirectory() as folder:
            plugin = pathlib.Path(folder) / "kubectl-sdd"
            plugin.symlink_to(BINARY)
            known["kubectl sdd"] = subcommands(plugin)
        self.assertTrue(known["splitdelivery"] and known["kubectl sdd"], known)
        for name, _ in self.each():
            text = (pages.RUNBOOKS / f"{name}.md").read_text(encoding="utf-8")
            commands = re.findall(r"(?s)```sh\n(.*?)```", text) + re.findall(r"`([^`\n]+)`", text)
            for program, command in OURS.findall("\n".join(commands)):
                self.assertIn(command, known[program])

    def test_names_metrics_that_are_documented_and_labels_that_they_have(self):
        labels = dict(re.findall(r"(?m)^\| `([a-z_]+)` \| \w+ \|([^|]*)\|", (pages.ROOT / "docs/metrics.md").read_text()))
        for _, rule in self.each():
            for metric, matchers in pages.selectors(rule["expr"]):
                if metric == "up":
                    continue
                self.assertIn(metric, labels)
                self.assertLessEqual(set(matchers), set(re.findall(r"`(\w+)`", labels[metric])), metric)

    def test_counts_reasons_that_there_are(self):
        documented = set(re.findall(r"`([A-Z]\w+)`", (pages.ROOT / "docs/status.md").read_text(encoding="utf-8")))
        for _, rule in self.each():
            for _, matchers in pages.selectors(rule["expr"]):
                self.assertLessEqual(set(matchers.get("reason", ("", ""))[1].split("|")) - {""}, documented)

    def test_leaves_replicas_that_stand_by_out(self):
        of_resources = re.compile(r"splitdelivery_(domain|addresses|held|plan|last_sync|suspended)|workqueue_depth")
        for _, rule in self.each():
            if any(of_resources.match(metric) for metric, _ in pages.selectors(rule["expr"])):
                self.assertIn("unless on (cluster, job, instance) leader_election_master_status == 0",
                              re.sub(r"\s+", " ", rule["expr"]))


if __name__ == "__main__":
    unittest.main()
