"""The service over a folder, as a person leaves it running."""

import json
import os
import pathlib
import random
import re
import signal
import time
import unittest

import world

INTERVAL = "  interval: 30s\n"


def memory_kib(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1))


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Service(world.Case):
    def run_service(self, *arguments):
        process = self.start("run", *arguments)
        self.until(lambda: len(self.simulators.forwarders()) == 20)
        return process

    def status(self):
        path = self.state / "status/default.d0.yaml"
        return path.read_text() if path.exists() else ""


class AService(Service):
    def test_does_the_job_and_ends_when_told_to(self):
        process = self.run_service()
        self.until(lambda: "reason: Synced" in self.status())
        code, output = world.terminate(process)
        self.assertEqual(code, 0, output)
        self.assertIn("started", output)
        self.assertIn("created=20", output)
        self.assertIn("stopped", output)
        self.assertNotIn("simsecret", output)

    def test_logs_one_json_object_a_line(self):
        process = self.run_service("--log-format", "json", "--log-level", "debug")
        code, output = world.terminate(process)
        self.assertEqual(code, 0)
        events = [json.loads(line) for line in output.splitlines()]
        changed = [event for event in events if event["msg"] == "forwarders changed"]
        self.assertEqual(changed[0]["created"], "20")
        self.assertEqual(changed[0]["domain"], "d0.example.com")
        self.assertEqual(len(changed[0]["pass"]), 8)

    def test_sees_a_changed_file_by_itself(self):
        process = self.run_service()
        self.write_resource(more="  addresses: {extra: [support]}\n")
        self.until(lambda: "support" in self.simulators.forwarders())
        self.assertEqual(world.terminate(process)[0], 0)

    def test_reads_again_on_sighup(self):
        process = self.run_service()
        process.send_signal(signal.SIGHUP)
        time_to_read = "SIGHUP: the manifests are read again"
        code, output = world.terminate(process)
        self.assertEqual(code, 0)
        self.assertIn(time_to_read, output)

    def test_a_document_that_vanishes_deletes_nothing_and_resumes(self):
        process = self.run_service()
        text = (self.folder / "d0.yaml").read_text()
        (self.folder / "d0.yaml").unlink()
        self.write("other.yaml", self.resource(name="other", domain="nobody.example"))
        self.until(lambda: (self.state / "status/default.other.yaml").exists())
        self.assertEqual(len(self.simulators.forwarders()), 20)
        self.write("d0.yaml", text + "  addresses: {extra: [support]}\n")
        self.until(lambda: "support" in self.simulators.forwarders())
        code, output = world.terminate(process)
        self.assertEqual(code, 0)
        self.assertIn("no usable document has default/d0 (d0.example.com): 20 forwarders", output)

    def test_a_damaged_document_is_named_and_deletes_nothing(self):
        process = self.run_service()
        text = (self.folder / "d0.yaml").read_text()
        self.write("d0.yaml", text.replace("policy: Sync", "policy: Snyc"))
        self.write("other.yaml", self.resource(name="other", domain="nobody.example"))
        self.until(lambda: (self.state / "status/default.other.yaml").exists())
        self.assertEqual(len(self.simulators.forwarders()), 20)
        code, output = world.terminate(process)
        self.assertEqual(code, 0)
        self.assertIn("spec.policy", output)

    def test_says_once_that_a_server_is_away(self):
        self.write_resource(server="http://127.0.0.1:9")
        process = self.start("run")
        self.until(lambda: "ConnectFailed" in self.status())
        code, output = world.terminate(process)
        self.assertEqual(code, 0)
        self.assertEqual(output.count("reason=ConnectFailed"), 1, output)

    def test_refuses_a_second_one_and_a_folder_that_is_not_there(self):
        process = self.run_service()
        self.assertIn(f"process {process.pid}", self.run_command("run", code=1))
        self.assertEqual(world.terminate(process)[0], 0)
        missing = world.subprocess.run([world.BINARY, "run", "--manifests", "/nonexistent", "--state",
                                        str(self.folder / "state")], capture_output=True, text=True, check=False)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("check --manifests", missing.stderr)


class AStop(Service):
    def test_ends_within_thirty_seconds_while_everything_hangs(self):
        self.simulators.fault(api="da", kind="Hang")
        process = self.start("run")
        self.until(lambda: self.simulators.log()["apis"]["da"]["requests"] > 0)
        begun = time.monotonic()
        code, output = world.terminate(process)
        self.assertLess(time.monotonic() - begun, 30)
        self.assertEqual(code, 0, output)


class AKilledService(Service):
    flags = ("-users=20", "-traps=false", "-token-limit=0")

    def test_converges_after_fifty_kills_under_load(self):
        chance = random.Random(20261124)
        names = []
        for round_ in range(50):
            # Something to create and something to delete in each life, killed somewhere in the middle of it.
            names.append(f"n{round_}")
            self.simulators.add_user(names[-1])
            if round_ >= 3:
                self.simulators.remove_user(names[round_ - 3])
            self.forget_calls()
            process = self.start("run")
            before = self.simulators.log()["apis"].get("da", {}).get("requests", 0)
            wanted = before + chance.randrange(1, 8)
            end = time.monotonic() + 10
            while time.monotonic() < end and self.simulators.log()["apis"].get("da", {}).get("requests", 0) < wanted:
                time.sleep(0.002)
            process.kill()
            process.wait()
        # A write of a killed process may still arrive: what it moved is mended by the next pass.
        self.write_resource(more="  maxDeletions: 1000\n  interval: 30s\n")
        self.forget_calls()
        process = self.start("run")
        wanted = {f"user{number}" for number in range(20)} | set(names[-3:])
        self.until(lambda: set(self.simulators.forwarders()) == wanted, seconds=90)
        self.assertEqual(world.terminate(process)[0], 0)
        self.assertEqual(self.simulators.log()["badRequests"], {})


class AQuietService(Service):
    def test_uses_nothing_while_nothing_is_due(self):
        process = self.run_service()
        self.until(lambda: "reason: Synced" in self.status())
        begun = cpu_seconds(process)
        time.sleep(10)  # what is measured here is time that passes
        used = cpu_seconds(process) - begun
        self.assertEqual(world.terminate(process)[0], 0)
        self.assertLessEqual(used, 0.02, "two ticks of the kernel's clock")

    def test_keeps_its_memory_and_descriptors_over_many_passes(self):
        process = self.run_service()
        readings = []
        for round_ in range(60):
            self.write_resource(more=f"  addresses: {{extra: [support{round_ % 2}]}}\n")
            self.until(lambda: f"support{round_ % 2}" in self.simulators.forwarders())
            readings.append((memory_kib(process), descriptors(process)))
        self.assertEqual(world.terminate(process)[0], 0)
        settled = readings[20]
        self.assertLess(readings[-1][0], settled[0] * 1.1, readings)
        self.assertLessEqual(readings[-1][1], settled[1] + 2, readings)


if __name__ == "__main__":
    unittest.main()
