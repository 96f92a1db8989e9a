"""The chart on a real API server: what the tests of that share. Nothing but an API server: no pod ever starts."""

import itertools
import os
import json
import time
import unittest

import chart
import control_plane

control_plane.require()
CRDS = ("splitdeliverydomains.splitdelivery.dev", "addressbooks.splitdelivery.dev")
MONITORING = ("ServiceMonitor", "PrometheusRule")


class HelmCase(unittest.TestCase):
    """A control plane without CRDs of ours, and namespaces of the test's own."""

    numbers = itertools.count(1)

    def setUp(self):
        self.plane = control_plane.ControlPlane.shared()
        self.remove_crds()
        self.namespace = self.new_namespace()
        self.released = []
        self.addCleanup(self.remove_releases)

    def new_namespace(self):
        name = f"chart-{os.getpid()}-{next(self.numbers)}"
        self.do("create", "namespace", name)
        return name

    def kubectl(self, *arguments, **options):
        return self.plane.kubectl(*arguments, **options)

    def do(self, *arguments, **options):
        """kubectl, which has to succeed; what it prints."""
        done = self.kubectl(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def helm(self, *arguments, which="helm4"):
        return chart.helm(*arguments, "--namespace", self.namespace, which=which,
                          environment={"KUBECONFIG": self.plane.kubeconfig("admin")})

    def helm_does(self, *arguments, which="helm4"):
        done = self.helm(*arguments, which=which)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def install(self, *values, name="sdo", which="helm4", flags=()):
        done = self.helm("install", name, chart.CHART, *chart.flags_of(values), *flags, which=which)
        if done.returncode == 0:
            self.released.append((name, which))
        return done

    def installs(self, *values, **options):
        done = self.install(*values, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def upgrades(self, *values, name="sdo", which="helm4", flags=()):
        return self.helm_does("upgrade", name, chart.CHART, *chart.flags_of(values), *flags, which=which)

    def remove_releases(self):
        for name, which in self.released:
            self.helm("uninstall", name, which=which)
        self.remove_crds()

    def remove_crds(self):
        """With all resources, as no controller runs that could mind."""
        if self.have_crds():
            for plural in ("splitdeliverydomains", "addressbooks"):
                self.do("delete", plural, "--all", "--all-namespaces")
            self.do("delete", "crd", *CRDS, "--ignore-not-found", "--timeout=60s")
        self.until_told(lambda: not self.knows("splitdelivery.dev"))

    def knows(self, group):
        return any(each["name"] == group for each in self.plane.raw("GET", "/apis")[1]["groups"])

    def until_told(self, holds, seconds=60):
        """Discovery follows CRDs a moment later."""
        end = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), end, "the API server did not tell in time")
            time.sleep(0.05)

    def have_crds(self):
        return self.plane.raw("GET", f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{CRDS[0]}")[0] == 200

    def deployment(self, name="sdo-split-delivery-operator"):
        status, found = self.plane.raw("GET", f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{name}")
        return found if status == 200 else None

    def install_monitoring_kinds(self):
        """Kinds of the Prometheus Operator by name alone: its own CRDs would judge the fields too."""
        for kind in MONITORING:
            plural = kind.lower() + "s"
            self.do("apply", "-f", "-", stdin=json.dumps({
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": f"{plural}.monitoring.coreos.com"},
                "spec": {"group": "monitoring.coreos.com", "scope": "Namespaced",
                         "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()},
                         "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
                             "type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}}))
        crds = [f"{kind.lower()}s.monitoring.coreos.com" for kind in MONITORING]
        self.addCleanup(self.do, "delete", "crd", *crds)
        self.do("wait", "--for=condition=Established", "--timeout=30s", "crd", *crds)
        self.until_told(lambda: self.knows("monitoring.coreos.com"))
