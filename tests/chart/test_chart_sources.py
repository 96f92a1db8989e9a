"""One source: the chart has nothing of its own that stands somewhere else too, and its words are those of values.yaml."""

import json
import re
import sys
import unittest

from chart import CHART, ROOT, documents, find, render

sys.path.insert(0, str(ROOT / "charts"))
import write_chart  # noqa: E402


class WhatIsWrittenByAProgram(unittest.TestCase):
    def test_is_current(self):
        for path, text in write_chart.written().items():
            with self.subTest(path=path.relative_to(ROOT)):
                self.assertEqual(path.read_text() if path.exists() else None, text,
                                 "run make chart-sync chart-docs")

    def test_has_nothing_besides(self):
        there = {path for path in (CHART / "files").rglob("*") if path.is_file()}
        self.assertEqual(there, set(write_chart.copies()))


class TheCRDs(unittest.TestCase):
    def test_are_those_of_the_project(self):
        objects = render()
        for crd in (document for path in sorted((ROOT / "crds").glob("*.yaml")) for document in documents(path)):
            with self.subTest(crd["metadata"]["name"]):
                rendered = find(objects, "CustomResourceDefinition", crd["metadata"]["name"])
                self.assertEqual(rendered["spec"], crd["spec"])
        self.assertEqual(sum(each["kind"] == "CustomResourceDefinition" for each in objects),
                         len(list((ROOT / "crds").glob("*.yaml"))))


class TheRights(unittest.TestCase):
    def test_of_the_controller_are_those_of_the_project(self):
        shipped = documents("deploy/rbac.yaml")
        objects = render()
        for kind, shipped_name, name in (("ClusterRole", "splitdelivery-controller", "sdo-split-delivery-operator-controller"),
                                         ("Role", "splitdelivery-controller", "sdo-split-delivery-operator-replicas")):
            with self.subTest(kind):
                self.assertEqual(find(objects, kind, name)["rules"], find(shipped, kind, shipped_name)["rules"])
        self.assertEqual(sum(each["kind"] == "Role" for each in objects), 1)

    def test_of_the_controller_in_some_namespaces_are_the_same_there_and_none_elsewhere(self):
        shipped = documents("deploy/rbac.yaml")
        objects = render({"rbac": {"scope": "Namespaced", "people": {"create": False}}, "watchNamespaces": ["a", "b"]})
        self.assertFalse([each for each in objects if each["kind"].startswith("ClusterRole")])
        roles = {(each["metadata"]["namespace"], each["metadata"]["name"]): each["rules"]
                 for each in objects if each["kind"] == "Role"}
        everything = find(shipped, "ClusterRole")["rules"]
        self.assertEqual(roles, {("a", "sdo-split-delivery-operator-controller"): everything,
                                 ("b", "sdo-split-delivery-operator-controller"): everything,
                                 ("mail-system", "sdo-split-delivery-operator-replicas"): find(shipped, "Role")["rules"]})
        for each in objects:
            if each["kind"] == "RoleBinding":
                self.assertEqual(each["subjects"], [{"kind": "ServiceAccount", "name": "sdo-split-delivery-operator",
                                                     "namespace": "mail-system"}])

    def test_that_people_can_be_given_are_those_of_the_project(self):
        objects = render()
        for role in documents("deploy/people.yaml"):
            short = role["metadata"]["name"].removeprefix("splitdelivery-")
            with self.subTest(short):
                rendered = find(objects, "ClusterRole", f"sdo-split-delivery-operator-{short}")
                self.assertEqual(rendered["rules"], role["rules"])

    def test_let_nobody_but_the_controller_write_address_books_or_read_secrets(self):
        for values in ({}, {"rbac": {"people": {"aggregateAddressBooksToView": True}}}):
            for role in render(values):
                if role["kind"] != "ClusterRole" or role["metadata"]["name"].endswith("-controller"):
                    continue
                for rule in role["rules"]:
                    self.assertEqual(rule["apiGroups"], ["splitdelivery.dev"], role)
                    if rule["resources"] != ["splitdeliverydomains"]:
                        self.assertEqual((rule["resources"], rule["verbs"]), (["addressbooks"], ["get"]), role)

    def test_show_address_books_to_viewers_only_when_told(self):
        def books(*values):
            role = find(render(*values), "ClusterRole", "sdo-split-delivery-operator-aggregate-to-view")
            return [rule for rule in role["rules"] if "addressbooks" in rule["resources"]]
        self.assertEqual(books(), [])
        self.assertEqual(len(books("rbac.people.aggregateAddressBooksToView=true")), 1)


class TheVersion(unittest.TestCase):
    def test_is_that_of_the_project(self):
        project = re.search(r"project\(splitdelivery VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        chart = documents(CHART / "Chart.yaml")[0]
        self.assertEqual((chart["version"], chart["appVersion"]), (project, project))


class TheArtifactHubAnnotations(unittest.TestCase):
    def test_name_the_kinds_that_there_are(self):
        import yaml
        notes = documents(CHART / "Chart.yaml")[0]["annotations"]
        crds = [document for path in (ROOT / "crds").glob("*.yaml") for document in documents(path)]
        self.assertEqual({(each["kind"], each["version"], each["name"]) for each in yaml.safe_load(notes["artifacthub.io/crds"])},
                         {(each["spec"]["names"]["kind"], each["spec"]["versions"][0]["name"], each["metadata"]["name"])
                          for each in crds})


class TheSchema(unittest.TestCase):
    def test_knows_every_value_and_no_other(self):
        schema = json.loads((CHART / "values.schema.json").read_text())

        def names(properties):
            return {f"{key}{rest}" for key, each in properties.items()
                    for rest in ([""] + [f".{name}" for name in names(each.get("properties", {}))])}
        known = names({key: each for key, each in schema["properties"].items() if key not in ("global", "enabled")})
        own = {value.path for value in write_chart.values() if write_chart.property_of(schema, value.path) is not None}
        # Below these the schema describes what values.yaml leaves empty.
        inner = {name for name in known if name.startswith("strategy.")}
        self.assertEqual(known - inner, own)
        for value in write_chart.values():
            if value.path not in own:  # inside an object of Kubernetes' own
                self.assertIn(value.path.split(".")[0], ("podSecurityContext", "securityContext", "resources", "nodeSelector"))

    def test_wants_every_value_so_that_an_empty_heading_is_refused(self):
        """`log:` with nothing below it takes all of log away."""
        schema = json.loads((CHART / "values.schema.json").read_text())
        nullable = {"resources", "securityContext", "podSecurityContext", "nodeSelector"}
        for value in write_chart.values():
            holder, _, key = value.path.rpartition(".")
            within = write_chart.property_of(schema, holder) if holder else schema
            if within is not None and "properties" in within:
                self.assertEqual(key not in within["required"], value.path in nullable, value.path)

    def test_is_closed_at_every_level_of_ours(self):
        schema = json.loads((CHART / "values.schema.json").read_text())

        def look(path, each):
            if "properties" in each:
                self.assertIs(each.get("additionalProperties"), False, path)
                for key, child in each["properties"].items():
                    look(f"{path}.{key}", child)
        look("", schema)


if __name__ == "__main__":
    unittest.main()
