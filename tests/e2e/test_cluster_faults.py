"""The controller while its cluster fails: it converges, and repeats no write at the mail server."""

import signal
import threading
import time

from cluster import ClusterCase, is_ready
from control_plane import NAMESPACE

LEASES = f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases"


class TheApiServer(ClusterCase):
    def works_on_afterwards(self, trouble):
        controller = self.start()
        self.apply(self.resource())
        self.until_resource(is_ready)
        writes = self.simulators.writes()
        trouble()
        self.edit(addresses={"extra": ["support"]})
        self.until_resource(lambda each: is_ready(each) and each["status"]["forwarders"]["desired"] == 6, seconds=60)
        self.assertEqual(self.simulators.writes() - writes, 1)
        self.stop(controller)

    def test_that_is_killed_and_started_again_is_followed_on(self):
        def trouble():
            self.plane.stop_apiserver(signal.SIGKILL)
            self.plane.start_apiserver()
        self.works_on_afterwards(trouble)

    def test_whose_etcd_is_killed_and_started_again_is_followed_on(self):
        self.works_on_afterwards(self.plane.restart_etcd)

    def test_that_has_forgotten_our_version_is_listed_anew(self):
        def trouble():
            self.plane.stop_apiserver()
            self.plane.start_apiserver()
            for _ in range(3):
                self.write_secret("other", key="value")
            self.plane.compact()
            self.plane.stop_apiserver()
            self.plane.start_apiserver()
        self.works_on_afterwards(trouble)


class TwoReplicas(ClusterCase):
    def lease(self):
        leases = self.call("GET", LEASES)["items"]
        return next((each["spec"]["holderIdentity"] for each in leases
                     if each["spec"].get("holderIdentity") and each["metadata"]["name"] not in self.before), "")

    def setUp(self):
        super().setUp()
        self.before = {each["metadata"]["name"] for each in self.call("GET", LEASES)["items"]}

    def pair(self):
        """The one that leads, and the one that stands by."""
        first = self.start("--leader-elect")
        self.until(self.lease)
        second = self.start("--leader-elect")
        self.apply(self.resource())
        self.until_resource(is_ready)
        return first, second

    def takes_over(self, trouble, within):
        first, second = self.pair()
        leader = self.lease()
        began = time.monotonic()
        trouble(first)
        self.until(lambda: self.lease() not in ("", leader), seconds=40)
        self.assertLess(time.monotonic() - began, within)
        self.edit(addresses={"extra": ["support"]})
        self.until_resource(lambda each: is_ready(each) and each["status"]["forwarders"]["desired"] == 6)
        return first, second

    def test_whose_leader_is_killed_go_on_within_the_lease_and_three_seconds(self):
        _, second = self.takes_over(lambda leader: leader.kill(), within=18)
        self.stop(second)

    def test_whose_leader_stops_properly_go_on_at_once(self):
        _, second = self.takes_over(self.stop, within=5)
        self.stop(second)

    def test_whose_leader_was_frozen_never_write_both(self):
        first, second = self.takes_over(lambda leader: leader.send_signal(signal.SIGSTOP), within=18)
        writes = self.simulators.writes()
        first.send_signal(signal.SIGCONT)
        self.assertEqual(first.wait(timeout=30), 1, "it ends, to be started anew")
        self.assertEqual(self.simulators.writes(), writes)
        self.stop(second)


class AController(ClusterCase):
    flags = ("-users=20", "-traps=false", "-token-limit=0")

    def test_that_is_killed_fifty_times_converges_with_nothing_doubled_or_lost(self):
        self.apply(self.resource(deletionPolicy="Delete"))
        churn_ends = threading.Event()

        def churn():
            number = 0
            while not churn_ends.wait(0.05):
                self.edit(addresses={"extra": [f"extra{number % 7}", f"extra{number % 5 + 10}"]})
                number += 1

        churning = threading.Thread(target=churn)
        churning.start()
        for kill in range(50):
            self.forget_limits()
            controller = self.start()
            time.sleep(0.02 + 0.01 * (kill % 20))
            controller.kill()
            controller.wait()
        churn_ends.set()
        churning.join()
        self.edit(addresses={"extra": ["support"]}, maxDeletions=1000, interval="30s")
        self.forget_limits()
        controller = self.start()
        resource = self.until_resource(
            lambda each: is_ready(each) and each["status"]["forwarders"]["desired"] == 21, seconds=90)
        self.assertEqual(resource["status"]["forwarders"]["inSync"], 21)
        forwarders = self.simulators.forwarders()
        self.assertTrue({f"user{number}" for number in range(20)} | {"support"} <= set(forwarders), forwarders)
        self.stop(controller)

    def forget_limits(self):
        """Fifty processes have used up Zoho's ten tokens, and the last would wait for ten minutes, as it should."""
        maps = f"/api/v1/namespaces/{NAMESPACE}/configmaps"
        for each in self.call("GET", maps)["items"]:
            if each["metadata"]["name"].endswith("-accounts"):
                self.plane.raw("DELETE", f"{maps}/{each['metadata']['name']}")
