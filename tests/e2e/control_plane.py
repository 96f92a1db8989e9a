"""A real kube-apiserver over a real etcd, on loopback, for the tests of this folder. Nothing else of a cluster: no
kubelet, and no kube-controller-manager, whose part a test plays itself (absent_controllers.py).

control-plane/build.sh makes both binaries; SPLITDELIVERY_CONTROL_PLANE names their folder, else it is
SPLITDELIVERY_BUILD/control-plane.
"""

import atexit
import base64
import datetime
import http.client
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from absent_controllers import AbsentControllers
from cluster_watch import Watch
from server_process import Port, Starter, end

BINARIES = pathlib.Path(os.environ.get("SPLITDELIVERY_CONTROL_PLANE") or
                        os.path.join(os.environ.get("SPLITDELIVERY_BUILD", ""), "control-plane"))
ROOT = pathlib.Path(__file__).resolve().parents[2]
RBAC = str(ROOT / "deploy" / "rbac.yaml")
NAMESPACE = "splitdelivery-system"  # the controller's own
LACKING = [f"lacking-{number}" for number in range(24)]  # users without rights, until a test gives them some
READY_SECONDS = 90
TIMESTAMP = "%Y-%m-%dT%H:%M:%SZ"


def require():
    """Ends the process as a skipped test where the control plane cannot be had; as a failure where it has to be."""
    missing = [name for name in ("etcd", "kube-apiserver") if not (BINARIES / name).exists()]
    if shutil.which("kubectl") is None:
        missing.append("kubectl")
    if not missing:
        return
    print("no control plane: " + ", ".join(missing) + " not found (Go 1.25 and kubectl are needed)", file=sys.stderr)
    needed = os.environ.get("CI") or os.environ.get("SPLITDELIVERY_REQUIRE_CONTROL_PLANE") == "1"
    sys.exit(1 if needed else 77)


class ControlPlane(AbsentControllers):
    """etcd and kube-apiserver, each a process of its own that can be killed and started again on its port."""

    _shared = None

    @classmethod
    def shared(cls):
        """One for all tests of a process."""
        if cls._shared is None:
            cls._shared = cls()
            atexit.register(cls._shared.close)
        return cls._shared

    def __init__(self, *apiserver_flags):
        self.apiserver_flags = apiserver_flags
        self.prepared = False  # CRDs and rights are there
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-control-plane."))
        self.starter = Starter()
        self.ports = {name: Port() for name in ("etcd", "peer", "apiserver")}
        self.host = f"127.0.0.1:{self.ports['apiserver'].number}"
        self.tokens = {name: f"{name}-token" for name in ("admin", "controller", "outsider", *LACKING)}
        self.etcd = self.apiserver = None
        self.local = threading.local()
        subprocess.run(["openssl", "genrsa", "-out", str(self.folder / "service-account.key"), "2048"], check=True,
                       capture_output=True)
        groups = {"admin": "system:masters"}
        rows = [f'{token},{name},{name},"{groups.get(name, "people")}"' for name, token in self.tokens.items()]
        (self.folder / "tokens.csv").write_text("\n".join(rows) + "\n")
        self._start_etcd()
        self.start_apiserver()

    def close(self):
        for process in (self.apiserver, self.etcd):
            end(process, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_etcd(self):
        url, peer = (f"http://127.0.0.1:{self.ports[name].number}" for name in ("etcd", "peer"))
        self.etcd = self.starter.launch(
            [BINARIES / "etcd", "--data-dir", self.folder / "etcd", "--unsafe-no-fsync", "--listen-client-urls", url,
             "--advertise-client-urls", url, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
             "--initial-cluster", f"default={peer}", "--log-level", "warn"], self.folder / "etcd.log")

    def restart_etcd(self):
        """Killed, started again, and the API server well with it."""
        end(self.etcd, signal.SIGKILL)
        self._start_etcd()
        self._until_ready()

    def stop_apiserver(self, how=signal.SIGKILL):
        end(self.apiserver, how, seconds=60)

    def start_apiserver(self):
        key = self.folder / "service-account.key"
        self.apiserver = self.starter.launch(
            [BINARIES / "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{self.ports['etcd'].number}",
             f"--secure-port={self.ports['apiserver'].number}", "--bind-address=127.0.0.1",
             f"--cert-dir={self.folder}/certs", "--service-account-issuer=https://kubernetes.default.svc",
             f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
             "--authorization-mode=RBAC", f"--token-auth-file={self.folder}/tokens.csv",
             "--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount",
             *self.apiserver_flags],
            self.folder / "kube-apiserver.log")
        self._until_ready()

    def _until_ready(self):
        give_up = time.monotonic() + READY_SECONDS
        while True:
            try:
                if self.raw("GET", "/readyz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            if self.apiserver.poll() is not None or time.monotonic() > give_up:
                log = (self.folder / "kube-apiserver.log").read_text(errors="replace")
                raise RuntimeError("the API server did not get ready:\n" + log[-3000:])
            time.sleep(0.05)

    def compact(self):
        """etcd forgets every older version, so that who goes on from one gets 410; the revision that is kept."""
        now = self._etcd("/v3/kv/range", {"key": base64.b64encode(b"x").decode()})["header"]["revision"]
        self._etcd("/v3/kv/compaction", {"revision": now, "physical": True})
        return int(now)

    def delete_earlier(self, plural, namespace, name, seconds):
        """Moves the deletionTimestamp of one of our objects back, as if it had been deleted that much earlier."""
        key = base64.b64encode(f"/registry/splitdelivery.dev/{plural}/{namespace}/{name}".encode()).decode()
        while True:
            found = self._etcd("/v3/kv/range", {"key": key})["kvs"][0]
            stored = json.loads(base64.b64decode(found["value"]))
            at = datetime.datetime.strptime(stored["metadata"]["deletionTimestamp"], TIMESTAMP)
            stored["metadata"]["deletionTimestamp"] = (at - datetime.timedelta(seconds=seconds)).strftime(TIMESTAMP)
            value = base64.b64encode(json.dumps(stored).encode()).decode()
            same = {"key": key, "target": "MOD", "result": "EQUAL", "modRevision": found["mod_revision"]}
            if self._etcd("/v3/kv/txn", {"compare": [same], "success": [{"requestPut": {"key": key, "value": value}}]}
                          ).get("succeeded"):
                return

    def _etcd(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["etcd"].number, timeout=10)
        connection.request("POST", path, json.dumps(body))
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def connect(self, timeout=30):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(self.host, timeout=timeout, context=context)

    def raw(self, method, path, body=None, user="admin", content_type="application/json"):
        """One request over this thread's kept-alive connection: the status and the body, parsed where it is JSON."""
        connection = getattr(self.local, "connection", None) or self.connect()
        self.local.connection = connection
        headers = {"Authorization": f"Bearer {self.tokens[user]}", "Content-Type": content_type}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            connection.close()
            self.local.connection = None
            raise
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if is_json else text

    def watch(self, path, user="admin", resource_version=None):
        return Watch(self, path, user, resource_version)

    def kubeconfig(self, user="admin", namespace="default", server=None):
        """A file for the user. `server`: (host:port, CA's PEM) of what stands in front of the API server."""
        host, ca = server or (self.host, (self.folder / "certs" / "apiserver.crt").read_bytes())
        ca = base64.b64encode(ca).decode()
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "test",
                  "contexts": [{"name": "test", "context": {"cluster": "test", "user": user, "namespace": namespace}}],
                  "clusters": [{"name": "test", "cluster": {"server": f"https://{host}",
                                                            "certificate-authority-data": ca}}],
                  "users": [{"name": user, "user": {"token": self.tokens[user]}}]}
        path = self.folder / f"kubeconfig-{user}-{host.replace(':', '-')}"
        path.write_text(json.dumps(config))
        return str(path)

    def kubectl(self, *arguments, stdin=None, user="admin", timeout=60):
        return subprocess.run(["kubectl", "--kubeconfig", self.kubeconfig(user), *map(str, arguments)], input=stdin,
                              text=True, capture_output=True, timeout=timeout, check=False)

    def _do(self, *arguments):
        done = self.kubectl(*arguments)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def install_crds(self):
        self._do("apply", "-f", ROOT / "crds")
        self._do("wait", "--for=condition=Established", "--timeout=30s", "crd",
                 "splitdeliverydomains.splitdelivery.dev", "addressbooks.splitdelivery.dev")

    def bind_controller(self):
        """Gives the user "controller" the rights that the project ships, and no others."""
        self.raw("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
        self._do("apply", "-f", RBAC)
        person = [{"kind": "User", "name": "controller", "apiGroup": "rbac.authorization.k8s.io"}]
        for kind in ("clusterrolebindings", f"namespaces/{NAMESPACE}/rolebindings"):
            status, answer = self.raw("PATCH", f"/apis/rbac.authorization.k8s.io/v1/{kind}/splitdelivery-controller",
                                      {"subjects": person}, content_type="application/merge-patch+json")
            if status != 200:
                raise RuntimeError(answer)
        self.prepared = True


def main():
    """control_plane.py FOLDER: one that stays up until SIGTERM, with its kubeconfigs in the folder."""
    require()
    plane = ControlPlane.shared()
    plane.install_crds()
    plane.bind_controller()
    for user, namespace in (("admin", "default"), ("controller", NAMESPACE)):
        shutil.copy(plane.kubeconfig(user, namespace), pathlib.Path(sys.argv[1]) / f"{user}.kubeconfig")
    print("ready", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
