"""The controller and its API server in bad weather: watches that are cut each second, 429 in answer to half of all that
is asked. It converges, and repeats no write at the mail server.
"""

import time

from cluster import ClusterCase, is_ready
from weather import Weather

DOMAINS = 5
USERS = 5  # of each domain


class AController(ClusterCase):
    flags = (f"-users={DOMAINS * USERS}", f"-domains-per-org={DOMAINS}", "-traps=false", "-token-limit=0")
    names = [f"d{number}" for number in range(DOMAINS)]

    def setUp(self):
        super().setUp()
        self.weather = Weather(self.plane)
        self.addCleanup(self.weather.close)

    def desired(self, count):
        return all(is_ready(each) and each["status"]["forwarders"]["desired"] == count
                   for each in self.call("GET", self.path)["items"])

    def works_on(self, rounds, seconds):
        """Each edit of each resource adds one address, and is acted on once, however often it was heard of."""
        self.apply(*(self.resource(name, f"{name}.example.com") for name in self.names))
        self.until(lambda: self.desired(USERS), seconds)
        for number in range(1, rounds + 1):
            for name in self.names:
                self.edit(name, addresses={"extra": [f"extra{each}" for each in range(number)]})
            self.until(lambda: self.desired(USERS + number), seconds)
        self.assertEqual(self.simulators.writes(), DOMAINS * (USERS + rounds), "no write was repeated")

    def test_whose_watches_are_cut_each_second_converges_and_repeats_no_write(self):
        self.weather.cut_every(1)
        controller = self.start(server=self.weather.server)
        self.works_on(rounds=6, seconds=60)
        self.assertGreater(self.weather.cuts, 5)
        self.stop(controller)

    def test_that_is_told_to_slow_down_converges_and_repeats_no_write(self):
        self.weather.storm(0.5)
        controller = self.start(server=self.weather.server)
        began = time.monotonic()
        self.works_on(rounds=3, seconds=60)
        self.assertGreater(self.weather.refused, 20)
        rate = self.weather.requests.total() / (time.monotonic() - began)
        self.assertLess(rate, 40, "it does slow down")
        self.weather.storm(0)
        self.stop(controller)

    def test_that_is_refused_everything_for_a_while_goes_on_afterwards(self):
        controller = self.start(server=self.weather.server)
        self.apply(self.resource())
        self.until_resource(is_ready)
        writes = self.simulators.writes()
        self.weather.storm(1)
        self.weather.cut()
        self.edit(addresses={"extra": ["support"]})
        self.until(lambda: self.weather.refused > 2 and "slow down" in controller.readiness())
        self.assertEqual(self.simulators.writes(), writes)
        self.weather.storm(0)
        self.until_resource(lambda each: is_ready(each) and each["status"]["forwarders"]["desired"] == 6)
        self.assertEqual(self.simulators.writes(), writes + 1)
        self.stop(controller)
