"""The real controller as the chart runs it: its arguments, its service account, its rights, to a domain that is Ready."""

import unittest

import chart
import chart_process
from argocd_health import health
from cluster import ClusterCase, is_ready
from world import terminate


class Running(ClusterCase):
    """CRDs as the project ships them; a release in a namespace of its own."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove_resources)
        self.home = f"{self.namespace}-home"
        self.call("POST", "/api/v1/namespaces", {"metadata": {"name": self.home}})

    def remove_resources(self):
        """The next test's controller sees every namespace, and would take these for rivals."""
        for each in self.call("GET", self.path)["items"]:
            path = f"{self.path}/{each['metadata']['name']}"
            self.patch(path, {"metadata": {"finalizers": None}})
            self.call("DELETE", path)

    def helm(self, *arguments):
        done = chart.helm(*arguments, "--namespace", self.home, environment={"KUBECONFIG": self.plane.kubeconfig("admin")})
        self.assertEqual(done.returncode, 0, done.stderr)

    def install(self, **values):
        values = {"allowServers": ["127.0.0.1"], "dnsServers": [self.simulators.urls["dns"]], "fullnameOverride": "sdo",
                  "crds": {"enabled": False}, **values}
        self.addCleanup(self.helm, "uninstall", "sdo")
        self.helm("install", "sdo", chart.CHART, *chart.flags_of([values]))
        self.values = values
        return self.call("GET", f"/apis/apps/v1/namespaces/{self.home}/deployments/sdo")

    def run_as_installed(self, **values):
        log = self.plane.folder / f"chart-{next(self.numbers)}.log"
        process = chart_process.start_controller(self.plane, self.install(**values), log)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.controllers.append(process)
        return process

    def pod_of_helm_test(self):
        return chart.find(chart.render(self.values, namespace=self.home), "Pod")

    def assert_nothing_was_lacking(self, process):
        code, _ = terminate(process)
        self.assertEqual(code, 0)
        self.assertNotIn("grant the verb", process.text())


class TheController(Running):
    def test_of_the_whole_cluster_works_and_lets_go_with_the_rights_that_it_has(self):
        process = self.run_as_installed()
        self.apply(self.resource(deletionPolicy="Delete"))
        self.assertEqual(health(self.until_resource(is_ready)), ("Healthy", "Synced: 5 addresses are forwarded"))
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.until(lambda: (process.ask("/readyz")[0], process.ask("/healthz")[0]) == (200, 200))
        self.assertEqual(self.call("GET", f"/apis/coordination.k8s.io/v1/namespaces/{self.home}/leases")["items"][0]
                         ["metadata"]["name"], "splitdelivery")
        self.until(lambda: self.call("GET", f"/apis/events.k8s.io/v1/namespaces/{self.namespace}/events")["items"])
        self.until(lambda: self.look(f"/api/v1/namespaces/{self.home}/configmaps/splitdelivery-accounts"))
        self.call("DELETE", f"{self.path}/d0")
        self.until(lambda: self.get() is None)
        self.assertEqual(len(self.simulators.forwarders()), 0)
        self.assertEqual(self.call("GET", self.books)["items"], [])
        self.assert_nothing_was_lacking(process)

    def test_of_some_namespaces_works_there_and_may_do_nothing_elsewhere(self):
        other = self.another_namespace("other")
        process = self.run_as_installed(watchNamespaces=[self.namespace],
                                        rbac={"scope": "Namespaced", "people": {"create": False}})
        self.apply(self.resource())
        self.until_resource(is_ready)
        user = f"{self.home}-sdo"
        for namespace, answer in ((self.namespace, 200), (other, 403), (self.home, 403)):
            status, _ = self.plane.raw("GET", f"/api/v1/namespaces/{namespace}/secrets", user=user)
            self.assertEqual(status, answer, namespace)
        self.assertEqual(self.plane.raw("GET", "/api/v1/secrets", user=user)[0], 403)
        [(code, output)] = chart_process.run_test_pod(self.plane, self.pod_of_helm_test())
        self.assertEqual(code, 0, output)
        self.assertRegex(output, r"d0 +d0\.example\.com +True")
        self.assert_nothing_was_lacking(process)

    def test_is_told_each_flag_by_its_name(self):
        """Every flag that stands in a Deployment is one that this binary has."""
        process = self.run_as_installed(
            workers=3, log={"level": "debug", "format": "text"}, kubeAPI={"qps": 50, "burst": 100},
            statusPage={"enabled": True, "addresses": True}, watchNamespaces=[self.namespace], extraArgs=[f"--record={self.plane.folder}/record"])
        self.until(lambda: process.ask("/readyz")[0] == 200 or process.poll() is not None)
        self.assertIsNone(process.poll(), process.text())
        status, page = process.ask("/")
        self.assertEqual(status, 200)
        self.assertIn("<h1>There is no domain yet</h1>", page)


class HelmTest(Running):
    def test_passes_with_a_whole_release_and_fails_without_a_right(self):
        self.install()
        self.assertEqual([code for code, _ in chart_process.run_test_pod(self.plane, self.pod_of_helm_test())], [0])
        roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles/sdo-controller"
        self.call("PATCH", roles, {"rules": []}, content_type="application/merge-patch+json")
        [(code, output)] = chart_process.run_test_pod(self.plane, self.pod_of_helm_test())
        self.assertEqual(code, 1)
        self.assertIn("splitdeliverydomains", output)


class People(Running):
    def can(self, verb, what, role):
        self.call("POST", f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}/rolebindings", {
            "metadata": {"generateName": "people-"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
            "subjects": [{"kind": "User", "name": f"{role}-user", "apiGroup": "rbac.authorization.k8s.io"}]})
        done = self.plane.kubectl("auth", "can-i", verb, what, "-n", self.namespace, "--as", f"{role}-user")
        return done.stdout.strip() == "yes"

    def test_may_do_what_their_role_says_and_nobody_writes_address_books(self):
        self.install()
        sdd, books = "splitdeliverydomains.splitdelivery.dev", "addressbooks.splitdelivery.dev"
        for role, may, may_not in (
                ("sdo-view", [("list", sdd), ("get", books)], [("patch", sdd), ("create", sdd)]),
                ("sdo-operate", [("patch", sdd), ("get", books)], [("create", sdd), ("delete", sdd)]),
                ("sdo-aggregate-to-view", [("watch", sdd)], [("get", books), ("patch", sdd)]),
                ("sdo-aggregate-to-edit", [("create", sdd), ("delete", sdd), ("get", books)], [])):
            for verb, what in may:
                self.assertTrue(self.can(verb, what, role), (role, verb, what))
            for verb, what in (*may_not, ("patch", books), ("create", books), ("delete", books), ("get", "secrets")):
                self.assertFalse(self.can(verb, what, role), (role, verb, what))


if __name__ == "__main__":
    unittest.main()
