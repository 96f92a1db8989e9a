"""The controller on a real API server, with the simulators: what the tests of it share."""

import itertools
import json
import os
import time
import unittest

import control_plane
from cluster_process import Controller
from cluster_status import Checker
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


class ClusterCase(unittest.TestCase):
    """A namespace and simulators of its own on the shared control plane; d0.example.com … are hosted.

    Every status that the controller writes is held against the rules for conditions.
    """

    flags = ("-users=5", "-traps=false")
    control_plane = ControlPlane.shared
    numbers = itertools.count(1)

    def setUp(self):
        self.plane = self.control_plane()
        if not self.plane.prepared:
            self.plane.install_crds()
            self.plane.bind_controller()
        self.namespace = f"test-{os.getpid()}-{next(self.numbers)}"
        self.call("POST", "/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        self.simulators = Simulators(*self.flags)
        self.addCleanup(self.simulators.close)
        self.path = f"{GROUP}/namespaces/{self.namespace}/splitdeliverydomains"
        self.books = f"{GROUP}/namespaces/{self.namespace}/addressbooks"
        self.secrets = f"/api/v1/namespaces/{self.namespace}/secrets"
        self.write_secret("zoho", clientId="1000.SIMCLIENT", clientSecret="simsecret")
        self.write_secret("directadmin", username="dauser0", loginKey="dakey0")
        self.controllers = []
        self.checker = Checker()
        self.written = self.plane.watch(self.path)
        self.addCleanup(self.check_statuses)

    def check_statuses(self):
        self.written.close()
        self.assertEqual(list(self.checker.faults(self.written.events)), [])

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

    def another_namespace(self, suffix):
        """One beside this test's own, with the same Secrets."""
        namespace = f"{self.namespace}-{suffix}"
        self.call("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
        for name in ("zoho", "directadmin"):
            self.call("POST", f"/api/v1/namespaces/{namespace}/secrets",
                      {"metadata": {"name": name}, "data": self.look(f"{self.secrets}/{name}")["data"]})
        return namespace

    def resource(self, name="d0", domain="d0.example.com", **spec):
        zoho, server = self.simulators.urls["zoho"], self.simulators.urls["da"]
        return {"apiVersion": "splitdelivery.dev/v1alpha1", "kind": "SplitDeliveryDomain",
                "metadata": {"name": name, "namespace": self.namespace},
                "spec": {"domain": domain, "policy": "Sync",
                         "zoho": {"organizationId": str(ORGANIZATION), "dataCenter": "us", "accountsURL": zoho,
                                  "mailURL": zoho, "credentialsSecretRef": {"name": "zoho"}},
                         "directAdmin": {"server": server, "credentialsSecretRef": {"name": "directadmin"}}, **spec}}

    def apply(self, *resources):
        everything = {"apiVersion": "v1", "kind": "List", "items": resources}
        done = self.plane.kubectl("apply", "-f", "-", stdin=json.dumps(everything))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def get(self, name="d0"):
        return self.look(f"{self.path}/{name}")

    def edit(self, name="d0", **spec):
        return self.patch(f"{self.path}/{name}", {"spec": spec})

    def annotate(self, name="d0", **notes):
        notes = {"splitdelivery.dev/" + key.replace("_", "-"): value for key, value in notes.items()}
        return self.patch(f"{self.path}/{name}", {"metadata": {"annotations": notes}})

    def start(self, *arguments, user="controller", server=None, namespaces=None, allow=("127.0.0.1",)):
        """The controller of this test's namespace, or of those given. `server`: (host:port, CA's PEM) in place of the
        API server's own."""
        kubeconfig = self.plane.kubeconfig(user, NAMESPACE, server)
        flags = [("--namespace", each) for each in namespaces or [self.namespace]]
        flags += [("--allow-server", each) for each in allow]
        log = self.plane.folder / f"controller-{next(self.numbers)}.log"
        process = Controller(
            [BINARY, "run", "--kubeconfig", kubeconfig, "--dns-server", self.simulators.urls["dns"], "--listen",
             "127.0.0.1:0", *itertools.chain.from_iterable(flags), *arguments], log)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.controllers.append(process)
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
            if time.monotonic() > end:
                self.fail("it did not happen in time; " + self.scene())
            time.sleep(0.01)

    def scene(self):
        """What there is to see, for whom a test fails."""
        there = [[each["metadata"]["name"], each["metadata"]["generation"], each.get("status")]
                 for each in self.call("GET", self.path)["items"][:5]]
        return json.dumps(there) + "".join("\n" + each.text()[-3000:] for each in self.controllers)

    def until_resource(self, holds, name="d0", seconds=30):
        def look():
            resource = self.get(name)
            return resource if resource is not None and holds(resource) else None
        return self.until(look, seconds)
