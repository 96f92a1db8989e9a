"""install, upgrade, rollback and uninstall on a real API server, by Helm 3 and 4; and what must survive."""

import json
import shlex
import time
import unittest

from helm_cluster import CRDS, HelmCase

import chart
import chart_process

RESOURCE = {"apiVersion": "splitdelivery.dev/v1alpha1", "kind": "SplitDeliveryDomain", "metadata": {"name": "example-com"},
            "spec": {"domain": "example.com", "policy": "Observe",
                     "zoho": {"organizationId": "60012345", "dataCenter": "eu", "credentialsSecretRef": {"name": "zoho"}},
                     "directAdmin": {"server": "https://eagle.mxlogin.com:2222",
                                     "credentialsSecretRef": {"name": "directadmin"}}}}


class ARelease(HelmCase):
    def args(self):
        return self.deployment()["spec"]["template"]["spec"]["containers"][0]["args"]

    def crd(self, name=CRDS[0]):
        return json.loads(self.do("get", "crd", name, "-o", "json"))

    def create_resource(self):
        self.do("wait", "--for=condition=Established", "--timeout=30s", "crd", *CRDS)
        self.do("apply", "-n", self.namespace, "-f", "-", stdin=json.dumps(RESOURCE))

    def resources(self):
        return self.do("get", "sdd", "-n", self.namespace, "-o", "name").split()

    def live_through(self, which):
        self.installs(which=which)
        self.create_resource()
        first = self.deployment()["spec"]
        self.upgrades("replicaCount=2", "log.level=debug", which=which)
        self.assertEqual(self.deployment()["spec"]["replicas"], 2)
        self.assertIn("--log-level=debug", self.args())
        self.helm_does("rollback", "sdo", "1", which=which)
        self.assertEqual(self.deployment()["spec"], first)
        self.helm_does("uninstall", "sdo", which=which)
        self.assertIsNone(self.deployment())
        kinds = "deployments,services,serviceaccounts,roles,rolebindings,pods"
        left = self.do("get", kinds, "-n", self.namespace, "-l", "app.kubernetes.io/instance=sdo", "-o", "name")
        self.assertEqual(left, "")
        cluster = self.do("get", "clusterroles,clusterrolebindings", "-l", "app.kubernetes.io/instance=sdo", "-o", "name")
        self.assertEqual(cluster, "")
        self.assertEqual(self.resources(), ["splitdeliverydomain.splitdelivery.dev/example-com"])
        # A second one of the same name takes up the CRDs that were left, and their resources.
        self.installs(which=which)
        self.assertEqual(self.resources(), ["splitdeliverydomain.splitdelivery.dev/example-com"])
        self.upgrades("crds.enabled=false", which=which)
        self.assertEqual(self.resources(), ["splitdeliverydomain.splitdelivery.dev/example-com"])

    def test_of_helm_3_comes_changes_goes_back_and_leaves_the_resources(self):
        self.live_through("helm3")

    def test_of_helm_4_comes_changes_goes_back_and_leaves_the_resources(self):
        self.live_through("helm4")

    def test_of_helm_3_is_taken_over_by_helm_4(self):
        self.installs(which="helm3")
        self.create_resource()
        self.upgrades("log.level=debug", which="helm4")
        self.assertIn("--log-level=debug", self.args())
        self.helm_does("uninstall", "sdo", which="helm4")
        self.assertEqual(self.resources(), ["splitdeliverydomain.splitdelivery.dev/example-com"])

    def edit_crd_by_hand(self):
        """Takes the columns away and lets any policy through, as `kubectl edit` would."""
        crd = self.crd()
        version = crd["spec"]["versions"][0]
        version["additionalPrinterColumns"] = version["additionalPrinterColumns"][:1]
        del version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["policy"]["enum"]
        self.do("replace", "-f", "-", stdin=json.dumps(crd))

    def test_of_helm_3_puts_a_crd_right_that_was_edited_by_hand(self):
        self.installs(which="helm3")
        right = self.crd()["spec"]
        self.edit_crd_by_hand()
        self.assertNotEqual(self.crd()["spec"], right)
        self.upgrades(which="helm3")
        self.assertEqual(self.crd()["spec"], right)

    def test_of_helm_4_puts_it_right_where_it_may_win_over_others(self):
        self.installs(which="helm4")
        right = self.crd()["spec"]
        self.edit_crd_by_hand()
        done = self.helm("upgrade", "sdo", chart.CHART, which="helm4")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('conflict with "kubectl-replace"', done.stderr)
        self.assertNotEqual(self.crd()["spec"], right)
        self.upgrades(which="helm4", flags=["--force-conflicts"])
        self.assertEqual(self.crd()["spec"], right)

    def test_over_crds_that_were_applied_is_refused_until_it_may_take_them_over(self):
        self.do("apply", "-f", chart.ROOT / "crds")
        for which in chart.BOTH:
            with self.subTest(which):
                self.assertIn("invalid ownership metadata", self.install(which=which).stderr)
        self.assertNotIn("! The CRDs are not there", self.installs("crds.enabled=false"))
        self.helm_does("uninstall", "sdo")
        self.installs(flags=["--take-ownership"])
        self.assertEqual(self.crd()["metadata"]["annotations"]["helm.sh/resource-policy"], "keep")

    def test_that_keeps_no_crds_takes_the_resources_along(self):
        self.installs("crds.keep=false")
        self.create_resource()
        self.helm_does("uninstall", "sdo")
        self.do("wait", "--for=delete", "--timeout=30s", "crd", *CRDS)

    def test_without_crds_waits_for_them_and_says_so(self):
        self.installs("crds.enabled=false", "listen.port=8081")
        process = chart_process.start_controller(self.plane, self.deployment(), self.plane.folder / "without-crds.log")
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.until(lambda: "install the CRDs of this version with kubectl apply -f crds/" in process.text(), process)
        self.assertIn("install the CRDs", process.ask("/readyz?verbose")[1])
        self.assertEqual(process.ask("/healthz")[0], 200)
        pod = chart.find(chart.render(namespace=self.namespace), "Pod")
        [(code, output)] = chart_process.run_test_pod(self.plane, pod)
        self.assertEqual(code, 1, output)
        self.upgrades("crds.enabled=true")
        self.until(lambda: process.ask("/readyz")[0] == 200, process)
        [(code, output)] = chart_process.run_test_pod(self.plane, pod)
        self.assertEqual(code, 0, output)

    def until(self, happened, process, seconds=60):
        end = time.monotonic() + seconds
        while not happened():
            self.assertIsNone(process.poll(), process.text())
            self.assertLess(time.monotonic(), end, process.text())
            time.sleep(0.05)

    def test_without_crds_says_so_and_gets_them_by_an_upgrade(self):
        for which in chart.BOTH:
            with self.subTest(which):
                notes = self.installs("crds.enabled=false", which=which)
                self.assertIn("! The CRDs are not there, and crds.enabled is false", notes)
                self.assertIn("kubectl apply -f crds/", notes)
                self.assertNotIn("! The CRDs are not there", self.upgrades("crds.enabled=true", which=which))
                self.create_resource()
                self.helm_does("uninstall", "sdo", which=which)
                self.remove_crds()

    def test_waits_for_the_prometheus_operator_as_it_is_told(self):
        monitored = {"serviceMonitor": {"enabled": True, "labels": {"release": "kps"}}, "prometheusRule": {"enabled": True}}
        for which in chart.BOTH:
            self.assertIn("install the Prometheus Operator", self.install(monitored, which=which).stderr)
        skipped = {**monitored, "serviceMonitor": {"enabled": True, "renderMode": "skip"},
                   "prometheusRule": {"enabled": True, "renderMode": "skip"}}
        notes = self.installs(skipped)
        self.assertIn("! The ServiceMonitor was skipped", notes)
        self.assertIn("! The PrometheusRule was skipped", notes)
        self.install_monitoring_kinds()
        notes = self.upgrades(monitored)
        self.assertNotIn("skipped", notes)
        self.assertNotIn("The ServiceMonitor has no label", notes)
        self.assertIn("The PrometheusRule has no label `release`", notes)
        self.assertIn("sdo-split-delivery-operator", self.do("get", "servicemonitors", "-n", self.namespace, "-o", "name"))


class SomebodyWithTheirNamespacesAlone(HelmCase):
    """May do everything in their namespaces, and not even read anything of the cluster's own."""

    def test_can_install_what_needs_no_more(self):
        self.do("apply", "-f", chart.ROOT / "crds")
        for namespace in (self.namespace, "mail", "mail-test"):
            self.kubectl("create", "namespace", namespace)
            self.do("create", "rolebinding", "all", "--clusterrole=cluster-admin", "--user=outsider", "-n", namespace)
        self.until_told(lambda: self.knows("splitdelivery.dev"))
        ask = {"KUBECONFIG": self.plane.kubeconfig("outsider", self.namespace)}
        values = chart.flags_of([chart.CHART / "ci" / "namespaced-values.yaml"])
        for which in chart.BOTH:
            for command in (["install", "own", chart.CHART, *values], ["upgrade", "own", chart.CHART, *values],
                            ["uninstall", "own"]):
                done = chart.helm(*command, which=which, environment=ask)
                self.assertEqual((done.returncode, done.stderr), (0, ""))


class TheReadme(HelmCase):
    def test_has_a_command_that_installs(self):
        text = (chart.CHART / "README.md").read_text().split("```sh checked\n", 1)[1].split("```", 1)[0]
        command = shlex.split(text.replace("\\\n", " ").splitlines()[0])
        self.assertEqual(command[:4], ["helm", "install", "split-delivery-operator", "charts/split-delivery-operator"])
        command[command.index("splitdelivery-system")] = self.namespace  # which others use here
        for which in chart.BOTH:
            done = chart.helm(*command[1:], which=which, environment={"KUBECONFIG": self.plane.kubeconfig("admin")},
                              cwd=chart.ROOT)
            self.assertEqual(done.returncode, 0, done.stderr)
            container = self.deployment("split-delivery-operator")["spec"]["template"]["spec"]["containers"][0]
            self.assertIn("--allow-server=*.mxlogin.com", container["args"])
            self.assertRegex(container["image"], r"^registry\.example\.com/mail/splitdelivery:")
            self.assertIn("uninstalled", self.helm_does("uninstall", "split-delivery-operator", which=which))


class TheNotes(HelmCase):
    def test_speak_of_the_values_that_were_given(self):
        notes = self.installs({"watchNamespaces": ["post"], "allowServers": ["*.mxlogin.com"], "replicaCount": 2,
                               "fullnameOverride": "mailer", "image": {"registry": "registry.example.com"}})
        for words in (f"is in the namespace {self.namespace} as the Deployment mailer. It works on the resources of post.",
                      f"kubectl rollout status deployment/mailer --namespace {self.namespace}",
                      f"helm test sdo --namespace {self.namespace}",
                      "kubectl create secret generic zoho --namespace post",
                      "kubectl wait --for=condition=Ready splitdeliverydomain/example-com --namespace post",
                      "Credentials go to Zoho's own hosts and to *.mxlogin.com",
                      "--set serviceMonitor.enabled=true", "--set prometheusRule.enabled=true",
                      "--set grafanaDashboards.enabled=true", "--set networkPolicy.enabled=true"):
            self.assertIn(words, notes)
        for words in ("! No registry", "! The CRDs", "! allowServers", "stands by", "! crds.keep"):
            self.assertNotIn(words, notes)
        notes = self.upgrades({"replicaCount": 0, "crds": {"keep": False}})
        for words in ("! No registry was given for the image splitdelivery:", "! replicaCount is 0", "! allowServers is empty",
                      "! crds.keep is false", "a replica that stands by"):
            self.assertIn(words, notes)

    def test_hold_a_resource_that_the_api_server_takes(self):
        notes = self.installs()
        self.do("wait", "--for=condition=Established", "--timeout=30s", "crd", *CRDS)
        document = notes.split("<<END\n", 1)[1].split("     END\n", 1)[0]
        self.assertIn("created", self.do("apply", "-n", self.namespace, "-f", "-", stdin=document))

    def test_have_values_that_are_the_way_to_turn_on_what_is_off(self):
        self.install_monitoring_kinds()
        notes = self.installs("replicaCount=1")
        switches = [line.split("--set ", 1)[1].strip() for line in notes.split("What is off", 1)[1].splitlines()
                    if "--set " in line]
        named = {switch.removesuffix(".enabled=true") for line in switches for switch in line.split(",")}
        defaults = chart.documents(chart.CHART / "values.yaml")[0]
        off = {name for name, value in defaults.items() if isinstance(value, dict) and value.get("enabled") is False}
        self.assertEqual(named, off | {"replicaCount=2"})
        notes = self.upgrades(*switches)
        self.assertNotIn("What is off", notes)


class EachSetOfValues(HelmCase):
    def test_is_taken_by_the_api_server_object_by_object_without_a_warning(self):
        """Unknown fields and whatever the Pod Security Standard `restricted` has against a pod are warnings."""
        self.install_monitoring_kinds()
        count = 0
        for path in chart.CI:
            objects = chart.render(path, namespace=self.namespace)
            for namespace in ("mail", "mail-test", self.namespace):
                self.kubectl("create", "namespace", namespace)
                for mode in ("enforce", "warn"):
                    self.do("label", "namespace", namespace, f"pod-security.kubernetes.io/{mode}=restricted", "--overwrite")
            everything = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
            with self.subTest(path.name):
                done = self.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", stdin=everything)
                self.assertEqual(done.stderr, "")
                self.assertEqual(done.returncode, 0)
                self.assertEqual(done.stdout.count("server dry run"), len(objects))
                count += len(objects)
        self.assertGreater(count, 50)

    def test_can_be_installed(self):
        self.install_monitoring_kinds()
        for number, path in enumerate(chart.CI):
            with self.subTest(path.name):
                for namespace in ("mail", "mail-test"):
                    self.kubectl("create", "namespace", namespace)
                self.installs(path, name=f"r{number}", which=chart.BOTH[number % 2])
                self.helm_does("uninstall", f"r{number}", which=chart.BOTH[number % 2])
                self.remove_crds()


if __name__ == "__main__":
    unittest.main()
