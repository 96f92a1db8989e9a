#!/usr/bin/env python3
"""The controller on a real API server: cold start, rest, passes that are asked for, and reaction, as one line of JSON.

    cluster.py BUILD_FOLDER [--resources 300] [--users 20] [--rounds 10] [--edits 100]

Needs the control plane (Go 1.25 and kubectl; the release preset builds it). The controller has the rights of
deploy/rbac.yaml; ten domains share one organisation, all domains one mail server account.

cold       from its start until all resources are Ready and every forwarder is made
rest       memory, and the CPU of ten seconds in which nothing is due
in_sync    CPU for 1,000 passes that find nothing to do, asked for by splitdelivery.dev/reconcile-at, round by round
reaction   from the edit of spec.interval until a watch shows the status of that generation
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
GROUP = "/apis/splitdelivery.dev/v1alpha1"
NAMESPACE = "bench"
PER_ORG = 10


def cpu(pid):
    threads = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def percentile(values, part):
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 1)


class Bench:
    def __init__(self, options):
        import cluster_watch
        from control_plane import ControlPlane
        from world import BINARY, Simulators

        self.options, self.plane = options, ControlPlane.shared()
        self.path = f"{GROUP}/namespaces/{NAMESPACE}/splitdeliverydomains"
        self.names = [f"d{index}" for index in range(options.resources)]
        self.plane.install_crds()
        self.plane.bind_controller()
        self.call("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
        self.simulators = Simulators(f"-orgs={-(-options.resources // PER_ORG)}", f"-domains-per-org={PER_ORG}",
                                     f"-users={options.users * PER_ORG}", "-traps=false", "-token-limit=0")
        self.binary, self.watch_class, self.controller = BINARY, cluster_watch.Watch, None
        self.secret("zoho", clientId="1000.SIMCLIENT", clientSecret="simsecret")
        self.secret("directadmin", username="dauser0", loginKey="dakey0")
        for index in range(options.resources):
            self.call("POST", self.path, self.resource(index))

    def call(self, method, path, body=None, **options):
        status, answer = self.plane.raw(method, path, body, **options)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer}")
        return answer

    def patch(self, name, body):
        return self.call("PATCH", f"{self.path}/{name}", body, content_type="application/merge-patch+json")

    def secret(self, name, **values):
        self.call("POST", f"/api/v1/namespaces/{NAMESPACE}/secrets", {"metadata": {"name": name}, "stringData": values})

    def resource(self, index):
        zoho, server = self.simulators.urls["zoho"], self.simulators.urls["da"]
        return {"apiVersion": "splitdelivery.dev/v1alpha1", "kind": "SplitDeliveryDomain",
                "metadata": {"name": f"d{index}", "namespace": NAMESPACE},
                "spec": {"domain": f"d{index}.example.com", "policy": "Sync", "dns": {"check": False},
                         "zoho": {"organizationId": str(60010000 + index // PER_ORG), "dataCenter": "us",
                                  "accountsURL": zoho, "mailURL": zoho, "credentialsSecretRef": {"name": "zoho"}},
                         "directAdmin": {"server": server, "credentialsSecretRef": {"name": "directadmin"}}}}

    def listings(self):
        return self.simulators.log()["apis"]["da"]["endpoints"].get("GET CMD_API_EMAIL_FORWARDERS", 0)

    def until(self, holds, seconds=600):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end or self.controller.poll() is not None:
                raise RuntimeError("it did not happen in time")
            time.sleep(0.02)

    def all_ready(self):
        def is_ready(resource):
            status = resource.get("status", {})
            return (status.get("observedGeneration") == resource["metadata"]["generation"] and
                    status.get("forwarders", {}).get("inSync") == self.options.users and
                    any(each["type"] == "Ready" and each["status"] == "True" for each in status["conditions"]))
        return all(is_ready(each) for each in self.call("GET", self.path)["items"])

    def cold(self):
        began = time.monotonic()
        self.controller = subprocess.Popen(
            [self.binary, "run", "--kubeconfig", self.plane.kubeconfig("controller", "splitdelivery-system"),
             "--namespace", NAMESPACE, "--allow-server", "127.0.0.1", "--listen", "127.0.0.1:0", "--log-level", "error"])
        wanted = self.options.resources * self.options.users
        self.until(lambda: self.simulators.log()["mutationCount"] >= wanted)
        self.until(self.all_ready)
        return {"seconds": round(time.monotonic() - began, 1), "cpu_s": round(cpu(self.controller.pid), 2)}

    def rest(self):
        time.sleep(5)
        before = cpu(self.controller.pid)
        time.sleep(10)
        return {"rss_mib": resident(self.controller.pid), "cpu_ms": round((cpu(self.controller.pid) - before) * 1e3, 1)}

    def ask(self, stamp):
        def lane(names):
            for name in names:
                self.patch(name, {"metadata": {"annotations": {"splitdelivery.dev/reconcile-at": stamp}}})
        lanes = [threading.Thread(target=lane, args=(self.names[first::4],)) for first in range(4)]
        before = self.listings()
        for each in lanes:
            each.start()
        for each in lanes:
            each.join()
        self.until(lambda: self.listings() >= before + len(self.names))

    def in_sync(self):
        self.ask("warm-up")
        time.sleep(2)
        first, before = self.listings(), cpu(self.controller.pid)
        for number in range(self.options.rounds):
            self.ask(str(number))
        time.sleep(1)
        passes = self.listings() - first
        return {"passes": passes, "rss_mib": resident(self.controller.pid),
                "cpu_s_per_1000": round((cpu(self.controller.pid) - before) * 1000 / passes, 3)}

    def reaction(self):
        times = []
        self.plane.local.connection = None  # of a large fleet it was idle for longer than the API server keeps it
        watch = self.plane.watch(self.path)
        for number in range(self.options.edits):
            name = self.names[number * 7 % len(self.names)]
            began = time.monotonic()
            generation = self.patch(name, {"spec": {"interval": f"{301 + number}s"}})["metadata"]["generation"]

            def shown(name=name, generation=generation):
                return any(event["object"]["metadata"]["name"] == name and
                           event["object"].get("status", {}).get("observedGeneration") == generation
                           for event in watch.events[-8:])
            while not shown():
                time.sleep(0.0005)
            times.append((time.monotonic() - began) * 1e3)
        watch.close()
        return {"p50_ms": percentile(times, 0.5), "p99_ms": percentile(times, 0.99)}

    def close(self):
        if self.controller:
            self.controller.terminate()
            self.controller.wait()
        self.simulators.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    for name, default in (("resources", 300), ("users", 20), ("rounds", 10), ("edits", 100)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    os.environ["SPLITDELIVERY_BUILD"] = os.path.abspath(options.build)
    bench = Bench(options)
    try:
        result = {"resources": options.resources, "cold": bench.cold(), "rest": bench.rest(),
                  "in_sync": bench.in_sync(), "reaction": bench.reaction()}
    finally:
        bench.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
