"""What the chart renders from values, and that it is what a cluster should be given. No cluster is asked."""

import pathlib
import shutil
import tarfile
import tempfile
import unittest

from chart import BOTH, CHART, CI, controller_of, documents, find, flags_of, helm, kinds_of, render


def by_name(objects):
    return {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]): each for each in objects}


class Lint(unittest.TestCase):
    def test_finds_nothing(self):
        for which in BOTH:
            for path in CI:
                with self.subTest(path=path.name, which=which):
                    done = helm("lint", "--strict", CHART, *flags_of([path]), which=which)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_finds_nothing_without_values(self):
        for which in BOTH:
            done = helm("lint", "--strict", CHART, which=which)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class APackage(unittest.TestCase):
    def test_renders_what_the_folder_does(self):
        for which in BOTH:
            with tempfile.TemporaryDirectory(prefix="splitdelivery-package.") as folder:
                done = helm("package", CHART, "--destination", folder, which=which)
                self.assertEqual(done.returncode, 0, done.stderr)
                [package] = pathlib.Path(folder).iterdir()
                everything = CHART / "ci" / "everything-values.yaml"
                self.assertEqual(by_name(render(everything, chart=package)), by_name(render(everything)))
                with tarfile.open(package) as archive:
                    names = {name.split("/", 1)[1] for name in archive.getnames()}
                self.assertLessEqual({"README.md", "values.schema.json", "templates/NOTES.txt"}, names)
                self.assertFalse([name for name in names if name.startswith("ci/") or name == "README.head.md"])


class AsADependency(unittest.TestCase):
    def test_it_renders_the_same_under_its_own_key(self):
        with tempfile.TemporaryDirectory(prefix="splitdelivery-parent.") as folder:
            parent = pathlib.Path(folder) / "parent"
            shutil.copytree(CHART, parent / "charts" / CHART.name)
            (parent / "Chart.yaml").write_text(
                "apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies:\n"
                f"  - {{name: {CHART.name}, version: '*', condition: {CHART.name}.enabled}}\n")
            values = {"log": {"level": "debug"}, "prometheusRule": {"enabled": True, "renderMode": "always"},
                      "grafanaDashboards": {"enabled": True}}
            on = {CHART.name: {**values, "enabled": True}, "global": {"theirs": 1}}
            for which in BOTH:
                self.assertEqual(by_name(render(on, chart=parent, which=which)), by_name(render(values)))
                self.assertEqual(render({CHART.name: {"enabled": False}}, chart=parent, which=which), [])


class EachSetOfValues(unittest.TestCase):
    """Judged as a careful reader of manifests would."""

    @classmethod
    def setUpClass(cls):
        cls.rendered = {path.name: render(path) for path in CI}

    def for_each(self, judge, *kinds):
        """Judges each object (of the kinds) of each set of values."""
        for name, objects in self.rendered.items():
            for each in objects:
                if not kinds or each["kind"] in kinds:
                    with self.subTest(values=name, object=f"{each['kind']}/{each['metadata']['name']}"):
                        judge(each)

    def for_each_pod(self, judge):
        self.for_each(lambda each: judge(each["spec"]["template"]["spec"] if each["kind"] == "Deployment" else each["spec"]),
                      "Deployment", "Pod")

    def for_each_container(self, judge):
        self.for_each_pod(lambda pod: [judge(container) for container in pod["containers"]])

    def test_is_rendered_alike_by_helm_3_and_4(self):
        for path in CI:
            with self.subTest(path.name):
                self.assertEqual(by_name(render(path, which="helm3")), by_name(self.rendered[path.name]))

    def test_names_each_object_once_in_the_namespace_where_it_belongs(self):
        for name, objects in self.rendered.items():
            seen = [(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in objects]
            self.assertEqual(len(seen), len(set(seen)), name)

        def judge(each):
            if each["kind"].startswith(("ClusterRole", "CustomResourceDefinition")):
                self.assertNotIn("namespace", each["metadata"])
            else:
                self.assertIn(each["metadata"].get("namespace"), ("mail-system", "mail", "mail-test"))
        self.for_each(judge)

    def test_labels_every_object(self):
        def judge(each):
            if each["metadata"]["name"] in ("an-object", "a-text"):
                return
            labels = each["metadata"]["labels"]
            self.assertEqual(labels["app.kubernetes.io/instance"], "sdo")
            self.assertEqual(labels["app.kubernetes.io/managed-by"], "Helm")
            for value in labels.values():
                self.assertIsInstance(value, str)
                self.assertLessEqual(len(value), 63)
        self.for_each(judge)

    def test_gives_pods_no_more_than_they_need(self):
        def judge(pod):
            self.assertIs(pod["securityContext"]["runAsNonRoot"], True)
            self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertIn("automountServiceAccountToken", pod)
            self.assertIs(pod["enableServiceLinks"], False)
            self.assertFalse({"hostNetwork", "hostPID", "hostIPC"} & pod.keys())
        self.for_each_pod(judge)

    def test_gives_containers_no_more_than_they_need(self):
        def judge(container):
            context = container["securityContext"]
            self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
            self.assertEqual((context["runAsUser"], context["runAsGroup"]), (65532, 65532))
            self.assertEqual((context["readOnlyRootFilesystem"], context["runAsNonRoot"]), (True, True))
            self.assertEqual((context["allowPrivilegeEscalation"], context["privileged"]), (False, False))
        self.for_each_container(judge)

    def test_bounds_memory_and_never_throttles(self):
        def judge(container):
            self.assertEqual(set(container["resources"]["requests"]), {"cpu", "memory"})
            self.assertEqual(set(container["resources"]["limits"]), {"memory"})
        self.for_each_container(judge)

    def test_pins_an_image(self):
        self.for_each_container(lambda container: self.assertRegex(
            container["image"], r"^registry\.example\.com/mail/splitdelivery(:0\.1\.0\S*|@sha256:[0-9a-f]{64})$"))

    def test_has_probes_and_time_to_end(self):
        for objects in self.rendered.values():
            container = controller_of(objects)
            self.assertEqual(container["livenessProbe"]["httpGet"], {"path": "/healthz", "port": "http"})
            self.assertEqual(container["readinessProbe"]["httpGet"], {"path": "/readyz", "port": "http"})
            self.assertEqual([each["name"] for each in container["ports"]], ["http"])
            listen = f"--listen=:{container['ports'][0]['containerPort']}"
            self.assertIn(listen, container["args"])
            pod = find(objects, "Deployment")["spec"]["template"]["spec"]
            self.assertGreater(pod["terminationGracePeriodSeconds"], 30)

    def test_selects_the_controllers_pods_and_no_others(self):
        for name, objects in self.rendered.items():
            labels = find(objects, "Deployment")["spec"]["template"]["metadata"]["labels"]
            test = find(objects, "Pod")["metadata"]["labels"]
            selectors = [find(objects, "Deployment")["spec"]["selector"]["matchLabels"],
                         find(objects, "Service")["spec"]["selector"]]
            selectors += [each["spec"].get("selector", each["spec"].get("podSelector"))["matchLabels"] for each in objects
                          if each["kind"] in ("PodDisruptionBudget", "NetworkPolicy")]
            for selector in selectors:
                self.assertLessEqual(selector.items(), labels.items(), name)
                self.assertFalse(selector.items() <= test.items(), name)


class TheController(unittest.TestCase):
    def args(self, *values):
        return controller_of(render(*values))["args"]

    def test_is_run_as_its_values_say(self):
        self.assertEqual(self.args(), ["run", "--leader-elect", "--listen=:8080", "--workers=16", "--log-level=info",
                                       "--log-format=json", "--kube-api-qps=500", "--kube-api-burst=1000"])
        everything = self.args(CHART / "ci" / "everything-values.yaml")
        self.assertEqual(everything, [
            "run", "--leader-elect", "--listen=:9090", "--status-page", "--status-addresses", "--workers=32", "--log-level=debug", "--log-format=text",
            "--kube-api-qps=20.5", "--kube-api-burst=50", "--namespace=mail", "--allow-server=*.mxlogin.com",
            "--allow-server=10.0.0.7:2223", "--dns-server=192.0.2.53", "--dns-server=192.0.2.54:5353",
            "--dns-server=2001:db8::99", "--dns-server=[2001:db8::54]:5354", "--record=/recordings"])

    def test_shows_the_status_page_and_its_addresses_only_when_told(self):
        self.assertFalse([each for each in self.args() if each.startswith("--status")])
        self.assertEqual([each for each in self.args({"statusPage": {"enabled": True}}) if each.startswith("--status")],
                         ["--status-page"])

    def test_alone_is_never_two_while_it_is_updated(self):
        strategies = [find(render({"leaderElection": {"enabled": elects}}), "Deployment")["spec"]["strategy"]
                      for elects in (True, False)]
        self.assertEqual(strategies, [{"type": "RollingUpdate"}, {"type": "Recreate"}])

    def test_is_spread_by_its_own_labels(self):
        objects = render(CHART / "ci" / "standby-values.yaml")
        spec = find(objects, "Deployment")["spec"]
        spread = spec["template"]["spec"]["topologySpreadConstraints"]
        self.assertEqual(spread[0]["labelSelector"], spec["selector"])

    def test_image_is_named_by_registry_tag_and_digest(self):
        digest = "sha256:" + "0" * 64
        version = documents(CHART / "Chart.yaml")[0]["appVersion"]
        for values, image in (({}, f"splitdelivery:{version}"),
                              ({"image": {"registry": "r.example/"}}, f"r.example/splitdelivery:{version}"),
                              ({"image": {"registry": "r.example:5000", "tag": "x"}}, "r.example:5000/splitdelivery:x"),
                              ({"image": {"tag": "x", "digest": digest}}, f"splitdelivery@{digest}")):
            self.assertEqual(controller_of(render(values))["image"], image)

    def test_reaches_what_the_network_policy_lets_it(self):
        policy = find(render(CHART / "ci" / "everything-values.yaml"), "NetworkPolicy")["spec"]
        ports = [[(port["port"], port["protocol"]) for port in rule["ports"]] for rule in policy["egress"][:2]]
        self.assertEqual(ports[0], [(port, protocol) for port in (53, 5353, 5354) for protocol in ("UDP", "TCP")])
        self.assertEqual(ports[1], [(port, "TCP") for port in (443, 6443, 2222, 8443, 2223)])
        self.assertEqual(policy["ingress"][0]["ports"], [{"port": "http", "protocol": "TCP"}])
        self.assertEqual(len(policy["egress"]), 3)
        self.assertEqual(len(policy["ingress"]), 2)


class Names(unittest.TestCase):
    def test_can_be_given(self):
        objects = render({"fullnameOverride": "post", "namespaceOverride": "elsewhere", "nameOverride": "mail"})
        self.assertEqual(find(objects, "Deployment")["metadata"]["name"], "post")
        self.assertEqual({each["metadata"].get("namespace", "elsewhere") for each in objects}, {"elsewhere"})
        self.assertEqual(find(objects, "Service")["spec"]["selector"]["app.kubernetes.io/name"], "mail")

    def test_say_the_charts_name_once(self):
        name = find(render(name="my-split-delivery-operator"), "Deployment")["metadata"]["name"]
        self.assertEqual(name, "my-split-delivery-operator")

    def test_that_are_very_long_still_fit(self):
        for each in render(name="a" * 53):
            self.assertLessEqual(len(each["metadata"]["name"]), 63 if each["kind"] == "Service" else 253)

    def test_labels_of_a_person_never_break_a_selector(self):
        objects = render({"commonLabels": {"app.kubernetes.io/name": "theirs"}, "podLabels": {"app.kubernetes.io/instance": "x"}})
        labels = find(objects, "Deployment")["spec"]["template"]["metadata"]["labels"]
        self.assertLessEqual(find(objects, "Service")["spec"]["selector"].items(), labels.items())


class WhatIsOff(unittest.TestCase):
    def test_is_not_rendered(self):
        self.assertEqual(kinds_of(render()), {"CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding",
                                              "Role", "RoleBinding", "Service", "Deployment", "Pod"})
        bare = {"crds": {"enabled": False}, "serviceAccount": {"create": False, "name": "mine"}, "service": {"enabled": False},
                "rbac": {"create": False, "people": {"create": False}}, "helmTest": {"enabled": False}}
        objects = render(bare)
        self.assertEqual(kinds_of(objects), {"Deployment"})
        self.assertEqual(objects[0]["spec"]["template"]["spec"]["serviceAccountName"], "mine")


class TheCRDs(unittest.TestCase):
    def test_are_kept_unless_told_otherwise(self):
        for keep, policy in ((True, "keep"), (False, None)):
            for each in render({"crds": {"keep": keep}}):
                if each["kind"] == "CustomResourceDefinition":
                    self.assertEqual(each["metadata"].get("annotations", {}).get("helm.sh/resource-policy"), policy)


class HelmTest(unittest.TestCase):
    def test_asks_as_the_controller_in_each_of_its_namespaces(self):
        objects = render(CHART / "ci" / "namespaced-values.yaml")
        pod = find(objects, "Pod")
        self.assertEqual(pod["metadata"]["annotations"]["helm.sh/hook"], "test")
        self.assertEqual(pod["spec"]["serviceAccountName"],
                         find(objects, "Deployment")["spec"]["template"]["spec"]["serviceAccountName"])
        self.assertEqual([(each["command"], each["args"]) for each in pod["spec"]["containers"]],
                         [(["kubectl-sdd"], ["status", "--namespace=mail"]),
                          (["kubectl-sdd"], ["status", "--namespace=mail-test"])])
        self.assertEqual([each["args"] for each in find(render(), "Pod")["spec"]["containers"]],
                         [["status", "--all-namespaces"]])


class TheCopiesOfDefaults(unittest.TestCase):
    def test_of_values_render_as_no_values_do(self):
        self.assertEqual(render(documents(CHART / "values.yaml")[0]), render())


if __name__ == "__main__":
    unittest.main()
