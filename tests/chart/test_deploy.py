"""deploy/: kustomize has what the chart has, and Argo CD sees how a resource really is."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import chart

chart.require("kubectl", "lua5.1")
import yaml  # noqa: E402
from argocd_health import health  # noqa: E402

KUSTOMIZE = chart.ROOT / "deploy" / "kustomize"
os.environ["HELM"] = str(chart.HELM / "helm4")
sys.path.insert(0, str(KUSTOMIZE))
import write_kustomize  # noqa: E402

LAYERS = {"base": write_kustomize.BASE, "overlays/namespaced": write_kustomize.NAMESPACED, "overlays/monitoring": write_kustomize.MONITORING}


def built(folder):
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def by_name(objects):
    return {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]): each for each in objects}


class Kustomize(unittest.TestCase):
    def test_is_written_from_the_chart_as_it_is(self):
        for path, text in write_kustomize.written().items():
            with self.subTest(path.name):
                self.assertEqual(path.read_text() if path.exists() else None, text, "run make kustomize")

    def test_builds_what_the_chart_renders(self):
        for layer, values in LAYERS.items():
            with self.subTest(layer):
                expected = by_name(write_kustomize.rendered(values))
                found = by_name(built(KUSTOMIZE / layer))
                namespace = found.pop(("Namespace", None, "splitdelivery-system"))
                self.assertEqual(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "restricted")
                self.assertEqual(found, expected)

    def test_can_be_built_upon_as_the_docs_and_its_comments_say(self):
        text = (chart.ROOT / "docs" / "gitops.md").read_text()
        own = yaml.safe_load(text.split("```yaml\n", 1)[1].split("```", 1)[0])
        folder = tempfile.mkdtemp(prefix="splitdelivery-kustomize.")
        self.addCleanup(shutil.rmtree, folder)
        self.assertEqual(own["resources"], ["splitdelivery/deploy/kustomize/base"])
        own["resources"] = [os.path.relpath(KUSTOMIZE / "overlays" / "monitoring", os.path.realpath(folder))]
        own["labels"] = [{"pairs": {"release": "kube-prometheus-stack"}}]
        with open(f"{folder}/kustomization.yaml", "w", encoding="utf-8") as file:
            yaml.safe_dump(own, file)
        objects = built(folder)
        self.assertEqual(chart.controller_of(objects)["args"][-1], "--allow-server=*.mxlogin.com")
        self.assertEqual(chart.controller_of(objects)["image"], "registry.example.com/mail/splitdelivery:"
                         + chart.documents(chart.CHART / "Chart.yaml")[0]["appVersion"])
        self.assertEqual(chart.find(objects, "ServiceMonitor")["metadata"]["labels"]["release"], "kube-prometheus-stack")


class Flux(unittest.TestCase):
    def test_release_in_the_docs_has_values_that_the_chart_takes(self):
        text = (chart.ROOT / "docs" / "gitops.md").read_text()
        documents = [each for block in text.split("```yaml\n")[1:] for each in yaml.safe_load_all(block.split("```", 1)[0])]
        release = chart.find(documents, "HelmRelease")
        self.assertTrue((chart.ROOT / release["spec"]["chart"]["spec"]["chart"] / "Chart.yaml").exists())
        self.assertIn("--allow-server=*.mxlogin.com", chart.controller_of(chart.render(release["spec"]["values"]))["args"])


def resource(*conditions, generation=2, observed=2, suspend=False, **metadata):
    rows = [{"type": kind, "status": status, "reason": reason, "message": "it's \"so\": ä\n"} for kind, status, reason in conditions]
    return {"metadata": {"name": "example-com", "generation": generation, **metadata}, "spec": {"suspend": suspend},
            "status": {"observedGeneration": observed, "conditions": rows}}


class ArgoCD(unittest.TestCase):
    ROWS = (
        ("Healthy", "Synced", resource(("InSync", "True", "InSync"), ("Ready", "True", "Synced"))),
        ("Healthy", "Observed", resource(("Ready", "True", "Observed"), ("InSync", "False", "Differences"))),
        ("Degraded", "BadCredentials", resource(("Ready", "False", "BadCredentials"), ("Stalled", "True", "BadCredentials"))),
        ("Degraded", "DomainClaimed", resource(("Stalled", "True", "DomainClaimed"), ("Ready", "False", "DomainClaimed"),
                                               ("Reconciling", "True", "DomainClaimed"))),
        ("Degraded", "RoutingNotReady", resource(("Ready", "False", "RoutingNotReady"))),
        ("Suspended", "DeletionsHeld", resource(("Ready", "False", "DeletionsHeld"), ("DeletionsHeld", "True", "ManualApproval"))),
        ("Progressing", "TimedOut", resource(("Ready", "False", "TimedOut"), ("Reconciling", "True", "TimedOut"))),
        ("Progressing", "Progressing", resource(("Ready", "Unknown", "Progressing"))),
        ("Progressing", "not looked", resource(("Ready", "True", "Synced"), observed=1)),
        ("Progressing", "not looked", resource(("InSync", "True", "InSync"))),
        ("Progressing", "not looked", {"metadata": {"generation": 1}, "spec": {}}),
        ("Progressing", "not looked", {"metadata": {"generation": 1}, "spec": {}, "status": {}}),
        ("Progressing", "let go", resource(("Ready", "True", "Synced"), deletionTimestamp="2026-01-02T03:04:05Z")),
        ("Suspended", "spec.suspend", resource(("Ready", "True", "Synced"), suspend=True)),
    )

    def test_sees_how_a_resource_is(self):
        for expected, words, each in self.ROWS:
            with self.subTest(each):
                status, message = health(each)
                self.assertEqual(status, expected)
                self.assertIn(words, message)

    def test_shows_the_message_whole(self):
        self.assertEqual(health(resource(("Ready", "True", "Synced")))[1], "Synced: it's \"so\": ä")


if __name__ == "__main__":
    unittest.main()
