"""The pictures of docs/monitoring.md: some minutes in the life of four domains, scraped by a real Prometheus.

Usage: SPLITDELIVERY_BUILD=build/release screens.py FOLDER. Needs matplotlib; takes five minutes; no test.
"""

import pathlib
import subprocess
import sys
import time

import pages
import prometheus
import world
from test_around import ADDRESS

DRAW = pages.ROOT / "monitoring" / "draw.py"
SECONDS = 300
PICTURES = {"fleet": (), "domain": ("domain=d1.example.com",)}


class Story(world.Case):
    flags = ("-users=80", "-domains-per-org=4", "-traps=false")

    def runTest(self):
        pass

    def interval(self, number, more="", **changes):
        self.write(f"d{number}.yaml", self.resource(f"d{number}", f"d{number}.example.com", more="  interval: 30s\n" + more,
                                                    **changes))

    def begin(self):
        self.simulators.set_forwarder("user1", "kim@elsewhere.example", "d1.example.com")
        self.interval(0)
        self.interval(1, "  maxDeletions: 0\n")
        self.process = self.start("run", "--listen", "127.0.0.1:0")
        line = ""
        while not ADDRESS.search(line):
            line = self.process.stdout.readline()
        self.prometheus = prometheus.Prometheus({"splitdelivery": {"targets": {ADDRESS.search(line).group(1): {}}}})
        self.addCleanup(self.prometheus.close)
        self.begun = time.monotonic()

    def at(self, second):
        """The story is told in real time, for its pictures have a time axis."""
        time.sleep(max(0, self.begun + second - time.monotonic()))

    def tell(self):
        for second in range(20, 120, 20):
            self.at(second)
            self.simulators.add_user(f"new{second}", f"d{second // 20 % 2}.example.com")
        self.interval(2)
        self.at(140)
        self.simulators.remove_user("user5", "d1.example.com")
        self.simulators.remove_user("user9", "d1.example.com")
        self.interval(3, "  routingHost: mail.d3.example.com\n")
        self.at(200)
        self.simulators.fault(api="da", kind="Status", status=503)
        self.at(235)
        self.simulators.heal()
        self.at(SECONDS)


def main(folder):
    story = Story()
    try:
        story.setUp()
        story.begin()
        story.tell()
        for name, chosen in PICTURES.items():
            page, picture = pages.CHART / "dashboards" / f"{name}.json", pathlib.Path(folder) / f"dashboard-{name}.png"
            subprocess.run([sys.executable, DRAW, story.prometheus.url, str(SECONDS), *chosen, page, picture], check=True)
    finally:
        story.doCleanups()


if __name__ == "__main__":
    main(sys.argv[1])
