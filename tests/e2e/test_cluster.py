"""The controller on a real API server: what a person who uses kubectl sees."""

from cluster import ClusterCase, has_reason, is_ready
from cluster_status import kstatus


class AResource(ClusterCase):
    def test_that_is_applied_becomes_ready_and_its_forwarders_are_made(self):
        controller = self.start()
        self.apply(self.resource())
        done = self.plane.kubectl("wait", "-n", self.namespace, "--for=condition=Ready", "--timeout=30s", "sdd/d0")
        self.assertEqual(done.returncode, 0, done.stderr)
        resource = self.until_resource(is_ready)
        self.assertEqual(resource["status"]["forwarders"]["inSync"], 5)
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.assertEqual(resource["metadata"]["finalizers"], ["splitdelivery.dev/forwarders"])
        row = self.plane.kubectl("get", "sdd", "-n", self.namespace).stdout.splitlines()[1].split()
        self.assertEqual(row[:6], ["d0", "True", "d0.example.com", "5", "5", "false"])
        self.stop(controller)

    def test_that_is_edited_is_acted_on_at_once_and_once(self):
        controller = self.start()
        self.apply(self.resource())
        self.until_resource(is_ready)
        writes = self.simulators.writes()
        self.edit(addresses={"extra": ["support"]})
        self.until_resource(lambda resource: is_ready(resource) and resource["status"]["forwarders"]["desired"] == 6)
        self.assertIn("support", self.simulators.forwarders())
        self.assertEqual(self.simulators.writes() - writes, 1)
        self.stop(controller)

    def test_that_is_deleted_under_retain_goes_and_leaves_its_forwarders(self):
        controller = self.start()
        self.apply(self.resource())
        self.until_resource(is_ready)
        self.call("DELETE", f"{self.path}/d0")
        self.until(lambda: self.get() is None)
        self.assertIsNone(self.look(f"{self.books}/d0"))
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.stop(controller)

    def test_that_is_deleted_under_delete_takes_its_forwarders_along(self):
        controller = self.start()
        self.apply(self.resource(deletionPolicy="Delete"))
        self.until_resource(is_ready)
        self.simulators.set_forwarder("mine", "me@elsewhere.example")
        self.call("DELETE", f"{self.path}/d0")
        self.until(lambda: self.get() is None)
        self.assertIsNone(self.look(f"{self.books}/d0"))
        self.assertEqual(list(self.simulators.forwarders()), ["mine"])
        self.stop(controller)


class ASecret(ClusterCase):
    def test_that_is_missing_stalls_its_resource_until_it_is_there(self):
        self.call("DELETE", f"{self.secrets}/directadmin")
        controller = self.start()
        self.apply(self.resource())
        self.until_resource(has_reason("SecretMissing"))
        self.write_secret("directadmin", username="dauser0")
        self.until_resource(has_reason("SecretKeyMissing"))
        self.write_secret("directadmin", loginKey="dakey0")
        self.until_resource(is_ready)
        self.stop(controller)


    def test_that_is_rotated_is_used_at_once(self):
        self.write_secret("directadmin", loginKey="wrong")
        controller = self.start()
        self.apply(self.resource())
        resource = self.until_resource(has_reason("BadCredentials"))
        self.assertEqual(kstatus(resource), "Failed")
        asked = self.simulators.log()["apis"]["da"]["requests"]
        self.annotate(reconcile_at="now")
        self.until_resource(lambda each: each["status"].get("lastHandledReconcileAt") == "now")
        self.assertLessEqual(self.simulators.log()["apis"]["da"]["requests"] - asked, 2, "who keeps trying is banned")
        self.write_secret("directadmin", loginKey="dakey0")
        self.assertEqual(kstatus(self.until_resource(is_ready, seconds=10)), "Current")
        self.stop(controller)


class AnAddressBook(ClusterCase):
    def changed_book_deletes_nothing(self, change):
        controller = self.start()
        self.apply(self.resource())
        self.until_resource(is_ready)
        change(f"{self.books}/d0")
        self.simulators.remove_user("user1")
        before = self.simulators.forwarders()
        self.annotate(reconcile_at="now")
        self.until_resource(has_reason("BookChanged"))
        self.annotate(reconcile_at="again")
        resource = self.until_resource(
            lambda each: is_ready(each) and each["status"].get("lastHandledReconcileAt") == "again")
        self.assertEqual(resource["status"]["forwarders"]["managed"], 0)
        self.assertEqual(resource["status"]["forwarders"]["found"], 4)
        self.assertEqual(self.simulators.forwarders(), before, "nothing was deleted")
        self.assertIsNotNone(self.look(f"{self.books}/d0"), "it is written anew")
        self.stop(controller)

    def test_that_was_deleted_deletes_nothing_and_is_rebuilt_as_found(self):
        self.changed_book_deletes_nothing(lambda path: self.call("DELETE", path))

    def test_that_was_emptied_deletes_nothing_and_is_rebuilt_as_found(self):
        self.changed_book_deletes_nothing(lambda path: self.patch(path, {"record": None}))

    def test_that_was_made_undecodable_deletes_nothing_and_is_rebuilt_as_found(self):
        self.changed_book_deletes_nothing(lambda path: self.patch(path, {"record": {"data": "{nonsense"}}))
