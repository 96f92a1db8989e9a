"""The real binary against the real simulators, on loopback. Shared by the tests of this folder.

SPLITDELIVERY_BUILD names the build folder with both programs.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

BUILD = pathlib.Path(os.environ["SPLITDELIVERY_BUILD"])
BINARY = str(BUILD / "splitdelivery")
SIMULATORS = str(BUILD / "splitdelivery-simulators")
ORGANIZATION = 60010000


class Simulators:
    """One process of simulators: d0.example.com … at DirectAdmin, organisation 60010000 at Zoho."""

    def __init__(self, *flags):
        ports = [f"-{name}=127.0.0.1:0" for name in ("zoho", "da", "control", "dns")]
        self.process = subprocess.Popen([SIMULATORS, *ports, *flags], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            raise RuntimeError(f"the simulators did not start: {line!r}")
        self.urls = dict(part.split("=", 1) for part in line.split()[1:])

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(self.urls["control"] + path, method=method, data=body)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text.strip().startswith((b"{", b"[")) else text

    def log(self):
        return self._ask("GET", "/log?mutations=0")

    def writes(self):
        endpoints = self.log()["apis"]["da"]["endpoints"]
        return sum(count for name, count in endpoints.items() if name.startswith("POST"))

    def tokens(self):
        endpoints = self.log()["apis"]["zoho"]["endpoints"]
        return sum(count for name, count in endpoints.items() if "token" in name)

    def forwarders(self, domain="d0.example.com"):
        return self._ask("GET", f"/forwarders?domain={domain}")

    def set_forwarder(self, local, to, domain="d0.example.com"):
        self._ask("POST", "/forwarders?" + urllib.parse.urlencode({"domain": domain, "local": local, "to": to}))

    def remove_forwarder(self, local, domain="d0.example.com"):
        self._ask("DELETE", "/forwarders?" + urllib.parse.urlencode({"domain": domain, "local": local}))

    def add_user(self, local, domain="d0.example.com"):
        self._ask("POST", "/users?" + urllib.parse.urlencode({"org": ORGANIZATION, "email": f"{local}@{domain}"}))

    def remove_user(self, local, domain="d0.example.com", organization=ORGANIZATION):
        self._ask("DELETE", "/users?" + urllib.parse.urlencode({"org": organization, "email": f"{local}@{domain}"}))

    def fault(self, **rule):
        self._ask("POST", "/faults", json.dumps(rule).encode())

    def heal(self):
        self._ask("DELETE", "/faults")


class Case(unittest.TestCase):
    """A folder of manifests for d0.example.com and simulators of its own."""

    flags = ("-users=20", "-traps=false")

    def setUp(self):
        self.simulators = Simulators(*self.flags)
        self.addCleanup(self.simulators.close)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-e2e."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.state = self.folder / ".splitdelivery"
        self.write_resource()
        self.write("secrets.yaml", self.secret("zoho", clientId="1000.SIMCLIENT", clientSecret="simsecret") + "---\n" +
                   self.secret("directadmin", username="dauser0", loginKey="dakey0"))

    def write(self, name, text):
        (self.folder / name).write_text(text)

    @staticmethod
    def secret(name, **values):
        rows = "".join(f"  {key}: {value}\n" for key, value in values.items())
        return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\nstringData:\n{rows}"

    def resource(self, name="d0", domain="d0.example.com", annotations=None, server=None, zoho=None, more=""):
        zoho = zoho or self.simulators.urls["zoho"]
        server = server or self.simulators.urls["da"]
        notes = "".join(f"    {key}: {json.dumps(value)}\n" for key, value in (annotations or {}).items())
        return (f"apiVersion: splitdelivery.dev/v1alpha1\nkind: SplitDeliveryDomain\nmetadata:\n  name: {name}\n"
                + (f"  annotations:\n{notes}" if notes else "") +
                f"spec:\n  domain: {domain}\n  policy: Sync\n"
                f"  zoho:\n    organizationId: \"{ORGANIZATION}\"\n    dataCenter: us\n    accountsURL: {zoho}\n"
                f"    mailURL: {zoho}\n    credentialsSecretRef: {{name: zoho}}\n"
                f"  directAdmin:\n    server: {server}\n    credentialsSecretRef: {{name: directadmin}}\n{more}")

    def write_resource(self, **changes):
        self.write("d0.yaml", self.resource(**changes))

    def command(self, name, *arguments):
        return [BINARY, name, "--manifests", str(self.folder), "--dns-server", self.simulators.urls["dns"], *arguments]

    def forget_calls(self):
        """Takes Zoho's last minute of calls out of the state, so that the next process need not wait for its end."""
        path = self.state / "accounts.json"
        if not path.exists():
            return
        accounts = json.loads(path.read_text())
        for record in accounts["accounts"].values():
            record.pop("calls", None)
        path.write_text(json.dumps(accounts))

    def run_command(self, name, *arguments, code=0, **options):
        """Runs it and checks the exit code; gives everything that it printed."""
        options.setdefault("timeout", 60)
        result = subprocess.run(self.command(name, *arguments), capture_output=True, text=True, check=False, **options)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def run_json(self, name, *arguments, code=0):
        return json.loads(self.run_command(name, "-o", "json", *arguments, code=code))

    def start(self, name, *arguments, **options):
        process = subprocess.Popen(self.command(name, *arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def until(self, happened, seconds=20):
        """Waits for something that another process does; fails when it does not."""
        end = time.monotonic() + seconds
        while not happened():
            self.assertLess(time.monotonic(), end, "it did not happen in time")
            time.sleep(0.005)


def terminate(process, how=signal.SIGTERM, seconds=30):
    """Sends a signal and gives the exit code and the output."""
    process.send_signal(how)
    output, _ = process.communicate(timeout=seconds)
    return process.returncode, output
