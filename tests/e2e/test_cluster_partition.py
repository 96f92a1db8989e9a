"""Two replicas, of which the leader is cut off from the API server: it stops writing before its Lease ends, and the other
goes on (S11).
"""

import time

from cluster import ClusterCase, is_ready
from control_plane import NAMESPACE
from weather import Weather

LEASES = f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases"


class TwoReplicas(ClusterCase):
    """The first one reaches the API server through the weather, the second one directly."""

    flags = ("-users=400", "-traps=false", "-token-limit=0")

    def holder(self):
        """Who leads in this namespace, whose Lease has a name of its own."""
        return next((each["spec"]["holderIdentity"] for each in self.call("GET", LEASES)["items"]
                     if each["spec"].get("holderIdentity") and each["metadata"]["name"] not in self.before), "")

    def setUp(self):
        super().setUp()
        self.weather = Weather(self.plane)
        self.addCleanup(self.weather.close)
        self.before = {each["metadata"]["name"] for each in self.call("GET", LEASES)["items"]}

    def test_of_which_the_leader_is_cut_off_never_write_both(self):
        self.simulators.fault(api="da", endpoint="POST", kind="Latency", delayMs=100)
        first = self.start("--leader-elect", server=self.weather.server)
        leader = self.until(self.holder)
        second = self.start("--leader-elect")
        self.apply(self.resource())
        self.until(lambda: self.simulators.writes() > 5)
        self.weather.swallow()
        began = time.monotonic()
        wrote, count = began, self.simulators.writes()
        self.assertLess(count, 400, "it is in the middle of writing")
        while self.holder() in ("", leader):
            now = self.simulators.writes()
            if now > count:
                wrote, count = time.monotonic(), now
            self.assertLess(time.monotonic() - began, 18, "the lease and three seconds")
            time.sleep(0.02)
        self.assertLess(wrote - began, 13.5, "what it had begun was over two seconds before the lease ended")
        self.assertEqual(first.wait(timeout=45), 1, "it ends, to be started anew")
        self.until_resource(is_ready, seconds=90)
        self.assertEqual(len(self.simulators.forwarders()), 400)
        self.assertLess(self.simulators.writes(), 400 + 3, "what was under way may have been asked for twice")
        self.stop(second)
