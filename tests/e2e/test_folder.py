"""plan and sync over a folder, as a person runs them."""

import json
import os
import stat
import subprocess
import unittest

import world


class TheMainJob(world.Case):
    def test_plan_then_sync_then_nothing_left(self):
        text = self.run_command("plan", code=2)
        self.assertIn("+ ", text)
        self.assertIn("Plan: 20 to create", text)
        self.assertEqual(self.simulators.writes(), 0)
        self.assertFalse((self.state / "books").exists(), "plan writes no book")
        self.assertIn("20 created", self.run_command("sync"))
        self.assertEqual(len(self.simulators.forwarders()), 20)
        writes = self.simulators.writes()
        self.assertIn("0 created", self.run_command("sync"))
        self.run_command("plan")
        self.assertEqual(self.simulators.writes(), writes, "a second sync changes nothing")
        self.assertEqual(self.simulators.log()["badRequests"], {})

    def test_somebody_leaves_and_somebody_comes(self):
        self.run_command("sync")
        leaver = sorted(self.simulators.forwarders())[0]
        self.simulators.remove_user(leaver)
        self.simulators.add_user("newcomer")
        result = self.run_json("sync")
        self.assertEqual(result["resources"][0]["changes"], {"created": 1, "updated": 0, "deleted": 1, "failed": 0})
        self.assertNotIn(leaver, self.simulators.forwarders())

    def test_a_mass_deletion_waits_for_its_approval(self):
        self.run_command("sync")
        for local in sorted(self.simulators.forwarders())[:10]:
            self.simulators.remove_user(local)
        held = self.run_json("sync", code=3)["resources"][0]["plan"]
        self.assertEqual(len(held["held"]), 10)
        self.assertIn(f'splitdelivery.dev/approved-plan: "{held["id"]}"', self.run_command("plan", code=3))
        self.assertEqual(len(self.simulators.forwarders()), 20)
        self.write_resource(annotations={"splitdelivery.dev/approved-plan": held["id"]})
        self.run_command("plan", code=2)
        self.run_command("sync")
        self.assertEqual(len(self.simulators.forwarders()), 10)

    def test_what_others_made_is_left_alone(self):
        names = sorted(self.run_json("plan", code=2)["resources"][0]["plan"]["creates"], key=lambda each: each["address"])
        first = names[0]["address"].split("@")[0]
        self.simulators.set_forwarder(first, "somebody@elsewhere.example")
        self.simulators.set_forwarder("handmade", "handmade@zoho.d0.example.com")
        result = self.run_json("sync", code=3)
        self.assertEqual(result["resources"][0]["plan"]["conflicts"][0]["reason"], "DifferentDestination")
        self.assertEqual(self.simulators.forwarders()[first], "somebody@elsewhere.example")
        self.assertIn("handmade", self.simulators.forwarders())

    def test_eleven_plans_in_ten_minutes_mint_one_token(self):
        for _ in range(11):
            self.run_command("plan", code=2)
            self.forget_calls()
        self.assertEqual(self.simulators.tokens(), 1)

    def test_the_state_is_for_its_owner_alone(self):
        self.run_command("sync")
        for name in ("accounts.json", "books/default.d0.json"):
            self.assertEqual(stat.S_IMODE((self.state / name).stat().st_mode), 0o600, name)
        book = (self.state / "books/default.d0.json").read_text()
        self.assertEqual(json.loads(book)["version"], 1)
        for path in self.state.rglob("*"):
            if path.is_file() and path.name != "accounts.json":
                self.assertNotIn("simsecret", path.read_text())
                self.assertNotIn("dakey0", path.read_text())

    def test_the_status_stands_beside_it(self):
        self.run_command("sync")
        status = (self.state / "status/default.d0.yaml").read_text()
        self.assertIn("reason: Synced", status)
        self.assertIn("managed: 20", status)


class CommandLine(world.Case):
    def test_wrong_usage_is_64(self):
        for arguments in ([], ["nonsense"], ["plan"], ["plan", "--manifests"], ["sync", "--manifests", "x", "-o", "xml"]):
            result = subprocess.run([world.BINARY, *arguments], capture_output=True, text=True, check=False)
            self.assertEqual(result.returncode, 64, arguments)

    def test_version_and_help(self):
        self.assertRegex(subprocess.check_output([world.BINARY, "version"], text=True), r"^splitdelivery \d+\.\d+\.\d+\n$")
        for command in ("plan", "sync"):
            text = subprocess.check_output([world.BINARY, command, "--help"], text=True)
            for word in ("--manifests", "--state", "SPLITDELIVERY_MANIFESTS", "Exit codes"):
                self.assertIn(word, text)

    def test_every_flag_has_an_environment_twin(self):
        environment = {**os.environ, "SPLITDELIVERY_MANIFESTS": str(self.folder), "SPLITDELIVERY_OUTPUT": "json"}
        output = subprocess.run([world.BINARY, "plan"], env=environment, capture_output=True, check=False, timeout=60)
        self.assertEqual(json.loads(output.stdout)["command"], "plan")

    def test_a_folder_that_is_not_there(self):
        result = subprocess.run([world.BINARY, "plan", "-m", str(self.folder / "nowhere")], capture_output=True, text=True,
                                check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nowhere", result.stdout + result.stderr)

    def test_an_empty_folder_is_told(self):
        for path in self.folder.glob("*.yaml"):
            path.unlink()
        self.assertIn("no SplitDeliveryDomain", self.run_command("plan", code=1))

    def test_an_invalid_document_does_not_stop_the_others(self):
        self.write("bad.yaml", self.resource(name="bad", domain="bad.example.com").replace("policy: Sync", "policy: Snyc"))
        self.write("broken.yaml", "spec: [1, 2\n---\n")
        text = self.run_command("sync", code=1)
        self.assertIn("20 created", text)
        self.assertIn("bad.yaml", text)
        self.assertIn("spec.policy", text)
        self.assertIn("broken.yaml", text)


if __name__ == "__main__":
    unittest.main()
