"""A resource that goes, on a real API server: whatever goes first, in the end it is gone, and a namespace with it (S14).

Nobody waits here for the minutes that S14 grants: the API server's own record of when it was deleted is moved back.
tests/reconcile/parting_test.cpp has the same in virtual time.
"""

import time

from cluster import ClusterCase, has_reason, is_ready

MINUTES, HOUR = 5 * 60, 60 * 60


class Leaving(ClusterCase):
    def made(self, **spec):
        """A controller, and a resource that has made its forwarders."""
        controller = self.start()
        self.apply(self.resource(**spec))
        self.until_resource(is_ready)
        return controller

    def until_gone(self, seconds=30):
        """The resource, and its address book with it."""
        self.until(lambda: self.get() is None and self.look(f"{self.books}/d0") is None, seconds)

    def earlier(self, seconds):
        self.plane.delete_earlier("splitdeliverydomains", self.namespace, "d0", seconds)

    def said(self, controller, *words):
        self.until(lambda: all(word in controller.text() for word in words))


class ANamespace(Leaving):
    def takes_a_retained_resource_along(self, *order):
        controller = self.made()
        self.plane.finish_namespace(self.namespace, order=order, seconds=20)
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.said(controller, "forwarders of ours stay on the mail server", "forwarders=5")
        self.stop(controller)

    def test_that_is_deleted_all_at_once_takes_a_retained_resource_along(self):
        self.takes_a_retained_resource_along()

    def test_whose_secrets_go_first_takes_a_retained_resource_along_at_once(self):
        self.takes_a_retained_resource_along("secrets", "configmaps", "splitdeliverydomains", "addressbooks")

    def test_whose_secret_goes_first_takes_its_resource_along_after_five_minutes(self):
        controller = self.made(deletionPolicy="Delete")
        with self.assertRaisesRegex(TimeoutError, "splitdeliverydomains"):
            self.plane.finish_namespace(self.namespace, order=("secrets",), seconds=2)
        self.until_resource(has_reason("SecretMissing"))
        self.earlier(MINUTES - 60)
        time.sleep(1)
        self.assertIsNotNone(self.get(), "not before five minutes")
        self.earlier(60)
        self.plane.finish_namespace(self.namespace, seconds=20)
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.said(controller, "forwarders of ours stay on the mail server", "forwarders=5", "Secret")
        self.stop(controller)

    def test_that_is_deleted_takes_forwarders_along_while_it_can(self):
        controller = self.made(deletionPolicy="Delete")
        self.plane.finish_namespace(self.namespace, order=("splitdeliverydomains",), seconds=20)
        self.assertEqual(self.simulators.forwarders(), {})
        self.stop(controller)

    def test_that_is_deleted_in_the_middle_of_a_first_pass_is_not_held_by_a_book_that_comes_late(self):
        controller = self.start()
        for late in range(15):
            self.apply(self.resource(policy="Observe" if late % 2 else "Sync"))
            time.sleep(0.01 * late)
            self.call("DELETE", f"{self.path}/d0")
            self.until_gone()
        self.plane.finish_namespace(self.namespace, seconds=20)
        self.stop(controller)


class AResource(Leaving):
    def test_whose_secret_comes_back_takes_its_forwarders_along(self):
        controller = self.made(deletionPolicy="Delete")
        self.call("DELETE", f"{self.secrets}/directadmin")
        self.call("DELETE", f"{self.path}/d0")
        self.until_resource(has_reason("SecretMissing"))
        self.write_secret("directadmin", username="dauser0", loginKey="dakey0")
        self.until_gone()
        self.assertEqual(self.simulators.forwarders(), {})
        self.stop(controller)

    def test_goes_without_zoho(self):
        controller = self.made(deletionPolicy="Delete")
        self.call("DELETE", f"{self.secrets}/zoho")
        self.simulators.fault(api="zoho", kind="Hang")
        self.call("DELETE", f"{self.path}/d0")
        self.until_gone()
        self.assertEqual(self.simulators.forwarders(), {})
        self.stop(controller)

    def test_whose_server_is_away_goes_after_an_hour(self):
        controller = self.made(deletionPolicy="Delete")
        self.simulators.fault(api="da", kind="ResetBefore")
        self.call("DELETE", f"{self.path}/d0")
        self.until(lambda: (self.get()["status"]["conditions"]) and not is_ready(self.get()))
        self.earlier(MINUTES + 60)
        time.sleep(1)
        self.assertIsNotNone(self.get(), "five minutes are for a Secret, not for a server")
        self.earlier(HOUR - MINUTES)
        self.until_gone()
        self.said(controller, "forwarders of ours stay on the mail server", "forwarders=5")
        self.stop(controller)

    def test_that_is_deleted_in_the_foreground_waits_for_the_garbage_collector_alone(self):
        for policy, left in (("Retain", 5), ("Delete", 0)):
            with self.subTest(policy):
                controller = self.made(deletionPolicy=policy)
                self.call("DELETE", f"{self.path}/d0?propagationPolicy=Foreground")
                self.until_resource(lambda each: each["metadata"]["finalizers"] == ["foregroundDeletion"])
                self.assertEqual(len(self.simulators.forwarders()), left)
                self.assertEqual(self.plane.finish_foreground(f"{self.path}/d0")[0], 200)
                self.until_gone()
                self.stop(controller)
                for local in self.simulators.forwarders():
                    self.simulators.remove_forwarder(local)

    def test_that_was_deleted_while_nobody_worked_goes_when_somebody_does(self):
        self.stop(self.made(deletionPolicy="Delete"))
        self.call("DELETE", f"{self.path}/d0")
        self.assertIsNotNone(self.get(), "its finalizer holds it")
        controller = self.start()
        self.until_gone()
        self.assertEqual(self.simulators.forwarders(), {})
        self.stop(controller)

    def test_whose_finalizer_was_taken_off_by_hand_leaves_no_book_behind(self):
        controller = self.made()
        self.patch(f"{self.path}/d0", {"metadata": {"finalizers": None}})
        self.call("DELETE", f"{self.path}/d0")
        self.until_gone()
        self.plane.finish_namespace(self.namespace, seconds=20)
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.stop(controller)

    def test_that_comes_again_under_its_name_begins_anew(self):
        controller = self.made()
        self.call("DELETE", f"{self.path}/d0")
        self.until_gone()
        self.apply(self.resource())
        resource = self.until_resource(is_ready)
        self.assertEqual((resource["status"]["forwarders"]["found"], resource["status"]["forwarders"]["managed"]), (5, 0))
        self.stop(controller)
