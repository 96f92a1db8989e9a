"""`kubectl sdd` through the real kubectl, on a real API server: what a person at a terminal sees."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from cluster import ClusterCase, has_reason, is_ready
from control_plane import ROOT
from world import BINARY, terminate

PEOPLE = str(ROOT / "deploy" / "people.yaml")


class KubectlCase(ClusterCase):
    """With kubectl-sdd in a PATH of its own."""

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-kubectl."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "kubectl-sdd").symlink_to(BINARY)

    def kubeconfig(self, user="admin"):
        path = self.folder / f"kubeconfig-{user}"
        shutil.copy(self.plane.kubeconfig(user, self.namespace), path)
        return str(path)

    def command(self, *arguments, kubeconfig=None, **variables):
        """The command line and the environment of `kubectl sdd …`."""
        path = f"{self.folder}:{os.environ['PATH']}"
        return {"args": ["kubectl", "sdd", *arguments],
                "env": {**os.environ, "PATH": path, "KUBECONFIG": kubeconfig or self.kubeconfig(), **variables}}

    def sdd(self, *arguments, code=0, **options):
        """Runs it and checks the exit code; gives what it printed, errors last."""
        done = subprocess.run(**self.command(*arguments, **options), capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if os.environ.get("SPLITDELIVERY_SHOW"):
            print(f"\n$ kubectl sdd {' '.join(arguments)}\n{done.stdout}{done.stderr}", flush=True)
        return done.stdout + done.stderr

    def running(self, **spec):
        """A controller, and d0 that has had its first pass."""
        controller = self.start()
        self.apply(self.resource(**spec))
        self.until_resource(is_ready)
        return controller

    def held(self):
        """A controller with the deletion of user1's forwarder held under Manual; and the plan's id."""
        controller = self.running(approval="Manual")
        self.simulators.remove_user("user1")
        self.annotate(reconcile_at="look")
        return controller, self.until_resource(has_reason("DeletionsHeld"))["status"]["plan"]["id"]


class APerson(KubectlCase):
    def test_sees_how_resources_are(self):
        controller = self.running()
        table = self.sdd("status").splitlines()
        self.assertEqual(table[0].split()[:4], ["NAME", "DOMAIN", "READY", "REASON"])
        self.assertEqual(table[1].split()[:7], ["d0", "d0.example.com", "True", "Synced", "5/5", "-", "0"])
        self.assertIn(self.namespace, self.sdd("status", "-A"))
        self.assertEqual(json.loads(self.sdd("status", "-o", "json"))["resources"][0]["name"], "d0")
        full = self.sdd("status", "sdd/d0")
        for part in ("policy Sync", "✓ Ready", "Synced", "✓ ZohoReady", "✓ MailServerReady", "5 of 5 wanted",
                     "5 users", "last sync"):
            self.assertIn(part, full)
        self.assertNotIn("\x1b", full, "no colour but on a terminal")
        self.assertEqual(json.loads(self.sdd("status", "d0", "-o", "json"))["status"]["forwarders"]["inSync"], 5)
        self.stop(controller)

    def test_sees_where_mail_for_an_address_goes(self):
        self.simulators.set_forwarder("user2", "somebody@elsewhere.example")
        self.simulators.set_forwarder("shop", "shop@elsewhere.example")
        controller = self.running(addresses={"extra": ["support"], "exclude": ["user3"]})
        for address, parts in {
                "User1@D0.example.com.": ["user1@d0.example.com  (", "forwards it to user1@zoho.d0.example.com",
                                          "our forwarder is in place", "a user", "(ours)", "none on the mail server",
                                          "verified"],
                "user2@d0.example.com": ["forwards it to somebody@elsewhere.example", "in conflict, so nothing is changed",
                                         "spec.addresses.exclude"],
                "user3@d0.example.com": ["a user", "spec.addresses.exclude has it", "no rule for it"],
                "support@d0.example.com": ["only in spec.addresses.extra", "(ours)"],
                "shop@d0.example.com": ["not listed", "shop@elsewhere.example (somebody else's)"],
                "nobody@d0.example.com": ["neither Zoho nor the mail server has it"]}.items():
            answer = self.sdd("status", address, "-n", self.namespace)
            for part in parts:
                self.assertIn(part, answer)
        answer = json.loads(self.sdd("status", "user1@d0.example.com", "-n", self.namespace, "-o", "json"))
        self.assertEqual([each["standing"] for each in answer["resources"]], ["InSync"])
        everywhere = json.loads(self.sdd("status", "user1@d0.example.com", "-o", "json"))
        self.assertIn(self.namespace, [each["namespace"] for each in everywhere["resources"]])
        self.assertIn("did you mean \"d0.example.com\"", self.sdd("status", "anna@d00.example.com", "-n",
                                                                  self.namespace, code=1))
        self.assertIn("ask for anna@d0.example.com", self.sdd("status", "anna@zoho.d0.example.com", "-n",
                                                              self.namespace, code=1))
        self.stop(controller)

    def test_looks_at_a_held_plan_and_approves_it(self):
        controller, plan = self.held()
        shown = self.sdd("plan", "d0")
        self.assertIn("⏸ held - user1@d0.example.com → user1@zoho.d0.example.com", shown)
        self.assertIn(f"kubectl sdd approve d0 {plan}", shown)
        self.assertIn(plan, self.sdd("status", "d0"))
        lines = json.loads(self.sdd("plan", "d0", "-o", "json"))
        self.assertEqual(lines["id"], plan)
        self.assertIn({"operation": "delete", "address": "user1@d0.example.com", "held": True, "left": False,
                       "text": "⏸ held - user1@d0.example.com → user1@zoho.d0.example.com"}, lines["lines"])
        self.assertIn("its change waits for approval", self.sdd("status", "user1@d0.example.com", "-n", self.namespace))

        refused = self.sdd("approve", "d0", "0123456789abcdef", code=1)
        self.assertIn(f"kubectl sdd approve d0 {plan}", refused)
        self.assertNotIn("splitdelivery.dev/approved-plan", self.get()["metadata"].get("annotations", {}))
        self.assertIn("user1", self.simulators.forwarders())

        self.assertIn("⏸ held - user1@", self.sdd("approve", "d0", plan))
        self.until_resource(is_ready)
        self.assertNotIn("user1", self.simulators.forwarders())
        self.assertIn("nothing to approve", self.sdd("approve", "d0", plan, code=1))
        self.stop(controller)

    def test_asks_for_a_pass_and_waits_for_it(self):
        controller = self.running()
        self.simulators.add_user("newcomer")
        answer = self.sdd("resync", "d0")
        self.assertIn("Ready True  Synced", answer)
        self.assertIn("newcomer", self.simulators.forwarders())
        self.simulators.add_user("second")
        self.assertIn("Ready True", self.sdd("resync", "--all"))
        self.assertIn("second", self.simulators.forwarders())
        self.stop(controller)
        self.assertIn("check that a controller runs", self.sdd("resync", "d0", "--timeout", "1s", code=1))
        self.sdd("resync", "d0", "--wait=false")

    def test_suspends_and_resumes(self):
        controller = self.running()
        self.assertIn("kubectl sdd resume d0", self.sdd("suspend", "d0"))
        self.assertIn("already", self.sdd("suspend", "d0"))
        self.assertTrue(self.get()["spec"]["suspend"])
        self.assertIn("suspended", self.sdd("status", "d0"))
        self.simulators.add_user("newcomer")
        self.assertIn("kubectl sdd resume d0", self.sdd("resync", "d0", code=1))
        self.sdd("resume", "d0")
        self.sdd("resync", "d0")
        self.assertIn("newcomer", self.simulators.forwarders())
        self.assertIn("not suspended", self.sdd("resume", "d0"))
        self.stop(controller)

    def test_ends_a_wait_with_ctrl_c(self):
        self.apply(self.resource())
        waiting = subprocess.Popen(**self.command("resync", "d0", "--timeout", "60s"), stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        waiting.stdout.readline()
        code, _ = terminate(waiting)
        self.assertEqual(code, 1)


class AMistake(KubectlCase):
    def test_in_the_name_or_the_namespace_is_told_with_what_may_be_meant(self):
        self.apply(self.resource("example-com"))
        self.assertIn("did you mean \"example-com\"", self.sdd("status", "exmaple-com", code=1))
        self.assertIn("there are example-com", self.sdd("plan", "zzz", code=1))
        self.assertIn(f"add -n {self.namespace}", self.sdd("status", "example-com", "-n", "default", code=1))
        self.assertIn("-A", self.sdd("status", "-n", "default"))
        self.assertIn("has none", self.sdd("status", "zzz", "-n", "nowhere", code=1))
        self.assertIn("wait for its first pass", self.sdd("plan", "example-com", code=1))
        self.assertIn("no controller has looked at it yet", self.sdd("status", "example-com"))
        self.assertIn("did you mean \"approve\"", self.sdd("aprove", code=64))

    def test_in_the_kubeconfig_is_told(self):
        self.assertIn("it has test", self.sdd("status", "--context", "tset", code=1))
        gone = pathlib.Path(self.kubeconfig())
        config = json.loads(gone.read_text())
        config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
        gone.write_text(json.dumps(config))
        self.assertIn("the API server of the context test is not reached",
                      self.sdd("status", kubeconfig=str(gone), code=1))
        config["users"][0]["user"]["token"] = "wrong"
        config["clusters"][0]["cluster"]["server"] = f"https://{self.plane.host}"
        gone.write_text(json.dumps(config))
        self.assertIn("does not know you", self.sdd("status", kubeconfig=str(gone), code=1))


class TheRoles(KubectlCase):
    def bind(self, role):
        self.plane.kubectl("apply", "-f", PEOPLE)
        self.call("POST", f"/apis/rbac.authorization.k8s.io/v1/namespaces/{self.namespace}/rolebindings", {
            "metadata": {"name": role},
            "roleRef": {"kind": "ClusterRole", "name": role, "apiGroup": "rbac.authorization.k8s.io"},
            "subjects": [{"kind": "User", "name": "outsider", "apiGroup": "rbac.authorization.k8s.io"}]})

    def test_let_people_do_what_they_are_for_and_no_more(self):
        controller, plan = self.held()
        mine = self.kubeconfig("outsider")
        self.assertIn("you may not list splitdeliverydomains.splitdelivery.dev in the namespace " + self.namespace,
                      self.sdd("status", kubeconfig=mine, code=1))
        self.assertIn("you may not get", self.sdd("status", "d0", kubeconfig=mine, code=1))
        self.bind("splitdelivery-view")
        self.until(lambda: subprocess.run(**self.command("status", kubeconfig=mine), capture_output=True,
                                          check=False).returncode == 0)
        self.sdd("status", "d0", kubeconfig=mine)
        self.sdd("plan", "d0", kubeconfig=mine)
        self.assertIn("verified", self.sdd("status", "user1@d0.example.com", kubeconfig=mine))
        for refused in (("approve", "d0", plan), ("resync", "d0"), ("suspend", "d0")):
            self.assertIn("ask for the verb \"patch\"", self.sdd(*refused, kubeconfig=mine, code=1))
        self.bind("splitdelivery-operate")
        self.until(lambda: subprocess.run(**self.command("resync", "d0", kubeconfig=mine), capture_output=True,
                                          check=False).returncode == 0)
        self.sdd("approve", "d0", plan, kubeconfig=mine)
        self.until_resource(is_ready)
        self.stop(controller)


class ALogin(KubectlCase):
    def test_of_a_credential_plugin_works_as_for_kubectl(self):
        self.apply(self.resource())
        script = self.folder / "login.py"
        script.write_text("import json, os, sys\n"
                          "asked = json.loads(os.environ['KUBERNETES_EXEC_INFO'])\n"
                          "assert asked['kind'] == 'ExecCredential' and sys.argv[1] == 'for'\n"
                          "print(json.dumps({'kind': 'ExecCredential', 'apiVersion': asked['apiVersion'],\n"
                          "                  'status': {'token': os.environ['WHOSE']}}))\n")
        config = json.loads(pathlib.Path(self.kubeconfig()).read_text())
        for version in ("v1", "v1beta1"):
            config["users"][0]["user"] = {"exec": {
                "apiVersion": f"client.authentication.k8s.io/{version}", "command": "python3",
                "args": [str(script), "for"], "env": [{"name": "WHOSE", "value": self.plane.tokens["admin"]}],
                "interactiveMode": "IfAvailable", "provideClusterInfo": True}}
            path = self.folder / "exec"
            path.write_text(json.dumps(config))
            self.assertIn("d0.example.com", self.sdd("status", kubeconfig=str(path)))
            done = self.plane.kubectl("--kubeconfig", path, "get", "sdd", "-n", self.namespace)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_of_several_files_works_as_for_kubectl(self):
        self.apply(self.resource())
        config = json.loads(pathlib.Path(self.kubeconfig()).read_text())
        users = {"users": config.pop("users")}
        for name, part in (("first", config), ("second", users)):
            (self.folder / name).write_text(json.dumps(part))
        self.assertIn("d0.example.com", self.sdd("status", kubeconfig=f"{self.folder}/first:{self.folder}/second"))
