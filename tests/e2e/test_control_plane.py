"""The control plane of the cluster tests itself: what those tests take for granted."""

import os
import signal
import threading
import unittest

import control_plane

control_plane.require()
MAPS = "/api/v1/namespaces/default/configmaps"


class Case(unittest.TestCase):
    def setUp(self):
        self.cluster = control_plane.ControlPlane.shared()

    def create(self, name, path=MAPS, **more):
        status, answer = self.cluster.raw("POST", path, {"metadata": {"name": name, **more}})
        self.assertEqual(status, 201, answer)
        self.addCleanup(self.cluster.raw, "DELETE", f"{path}/{name}")
        return answer

    def kubectl(self, *arguments, code=0, **options):
        result = self.cluster.kubectl(*arguments, **options)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout + result.stderr


class TheApiServer(Case):
    def test_is_ready_and_of_the_version_that_was_asked_for(self):
        self.assertEqual(self.cluster.raw("GET", "/readyz"), (200, "ok"))
        self.assertIn("Server Version: v1.35.4", self.kubectl("version"))

    def test_refuses_the_outsider_and_the_unknown(self):
        status, answer = self.cluster.raw("GET", "/api/v1/secrets", user="outsider")
        self.assertEqual((status, answer["reason"]), (403, "Forbidden"))
        self.assertIn("Forbidden", self.kubectl("get", "secrets", "-A", user="outsider", code=1))
        self.cluster.tokens["nobody"] = "not-a-token"
        self.addCleanup(self.cluster.tokens.pop, "nobody")
        self.assertEqual(self.cluster.raw("GET", "/api/v1/secrets", user="nobody")[0], 401)

    def test_is_back_with_all_objects_after_each_way_to_go(self):
        self.create("kept")
        for how in (signal.SIGTERM, signal.SIGKILL):
            self.cluster.stop_apiserver(how)
            with self.assertRaises(OSError):
                self.cluster.raw("GET", MAPS)
            self.cluster.start_apiserver()
            self.assertEqual(self.cluster.raw("GET", f"{MAPS}/kept")[0], 200)

    def test_outlives_a_killed_etcd(self):
        self.create("kept")
        self.cluster.restart_etcd()
        self.assertEqual(self.cluster.raw("GET", f"{MAPS}/kept")[0], 200)
        self.create("written-afterwards")

    def test_serves_each_thread_on_a_connection_of_its_own(self):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.cluster.raw("GET", "/version")[0]))
                   for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(answers, [200] * 8)

    def test_has_a_second_one_beside_it(self):
        second = control_plane.ControlPlane()
        self.addCleanup(second.close)
        self.create("only-in-the-first")
        self.assertNotEqual(second.host, self.cluster.host)
        self.assertEqual(second.raw("GET", f"{MAPS}/only-in-the-first")[0], 404)
        second.close()
        for process in (second.apiserver, second.etcd):
            self.assertEqual(process.returncode, -signal.SIGKILL)
            self.assertRaises(ProcessLookupError, os.kill, process.pid, 0)


class AWatch(Case):
    def test_sees_changes_in_order_and_over_a_restart(self):
        with self.cluster.watch(MAPS) as watch:
            self.create("one")
            watch.wait_for(lambda event: event["type"] == "ADDED" and event["object"]["metadata"]["name"] == "one")
            self.cluster.stop_apiserver(signal.SIGKILL)
            self.cluster.start_apiserver()
            self.create("two")
            watch.wait_for(lambda event: event["object"]["metadata"]["name"] == "two")
            names = [event["object"]["metadata"]["name"] for event in watch.events]
        self.assertEqual(names.count("one"), 1)
        self.assertLess(names.index("one"), names.index("two"))
        self.assertFalse(watch.is_alive())

    def test_says_what_did_not_come(self):
        with self.cluster.watch(MAPS) as watch:
            with self.assertRaisesRegex(AssertionError, "no such event within 0.2 s"):
                watch.wait_for(lambda event: event["type"] == "DELETED", seconds=0.2)

    def test_ends_with_the_refusal_of_a_user_without_the_right(self):
        with self.cluster.watch(MAPS, user="outsider") as watch:
            self.assertEqual(watch.wait_for(lambda event: event["type"] == "ERROR")["object"]["code"], 403)

    def test_gets_410_from_before_a_compaction(self):
        old = self.create("before")["metadata"]["resourceVersion"]
        for round_ in range(3):
            self.create(f"after{round_}")
        self.assertGreater(self.cluster.compact(), int(old))
        self.cluster.stop_apiserver()
        self.cluster.start_apiserver()
        with self.cluster.watch(MAPS, resource_version=old) as watch:
            event = watch.wait_for(lambda event: event["type"] == "ERROR")
        self.assertEqual((event["object"]["code"], event["object"]["reason"]), (410, "Expired"))
        self.assertEqual(self.cluster.raw("GET", MAPS)[0], 200)


class TheControllersRights(Case):
    def test_are_taken_by_the_server(self):
        self.cluster.bind_controller()
        printed = self.kubectl("apply", "--dry-run=server", "-f", control_plane.RBAC)
        self.assertEqual(printed.count("(server dry run)"), 5, printed)
        self.assertNotIn("Warning", printed)

    def test_are_those_of_the_file_and_no_more(self):
        self.cluster.bind_controller()
        here, own = "default", control_plane.NAMESPACE
        allowed = [("list", "secrets", here), ("watch", "secrets", here),
                   ("patch", "splitdeliverydomains.splitdelivery.dev/status", here),
                   ("delete", "addressbooks.splitdelivery.dev", here), ("update", "leases.coordination.k8s.io", own),
                   ("create", "configmaps", own)]
        refused = [("create", "pods", here), ("update", "secrets", here), ("delete", "secrets", here),
                   ("create", "splitdeliverydomains.splitdelivery.dev", here),
                   ("delete", "splitdeliverydomains.splitdelivery.dev", here), ("list", "configmaps", own),
                   ("update", "leases.coordination.k8s.io", here), ("get", "configmaps", here),
                   ("list", "namespaces", "")]
        self.assertEqual([rule for rule in allowed if not self.may(*rule)], [])
        self.assertEqual([rule for rule in refused if self.may(*rule)], [])

    def may(self, verb, resource, namespace):
        plural, _, subresource = resource.partition("/")
        plural, _, group = plural.partition(".")
        status, review = self.cluster.raw("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
            "spec": {"user": "controller", "resourceAttributes": {
                "verb": verb, "resource": plural, "group": group, "subresource": subresource,
                "namespace": namespace}}})
        self.assertEqual(status, 201, review)
        return review["status"]["allowed"]

    def test_are_what_its_token_gets(self):
        self.cluster.bind_controller()
        self.assertEqual(self.cluster.raw("GET", "/api/v1/secrets", user="controller")[0], 200)
        pod = {"metadata": {"name": "none"}, "spec": {"containers": [{"name": "none", "image": "none"}]}}
        status, answer = self.cluster.raw("POST", "/api/v1/namespaces/default/pods", pod, user="controller")
        self.assertEqual(status, 403, answer)
        self.assertIn('cannot create resource "pods"', answer["message"])


class TheAbsentControllers(Case):
    def test_end_a_namespace_in_the_order_asked_for(self):
        self.create("leaving", "/api/v1/namespaces")
        for plural in ("configmaps", "secrets"):
            self.create("content", f"/api/v1/namespaces/leaving/{plural}")
        with self.cluster.watch("/api/v1/configmaps") as maps, self.cluster.watch("/api/v1/secrets") as secrets:
            self.cluster.finish_namespace("leaving", order=("secrets", "configmaps"))
            gone = [int(watch.wait_for(lambda event: event["type"] == "DELETED" and
                                       event["object"]["metadata"]["namespace"] == "leaving")
                        ["object"]["metadata"]["resourceVersion"]) for watch in (secrets, maps)]
        self.assertLess(gone[0], gone[1])
        self.assertEqual(self.cluster.raw("GET", "/api/v1/namespaces/leaving")[0], 404)

    def test_leave_a_namespace_that_a_finalizer_holds(self):
        self.create("held", "/api/v1/namespaces")
        path = "/api/v1/namespaces/held/configmaps"
        self.create("content", path, finalizers=["example.com/hold"])
        with self.assertRaisesRegex(TimeoutError, "held/configmaps"):
            self.cluster.finish_namespace("held", seconds=2)
        self.assertEqual(self.cluster.raw("GET", "/api/v1/namespaces/held")[1]["status"]["phase"], "Terminating")
        self.cluster.raw("PATCH", f"{path}/content", {"metadata": {"finalizers": None}},
                         content_type="application/merge-patch+json")
        self.cluster.finish_namespace("held")
        self.assertEqual(self.cluster.raw("GET", "/api/v1/namespaces/held")[0], 404)

    def test_end_a_foreground_deletion(self):
        self.create("leaving")
        self.cluster.raw("DELETE", f"{MAPS}/leaving?propagationPolicy=Foreground")
        self.assertEqual(self.cluster.raw("GET", f"{MAPS}/leaving")[1]["metadata"]["finalizers"], ["foregroundDeletion"])
        self.assertEqual(self.cluster.finish_foreground(f"{MAPS}/leaving")[0], 200)
        self.assertEqual(self.cluster.raw("GET", f"{MAPS}/leaving")[0], 404)


if __name__ == "__main__":
    unittest.main()
