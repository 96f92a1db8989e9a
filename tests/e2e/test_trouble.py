"""What goes wrong on real machines: disks, locks, signals, kills, TLS, hosts."""

import http.server
import os
import pathlib
import random
import resource
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import world

NOBODY = 65534


def limit_file_size():
    """In the child, before it runs: no file may grow beyond 64 bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))


class TheStateFolder(world.Case):
    def test_a_second_sync_refuses_and_a_plan_does_not(self):
        self.simulators.fault(api="da", endpoint="POST", kind="Latency", delayMs=300)
        first = self.start("sync")
        self.until(lambda: self.simulators.writes() > 0)
        text = self.run_command("sync", code=1)
        self.assertIn(str(first.pid), text, "it names the process that holds the lock")
        self.run_command("plan", code=2)
        output, _ = first.communicate(timeout=60)
        self.assertEqual(first.returncode, 0, output)

    def test_a_full_disk_changes_nothing_on_the_server(self):
        disk = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-disk."))
        self.addCleanup(shutil.rmtree, disk, ignore_errors=True)
        mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        if mounted:
            self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=True)
        self.run_command("sync", "--state", str(disk))
        self.simulators.add_user("newcomer")
        writes = self.simulators.writes()
        if mounted:
            with open(disk / "filler", "wb", buffering=0) as file, self.assertRaises(OSError):
                while True:
                    file.write(b"x" * 512)
            text = self.run_command("sync", "--state", str(disk), code=1)
            self.assertIn("free some space", text)
            (disk / "filler").unlink()
        else:  # no right to mount: a limit on the size of files fails the same write
            text = self.run_command("sync", "--state", str(disk), code=1, preexec_fn=limit_file_size)
        self.assertIn("StateNotWritable", text)
        self.assertEqual(self.simulators.writes(), writes)
        self.assertIn("1 created", self.run_command("sync", "--state", str(disk)))

    def test_a_read_only_one_serves_plan_and_refuses_sync(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give a file to somebody else")
        self.run_command("sync")
        for path in (self.folder, self.state, *self.state.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.simulators.add_user("newcomer")
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        before = sorted((path, path.stat().st_mtime_ns) for path in self.state.rglob("*"))
        self.assertIn("newcomer", self.run_command("plan", code=2, **as_nobody))
        self.assertEqual(before, sorted((path, path.stat().st_mtime_ns) for path in self.state.rglob("*")))
        self.assertIn(str(self.state), self.run_command("sync", code=1, **as_nobody))

    def test_a_damaged_book_is_set_aside_and_deletes_nothing(self):
        self.run_command("sync")
        book = self.state / "books/default.d0.json"
        book.write_text(book.read_text()[:100])
        self.simulators.remove_user(sorted(self.simulators.forwarders())[0])
        self.assertIn("damaged", self.run_command("sync"))
        self.assertEqual(len(self.simulators.forwarders()), 20)
        self.assertEqual(len(list((self.state / "books").glob("*damaged*"))), 1)

    def test_a_book_of_a_newer_version_is_left_alone(self):
        self.run_command("sync")
        book = self.state / "books/default.d0.json"
        text = book.read_text().replace('"version":1', '"version":2').replace('"version": 1', '"version": 2')
        book.write_text(text)
        self.assertIn("BookTooNew", self.run_command("sync", code=1))
        self.assertEqual(book.read_text(), text)


class Signals(world.Case):
    flags = ("-users=60", "-traps=false")

    def test_sigterm_in_the_middle_ends_between_two_writes(self):
        self.simulators.fault(api="da", endpoint="POST", kind="Latency", delayMs=50)
        process = self.start("sync")
        self.until(lambda: self.simulators.writes() >= 5)
        code, output = world.terminate(process)
        self.assertEqual(code, 1, output)
        self.assertIn("Interrupted", output)
        self.assertLess(len(self.simulators.forwarders()), 60)
        self.simulators.heal()
        self.run_command("sync")
        result = self.run_json("plan")
        self.assertEqual(result["resources"][0]["forwarders"]["managed"], 60, "nothing that we made is lost to us")

    def test_a_second_signal_ends_it_at_once(self):
        self.simulators.fault(api="zoho", kind="Hang")
        process = self.start("sync")
        self.until(lambda: self.simulators.log()["apis"]["zoho"]["requests"] > 0)
        code, _ = world.terminate(process)
        self.assertEqual(code, 1, "the first one gives up waiting")
        self.simulators.heal()

    def test_killed_at_random_moments_it_converges(self):
        seed = int(os.environ.get("SPLITDELIVERY_SEED", time.time()))
        print(f"seed {seed}")
        chance = random.Random(seed)
        foreign = {"stray": "stray@zoho.d0.example.com", "other": "x@elsewhere.example"}
        for local, to in foreign.items():
            self.simulators.set_forwarder(local, to)
        wanted = set(self.creates())
        self.simulators.fault(api="da", endpoint="POST", kind="Latency", delayMs=2)
        for kill in range(25):
            # Somebody comes and somebody goes, so that creates and deletes are always due.
            self.simulators.add_user(f"new{kill}")
            wanted.add(f"new{kill}")
            if kill % 3 == 2:
                leaver = chance.choice(sorted(wanted))
                self.simulators.remove_user(leaver)
                wanted.discard(leaver)
            self.forget_calls()
            process = self.start("sync")
            try:
                process.wait(timeout=chance.uniform(0.01, 0.25))
            except subprocess.TimeoutExpired:
                pass
            process.kill()
            process.communicate()
            for local, to in foreign.items():
                self.assertEqual(self.simulators.forwarders().get(local), to)
        self.simulators.heal()
        self.forget_calls()
        self.run_command("sync")
        expected = {local: f"{local}@zoho.d0.example.com" for local in wanted} | foreign
        self.assertEqual(self.simulators.forwarders(), expected)
        counts = self.run_json("plan")["resources"][0]["forwarders"]
        self.assertEqual((counts["managed"], counts["found"], counts["unmanaged"]), (len(wanted), 0, 1))

    def creates(self):
        plan = self.run_json("plan", code=2)["resources"][0]["plan"]
        return [each["address"].split("@")[0] for each in plan["creates"]]


class Hosts(world.Case):
    def refused(self, expected_reason, **changes):
        self.write_resource(**changes)
        text = self.run_command("sync", code=1)
        self.assertIn(expected_reason, text)
        self.assertEqual(self.simulators.writes(), 0)
        return text

    def test_nobody_listens(self):
        text = self.refused("ConnectFailed", server="http://127.0.0.1:9")
        self.assertIn("127.0.0.1:9", text)

    def test_a_name_that_does_not_resolve(self):
        self.assertIn("no-such-host.invalid", self.refused("HostNotFound", server="https://no-such-host.invalid:2222"))

    def test_plain_http_to_another_machine_is_refused_before_anything_is_sent(self):
        self.write_resource(server="http://192.0.2.1:2222")
        self.assertIn("https", self.run_command("sync", code=1))

    def test_a_wrong_password_is_tried_twice_at_most(self):
        self.write("secrets.yaml", self.secret("zoho", clientId="1000.SIMCLIENT", clientSecret="simsecret") + "---\n" +
                   self.secret("directadmin", username="dauser0", loginKey="wrong"))
        self.assertIn("BadCredentials", self.run_command("sync", code=1))
        self.assertLessEqual(self.simulators.log()["apis"]["da"]["requests"], 2)

    def test_a_certificate_that_nobody_signed(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-tls."))
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                       check=True, capture_output=True)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"https://localhost:{server.server_address[1]}"
        text = self.refused("TLSFailed", server=url)
        self.assertIn("caBundle", text)
        bundle = "".join(f"      {line}\n" for line in (folder / "cert.pem").read_text().splitlines())
        self.write_resource(server=url, more=f"    caBundle: |\n{bundle}")
        self.assertNotIn("TLSFailed", self.run_command("sync", code=1), "trusted now: what fails is what comes after")


if __name__ == "__main__":
    unittest.main()
