"""Commands of the pages that need no cluster, run as they stand: over simulators of Zoho, DirectAdmin and DNS."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import known
import pages
import yaml

sys.path.insert(0, str(pages.ROOT / "tests" / "e2e"))
import terminal  # noqa: E402
import world  # noqa: E402


QUICK_START = "docs/quick-start-folder.md"


class Following(unittest.TestCase):
    """In a folder that has this project's own folders in it, and the program in PATH."""

    def setUp(self):
        self.simulators = world.Simulators("-world=demo", "-traps=false")
        self.addCleanup(self.simulators.close)
        folder = terminal.checkout(self, {"splitdelivery": world.BINARY})
        self.person = terminal.Terminal(folder, self.simulators, PATH=f"{folder}/bin:{os.environ['PATH']}")

    def follow(self, page):
        """How many blocks were run. The files of a page that has none to run are not for us."""
        there = list(pages.blocks(page, pages.pages()[page]))
        to_run = sum(block.kind == "folder" for block in there)
        for block in there if to_run else []:
            if block.file:
                self.person.save(block.file, block.text)
            elif block.kind == "folder":
                self.person.follow(self, block, after=self.forget_calls)
        return to_run

    def forget_calls(self, _):
        """Minutes pass between commands: Zoho's calls of the last one are forgotten."""
        accounts = self.person.folder / "mail" / ".splitdelivery" / "accounts.json"
        if accounts.exists():
            kept = json.loads(accounts.read_text())
            for record in kept["accounts"].values():
                record.pop("calls", None)
            accounts.write_text(json.dumps(kept))


class EachPage(Following):
    def test_does_what_it_says_where_the_quick_start_has_led(self):
        self.assertGreater(self.follow(QUICK_START), 3, "the marks are lost")
        for page in pages.pages():
            if page != QUICK_START:
                with self.subTest(page):
                    self.follow(page)


class TheTwoProblems(Following):
    """docs/relay-problems.md shows what the program says, for Exim's switch off and for an address without a forwarder."""

    def test_show_as_the_page_says(self):
        page = "docs/relay-problems.md"
        text = pages.pages()[page]
        shown = next(block.text for block in pages.blocks(page, text) if block.language == "text")
        self.follow(QUICK_START)
        _, before = self.person.type("splitdelivery plan --manifests mail")
        self.assertNotIn(shown.rstrip(), before)
        self.turn_local_delivery_off()
        _, after = self.person.type("splitdelivery plan --manifests mail")
        self.assertIn(shown.rstrip(), after)
        self.simulators.remove_forwarder("ben", "example.com")
        self.person.type("sed -i 's/policy: Sync/policy: Observe/' mail/example-com.yaml")
        _, lacking = self.person.type("splitdelivery plan --manifests mail")
        self.assertIn("  + ben@example.com → ben@zoho.example.com  (not done: the policy is Observe)", lacking)
        self.assertIn("| `+ anna@…`, not done: the policy is `Observe` |", text)
        self.person.type("splitdelivery sync --manifests mail")
        _, status = self.person.type("grep -A 5 'type: InSync' mail/.splitdelivery/status/default.example-com.yaml")
        self.assertIn("      reason: Differences", status)

    def turn_local_delivery_off(self):
        """As somebody does in DirectAdmin's panel."""
        login = base64.b64encode(b"demo:demo-login-key").decode()
        request = urllib.request.Request(f"{self.simulators.urls['da']}/CMD_API_DNS_MX?json=yes",
                                         b"domain=example.com&action=internal&internal=no", {"Authorization": f"Basic {login}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            self.assertIn("Saved", answer.read().decode())


class TakingEverythingBack(Following):
    """docs/troubleshooting.md: what it has put into the document does it, under `sync`."""

    def test_leaves_nothing_that_was_made(self):
        page = "docs/troubleshooting.md"
        end = pages.pages()[page].split("## Take everything back\n")[1]
        told = next(yaml.safe_load(block.text) for block in pages.blocks(page, end) if block.language == "yaml")
        self.follow(QUICK_START)
        self.assertIn("ben", self.simulators.forwarders("example.com"))
        path = self.person.folder / "mail" / "example-com.yaml"
        document = yaml.safe_load(path.read_text())
        for part, fields in told.items():
            document[part].update(fields)
        path.write_text(yaml.safe_dump(document))
        self.person.type("splitdelivery sync --manifests mail")
        _, status = self.person.type("grep -A 5 'type: Ready' mail/.splitdelivery/status/default.example-com.yaml")
        self.assertIn("      reason: Deleted", status)
        self.assertNotIn("ben", self.simulators.forwarders("example.com"))


class TheSystemdUnit(unittest.TestCase):
    """Of docs/cli.md: it starts the program with flags that there are, and systemd, where it is here, has nothing to say."""

    def test_can_be_enabled_and_started(self):
        page = "docs/cli.md"
        unit = next(block.text for block in pages.blocks(page, pages.pages()[page]) if block.language == "ini")
        program, command, *rest = re.search(r"(?m)^ExecStart=(.*)$", unit)[1].split()
        self.assertEqual((program, command), ("/usr/local/bin/splitdelivery", "run"))
        flags = {word for word in rest if word.startswith("--")}
        self.assertEqual(flags - known.commands()["splitdelivery"]["run"], set())
        self.assertIn("--listen", flags)
        self.assertRegex(unit, r"(?m)^\[Install\]\nWantedBy=")
        if (systemd := shutil.which("systemd-analyze")) is None:
            return
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "splitdelivery.service"
            path.write_text(unit.replace(program, str(pathlib.Path(world.BINARY).resolve())), encoding="utf-8")
            done = subprocess.run([systemd, "verify", "--man=no", str(path)], capture_output=True, text=True, check=False)
            said = [line for line in done.stderr.splitlines() if "splitdelivery.service" in line]
            self.assertEqual(said, [])


class TheSecurityModel(world.Case):
    """docs/security-model.md, "Who can do what": what it grants is so, for better or worse."""

    def test_of_who_writes_address_books_is_true(self):
        self.simulators.set_forwarder("press", "bob@d0.example.com")
        self.run_command("sync")
        path = self.state / "books" / "default.d0.json"
        book = json.loads(path.read_text())
        claimed = {**book["ledger"]["entries"][0], "local": "press", "destinations": ["bob@d0.example.com"]}
        book["ledger"]["entries"] = sorted([*book["ledger"]["entries"], claimed], key=lambda entry: entry["local"])
        path.write_text(json.dumps(book))
        self.forget_calls()
        self.run_command("sync")
        self.assertNotIn("press", self.simulators.forwarders())

    def test_of_who_writes_resources_is_true(self):
        self.write_resource(more="  routingHost: other.example\n  dns: {holdWithoutRoutingMX: false}\n")
        self.run_command("sync")
        self.assertEqual(self.simulators.forwarders()["user0"], "user0@other.example")

    def test_of_what_adopt_gives_into_its_care_is_true(self):
        self.simulators.set_forwarder("user0", "user0@theirs.example")

        def led_to(host, **annotations):
            self.write_resource(annotations=annotations, more=f"  routingHost: {host}\n  addresses: {{only: [user0]}}\n"
                                "  dns: {holdWithoutRoutingMX: false}\n")
            self.forget_calls()
            self.run_command("sync")
            return self.simulators.forwarders()["user0"]

        led_to("theirs.example", **{"splitdelivery.dev/adopt": "true"})
        self.assertEqual(led_to("thief.example"), "user0@thief.example")

    def test_of_maxdeletions_is_true(self):
        self.run_command("sync")
        self.write_resource(more="  routingHost: other.example\n  dns: {holdWithoutRoutingMX: false}\n")
        self.forget_calls()
        self.run_command("sync", code=3)
        self.assertEqual(self.simulators.forwarders()["user0"], "user0@zoho.d0.example.com")


class WhatAPageShows(unittest.TestCase):
    def test_is_compared_line_by_line(self):
        self.assertTrue(terminal.matches(["a 1 b", "c"], ["a … b", "c"]))
        self.assertTrue(terminal.matches(["a", "x", "y", "c"], ["a", "…", "c"]))
        self.assertTrue(terminal.matches(["a", "c"], ["a", "…", "c"]))
        self.assertFalse(terminal.matches(["a", "c"], ["a"]))
        self.assertFalse(terminal.matches(["a 1 b"], ["a … c"]))
        self.assertFalse(terminal.matches([], ["a"]))
        self.assertTrue(terminal.matches(["now (2026-11-28T04:00:01Z)"], ["3s ago (2026-11-27T19:46:55Z)"]))
        self.assertFalse(terminal.matches(["never"], ["3s ago"]))


if __name__ == "__main__":
    unittest.main()
