"""Two thousand resources on a real API server: all of them get Ready. Prints what that took; docs/benchmarks.md has
figures that were measured with nothing else running."""

import concurrent.futures
import time

from cluster import ClusterCase, is_ready
from test_run import cpu_seconds, memory_kib
from world import ORGANIZATION

ORGANIZATIONS, DOMAINS_EACH, USERS_EACH = 200, 10, 2
COUNT = ORGANIZATIONS * DOMAINS_EACH
SECONDS = 240  # the API server alone takes a minute of CPU for it; here it is only a time-out


class TwoThousandResources(ClusterCase):
    flags = (f"-orgs={ORGANIZATIONS}", f"-domains-per-org={DOMAINS_EACH}", f"-users={DOMAINS_EACH * USERS_EACH}",
             "-traps=false", "-token-limit=0")

    def make(self, number):
        resource = self.resource(f"d{number}", f"d{number}.example.com")
        resource["spec"]["zoho"]["organizationId"] = str(ORGANIZATION + number // DOMAINS_EACH)
        self.call("POST", self.path, resource)

    def test_are_all_ready_in_the_end(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(self.make, range(COUNT)))
        began = time.monotonic()
        controller = self.start("--log-level", "warn")
        ready, seen = set(), 0
        while len(ready) < COUNT:
            self.assertLess(time.monotonic() - began, SECONDS, f"only {len(ready)} are ready; " + self.scene())
            time.sleep(0.5)
            news = self.written.events[seen:]
            seen += len(news)
            ready |= {event["object"]["metadata"]["name"] for event in news if is_ready(event["object"])}
        print(f"{COUNT} resources ready after {time.monotonic() - began:.1f} s, {cpu_seconds(controller):.1f} s of "
              f"CPU, {memory_kib(controller) / 1024:.0f} MiB resident", flush=True)
        for number in (0, 999, 1999):
            self.assertEqual(len(self.simulators.forwarders(f"d{number}.example.com")), USERS_EACH)
        self.stop(controller)
