"""The controller on clusters that are not as it would like them: no CRDs yet, older servers, CRDs of a newer version."""

import copy

from cluster import GROUP, ClusterCase, has_reason, is_ready, ready
from control_plane import NAMESPACE, ROOT, ControlPlane

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DOMAINS, BOOKS = f"{CRDS}/splitdeliverydomains.splitdelivery.dev", f"{CRDS}/addressbooks.splitdelivery.dev"
ROLES = "/apis/rbac.authorization.k8s.io/v1"


class Missing(ClusterCase):
    def tearDown(self):
        self.plane.install_crds()

    def remove(self, path):
        """The CRD, and every object that other tests have left under it."""
        plural = self.look(path)["spec"]["names"]["plural"]
        for each in self.call("GET", f"{GROUP}/{plural}")["items"]:
            about = each["metadata"]
            self.patch(f"{GROUP}/namespaces/{about['namespace']}/{plural}/{about['name']}",
                       {"metadata": {"finalizers": None}})
        self.call("DELETE", path)
        self.until(lambda: self.look(path) is None)

    def install(self):
        self.plane.install_crds()
        self.written.close()
        self.written = self.plane.watch(self.path)


class ClustersWithoutTheCrds(Missing):
    def test_are_told_what_to_apply_and_served_once_it_is(self):
        self.remove(DOMAINS)
        self.remove(BOOKS)
        controller = self.start()
        for text in (controller.text, controller.readiness):
            self.until(lambda text=text: "kubectl apply -f crds/" in text())
        self.install()
        self.apply(self.resource())
        self.until_resource(is_ready, seconds=45)
        self.until(lambda: controller.readiness() == "")
        self.stop(controller)

    def test_for_address_books_are_told_so_and_nothing_is_written(self):
        self.remove(BOOKS)
        controller = self.start()
        self.apply(self.resource())
        resource = self.until_resource(lambda each: ready(each) is not None)
        self.assertIn("addressbooks.splitdelivery.dev", ready(resource)["message"])
        self.assertIn("kubectl apply -f crds/", ready(resource)["message"])
        self.assertEqual(self.simulators.writes(), 0)
        self.plane.install_crds()
        self.annotate(reconcile_at="now")
        self.until_resource(is_ready)
        self.stop(controller)

    def test_any_more_lose_nothing_on_the_mail_server(self):
        self.remove(DOMAINS)  # with what other tests have left
        self.install()
        controller = self.start()
        self.apply(self.resource(deletionPolicy="Retain"))
        self.until_resource(is_ready)
        self.call("DELETE", DOMAINS)  # and the resource with it, which the controller lets go
        self.until(lambda: self.look(DOMAINS) is None)
        self.until(lambda: "kubectl apply -f crds/" in controller.readiness())
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.install()
        self.apply(self.resource())
        self.until_resource(is_ready, seconds=60)
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.stop(controller)


class AServerThatCannotStreamLists(ClusterCase):
    """Kubernetes before 1.32, or with the feature switched off."""

    @classmethod
    def setUpClass(cls):
        cls.older = ControlPlane("--feature-gates=WatchList=false")
        cls.addClassCleanup(cls.older.close)

    def control_plane(self):
        return self.older

    def test_is_asked_for_pages(self):
        controller = self.start()
        self.apply(self.resource())
        self.until_resource(is_ready)
        self.assertEqual(controller.readiness(), "")
        self.edit(addresses={"extra": ["support"]})
        self.until_resource(lambda each: is_ready(each) and each["status"]["forwarders"]["desired"] == 6)
        self.write_secret("directadmin", loginKey="wrong")
        self.annotate(reconcile_at="now")
        self.until_resource(lambda each: ready(each) is not None and not is_ready(each))
        self.stop(controller)

    def test_needs_the_verb_list_which_is_named(self):
        role = self.call("GET", f"{ROLES}/clusterroles/splitdelivery-controller")
        for rule in role["rules"]:
            rule["verbs"] = [verb for verb in rule["verbs"] if verb != "list"]
        self.call("POST", f"{ROLES}/clusterroles", {"metadata": {"name": "lacking"}, "rules": role["rules"]})
        self.call("POST", f"{ROLES}/clusterrolebindings", {
            "metadata": {"name": "lacking"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "lacking"},
            "subjects": [{"kind": "User", "name": "lacking-0", "apiGroup": "rbac.authorization.k8s.io"}]})
        controller = self.start(user="lacking-0")
        self.until(lambda: 'grant the verb "list" on it' in controller.readiness())
        self.stop(controller)


class ANewerSchema(Missing):
    """The CRDs of a later version, which are usually applied before its controller is."""

    def newer(self):
        """One more field with a default, one more policy, and unknown fields that stay."""
        crd = self.call("GET", DOMAINS)
        self.older = copy.deepcopy(crd["spec"])
        spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
        spec["x-kubernetes-preserve-unknown-fields"] = True
        spec["properties"]["policy"]["enum"].append("Mirror")
        spec["properties"]["gateway"] = {"type": "object", "default": {}, "properties": {
            "port": {"type": "integer", "default": 25}}}
        spec["properties"]["zoho"]["properties"]["region"] = {"type": "string", "default": "north"}
        self.call("PUT", DOMAINS, crd)
        probe = {**self.resource("probe"), "metadata": {"name": "probe"}}
        # The API server gets itself new handlers, and says meanwhile that it is shutting down.
        self.until(lambda: "gateway" in self.plane.raw("POST", f"{self.path}?dryRun=All", probe)[1].get("spec", {}))

    def test_adds_fields_that_are_passed_over(self):
        self.newer()
        controller = self.start()
        self.apply(self.resource(gateway={"port": 26}, later=[{"any": "thing"}]))
        resource = self.until_resource(is_ready)
        self.assertEqual(resource["spec"]["later"], [{"any": "thing"}])
        self.assertEqual(resource["spec"]["zoho"]["region"], "north")
        self.until(lambda: "spec.later" in controller.text())
        self.call("PUT", DOMAINS, {**self.call("GET", DOMAINS), "spec": self.older})
        self.until(lambda: "gateway" not in (self.get() or {}).get("spec", {"gateway": 0}))
        self.edit(addresses={"extra": ["support"]})
        resource = self.until_resource(lambda each: is_ready(each) and each["status"]["forwarders"]["desired"] == 6)
        self.assertEqual(self.simulators.writes(), 6)
        self.stop(controller)

    def test_adds_words_that_stop_their_resource_and_no_other(self):
        self.newer()
        controller = self.start()
        self.apply(self.resource("newer", policy="Mirror"), self.resource())
        resource = self.until_resource(has_reason("InvalidSpec"), "newer")
        self.assertIn("spec.policy", ready(resource)["message"])
        self.until_resource(is_ready)
        self.call("DELETE", f"{self.path}/newer")
        self.until(lambda: self.get("newer") is None)
        self.stop(controller)
        self.call("PUT", DOMAINS, {**self.call("GET", DOMAINS), "spec": self.older})
