"""Events on a real API server, and what the status says at first sight: what `kubectl describe` tells a person."""

from cluster import ClusterCase, has_reason, is_ready, ready


class EventCase(ClusterCase):
    def setUp(self):
        super().setUp()
        self.events_path = f"/apis/events.k8s.io/v1/namespaces/{self.namespace}/events"

    def events(self, reason):
        return [each for each in self.call("GET", self.events_path)["items"] if each["reason"] == reason]

    def until_event(self, reason, holds=lambda event: True):
        return self.until(lambda: next((each for each in self.events(reason) if holds(each)), None))


class AResource(EventCase):
    def test_tells_its_life_in_events(self):
        controller = self.start()
        self.apply(self.resource(approval="Manual", deletionPolicy="Delete"))
        self.until_event("Synced")
        self.simulators.remove_user("user1")
        self.annotate(reconcile_at="now")
        held = self.until_event("DeletionsHeld")
        plan = self.until_resource(has_reason("DeletionsHeld"))["status"]["plan"]["id"]
        self.assertEqual(held["type"], "Warning")
        self.assertIn(f"kubectl sdd approve d0 {plan} -n {self.namespace}", held["note"])
        self.annotate(approved_plan=plan)
        self.assertIn(plan, self.until_event("ApprovedPlanCarriedOut")["note"])
        self.edit(suspend=True)
        self.until_event("Suspended")
        self.edit(suspend=False)
        self.until_event("Resumed")
        described = self.plane.kubectl("describe", "sdd", "d0", "-n", self.namespace).stdout
        for said in ("ForwardersChanged", "5 created", "1 deleted", "Synced", "DeletionsHeld", "Suspended"):
            self.assertIn(said, described)
        self.call("DELETE", f"{self.path}/d0")
        self.until(lambda: self.get() is None)
        self.assertEqual(len(self.events("ForwardersDeleted")), 1, "it was sent before the resource went")
        listed = self.plane.kubectl("get", "events", "-n", self.namespace).stdout
        self.assertIn("nothing that we made for d0.example.com is left", listed)
        self.stop(controller)

    def test_whose_trouble_comes_again_has_it_counted_and_nothing_told_twice_by_another_process(self):
        controller = self.start()
        self.apply(self.resource())
        self.until_event("Synced")
        self.call("DELETE", f"{self.secrets}/directadmin")
        self.assertIn("directadmin", self.until_event("SecretMissing")["note"])
        self.write_secret("directadmin", username="dauser0", loginKey="dakey0")
        again = self.until_event("Synced", lambda each: each.get("series"))
        self.assertEqual(again["series"]["count"], 2)
        self.assertEqual(again["reportingController"], "splitdelivery.dev/controller")
        self.stop(controller)
        before = {each["metadata"]["name"]: each for each in self.call("GET", self.events_path)["items"]}
        another = self.start()
        self.annotate(reconcile_at="now")
        self.until_resource(lambda each: each["status"].get("lastHandledReconcileAt") == "now")
        self.stop(another)
        after = {each["metadata"]["name"]: each for each in self.call("GET", self.events_path)["items"]}
        self.assertEqual(after, before)

    def test_that_was_retained_against_its_deletion_policy_says_so(self):
        controller = self.start()
        self.apply(self.resource(deletionPolicy="Delete"))
        self.until_resource(is_ready)
        self.edit(policy="UpsertOnly")
        self.call("DELETE", f"{self.path}/d0")
        self.until(lambda: self.get() is None)
        left = self.events("ForwardersLeft")
        self.assertEqual(len(left), 1)
        self.assertIn("5 forwarders of ours", left[0]["note"])
        self.assertIn("UpsertOnly", left[0]["note"])
        self.stop(controller)

    def test_goes_with_its_namespace_that_takes_no_events(self):
        controller = self.start()
        self.apply(self.resource())
        self.until_resource(is_ready)
        self.plane.finish_namespace(self.namespace)
        self.assertIsNone(self.get())
        self.stop(controller)

    def test_that_waits_for_its_first_pass_says_after_a_second_that_it_is_worked_on(self):
        self.simulators.fault(api="zoho", kind="Hang")
        controller = self.start()
        self.apply(self.resource())
        resource = self.until_resource(ready, seconds=8)
        conditions = {each["type"]: each for each in resource["status"]["conditions"]}
        self.assertEqual(conditions["Ready"]["reason"], "Progressing")
        self.assertEqual(conditions["Ready"]["status"], "Unknown")
        self.assertEqual(conditions["Reconciling"]["status"], "True")
        self.until_resource(lambda each: "waits for Zoho" in str(each["status"]), seconds=20)
        self.stop(controller)
