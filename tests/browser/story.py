"""A real run over the simulators with a bit of everything that the status page shows."""

import os
import re
import urllib.request

import world
from test_around import ADDRESS


class Story(world.Case):
    """example.com's family: d0 is well, d1 has a plan that waits, d2 cannot be reached, d3 has no way to Zoho, d4 a
    conflict, d5 is only observed, d6 is suspended, and one document has a typing error."""

    flags = ("-users=80", "-domains-per-org=8", "-traps=false")

    def domain(self, number, more="", policy="Sync", **changes):
        text = self.resource(f"d{number}", f"d{number}.example.com", more=more, **changes)
        self.write(f"d{number}.yaml", text.replace("policy: Sync", f"policy: {policy}"))

    def begin(self, *arguments):
        """Starts the service, and waits until every domain has had its pass."""
        self.domain(1)
        self.run_command("sync")
        for user in ("user9", "user17"):
            self.simulators.remove_user(user, "d1.example.com")
        self.simulators.set_forwarder("user4", "kim@elsewhere.example", "d4.example.com")
        self.forget_calls()  # or Zoho would be listed a minute later
        self.domain(1, "  maxDeletions: 0\n")
        self.domain(2, server="http://127.0.0.1:9")
        self.domain(3, "  routingHost: nowhere.d3.example.com\n")
        self.domain(4)
        self.domain(5, policy="Observe")
        self.domain(6, "  suspend: true\n")
        self.write("typo.yaml", self.resource("typo", "d8.example.com").replace("policy: Sync", "policy: Snyc"))
        self.start_listening(*arguments)
        self.until(lambda: len(re.findall("data-label=\"Came to\"", self.page())) >= 6)

    def start_listening(self, *arguments, environment=None):
        self.process = self.start("run", "--listen", "127.0.0.1:0", *arguments, env={**os.environ, **(environment or {})})
        line = ""
        while not ADDRESS.search(line):
            line = self.process.stdout.readline()
            self.assertTrue(line, "it did not start")
        self.url = f"http://{ADDRESS.search(line).group(1)}/"

    def page(self, query=""):
        return self.answer(query)[1]

    def answer(self, query=""):
        """Headers and text."""
        with urllib.request.urlopen(self.url + query, timeout=10) as answer:
            return answer.headers, answer.read().decode()
