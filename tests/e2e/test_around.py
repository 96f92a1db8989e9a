"""What stands around the job: figures, health, recordings, DNS, and the commands that print documents."""

import pathlib
import re
import socket
import stat
import subprocess
import unittest
import urllib.error
import urllib.request

import world

ADDRESS = re.compile(r"listen=(\S+)")
METRIC = re.compile(r"^\| `([a-z_]+)` \| (?:counter|gauge|histogram) \|", re.MULTILINE)
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def get(address, path):
    """Status and text."""
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class Listening(world.Case):
    flags = ("-users=20", "-domains-per-org=2", "-traps=false")

    def setUp(self):
        super().setUp()
        self.process = self.start("run", "--listen", "127.0.0.1:0")
        self.seen = ""
        while not ADDRESS.search(self.seen):
            line = self.process.stdout.readline()
            self.assertTrue(line, self.seen)
            self.seen += line
        self.address = ADDRESS.search(self.seen).group(1)
        self.until(lambda: self.value("splitdelivery_domain_ready", 'name="d0"') == 1)

    def page(self):
        status, text = get(self.address, "/metrics")
        self.assertEqual(status, 200)
        return text

    def value(self, name, *labels):
        for line in self.page().splitlines():
            if line.startswith(name) and all(label in line for label in labels):
                return float(line.rsplit(" ", 1)[1])
        return self.fail(f"{name} {labels} is not exported")

    def test_the_figures_are_those_of_the_job(self):
        self.assertEqual(self.value("splitdelivery_addresses", 'state="managed"'), 10)
        self.assertEqual(self.value("splitdelivery_changes_total", 'op="create"', 'result="succeeded"'), 10)
        self.assertGreaterEqual(self.value("splitdelivery_provider_requests_total", 'provider="zoho"', 'code="200"'), 1)
        self.assertGreaterEqual(self.value("controller_runtime_reconcile_total", 'result="requeue_after"'), 1)
        self.assertEqual(self.value("splitdelivery_token_mints_total"), 1)
        self.assertGreater(self.value("splitdelivery_account_budget_used_ratio", 'provider="zoho"'), 0)
        self.assertGreaterEqual(self.value("workqueue_adds_total"), 1)
        counts = re.findall(r"^splitdelivery_provider_request_duration_seconds_count(\S+) (\d+)", self.page(), re.MULTILINE)
        self.assertGreaterEqual(len(counts), 7)
        self.assertEqual([labels for labels, count in counts if count == "0"], [], "expected, and never asked by that name")
        self.assertNotIn("@", self.page())

    def test_every_documented_metric_is_exported(self):
        text = (DOCS / "metrics.md").read_text()
        page = self.page()
        # Over a folder there is no API server, and nobody to lead: test_cluster_metrics.py has those.
        for name in set(METRIC.findall(text)):
            if name.startswith(("rest_client_", "leader_election_")):
                self.assertNotRegex(page, rf"(?m)^{name}", name)
                continue
            self.assertRegex(page, rf"(?m)^{name}(_bucket)?[ {{]", name)

    def test_a_resource_that_goes_takes_its_series_along(self):
        (self.folder / "d0.yaml").unlink()
        self.until(lambda: 'name="d0"' not in self.page())

    def test_health_and_readiness_tell_what_is_wrong(self):
        self.assertEqual(get(self.address, "/healthz"), (200, "ok\n"))
        self.assertEqual(get(self.address, "/readyz")[0], 200)
        self.folder.rename(self.folder.with_suffix(".away"))
        try:
            self.until(lambda: get(self.address, "/readyz")[0] == 503)
            self.assertIn("manifests", get(self.address, "/readyz?verbose")[1])
            self.assertEqual(get(self.address, "/healthz")[0], 200, "a restart does not mend this")
        finally:
            self.folder.with_suffix(".away").rename(self.folder)

    def test_a_domain_that_nobody_covers_is_warned_of(self):
        def warned():
            self.seen += self.process.stdout.readline()
            return "domain=d1.example.com" in self.seen
        self.until(warned)
        self.assertIn("splitdelivery discover", self.seen)

    def test_ends_when_told_to(self):
        code, _ = world.terminate(self.process)
        self.assertEqual(code, 0)


class APortInUse(world.Case):
    def test_is_told_in_a_line_and_nothing_begins(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            text = self.run_command("run", "--listen", address, code=1)
        self.assertIn(address, text)
        self.assertEqual(len(text.strip().splitlines()), 1, text)
        self.assertEqual(self.simulators.log()["apis"].get("da", {}).get("requests", 0), 0)

    def test_an_address_that_is_none_is_wrong_usage(self):
        self.assertIn("127.0.0.1:8080", self.run_command("run", "--listen", "nowhere", code=64))


class TheWay(world.Case):
    def test_to_a_routing_host_without_an_mx_is_not_taken(self):
        self.write_resource(more="  routingHost: nowhere.d0.example.com\n")
        text = self.run_command("sync", code=3)
        self.assertIn("RoutingNotReady", text)
        self.assertIn("mx.zoho.com", text)
        self.assertEqual(self.simulators.writes(), 0)

    def test_without_any_dns_waits_and_names_what_is_wrong(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % silent.getsockname()[1]
            result = subprocess.run([world.BINARY, "sync", "-m", str(self.folder), "--dns-server", address],
                                    capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 3, result.stdout + result.stderr)
        self.assertEqual(self.simulators.writes(), 0)

    def test_a_name_server_that_is_no_address_is_wrong_usage(self):
        self.run_command("plan", "--dns-server", "nowhere", code=64)


class ADocumentThatAsksForItsEnd(world.Case):
    def test_has_what_we_made_deleted_and_nothing_else(self):
        self.simulators.set_forwarder("other", "x@elsewhere.example")
        self.run_command("sync")
        self.write_resource(annotations={"splitdelivery.dev/delete": "true"})
        self.assertIn("Retained", self.run_command("sync"))
        self.assertEqual(len(self.simulators.forwarders()), 21)
        self.write_resource(annotations={"splitdelivery.dev/delete": "true"}, more="  deletionPolicy: Delete\n")
        self.assertIn("- ", self.run_command("plan", code=2))
        self.assertIn("remove the document", self.run_command("sync"))
        self.assertEqual(self.simulators.forwarders(), {"other": "x@elsewhere.example"})


class ARecording(world.Case):
    def test_shows_what_was_said_and_whose_it_is_not(self):
        folder = self.folder / "recording"
        self.run_command("sync", "--record", str(folder))
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        files = sorted(folder.iterdir())
        self.assertGreater(len(files), 5)
        text = "\n".join(path.read_text() for path in files)
        self.assertIn("zohoaccounts"[:4], "".join(path.name for path in files))
        users = [address for address in self.simulators.forwarders().values()]
        for private in ["simsecret", "dakey0", "dauser0", "1000.SIMCLIENT", "d0.example.com", *users]:
            self.assertNotIn(private, text)
        self.assertFalse(re.search(r"[0-9a-f]{32}\.[0-9a-f]{32}", text), "a token")


class PrintedDocuments(world.Case):
    flags = ("-users=20", "-domains-per-org=2", "-traps=false")

    def test_discover_prints_what_can_be_saved(self):
        output = subprocess.run([world.BINARY, "discover", "-m", str(self.folder)], capture_output=True, text=True,
                                check=False, timeout=60)
        self.assertEqual(output.returncode, 0, output.stderr)
        self.assertIn("d1.example.com", output.stdout)
        self.write("more.yaml", output.stdout)
        self.forget_calls()
        domains = [each["domain"] for each in self.run_json("plan", code=2)["resources"]]
        self.assertEqual(domains, ["d0.example.com", "d1.example.com"])
        again = subprocess.run([world.BINARY, "discover", "-m", str(self.folder)], capture_output=True, text=True,
                               check=False, timeout=90)
        self.assertIn("Every hosted domain has its resource", again.stdout)

    def test_discover_tells_what_it_could_not_ask(self):
        self.simulators.fault(api="da", kind="Status", status=503)
        self.assertIn("may be missing", self.run_print("discover", "-m", str(self.folder)))

    def run_print(self, *arguments, code=1):
        result = subprocess.run([world.BINARY, *arguments], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertEqual(result.stdout if code else "", "")
        return result.stderr

    def test_import_env_names_the_file_and_what_is_wrong_in_it(self):
        self.assertIn("/nowhere/.env", self.run_print("import-env", "/nowhere/.env"))
        self.assertIn("folder", self.run_print("import-env", str(self.folder)))
        self.write("empty.env", "PASSWORD=s3cr3t\n")
        text = self.run_print("import-env", str(self.folder / "empty.env"))
        self.assertIn("CLIENT_ID is missing", text)
        self.assertNotIn("s3cr3t", text)
        self.write("huge.env", "A=" + "x" * (2 << 20))
        self.assertIn("1 MiB", self.run_print("import-env", str(self.folder / "huge.env")))
        self.run_print("import-env", code=64)


if __name__ == "__main__":
    unittest.main()
