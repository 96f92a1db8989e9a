"""Things that people do to the controller's objects on a real API server: it says what is wrong, or mends it."""

import copy

from cluster import GROUP, ClusterCase, has_reason, is_ready, ready


class CredentialsMayGo(ClusterCase):
    def requests(self):
        return sum(api["requests"] for api in self.simulators.log()["apis"].values())

    def test_to_the_hosts_that_their_secret_names_and_to_no_other(self):
        notes = {"splitdelivery.dev/servers": "eagle.example"}
        self.patch(f"{self.secrets}/directadmin", {"metadata": {"annotations": notes}})
        controller = self.start()
        self.apply(self.resource())
        resource = self.until_resource(has_reason("ServerNotAllowed"))
        self.assertIn("annotation splitdelivery.dev/servers of Secret", ready(resource)["message"])
        self.assertEqual(self.requests(), 0)
        notes = {"splitdelivery.dev/servers": "eagle.example, 127.0.0.1"}
        self.patch(f"{self.secrets}/directadmin", {"metadata": {"annotations": notes}})
        self.until_resource(is_ready, seconds=10)
        self.stop(controller)

    def test_where_the_controller_allows_it_and_nowhere_else(self):
        controller = self.start(allow=("elsewhere.example", "*.mxlogin.com"))
        self.apply(self.resource())
        resource = self.until_resource(has_reason("ServerNotAllowed"))
        self.assertIn("--allow-server", ready(resource)["message"])
        self.assertEqual(self.requests(), 0)
        self.stop(controller)


class TwoResourcesForOneDomain(ClusterCase):
    def test_in_two_namespaces_take_turns(self):
        other = self.another_namespace("other")
        controller = self.start(namespaces=[self.namespace, other])
        self.apply(self.resource())
        self.until_resource(is_ready)
        writes = self.simulators.writes()
        rival = self.resource("rival", deletionPolicy="Delete")
        rival["metadata"]["namespace"] = other
        self.apply(rival)
        path = f"{GROUP}/namespaces/{other}/splitdeliverydomains/rival"
        claimed = self.until(lambda: has_reason("DomainClaimed")(self.look(path)) and self.look(path))
        self.assertIn(f"kept by {self.namespace}/d0", ready(claimed)["message"])
        self.assertTrue(is_ready(self.get()))
        self.assertEqual(self.simulators.writes(), writes)
        self.call("DELETE", f"{self.path}/d0")
        self.until(lambda: is_ready(self.look(path)))
        self.assertEqual(self.look(path)["status"]["forwarders"]["found"], 5)
        self.stop(controller)


class AStatus(ClusterCase):
    # Not more of them: each pass that is asked for asks Zoho, and Zoho takes 30 calls a minute.
    damages = ({"status": None},
               {"status": {"conditions": [], "forwarders": None, "plan": {"held": True}}},
               {"status": {"observedGeneration": 0, "firstReceiver": "MailServer", "zoho": {"users": 99},
                           "conflicts": [{"address": "nobody"}], "lastSyncTime": "2099-01-01T00:00:00Z",
                           "conditions": [{"type": "Ready", "status": "False", "reason": "Nonsense", "message": "",
                                           "lastTransitionTime": "2001-01-01T00:00:00Z", "observedGeneration": 99}]}})

    @staticmethod
    def lasting(status):
        """What a pass finds out anew, whenever it is made."""
        status = copy.deepcopy(status)
        for field in ("lastHandledReconcileAt", "lastSyncTime", "lastChangeTime", "changes"):
            status.pop(field, None)
        for each in status["conditions"]:
            del each["lastTransitionTime"]
        return status

    def test_that_was_damaged_by_hand_is_whole_after_the_next_pass(self):
        controller = self.start()
        self.apply(self.resource())
        whole = self.lasting(self.until_resource(is_ready)["status"])
        for number, damage in enumerate(self.damages):
            with self.subTest(damage=damage):
                damaged = self.patch(f"{self.path}/d0/status", damage)
                self.checker.by_hand.append(damaged.get("status"))
                self.annotate(reconcile_at=f"pass {number}")
                self.until_resource(
                    lambda each, at=f"pass {number}": each.get("status", {}).get("lastHandledReconcileAt") == at)
                self.assertEqual(self.lasting(self.get()["status"]), whole)
                self.assertNotIn("2099", self.get()["status"]["lastSyncTime"])
        self.assertEqual(self.simulators.writes(), 5)
        self.stop(controller)

    def test_has_room_for_what_a_mail_server_says(self):
        self.simulators.set_forwarder("user1", ",".join(f"{'x' * 60}{number}@elsewhere.example" for number in range(900)))
        controller = self.start()
        self.apply(self.resource())
        resource = self.until_resource(has_reason("SyncedWithConflicts"))
        self.assertEqual(resource["status"]["forwarders"]["conflicts"], 1)
        self.stop(controller)


class ALongAddressBook(ClusterCase):
    flags = ("-users=5", "-domains-per-org=2", "-traps=false")

    def test_has_slices_whose_names_nobody_else_can_have(self):
        for number in range(2500):
            self.simulators.set_forwarder(f"other{number}", f"{'x' * 60}@{'y' * 60}.{'z' * 60}.example")
        controller = self.start()
        self.apply(self.resource())
        before = self.until_resource(is_ready, seconds=60)["status"]["forwarders"]
        slices = [each["metadata"]["name"] for each in self.call("GET", self.books)["items"]
                  if each["record"].get("sliceOf") == "d0"]
        self.assertGreater(len(slices), 1)
        self.apply(self.resource(slices[0], "d1.example.com"))
        taken = self.until_resource(has_reason("BookNameTaken"), slices[0])
        self.assertIn("give this one another name", ready(taken)["message"])
        self.call("DELETE", f"{self.path}/{slices[0]}")
        self.until(lambda: self.get(slices[0]) is None)
        self.assertEqual(self.look(f"{self.books}/{slices[0]}")["record"]["sliceOf"], "d0", "it is still a slice")
        self.stop(controller)
        controller = self.start()
        self.annotate(reconcile_at="again")
        resource = self.until_resource(
            lambda each: is_ready(each) and each["status"].get("lastHandledReconcileAt") == "again")
        self.assertEqual(resource["status"]["forwarders"], before, "the whole book was read back")
        self.stop(controller)
