"""Values that a slip of the pen makes: what is refused, and that the sentence names the value and the fix."""

import re
import unittest

from chart import BOTH, CHART, Refused, controller_of, find, helm, kinds_of, render

MONITORED = "monitoring.coreos.com/v1"

# What the schema refuses, and what has to be named.
BY_THE_SCHEMA = (
    ({"replicas": 2}, "replicas"),
    ({"image": {"repo": "x"}}, "repo"),
    ({"image": {"pullPolicy": "Sometimes"}}, "pullPolicy"),
    ({"image": {"digest": "0123"}}, "digest"),
    ({"image": {"repository": "registry.example.com/Mail"}}, "repository"),
    ({"image": {"tag": "a b"}}, "tag"),
    ({"log": {"level": "loud"}}, "level"),
    ({"log": {"format": "xml"}}, "format"),
    ({"workers": 0}, "workers"),
    ({"workers": "16"}, "workers"),
    ({"kubeAPI": {"burst": 0}}, "burst"),
    ({"replicaCount": -1}, "replicaCount"),
    ({"strategy": {"type": "BlueGreen"}}, "strategy"),
    ({"leaderElection": {"enabled": "yes"}}, "enabled"),
    ({"leaderElect": {"enabled": True}}, "leaderElect"),
    ({"watchNamespaces": ["Mail"]}, "watchNamespaces"),
    ({"watchNamespaces": ["mail", "mail"]}, "watchNamespaces"),
    ({"watchNamespaces": "mail"}, "watchNamespaces"),
    ({"allowServers": ["https://eagle.mxlogin.com:2222"]}, "allowServers"),
    ({"dnsServers": ["dns.example.com"]}, "dnsServers"),
    ({"terminationGracePeriodSeconds": 30}, "terminationGracePeriodSeconds"),
    ({"crds": {"install": True}}, "install"),
    ({"rbac": {"scope": "Namespace"}}, "scope"),
    ({"rbac": {"people": {"aggregate": True}}}, "aggregate"),
    ({"livenessProbe": {"path": "/"}}, "path"),
    ({"listen": {"port": 80}}, "port"),
    ({"service": {"type": "LoadBalancer"}}, "type"),
    ({"networkPolicy": {"directAdminPorts": [70000]}}, "directAdminPorts"),
    ({"serviceMonitor": {"renderMode": "never"}}, "renderMode"),
    ({"serviceMonitor": {"interval": "often"}}, "interval"),
    ({"prometheusRule": {"alerts": {"Any": {"severity": "bad"}}}}, "severity"),
    ({"prometheusRule": {"alerts": {"Any": {"enable": False}}}}, "enable"),
    ({"prometheusRule": {"alerts": {"Any": {"for": "long"}}}}, "for"),
    ({"podLabels": {"number": 1}}, "number"),
    ({"podDisruptionBudget": {"minAvailable": "half"}}, "minAvailable"),
    ({"dnsPolicy": "Any"}, "dnsPolicy"),
    ({"statusPage": {"enabled": "yes"}}, "enabled"),
    ({"statusPage": {"address": True}}, "address"),
    ({"extraObjects": {"kind": "ConfigMap"}}, "extraObjects"),
)

# What contradicts, and words of the sentence: what is wrong, and what to set.
BY_A_SENTENCE = (
    ({"replicaCount": 2, "leaderElection": {"enabled": False}},
     "replicaCount is 2 and leaderElection.enabled is false, so all of them would write at once: turn "
     "leaderElection.enabled on, or set replicaCount to 1"),
    ({"strategy": {"type": "RollingUpdate"}, "leaderElection": {"enabled": False}}, "or leave strategy empty"),
    ({"strategy": {"rollingUpdate": {"maxSurge": 1}}, "leaderElection": {"enabled": False}}, "or leave strategy empty"),
    ({"strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}}, "leave one of them out"),
    ({"podDisruptionBudget": {"enabled": True}}, "set replicaCount to 2, or turn podDisruptionBudget.enabled off"),
    ({"podDisruptionBudget": {"minAvailable": 1, "maxUnavailable": 1}}, "leave one of them empty"),
    ({"rbac": {"scope": "Namespaced"}}, "list its namespaces in watchNamespaces, or set rbac.scope to Cluster"),
    ({"serviceAccount": {"create": False}}, "give serviceAccount.name, or turn rbac.create off"),
    ({"automountServiceAccountToken": False}, "turn automountServiceAccountToken on, or mount a projected token"),
    ({"serviceMonitor": {"enabled": True, "renderMode": "always"}, "service": {"enabled": False}},
     "turn service.enabled on"),
    ({"extraArgs": ["--workers=3"]}, "extraArgs has --workers, which is the value workers: set that"),
    ({"extraArgs": ["--log-level", "debug"]}, "extraArgs has --log-level, which is the value log.level: set that"),
    ({"extraArgs": ["--status-page=false"]}, "extraArgs has --status-page, which is the value statusPage.enabled: set that"),
    ({"statusPage": {"addresses": True}}, "turn statusPage.enabled on, or statusPage.addresses off"),
    ({"extraArgs": ["--manifests=/mail"]}, "is for a folder without a cluster: leave it out"),
    ({"serviceMonitor": {"enabled": True}}, "install the Prometheus Operator (kube-prometheus-stack) first, or set "
                                            "serviceMonitor.renderMode to skip, or to always"),
    ({"prometheusRule": {"enabled": True}}, "or set prometheusRule.renderMode to skip"),
    ({"prometheusRule": {"alerts": {"NoSuchAlert": {"enabled": False}}}},
     "prometheusRule.alerts.NoSuchAlert: there is no alert of this name; there are "),
)


class AValue(unittest.TestCase):
    def refusal(self, values, which="helm4"):
        with self.assertRaises(Refused) as caught:
            render(values, which=which)
        return str(caught.exception)

    def test_that_is_misspelt_or_impossible_is_refused_by_name(self):
        for values, name in BY_THE_SCHEMA:
            with self.subTest(values):
                said = self.refusal(values)
                self.assertIn("values don't meet the specifications of the schema", said)
                self.assertRegex(said, rf"\b{re.escape(name)}\b")

    def test_that_is_taken_away_is_refused_or_no_longer_rendered(self):
        for which in BOTH:
            for values, name in (({"log": None}, "log"), ({"image": {"tag": None}}, "tag"), ({"crds": {"keep": None}}, "keep")):
                said = self.refusal(values, which)
                self.assertIn("values don't meet the specifications of the schema", said)
                self.assertRegex(said, rf"\b{name}\b")
            objects = render(dict.fromkeys(("resources", "securityContext", "podSecurityContext", "nodeSelector")), which=which)
            self.assertNotIn("resources", controller_of(objects))
            self.assertNotIn("nodeSelector", find(objects, "Deployment")["spec"]["template"]["spec"])

    def test_that_contradicts_another_is_refused_with_the_fix(self):
        for values, words in BY_A_SENTENCE:
            with self.subTest(values):
                said = self.refusal(values)
                self.assertIn(words, said)
                self.assertNotIn("schema", said)

    def test_is_refused_by_helm_3_too(self):
        self.assertIn("imag", self.refusal({"imag": {}}, "helm3"))
        self.assertIn("list its namespaces", self.refusal({"rbac": {"scope": "Namespaced"}}, "helm3"))

    def test_after_another_is_refused_in_the_same_go(self):
        said = self.refusal({"rbac": {"scope": "Namespaced"}, "podDisruptionBudget": {"enabled": True}})
        self.assertIn("watchNamespaces", said)
        self.assertIn("podDisruptionBudget", said)

    def test_that_stands_right_beside_a_refused_one_is_taken(self):
        for values in ({"replicaCount": 2}, {"replicaCount": 0}, {"leaderElection": {"enabled": False}},
                       {"leaderElection": {"enabled": False}, "strategy": {"type": "Recreate"}},
                       {"podDisruptionBudget": {"enabled": True}, "replicaCount": 2}, {"terminationGracePeriodSeconds": 35},
                       {"podDisruptionBudget": {"enabled": True, "maxUnavailable": "50%"}, "replicaCount": 2},
                       {"rbac": {"scope": "Namespaced"}, "watchNamespaces": ["mail"]}, {"extraArgs": ["--record=/r"]},
                       {"serviceAccount": {"create": False, "name": "x"}}, {"global": {"any": "thing"}}, {"enabled": True}):
            with self.subTest(values):
                render(values)


class AnOldKubernetes(unittest.TestCase):
    def test_is_refused_and_a_vendors_name_for_a_new_one_is_not(self):
        for which in BOTH:
            done = helm("template", "sdo", CHART, "--kube-version", "v1.29.9", which=which)
            self.assertIn("chart requires kubeVersion: >=1.30.0-0", done.stderr)
            done = helm("template", "sdo", CHART, "--kube-version", "v1.30.0-eks-1234567", which=which)
            self.assertEqual(done.returncode, 0, done.stderr)


class AKindThatTheClusterDoesNotKnow(unittest.TestCase):
    def test_is_refused_skipped_or_rendered_as_told(self):
        for value, kind in (("serviceMonitor", "ServiceMonitor"),):
            for which in BOTH:
                def rendered(mode, *kinds):
                    return kind in kinds_of(render({value: {"enabled": True, "renderMode": mode}}, kinds=kinds, which=which))
                self.assertFalse(rendered("skip"))
                self.assertTrue(rendered("always"))
                for known in (MONITORED, f"{MONITORED}/{kind}"):
                    self.assertTrue(rendered("skip", known))
                    self.assertTrue(rendered("fail", known))
                with self.assertRaises(Refused):
                    rendered("fail", f"{MONITORED}/Probe")


if __name__ == "__main__":
    unittest.main()
