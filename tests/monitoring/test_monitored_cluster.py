"""A real Prometheus that scrapes two replicas of the real controller on a real API server: every query of every dashboard and
of every rule finds what it asks for, and what the pages and the alerts say is true.
"""

import unittest

import pages
import prometheus
from asking import ANSWER_SECONDS, Asking, in_full, settled

prometheus.require()
import cluster  # noqa: E402
from test_around import ADDRESS  # noqa: E402

JOB = "split-delivery-operator"


class ACluster(Asking, cluster.ClusterCase):
    """Two replicas, of which one leads; one resource that is well, one that holds, one that cannot log in, one without a way,
    one suspended. Prometheus gives the labels that discovery in a cluster would."""

    maxDiff = None
    flags = ("-users=15", "-domains-per-org=3", "-traps=false")

    def listen(self):
        process = self.start("--leader-elect")
        return self.until(lambda: ADDRESS.search(process.text())).group(1)

    def setUp(self):
        super().setUp()
        earlier = self.start()
        self.simulators.set_forwarder("user1", "kim@elsewhere.example", "d1.example.com")
        self.apply(self.resource(), self.resource("d1", "d1.example.com", maxDeletions=0))
        self.until_resource(cluster.is_ready)
        self.until_resource(cluster.is_ready, "d1")
        self.stop(earlier)
        # Somebody leaves, and d1 lets nobody go without a person's word.
        leaver = max(set(self.simulators.forwarders("d1.example.com")) - {"user1"})
        self.simulators.remove_user(leaver, "d1.example.com")
        self.leader = self.listen()
        self.until_resource(cluster.has_reason("DeletionsHeld"), "d1")
        self.standby = self.listen()
        self.write_secret("wrong", username="stranger", loginKey="wrong")
        server = {"server": self.simulators.urls["da"], "credentialsSecretRef": {"name": "wrong"}}
        self.apply(self.resource("d2", "d2.example.com", routingHost="nowhere.d2.example.com"),
                   self.resource("locked", "d9.example.com", directAdmin=server),
                   self.resource("asleep", "d8.example.com", suspend=True))
        self.until_resource(cluster.has_reason("RoutingNotReady"), "d2")
        self.until_resource(cluster.has_reason("BadCredentials"), "locked")

    def watch(self, **job):
        """Prometheus, as a ServiceMonitor would have it look at both."""
        targets = {address: {"namespace": "mail-system", "pod": f"pod-{number}"}
                   for number, address in enumerate((self.leader, self.standby))}
        self.prometheus = prometheus.Prometheus({JOB: {"targets": targets, **job}}, [pages.RULES])
        self.addCleanup(self.prometheus.close)
        self.until_asked("splitdelivery_build_info", lambda found: len(found) == 2)

    def stir(self):
        self.annotate(reconcile_at=str(next(self.numbers)))

    def test_answers_every_query_of_every_dashboard_and_has_every_series_of_the_rules(self):
        self.watch()
        asked = {in_full(metric, matchers) for rule in pages.alerts().values()
                 for metric, matchers in pages.selectors(rule["expr"])}
        self.assertGreater(len(asked), 15)
        self.until_all_answer({each: each for each in asked})
        for name, dashboard in pages.dashboards().items():
            with self.subTest(dashboard=name):
                dict(self.values_of_variables(dashboard))
                queries = pages.queries(dashboard)
                self.until_all_answer({f"{place}. {title}": settled(expression)
                                       for place, (title, expression) in enumerate(queries)})

    def alerts(self):
        """{alert: [its labels]}, those whose time has not come yet included."""
        found = {}
        for each in self.prometheus.ask("alerts")["alerts"]:
            labels = {key: value for key, value in each["labels"].items() if key not in ("alertname", "severity", "job")}
            found.setdefault(each["labels"]["alertname"], []).append(labels)
        return {name: sorted(labels, key=str) for name, labels in found.items()}

    def until_alerts(self, expected):
        try:
            self.until(lambda: self.alerts() == expected, ANSWER_SECONDS)
        except AssertionError:
            self.assertEqual(self.alerts(), expected)

    def about(self, name, domain):
        return {"namespace": self.namespace, "name": name, "domain": domain}

    def what_is_wrong(self):
        """The alerts that setUp gives reason for, and no others: the replica that stands by gives none."""
        held, no_way = self.about("d1", "d1.example.com"), self.about("d2", "d2.example.com")
        locked, asleep = self.about("locked", "d9.example.com"), self.about("asleep", "d8.example.com")
        here = {"namespace": "mail-system"}
        account = self.simulators.urls["da"].removeprefix("http://") + "/stranger"
        return {"SplitDeliveryNotReady": sorted([held, no_way, locked], key=str), "SplitDeliveryDeletionsHeld": [held],
                "SplitDeliveryOwnershipConflict": [held], "SplitDeliverySuspended": [asleep],
                "SplitDeliveryRoutingNotReady": [here], "SplitDeliveryAuthFailed": [{**here, "reason": "BadCredentials"}],
                "SplitDeliveryBreakerOpen": [{**here, "provider": "directadmin", "account": account}]}

    def figures(self):
        """The fleet's page: title → value of each number, and the rows of its table of resources."""
        page = pages.dashboards()["fleet.json"]
        found = {panel["title"]: self.prometheus.values(settled(panel["targets"][0]["expr"]))
                 for panel in pages.panels(page) if panel["type"] == "stat"}
        found.pop("Oldest good pass")
        table = next(panel for panel in pages.panels(page) if panel["type"] == "table" and panel["title"] == "Resources")
        rows = [(each["namespace"], each["name"]) for each, _ in self.prometheus.query(settled(table["targets"][0]["expr"]))]
        return found, sorted(rows)

    def until_the_figures_are_right(self):
        expected = ({"Resources": [5], "Not ready": [3], "Mail at risk": [1], "Addresses wanted": [14], "Not forwarded": [6],
                     "Changes held": [1], "Accounts stopped": [1]},
                    [(self.namespace, name) for name in ("asleep", "d0", "d1", "d2", "locked")])
        try:
            self.until(lambda: self.figures() == expected, ANSWER_SECONDS)
        except AssertionError:
            self.assertEqual(self.figures(), expected)

    def test_alerts_of_what_is_wrong_and_of_nothing_else(self):
        self.watch()
        self.until_alerts(self.what_is_wrong())
        self.assertEqual({name: rule["lastError"] for name, rule in self.prometheus.rules().items() if rule["health"] != "ok"},
                         {})
        self.until_the_figures_are_right()

    def test_says_the_same_where_the_scrape_honours_our_labels(self):
        self.watch(honor_labels=True)
        self.until_alerts(self.what_is_wrong())
        self.until_the_figures_are_right()

    def test_goes_on_when_another_replica_takes_over(self):
        self.watch()
        self.until_alerts(self.what_is_wrong())
        leader = self.controllers[1]
        leader.kill()
        leader.wait()
        gone = {"namespace": "mail-system", "pod": "pod-0", "instance": self.leader}
        self.until_alerts({**self.what_is_wrong(), "SplitDeliveryTargetDown": [gone]})
        self.until_the_figures_are_right()


if __name__ == "__main__":
    unittest.main()
