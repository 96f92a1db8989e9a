"""A real Prometheus that scrapes the real service over a folder."""

import re
import unittest

import pages
import prometheus
from asking import Asking, settled

prometheus.require()
import world  # noqa: E402
from test_around import ADDRESS  # noqa: E402


class AFolder(Asking, world.Case):
    """One machine without a cluster: what there is on the pages is all there but the API server's and the Lease's."""

    flags = ("-users=20", "-domains-per-org=2", "-traps=false")

    def setUp(self):
        super().setUp()
        self.write("d1.yaml", self.resource("d1", "d1.example.com", more="  routingHost: nowhere.d1.example.com\n"))
        process = self.start("run", "--listen", "127.0.0.1:0")
        self.seen = ""
        while not ADDRESS.search(self.seen):
            line = process.stdout.readline()
            self.assertTrue(line, self.seen)
            self.seen += line
        address = ADDRESS.search(self.seen).group(1)
        self.prometheus = prometheus.Prometheus({"splitdelivery": {"targets": {address: {}}}}, [pages.RULES])
        self.addCleanup(self.prometheus.close)
        self.rounds = 0

    def stir(self):
        self.rounds += 1
        self.write_resource(annotations={"splitdelivery.dev/reconcile-at": str(self.rounds)})

    def test_answers_the_queries_of_the_dashboards(self):
        of_a_cluster = re.compile(r"rest_client_|^\w+( by \(instance\))? ?\(leader_election_")
        queries = {f"{name}: {title}: {expression}": settled(expression) for name, page in pages.dashboards().items()
                   for title, expression in pages.queries(page)
                   if not of_a_cluster.search(expression) and not (title == "Changes held" and "> 0" in expression)}
        self.assertGreater(len(queries), 55)
        self.until_all_answer(queries)
        self.until(lambda: self.alerts() == [("SplitDeliveryNotReady", "d1"), ("SplitDeliveryRoutingNotReady", None)], 30)

    def alerts(self):
        return sorted((each["labels"]["alertname"], each["labels"].get("name")) for each in self.prometheus.ask("alerts")["alerts"])


if __name__ == "__main__":
    unittest.main()
