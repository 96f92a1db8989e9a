"""Commands of the pages that need a cluster, run as they stand: kubectl, kustomize, Helm and kubectl sdd on a real API
server, over simulators. No kubelet is there: what a Deployment's pod would run, the test runs."""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import pages
import yaml

for folder in ("e2e", "chart"):
    sys.path.insert(0, str(pages.ROOT / "tests" / folder))
import chart  # noqa: E402
import chart_process  # noqa: E402
import control_plane  # noqa: E402
import known  # noqa: E402
import terminal  # noqa: E402
import world  # noqa: E402

control_plane.require()
# Of blocks that are run, what cannot be, and why. test_docs_names.py checks these lines too.
NOT_RUN = {"kubectl rollout status": "no kubelet starts the pod; the test starts the controller itself",
           "helm test": "the same; test_chart_controller.py runs what the pod of the test would"}


PROGRAMS = {"splitdelivery": world.BINARY, "kubectl-sdd": world.BINARY, "helm": chart.HELM / "helm4"}


QUICK_START = "docs/quick-start-cluster.md"
HOME = "splitdelivery-system"
KUSTOMIZE = "### With kustomize"  # in place of what stands before it
THE_END = "## To stop"            # what follows takes everything away


class EachPage(unittest.TestCase):
    def setUp(self):
        self.plane = control_plane.ControlPlane.shared()
        self.simulators = world.Simulators("-world=demo", "-traps=false")
        self.addCleanup(self.simulators.close)
        folder = terminal.checkout(self, PROGRAMS)
        kubeconfig = shutil.copy(self.plane.kubeconfig("admin", "mail"), folder / "kubeconfig")
        self.person = terminal.Terminal(folder, self.simulators, KUBECONFIG=kubeconfig,
                                        PATH=f"{folder}/bin:{os.environ['PATH']}", **chart.HOME)

    def after(self, command):
        """What a kubelet would do: starts the controller of a release."""
        if command.startswith("helm install"):
            self.release = command.split()[2]
            self.start_controller()

    def start_controller(self):
        status, deployment = self.plane.raw("GET", f"/apis/apps/v1/namespaces/{HOME}/deployments/{self.release}")
        self.assertEqual(status, 200, deployment)
        self.controller = chart_process.start_controller(self.plane, deployment, self.plane.folder / "controller.log")
        self.addCleanup(self.controller.wait)
        self.addCleanup(lambda process: process.poll() is None and process.kill(), self.controller)

    def let_minutes_pass(self):
        """Zoho's calls of the last one are forgotten, so that its list is read anew at once."""
        self.controller.terminate()
        self.assertEqual(self.controller.wait(30), 0)
        self.person.type(f"kubectl delete configmap splitdelivery-accounts -n {HOME}")
        self.start_controller()

    def hold(self):
        """What docs/cli.md says before it: somebody leaves Zoho, and every plan that deletes waits."""
        self.person.type("""kubectl patch sdd example-com --type=merge -p '{"spec":{"approval":"Manual"}}'""")
        self.simulators.remove_user("ben", "example.com", 60012345)
        self.let_minutes_pass()
        self.person.type("kubectl wait --for=condition=DeletionsHeld --timeout=30s sdd/example-com")
        _, (plan,) = self.person.type("kubectl get sdd example-com -o 'jsonpath={.status.plan.id}'")
        self.person.known["6f9e56651f759404"] = plan

    def instead(self, command):
        """The command as it is typed here; None for one that is not run."""
        if command == "kubectl sdd plan example-com":
            self.hold()
        if any(command.startswith(head) for head in NOT_RUN):
            return None
        if re.match(r"helm (install|upgrade)", command):
            if "serviceMonitor.enabled" in command:  # no Prometheus operator is there
                command += " --set serviceMonitor.renderMode=skip,prometheusRule.renderMode=skip"
            return command + (f" --set 'allowServers={{*.mxlogin.com,127.0.0.1}}'"
                              f" --set 'dnsServers={{{self.simulators.urls['dns']}}}'")
        return command

    def follow(self, blocks):
        """How many of them were run. The files of a page that has none to run are not for us."""
        to_run = sum(block.kind == "cluster" for block in blocks)
        for block in blocks if to_run else []:
            if block.file:
                self.person.save(block.file, block.text)
            elif block.kind == "cluster":
                self.person.follow(self, block, self.instead, self.after)
        return to_run

    def quick_start(self, begin, end):
        """Its blocks between two headings; None: its beginning, its end."""
        text = pages.pages()[QUICK_START]
        lines = [text[:text.index(f"\n{each}\n")].count("\n") if each else None for each in (begin, end)]
        return [block for block in pages.blocks(QUICK_START, text)
                if (begin is None or block.line > lines[0]) and (end is None or block.line < lines[1])]

    def test_does_what_it_says_where_the_quick_start_has_led(self):
        led = self.follow(self.quick_start(None, KUSTOMIZE)) + self.follow(self.quick_start("## 3. The credentials", THE_END))
        self.assertGreater(led, 3, "the marks are lost")
        for page, text in pages.pages().items():
            if page != QUICK_START:
                with self.subTest(page):
                    self.follow(list(pages.blocks(page, text)))
        self.assertEqual(self.follow(self.quick_start(THE_END, None)), 1)
        self.plane.kubectl("delete", "-f", pages.ROOT / "crds")
        self.assertEqual(self.follow(self.quick_start(KUSTOMIZE, "## 3. The credentials")), 1)
        _, deployment = self.plane.raw("GET", "/apis/apps/v1/namespaces/splitdelivery-system/deployments/splitdelivery")
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        self.assertIn("--allow-server=*.mxlogin.com", container["args"])
        self.assertRegex(container["image"], "^registry.example.com/mail/splitdelivery:")


class AFlag(unittest.TestCase):
    """Of kubectl and Helm, in every block: also of those that are not run."""

    def helps(self, words):
        """Of the command that the words begin with, and what every command takes."""
        words = [str(PROGRAMS["helm"]) if words[0] == "helm" else words[0], *words[1:]]
        told = [subprocess.run([*each, "--help"], capture_output=True, text=True, check=False).stdout for each in (words, words[:1])]
        return "".join(told) + subprocess.run([words[0], "options"], capture_output=True, text=True, check=False).stdout

    def test_is_in_the_help_of_its_command(self):
        asked = {}
        for block in pages.all_blocks():
            for command, _ in block.commands() if block.kind else []:
                typed = re.match(r"(kubectl|helm)( -n \S+)?((?: [a-z]+(?:-[a-z]+)*)+)", command)
                if typed is None or " sdd" in typed[3][:5]:
                    continue
                words = (typed[1], *typed[3].split()[:3])
                if words not in asked:
                    asked[words] = self.helps(words)
                for flag in re.findall(r"(?<!\S)(--[a-z][a-z-]+|-[a-zA-Z](?=\s))", re.split(r" [|#]", command)[0]):
                    self.assertRegex(asked[words], rf"(?m)(?<![\w-]){flag}\b", f"{block.where}: {command}")
        self.assertGreater(len(asked), 10)

    def test_that_stands_alone_in_a_sentence_is_in_the_help_of_some_command(self):
        for program, commands in (("helm", ("install", "upgrade", "template")), ("kubectl", ("get", "apply", "create secret generic"))):
            told = "".join(self.helps((program, *command.split())) for command in commands)
            for flag in known.OTHERS[program]:
                self.assertRegex(told, rf"(?m)(?<![\w-]){flag}\b")


class ADeployment(unittest.TestCase):
    """That a block names is one that the documented installs make."""

    def test_is_made_by_helm_or_kustomize(self):
        install = next(command for block in pages.blocks(QUICK_START, pages.pages()[QUICK_START])
                       for command, _ in (block.commands() if block.kind else []) if command.startswith("helm install"))
        rendered = subprocess.run([PROGRAMS["helm"], "template", *install.replace("\\\n", "").split()[2:4], "--api-versions=apps/v1"],
                                  cwd=pages.ROOT, capture_output=True, text=True, check=True, env={**os.environ, **chart.HOME}).stdout
        rendered += "\n---\n" + (pages.ROOT / "deploy/kustomize/base/controller.yaml").read_text(encoding="utf-8")
        made = {each["metadata"]["name"] for each in yaml.safe_load_all(rendered) if each and each["kind"] == "Deployment"}
        self.assertEqual(len(made), 2, made)
        named = {(block.where, name) for block in pages.all_blocks() if block.kind
                 for name in re.findall(r"(?<![\w/-])deployment/([a-z0-9-]+)", block.text)}
        self.assertGreater(len(named), 3)
        self.assertEqual({(where, name) for where, name in named if name not in made}, set())


class AnError(unittest.TestCase):
    """docs/troubleshooting.md has the words of the API server for what people get wrong most."""
    WRONG = {"strict decoding error: unknown field \"spec.": ("policy: Observe", "policy: Observe\n  polcy: Sync"),
             "supported values: \"Observe\", \"CreateOnly\", \"UpsertOnly\", \"Sync\"": ("policy: Observe", "policy: sync"),
             "in body must be of type string: \"integer\"": ('"60012345"', "60012345"),
             "cannot change: give the other domain a resource of its own": ("domain: example.com", "domain: other.example")}

    def test_is_quoted_as_it_is(self):
        plane = control_plane.ControlPlane.shared()
        page = pages.pages()["docs/troubleshooting.md"]
        document = next(block.text for block in pages.blocks(QUICK_START, pages.pages()[QUICK_START])
                        if block.file == "mail/example-com.yaml").replace("namespace: mail", "namespace: default")
        self.assertIn("could not find the requested resource", plane.kubectl("apply", "-f", "-", stdin=document).stderr
                      + plane.kubectl("get", "--raw", "/apis/splitdelivery.dev/v1alpha1/splitdeliverydomains").stderr)
        plane.install_crds()
        self.addCleanup(plane.kubectl, "delete", "-f", pages.ROOT / "crds")
        self.assertEqual(plane.kubectl("apply", "-f", "-", stdin=document).returncode, 0)
        for words, (right, wrong) in self.WRONG.items():
            with self.subTest(words):
                self.assertIn(words, page)
                self.assertIn(words, plane.kubectl("apply", "-f", "-", stdin=document.replace(right, wrong, 1)).stderr)
        self.assertIn("unknown command \"sdd\" for \"kubectl\"", page)


class ACRDThatWasEditedByHand(unittest.TestCase):
    """docs/upgrading.md, "A CRD that was edited by hand": what kubectl does about it. Helm's part is in tests/chart."""
    NAME = "splitdeliverydomains.splitdelivery.dev"

    def crd(self):
        return json.loads(self.plane.kubectl("get", "crd", self.NAME, "-o", "json").stdout)

    def test_is_put_right_by_kubectl(self):
        self.plane = control_plane.ControlPlane.shared()
        self.plane.install_crds()
        # The API server looks for objects of a CRD that goes for up to a minute, where it was changed right before.
        self.addCleanup(self.plane.kubectl, "delete", "-f", pages.ROOT / "crds", timeout=150)
        right = self.crd()["spec"]
        policy = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/policy"
        edits = [{"op": "remove", "path": f"{policy}/enum"}, {"op": "replace", "path": f"{policy}/description", "value": "mine"}]
        self.plane.kubectl("patch", "crd", self.NAME, "--type=json", "-p", json.dumps(edits))
        self.assertNotEqual(self.crd()["spec"], right)
        self.plane.kubectl("apply", "-f", pages.ROOT / "crds")
        self.assertEqual(self.crd()["spec"], right)
        edited = self.crd()
        edited["spec"]["names"]["shortNames"] = ["mine"]
        self.plane.kubectl("replace", "-f", "-", stdin=json.dumps(edited))
        self.assertIn("metadata.resourceVersion: ", self.plane.kubectl("apply", "-f", pages.ROOT / "crds").stderr)
        self.plane.kubectl("apply", "--server-side", "--force-conflicts", "-f", pages.ROOT / "crds")
        self.assertEqual(self.crd()["spec"], right)


if __name__ == "__main__":
    unittest.main()
