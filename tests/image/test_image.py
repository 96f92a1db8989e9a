"""The container image, built by the project's Dockerfile and run as a person or a kubelet would, without a right or a shell."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time
import unittest

import image

image.require()
import world  # noqa: E402
from cluster_process import Controller  # noqa: E402

try:
    import cluster
except SystemExit as end:  # its reason is printed
    if end.code != 77:
        raise
    cluster = None
import yaml  # noqa: E402

MEBIBYTE = 1 << 20
USER = 65532
MANIFESTS, STATE = "/etc/splitdelivery", "/var/lib/splitdelivery"
podman = None


def setUpModule():
    global podman  # pylint: disable=global-statement
    podman = image.built()


def load_tests(loader, tests, _pattern):
    """With what is made of the image, so that it is built once."""
    tests.addTests(loader.loadTestsFromName("test_release"))
    return tests


def run(*arguments, options=(), seconds=60):
    return subprocess.run(podman.container(*arguments, options=options), capture_output=True, text=True, check=False,
                          timeout=seconds, stdin=subprocess.DEVNULL)


def give(path):
    """Hands what a container mounts to its user."""
    for each in [path, *path.rglob("*")]:
        os.chown(each, USER, USER)


class TheImage(unittest.TestCase):
    def test_says_what_it_is_and_who_runs_it(self):
        told = json.loads(podman.run("image", "inspect", image.NAME).stdout)[0]
        version = re.search(r"project\(splitdelivery VERSION (\S+)", (image.ROOT / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual((told["Config"]["User"], told["Config"]["Entrypoint"]), ("65532:65532", ["/usr/bin/splitdelivery"]))
        labels = told["Config"]["Labels"]
        self.assertEqual({key.removeprefix("org.opencontainers.image."): value for key, value in labels.items()
                          if key.startswith("org.opencontainers.image.")},
                         {"title": "splitdelivery", "version": version, "revision": "abc", "licenses": "Apache-2.0",
                          "description": "E-mail split delivery: one domain over two mail systems"})
        self.assertLess(told["Size"], 32 * MEBIBYTE)
        self.assertEqual(run("version").stdout, f"splitdelivery {version}\n")

    def test_has_no_shell(self):
        for shell in ("/bin/sh", "/bin/bash", "sh"):
            done = run("-c", "true", options=[f"--entrypoint={shell}"])
            self.assertEqual(done.returncode, 127, done.stdout + done.stderr)

    def test_has_a_bill_of_materials_with_every_library(self):
        archive = podman.folder / "export.tar"
        podman.run("create", "--name=to-export", "--network=host", image.NAME)
        self.addCleanup(podman.run, "rm", "to-export")
        podman.run("export", f"--output={archive}", "to-export")
        listed = subprocess.check_output(["tar", "-tvf", archive], text=True)
        libraries = set(re.findall(r"^-.* (usr/lib/\S+\.so\S*)$", listed, re.MULTILINE))
        bill = json.loads(subprocess.check_output([sys.executable, image.ROOT / "deploy/image/sbom.py", "0.1.0", archive]))
        self.assertGreater(len(libraries), 15)
        self.assertEqual({f"./{path}" for path in libraries} - {each["fileName"] for each in bill["files"]}, set())
        self.assertEqual([each["fileName"] for each in bill["files"]
                          if re.match(r"\./(dev|proc|sys|run|src)/|\./etc/(hosts|resolv)", each["fileName"])], [])


class FolderCase(world.Case):
    """A folder that is mounted, with the state in a volume."""

    def setUp(self):
        super().setUp()
        self.volume = f"state-{os.getpid()}-{time.monotonic_ns()}"
        self.addCleanup(podman.run, "volume", "rm", "--force", self.volume)

    def command(self, name, *arguments):
        give(self.folder)
        return podman.container(
            name, "--manifests", MANIFESTS, "--state", STATE, "--dns-server", self.simulators.urls["dns"], *arguments,
            options=[f"--volume={self.folder}:{MANIFESTS}:ro", f"--volume={self.volume}:{STATE}"])


class AFolder(FolderCase):
    def kept(self):
        return pathlib.Path(podman.run("volume", "inspect", "--format={{.Mountpoint}}", self.volume).stdout.strip())

    def test_is_planned_then_carried_out_and_remembered(self):
        self.assertIn("Plan: 20 to create", self.run_command("plan", code=2))
        self.assertEqual(self.simulators.writes(), 0)
        self.assertIn("20 created", self.run_command("sync"))
        self.assertEqual(len(self.simulators.forwarders()), 20)
        self.assertIn("0 created", self.run_command("sync"))
        book = self.kept() / "books/default.d0.json"
        self.assertEqual((book.stat().st_uid, book.stat().st_gid), (USER, USER))

    def test_may_name_servers_by_what_etc_hosts_knows(self):
        urls = {key: self.simulators.urls[key].replace("127.0.0.1", "localhost") for key in ("da", "zoho")}
        self.write_resource(server=urls["da"], zoho=urls["zoho"])
        self.assertIn("Plan: 20 to create", self.run_command("plan", code=2))

    def test_that_the_user_of_the_image_cannot_read_is_told(self):
        self.write_resource()
        command = self.command("plan")
        os.chown(self.folder / "secrets.yaml", 0, 0)
        os.chmod(self.folder / "secrets.yaml", 0o600)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stdout + done.stderr, r"secrets\.yaml.*[Pp]ermission denied")

    def test_is_served_as_the_compose_file_says(self):
        compose = yaml.safe_load((image.ROOT / "deploy/compose/compose.yaml").read_text())
        service = compose["services"]["splitdelivery"]
        self.assertEqual((image.ROOT / "deploy/compose" / service["build"]["context"]).resolve(), image.ROOT)
        self.assertIn(f"ARG VERSION={service['image'].removeprefix('splitdelivery:')}\n",
                      (image.ROOT / "Dockerfile").read_text())
        self.assertEqual((service["read_only"], service["cap_drop"], service["security_opt"]),
                         (True, ["ALL"], ["no-new-privileges:true"]), "as podman.container() has it")
        self.assertEqual(service["volumes"], [f"./mail:{MANIFESTS}:ro", f"state:{STATE}"])
        self.assertIn("state", compose["volumes"])
        self.assertEqual(service["command"][-2:], ["--listen", service["ports"][0].removeprefix("127.0.0.1:8080")])
        arguments = ["127.0.0.1:0" if each == ":8080" else each for each in service["command"]]
        give(self.folder)
        log = podman.folder / "compose.log"
        process = Controller(podman.container(
            *arguments, "--dns-server", self.simulators.urls["dns"],
            options=[f"--volume={self.folder}:{MANIFESTS}:ro", f"--volume={self.volume}:{STATE}"]), log)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.until(lambda: process.poll() is not None or len(self.simulators.forwarders()) == 20)
        self.until(lambda: process.poll() is not None or process.ask("/readyz")[0] == 200)
        self.assertIsNone(process.poll(), process.text())
        process.terminate()
        self.assertEqual(process.wait(40), 0, process.text())


class AnEnvFile(FolderCase):
    """The split delivery script's .env, and no document."""

    def setUp(self):
        super().setUp()
        self.env = self.folder / ".env"
        urls = self.simulators.urls
        self.env.write_text("# As the script has it.\nCLIENT_ID=1000.SIMCLIENT\nCLIENT_SECRET=simsecret\n"
                            f"ORGANIZATION_ID={world.ORGANIZATION}\nUSER_ID=dauser0\nPASSWORD=dakey0\nSERVER={urls['da']}\n"
                            "CRON_SCHEDULE=\"*/5 * * * *\"\n"
                            f"ZOHO_ACCOUNTS_URL={urls['zoho']}\nZOHO_MAIL_URL={urls['zoho']}\n")

    def documented(self, line):
        """A line of docs/docker.md, with this test's file, volume and network."""
        words = [word.replace("splitdelivery-state", self.volume).replace(".env", str(self.env)) for word in line[2:]]
        at = words.index(TheDocs.name())
        return [*podman.command, "run", "--network=host", *image.LIMITS, *words[:at], image.NAME, *words[at + 1:],
                "--dns-server", self.simulators.urls["dns"]]

    def test_is_planned_then_served_as_the_docs_say(self):
        plan, serve = [line for line in documented_lines() if "--from-env" in line]
        done = subprocess.run(self.documented(plan), capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertNotIn("the policy is Observe", done.stdout)
        self.assertIn("  + ", done.stdout)
        self.assertEqual(self.simulators.writes(), 0)
        self.assertEqual(*(line[line.index("-e") + 1] for line in (plan, serve)))
        compose = yaml.safe_load((image.ROOT / "deploy/compose/from-env.yaml").read_text())["services"]["splitdelivery"]
        self.assertEqual(serve[serve.index(TheDocs.name()) + 1:], compose["command"])
        self.assertEqual(compose["environment"], {"SPLITDELIVERY_POLICY": "${SPLITDELIVERY_POLICY:-Observe}"})
        self.assertEqual((compose["image"], compose["env_file"]), (TheDocs.name(), ".env"))
        both = yaml.safe_load((image.ROOT / "deploy/compose/compose.yaml").read_text())["services"]["splitdelivery"]
        own = ("command", "env_file", "environment", "volumes")
        self.assertEqual({key: value for key, value in compose.items() if key not in own},
                         {key: value for key, value in both.items() if key not in own})
        command = [word for word in self.documented(serve) if word not in ("-d", "-p", "127.0.0.1:8080:8080")]
        for option in ("--name", "--restart"):
            del command[command.index(option):command.index(option) + 2]
        command[command.index(":8080")] = "127.0.0.1:0"
        process = Controller(command, podman.folder / "env.log")
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.until(lambda: process.poll() is not None or len(self.simulators.forwarders()) == 20)
        self.until(lambda: process.poll() is not None or process.ask("/readyz")[0] == 200)
        process.terminate()
        self.assertEqual(process.wait(40), 0, process.text())
        self.assertNotIn("simsecret", process.text())
        self.assertIn("CRON_SCHEDULE stands in quotes", process.text())


def documented_lines():
    """The `docker run` lines of docs/docker.md."""
    text = (image.ROOT / "docs/docker.md").read_text().replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line.startswith("docker run ")]


class TheDocs(FolderCase):
    """docs/docker.md: its `docker run` lines, by Podman and on this test's network."""

    def setUp(self):
        super().setUp()
        self.lines = [line for line in documented_lines() if "--from-env" not in line]
        self.assertEqual(len(self.lines), 2)

    def test_plan_a_folder(self):
        mail = self.folder / "mail"
        mail.mkdir()
        for path in self.folder.glob("*.yaml"):
            path.rename(mail / path.name)
        give(mail)
        words = [word.replace("$PWD", str(self.folder)).replace("splitdelivery-state", self.volume)
                 for word in self.lines[0][2:]]
        at = words.index(self.name())
        done = subprocess.run([*podman.command, "run", "--network=host", *image.LIMITS, *words[:at], image.NAME, *words[at + 1:],
                               "--dns-server", self.simulators.urls["dns"]], capture_output=True, text=True, check=False,
                              timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("Plan: 20 to create", done.stdout)

    def test_serve_as_the_compose_file_does(self):
        service = yaml.safe_load((image.ROOT / "deploy/compose/compose.yaml").read_text())["services"]["splitdelivery"]
        words = self.lines[1][2:]
        at = words.index(self.name())
        self.assertEqual(words[at + 1:], service["command"])
        volumes = [each.replace("./mail", "$PWD/mail").replace("state:", "splitdelivery-state:", 1)
                   for each in service["volumes"]]
        self.assertEqual(words[:at], [
            "-d", "--name", "splitdelivery", "--restart", service["restart"], "--stop-timeout",
            service["stop_grace_period"].removesuffix("s"), "--read-only", "--cap-drop", *service["cap_drop"],
            "--security-opt", "no-new-privileges", "-p", *service["ports"], "-v", volumes[0], "-v", volumes[1]])

    @staticmethod
    def name():
        """The image as the docs and the compose file call it, of the present version."""
        version = re.search(r"^ARG VERSION=(\S+)", (image.ROOT / "Dockerfile").read_text(), re.MULTILINE).group(1)
        return f"splitdelivery:{version}"


@unittest.skipIf(cluster is None, "no control plane")
class TheController(cluster.ClusterCase if cluster else unittest.TestCase):
    def kubeconfig(self, user):
        path = pathlib.Path(self.plane.kubeconfig(user, cluster.NAMESPACE))
        copy = podman.folder / path.name
        shutil.copy(path, copy)
        os.chown(copy, USER, USER)
        return [f"--volume={copy}:/kubeconfig:ro", "--env=KUBECONFIG=/kubeconfig"]

    def start_in_container(self, name):
        process = Controller(podman.container(
            "run", "--namespace", self.namespace, "--allow-server=127.0.0.1", "--leader-elect", "--dns-server",
            self.simulators.urls["dns"], "--listen=127.0.0.1:0",
            options=[*self.kubeconfig("controller"), f"--name={name}"]), podman.folder / f"{name}.log")
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.controllers.append(process)
        return process

    def test_makes_a_resource_ready_without_a_right_on_its_machine(self):
        process = self.start_in_container("controller")
        self.apply(self.resource())
        self.until_resource(cluster.is_ready)
        self.assertEqual(len(self.simulators.forwarders()), 5)
        self.until(lambda: process.ask("/readyz")[0] == 200)
        pid = podman.run("inspect", "--format={{.State.Pid}}", "controller").stdout.strip()
        status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        self.assertEqual(set(status["Uid"].split()) | set(status["Gid"].split()), {str(USER)})
        self.assertEqual((int(status["CapEff"], 16), int(status["CapBnd"], 16), status["NoNewPrivs"]), (0, 0, "1"))
        root = next(line.split() for line in pathlib.Path(f"/proc/{pid}/mountinfo").read_text().splitlines()
                    if line.split()[4] == "/")
        self.assertIn("ro", root[5].split(","))
        shown = run("status", "--namespace", self.namespace,
                    options=[*self.kubeconfig("admin"), "--entrypoint=kubectl-sdd"])
        self.assertRegex(shown.stdout, r"\nd0 +d0\.example\.com +True ", shown.stderr)
        process.terminate()
        self.assertEqual(process.wait(40), 0, process.text())


if __name__ == "__main__":
    unittest.main()
