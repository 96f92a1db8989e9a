"""The controller on a real API server, with the simulators: what the tests of it share."""

import json
import os
import subprocess
import time
import unittest

import control_plane
from control_plane import NAMESPACE, ControlPlane
from world import BINARY, ORGANIZATION, Simulators, terminate

control_plane.require()
GROUP = "/apis/splitdelivery.dev/v1alpha1"


def ready(resource):
    """The Ready condition, when it speaks of the present generation."""
    status = resource.get("status", {})
    if status.get("observedGeneration") != resource["metadata"]["generation"]:
        return None
    return next((each for each in status.get("conditions", []) if each["type"] == "Ready"), None)


def is_ready(resource):
    condition = ready(resource)
    return condition is not None and condition["status"] == "True"


def has_reason(reason):
    return lambda resource: (ready(resource) or {}).get("reason") == reason


def illegal(resource):
    """What is wrong with the conditions of a status, by the rules of kstatus and of the API conventions; or None."""
    conditions = {each["type"]: each for each in resource.get("status", {}).get("conditions", [])}
    if not conditions:
        return None
    true = {kind for kind, each in conditions.items() if each["status"] == "True"}
    if "Ready" not in conditions:
        return "there is no Ready"
    if "Ready" in true and true & {"Stalled", "Reconciling"}:
        return "it is Ready, and Stalled or Reconciling"
    if {"Stalled", "Reconciling"} <= true:
        return "it is Stalled and Reconciling"
    if resource["status"].get("observedGeneration", 0) > resource["metadata"]["generation"]:
        return "it has observed the future"
    for each in conditions.values():
        if not each.get("reason") or not each.get("lastTransitionTime"):
            return f"{each['type']} has no reason or no time"
    return None


class ClusterCase(unittest.TestCase):
    """A namespace and simulators of its own on the shared control plane; d0.example.com … are hosted.

    Every status that the controller writes is held against the rules for conditions.
    """

    flags = ("-users=5", "-traps=false")
    count = 0

    def setUp(self):
        self.plane = ControlPlane.shared()
        if ClusterCase.count == 0:
            self.plane.install_crds()
            self.plane.bind_controller()
        ClusterCase.count += 1
        self.namespace = f"test-{os.getpid()}-{ClusterCase.count}"
        self.call("POST", "/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        self.simulators = Simulators(*self.flags)
        self.addCleanup(self.simulators.close)
        self.path = f"{GROUP}/namespaces/{self.namespace}/splitdeliverydomains"
        self.books = f"{GROUP}/namespaces/{self.namespace}/addressbooks"
        self.secrets = f"/api/v1/namespaces/{self.namespace}/secrets"
        self.write_secret("zoho", clientId="1000.SIMCLIENT", clientSecret="simsecret")
        self.write_secret("directadmin", username="dauser0", loginKey="dakey0")
        self.written = self.plane.watch(self.path)
        self.addCleanup(self.check_statuses)

    def check_statuses(self):
        self.written.close()
        for event in self.written.events:
            self.assertIsNone(illegal(event["object"]) if event["type"] != "ERROR" else None, event["object"].get("status"))

    def call(self, method, path, body=None, **options):
        """Asks the API server; anything but success fails the test."""
        status, answer = self.plane.raw(method, path, body, **options)
        self.assertLess(status, 300, answer)
        return answer

    def patch(self, path, body):
        return self.call("PATCH", path, body, content_type="application/merge-patch+json")

    def look(self, path):
        """The object, or None."""
        status, answer = self.plane.raw("GET", path)
        return answer if status == 200 else None

    def write_secret(self, name, **values):
        if self.look(f"{self.secrets}/{name}"):
            self.patch(f"{self.secrets}/{name}", {"stringData": values})
        else:
            self.call("POST", self.secrets, {"metadata": {"name": name}, "stringData": values})

    def resource(self, name="d0", domain="d0.example.com", **spec):
        zoho, server = self.simulators.urls["zoho"], self.simulators.urls["da"]
        return {"apiVersion": "splitdelivery.dev/v1alpha1", "kind": "SplitDeliveryDomain",
                "metadata": {"name": name, "namespace": self.namespace},
                "spec": {"domain": domain, "policy": "Sync",
                         "zoho": {"organizationId": str(ORGANIZATION), "dataCenter": "us", "accountsURL": zoho,
                                  "mailURL": zoho, "credentialsSecretRef": {"name": "zoho"}},
                         "directAdmin": {"server": server, "credentialsSecretRef": {"name": "directadmin"}}, **spec}}

    def apply(self, *resources):
        done = self.plane.kubectl("apply", "-f", "-", stdin="\n---\n".join(json.dumps(each) for each in resources))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def get(self, name="d0"):
        return self.look(f"{self.path}/{name}")

    def edit(self, name="d0", **spec):
        return self.patch(f"{self.path}/{name}", {"spec": spec})

    def annotate(self, name="d0", **notes):
        notes = {"splitdelivery.dev/" + key.replace("_", "-"): value for key, value in notes.items()}
        return self.patch(f"{self.path}/{name}", {"metadata": {"annotations": notes}})

    def start(self, *arguments):
        kubeconfig = self.plane.kubeconfig("controller", NAMESPACE)
        process = subprocess.Popen(
            [BINARY, "run", "--kubeconfig", kubeconfig, "--namespace", self.namespace, "--dns-server",
             self.simulators.urls["dns"], "--listen", "127.0.0.1:0", "--allow-server", "127.0.0.1",
             *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def start_ready(self, *arguments):
        """Started, and its stderr read to the line that says so."""
        process = self.start(*arguments)
        for line in process.stderr:
            if " started " in line:
                break
        return process

    def stop(self, process):
        code, _ = terminate(process)
        self.assertEqual(code, 0)

    def until(self, happened, seconds=30):
        """Waits for something that another process does, and gives it; fails when it does not come."""
        end = time.monotonic() + seconds
        while True:
            found = happened()
            if found:
                return found
            self.assertLess(time.monotonic(), end, "it did not happen in time; " + json.dumps(
                [[each["metadata"], each.get("status")] for each in self.call("GET", self.path)["items"]]))
            time.sleep(0.01)

    def until_resource(self, holds, name="d0", seconds=30):
        def look():
            resource = self.get(name)
            return resource if resource is not None and holds(resource) else None
        return self.until(look, seconds)
