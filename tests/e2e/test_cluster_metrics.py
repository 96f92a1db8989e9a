"""What a controller in a cluster tells of itself: figures and health, against a real API server."""

import re
import unittest

from cluster import ClusterCase, is_ready
from test_around import ADDRESS, DOCS, METRIC, get

SAMPLE = re.compile(r"^([a-z_]+)(\{.*\})? (\S+)$", re.MULTILINE)


class ACluster(ClusterCase):
    def start_listening(self, *arguments):
        """A controller and the address that its log names."""
        process = self.start(*arguments)
        return process, self.until(lambda: ADDRESS.search(process.text())).group(1)

    def page(self, address):
        status, text = get(address, "/metrics")
        self.assertEqual(status, 200)
        return text

    def sum_of(self, page, name, *labels):
        values = [float(value) for found, given, value in SAMPLE.findall(page)
                  if found == name and all(label in given for label in labels)]
        self.assertTrue(values, f"{name} {labels} is not exported")
        return sum(values)

    def value(self, address, name, *labels):
        return self.sum_of(self.page(address), name, *labels)

    def test_exports_every_documented_metric(self):
        controller, address = self.start_listening("--leader-elect")
        self.apply(self.resource())
        self.until_resource(is_ready)
        page = self.page(address)
        for name in METRIC.findall((DOCS / "metrics.md").read_text()):
            self.assertRegex(page, rf"(?m)^{name}(_bucket)?[ {{]", name)
        self.assertNotIn("@", page)
        self.stop(controller)

    def test_counts_requests_to_the_api_server_once_and_by_its_host_and_port_alone(self):
        controller, address = self.start_listening()
        self.apply(self.resource())
        self.until_resource(is_ready)
        page = self.page(address)
        hosts = set(re.findall(r'^rest_client_\S*host="([^"]*)"', page, re.MULTILINE))
        self.assertEqual(len(hosts), 1, hosts)
        self.assertRegex(hosts.pop(), r"^[\w.]+:\d+$")
        self.assertNotIn("kubernetes", page)
        self.assertNotIn("leader_election_master_status{", page)
        self.assertGreaterEqual(self.value(address, "rest_client_requests_total", 'method="PATCH"', 'code="200"'), 1)
        self.assertGreaterEqual(self.value(address, "rest_client_requests_total", 'method="POST"', 'code="201"'), 1)

        def adds_up():
            page = self.page(address)
            asked = self.sum_of(page, "rest_client_requests_total")
            # Three watches go on (the resources, two Secrets): they are counted, and not timed.
            timed = self.sum_of(page, "rest_client_request_duration_seconds_count")
            passed = self.sum_of(page, "rest_client_rate_limiter_duration_seconds_count")
            return asked - timed == 3 and passed == asked
        self.until(adds_up)
        self.stop(controller)

    def test_shows_who_leads_and_that_both_are_alive_and_ready(self):
        first, leader = self.start_listening("--leader-elect")
        self.until(lambda: self.value(leader, "leader_election_master_status") == 1)
        second, standby = self.start_listening("--leader-elect")
        self.apply(self.resource())
        self.until_resource(is_ready)
        self.until(lambda: get(standby, "/readyz")[0] == 200)
        self.assertEqual(self.value(standby, "leader_election_master_status", 'name="splitdelivery-'), 0)
        for address in (leader, standby):
            status, text = get(address, "/healthz?verbose")
            self.assertEqual((status, text), (200, "[+] passes: ok\n[+] requests: ok\n[+] lease: ok\nok\n"))
        self.stop(first)
        self.until(lambda: self.value(standby, "leader_election_master_status") == 1)
        self.stop(second)

    def test_counts_what_became_of_the_forwarders_of_deleted_resources(self):
        controller, address = self.start_listening()
        for policy, result in (("Retain", "retained"), ("Delete", "deleted")):
            self.apply(self.resource(deletionPolicy=policy))
            self.until_resource(is_ready)
            self.call("DELETE", f"{self.path}/d0")
            self.until(lambda: self.get() is None)
            self.until(lambda: self.value(address, "splitdelivery_departures_total", f'result="{result}"') == 1)
        self.assertEqual(self.value(address, "splitdelivery_left_forwarders_total"), 0)
        self.stop(controller)

    def test_keeps_to_its_limit_and_is_ready_all_the_same(self):
        controller, address = self.start_listening("--kube-api-qps", "20", "--kube-api-burst", "1")
        self.apply(self.resource())
        self.until_resource(is_ready)
        self.assertGreater(self.value(address, "rest_client_rate_limiter_duration_seconds_sum"), 0.1)
        self.assertEqual(get(address, "/readyz")[0], 200)
        self.stop(controller)


class ADomainThatNobodyCovers(ClusterCase):
    flags = ("-users=20", "-domains-per-org=2", "-traps=false")

    def test_is_warned_of(self):
        controller = self.start()
        self.apply(self.resource())
        self.until(lambda: "has no resource" in controller.text())
        self.assertIn("domain=d1.example.com", controller.text())
        self.stop(controller)


if __name__ == "__main__":
    unittest.main()
