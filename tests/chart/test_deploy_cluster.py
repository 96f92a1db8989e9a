"""deploy/ on a real API server: every manifest and every sample is taken as it stands, without a warning."""

import json
import subprocess
import unittest

from helm_cluster import CRDS, HelmCase

import chart

chart.require("kubectl")
import yaml  # noqa: E402

SAMPLES = sorted((chart.ROOT / "deploy" / "samples").glob("*.yaml"))
NOT_SHOWN = {"zoho.accountsURL", "zoho.mailURL"}  # for tests, where something else plays Zoho


def fields(value, path=""):
    """The paths of all that is set."""
    for key, each in value.items():
        yield path + key
        if isinstance(each, dict):
            yield from fields(each, f"{path}{key}.")


def schema_fields(schema, path=""):
    for key, each in schema.get("properties", {}).items():
        yield path + key
        yield from schema_fields(each, f"{path}{key}.")


class Deploy(HelmCase):
    def taken(self, text, count, *flags):
        done = self.kubectl("apply", "--dry-run=server", "--validate=strict", *flags, "-f", "-", stdin=text)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count("server dry run"), count)

    def test_kustomize_is_taken_layer_by_layer(self):
        self.install_monitoring_kinds()
        for namespace in ("mail", "splitdelivery-system"):
            self.kubectl("create", "namespace", namespace)
        self.do("apply", "-f", chart.ROOT / "deploy" / "kustomize" / "base" / "namespace.yaml")
        for layer in ("base", "overlays/namespaced", "overlays/monitoring"):
            with self.subTest(layer):
                text = subprocess.run(["kubectl", "kustomize", chart.ROOT / "deploy" / "kustomize" / layer], check=True,
                                      capture_output=True, text=True).stdout
                self.taken(text, len(list(yaml.safe_load_all(text))), "--warnings-as-errors")

    def test_samples_are_taken_and_show_every_field(self):
        self.do("apply", "-f", chart.ROOT / "crds")
        self.do("wait", "--for=condition=Established", "--timeout=30s", "crd", *CRDS)
        shown = set()
        for path in SAMPLES:
            with self.subTest(path.name):
                objects = chart.documents(path)
                self.taken(path.read_text(), len(objects), "-n", self.namespace)
                self.assertTrue(path.read_text().startswith("# "), "says what it is for")
                shown.update(field for each in objects if each["kind"] == "SplitDeliveryDomain" for field in fields(each["spec"]))
        crd = json.loads(self.do("get", "crd", CRDS[0], "-o", "json"))
        spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
        self.assertEqual(set(schema_fields(spec)) - shown - NOT_SHOWN, set())

    def test_samples_name_secrets_that_a_sample_has(self):
        objects = [each for path in SAMPLES for each in chart.documents(path)]
        secrets = {each["metadata"]["name"] for each in objects if each["kind"] == "Secret"}
        named = {each["spec"][side]["credentialsSecretRef"]["name"] for each in objects
                 if each["kind"] == "SplitDeliveryDomain" for side in ("zoho", "directAdmin")}
        self.assertEqual(named, secrets)


if __name__ == "__main__":
    unittest.main()
