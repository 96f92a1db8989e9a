"""The split delivery script's variables taken as they are: no document anywhere."""

import json
import os
import signal
import subprocess
import unittest

import world

SECRETS = {"CLIENT_SECRET": "simsecret", "PASSWORD": "dakey0"}


class FromEnv(world.Case):
    flags = ("-users=40", "-domains-per-org=2", "-traps=false")

    def setUp(self):
        super().setUp()
        for path in self.folder.iterdir():
            path.unlink()
        self.state = self.folder / "state"
        urls = self.simulators.urls
        self.variables = {"CLIENT_ID": "1000.SIMCLIENT", "ORGANIZATION_ID": str(world.ORGANIZATION), "USER_ID": "dauser0",
                          "SERVER": urls["da"], "CRON_SCHEDULE": "*/1 * * * *", "LOG_LEVEL": "INFO", **SECRETS,
                          "ZOHO_ACCOUNTS_URL": urls["zoho"], "ZOHO_MAIL_URL": urls["zoho"]}

    def command(self, name, *arguments):
        return [world.BINARY, name, "--from-env", "--state", str(self.state), "--dns-server", self.simulators.urls["dns"],
                *arguments]

    def environment(self, **more):
        """Others' variables besides, as in a shell."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SPLITDELIVERY_")}
        return {**kept, **self.variables, **more}

    def run_command(self, name, *arguments, code=0, **more):
        self.forget_calls()
        return super().run_command(name, *arguments, code=code, env=self.environment(**more))

    def run_json(self, name, *arguments, code=0, **more):
        done = subprocess.run(self.command(name, "-o", "json", *arguments), capture_output=True, text=True, check=False,
                              timeout=60, env=self.environment(**more))
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def created(self):
        return [domain for domain in ("d0.example.com", "d1.example.com") if len(self.simulators.forwarders(domain)) == 20]

    def kept(self):
        """All that the state folder holds."""
        return "".join(path.read_text() for path in self.state.rglob("*") if path.is_file())

    def hide_nothing_of(self, text):
        for name, value in SECRETS.items():
            self.assertNotIn(value, text, name)


class APlan(FromEnv):
    def test_shows_every_domain_of_both_sides_and_writes_nothing(self):
        result = self.run_json("plan", code=2)
        self.assertEqual([(each["name"], each["policy"], len(each["plan"]["left"])) for each in result["resources"]],
                         [("d0-example-com", "Observe", 20), ("d1-example-com", "Observe", 20)])
        self.assertEqual(self.simulators.writes(), 0)
        self.hide_nothing_of(json.dumps(result))

    def test_says_what_is_missing_or_wrong_and_asks_nobody(self):
        text = self.run_command("plan", code=64, PASSWORD="", SERVER="ftp://s3cr3t", CRON_SCHEDULE="s3cr3t")
        self.assertEqual([line.split(" ")[0] for line in text.splitlines()], ["PASSWORD", "SERVER:", "CRON_SCHEDULE"])
        self.assertNotIn("s3cr3t", text)
        self.assertIn("one of", self.run_command("sync", code=64, DATA_CENTER="mars"))
        self.assertIn("--policy", self.run_command("run", code=64, SPLITDELIVERY_POLICY="Delete"))
        for flag in (["--leader-elect"], ["--kubeconfig", "k"], ["--namespace", "a"], ["--allow-server", "*.test"]):
            self.assertIn(f"{flag[0]}", self.run_command("run", *flag, code=64))
            self.assertIn("is for a cluster", self.run_command("run", *flag, code=64))
        self.assertIn("exclude each other", self.run_command("run", "--manifests", str(self.folder), code=64))
        self.assertEqual(self.simulators.log()["apis"]["zoho"]["endpoints"], {})
        self.assertFalse(self.state.exists())


class ASync(FromEnv):
    def test_does_what_the_policy_lets_it_and_remembers_it_without_a_secret(self):
        self.assertEqual(len(self.run_json("sync", code=2)["resources"]), 2)
        self.assertEqual(self.created(), [], "the policy is Observe")
        self.run_command("sync", "--policy", "CreateOnly")
        self.assertEqual(self.created(), ["d0.example.com", "d1.example.com"])
        self.simulators.remove_user("user0")
        self.run_command("sync", SPLITDELIVERY_POLICY="CreateOnly")
        self.assertIn("user0", self.simulators.forwarders(), "CreateOnly deletes nothing")
        self.run_command("sync", SPLITDELIVERY_POLICY="Sync")
        self.assertNotIn("user0", self.simulators.forwarders())
        self.hide_nothing_of(self.kept())

    def test_lets_a_held_plan_through_by_its_id_once(self):
        self.run_command("sync", "--policy", "Sync")
        for number in range(0, 20, 2):
            self.simulators.remove_user(f"user{number}")
        self.forget_calls()
        result = self.run_json("sync", "--policy", "Sync", code=3)
        held = result["resources"][0]
        self.assertEqual((held["domain"], len(held["plan"]["held"])), ("d0.example.com", 10))
        how = f"start the program anew with SPLITDELIVERY_APPROVED_PLAN={held['plan']['id']} "
        self.assertIn(how, held["plan"]["heldMessage"])
        self.assertIn(how, self.run_command("plan", "--policy", "Sync", code=3))
        status = self.state / "status/default.d0-example-com.yaml"
        status.unlink()
        process = self.start("run", env=self.environment(SPLITDELIVERY_POLICY="Sync"))
        self.until(status.exists)
        output = world.terminate(process)[1]
        self.assertEqual(output.count(how), 1, output)
        result = self.run_json("sync", "--policy", "Sync", "--approved-plan", "0123456789abcdef", code=3)
        self.assertNotIn("approves nothing", json.dumps(result), "it may be another domain's")
        self.run_command("sync", "--policy", "Sync", "--approved-plan", f"0123456789abcdef, {held['plan']['id']}")
        self.assertEqual(len(self.simulators.forwarders()), 10)


class AService(FromEnv):
    def test_works_on_every_domain_until_told_to_stop_and_goes_on_where_it_was(self):
        process = self.start("run", "--log-level", "debug", env=self.environment(SPLITDELIVERY_POLICY="Sync"))
        self.until(lambda: len(self.created()) == 2)
        process.send_signal(signal.SIGHUP)
        code, output = world.terminate(process)
        self.assertEqual(code, 0, output)
        self.assertIn("both systems have a domain domain=d1.example.com resource=default/d1-example-com policy=Sync", output)
        self.assertIn("SIGHUP: both sides are asked for their domains again", output)
        self.hide_nothing_of(output + self.kept())
        self.forget_calls()
        self.simulators.remove_user("user0")
        process = self.start("run", env=self.environment(SPLITDELIVERY_POLICY="Sync"))
        self.until(lambda: "user0" not in self.simulators.forwarders())
        self.assertEqual(world.terminate(process)[0], 0)

    def test_says_that_it_changes_nothing_where_no_policy_is_named(self):
        process = self.start("run", env=self.environment())
        self.until(lambda: (self.state / "status/default.d1-example-com.yaml").exists())
        code, output = world.terminate(process)
        self.assertEqual(code, 0, output)
        self.assertIn("the policy is Observe, so nothing is changed", output)
        self.assertIn("DATA_CENTER=eu", output)
        self.assertEqual(self.simulators.writes(), 0)


if __name__ == "__main__":
    unittest.main()
