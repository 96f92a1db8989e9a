"""The status page of a real run, as a person meets it in a browser."""

import http.client
import re
import subprocess
import unittest

import browser

browser.require()
import world  # noqa: E402
from story import Story  # noqa: E402

# Of everything that can be reached by the keyboard, whether it shows that it has been.
FOCUS = """(() => { const style = getComputedStyle(document.activeElement);
  return [document.activeElement.tagName, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]; })()"""
HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(each => Number(each.tagName[1]))"
LANDMARKS = "['header', 'nav[aria-label]', 'main', 'footer'].map(each => document.querySelectorAll(each).length > 0)"
TAB, ENTER = ("Tab", 9), ("Enter", 13)


class AStatusPage(Story):
    def setUp(self):
        super().setUp()
        self.window = browser.Browser()
        self.addCleanup(self.window.close)

    def card(self, domain):
        """What stands in the card of a domain."""
        return self.window.run("[...document.querySelectorAll('article')].find(each => "
                               f"each.querySelector('h3').textContent === '{domain}')?.innerText ?? ''")

    def test_shows_first_what_needs_a_person_and_the_fix_that_it_names_works(self):
        self.begin("--status-addresses")
        self.window.open(self.url)
        titles = self.window.run("[...document.querySelectorAll('h3, tbody th[scope=row]')].map(each => each.innerText.split('\\n')[0])")
        self.assertEqual(titles[:6], ["Documents that cannot be used; nothing is done for them", "d1.example.com",
                                      "d3.example.com", "d4.example.com", "d2.example.com", "d0.example.com"])
        self.assertIn("4 things need you", self.window.run("document.title"))
        self.assertIn("user9@d1.example.com", self.card("d1.example.com"))
        self.assertIn("MX records for nowhere.d3.example.com", self.card("d3.example.com"))
        self.assertIn("ConnectFailed", self.card("d2.example.com"))
        self.assertIn("kim@elsewhere.example", self.card("d4.example.com"))
        self.assertIn("60010000", self.window.run("document.querySelector('table[aria-labelledby=accounts]').innerText"))
        self.assertEqual(len(self.simulators.forwarders("d1.example.com")), 10)
        show, fix = self.window.run("[...document.querySelectorAll('article pre')].slice(0, 2).map(each => each.textContent)")
        shown = subprocess.run(show.replace("splitdelivery", world.BINARY, 1), shell=True, cwd="/", capture_output=True,
                               text=True, check=False, timeout=60)
        self.assertIn("user9@d1.example.com", shown.stdout, show + shown.stderr)
        self.assertNotIn("MX records for d1", shown.stdout)
        # As its advice says: under metadata, in annotations, which the document has not had.
        document = (self.folder / "d1.yaml").read_text()
        self.write("d1.yaml", document.replace("metadata:\n", f"metadata:\n  annotations:\n    {fix}\n", 1))
        self.until(lambda: len(self.simulators.forwarders("d1.example.com")) == 8, 90)
        self.until(lambda: "DeletionsHeld" not in self.page().split("Last passes</h2>")[0])
        self.assertEqual(world.terminate(self.process)[0], 0)

    def test_is_there_for_everybody_and_loads_nothing(self):
        # As long as Kubernetes and DNS let a name be.
        self.write("long.yaml", self.resource("n" * 63, ".".join(["d" * 63] * 3 + ["example"]), more="  suspend: true\n"))
        self.begin()
        for width, dark, query in ((1280, False, ""), (1280, True, ""), (320, False, "?refresh"), (320, True, "?find=d")):
            with self.subTest(width=width, dark=dark):
                self.window.show(width=width, dark=dark)
                self.window.open(self.url + query)
                self.window.run("document.querySelectorAll('details').forEach(each => each.open = true)")
                self.assertEqual(self.window.violations(), [])
                self.assertEqual(self.window.run("document.documentElement.scrollWidth"), width)
                self.assertEqual(self.window.asked_for(), [self.url + query])
                self.assertEqual(self.window.complaints(), [])
                levels = self.window.run(HEADINGS)
                self.assertEqual(levels[0], 1)
                self.assertFalse([pair for pair in zip(levels, levels[1:]) if pair[1] > pair[0] + 1], levels)
                self.assertEqual(self.window.run(LANDMARKS), [True] * 4)
                self.assertEqual(self.window.run("document.documentElement.lang"), "en")
                self.assertNotIn("@", self.window.run("document.body.innerText"))
                light = self.window.run("getComputedStyle(document.body).backgroundColor")
                self.assertEqual(light == "rgb(244, 245, 247)", not dark, light)
        self.assertIn("splitdelivery plan --manifests", self.card("d1.example.com"))

    def test_can_be_used_by_keyboard_alone(self):
        self.begin()
        self.window.show(width=400)
        self.window.open(self.url)
        self.window.press(*TAB)
        self.assertEqual(self.window.run("document.activeElement.className"), "skip")
        self.assertGreaterEqual(self.window.run("document.activeElement.getBoundingClientRect().left"), 0)
        self.window.press(*ENTER)
        self.assertEqual(self.window.run("document.activeElement.id"), "main")
        reachable = self.window.run("document.querySelectorAll('main a, main summary, footer a').length")
        reached = []
        for _ in range(reachable):
            self.window.press(*TAB)
            name, visible = self.window.run(FOCUS)
            reached.append(name)
            self.assertTrue(visible, name)
            if name == "SUMMARY":
                self.window.press(*ENTER)
                self.assertTrue(self.window.run("document.activeElement.parentElement.open"))
        self.assertIn("SUMMARY", reached)
        self.assertEqual(reached[-4:], ["A"] * 4, "refresh, metrics, health, readiness")


class APage(Story):
    def test_is_read_alone_and_kept_by_nobody(self):
        self.begin()
        headers, text = self.answer("?refresh")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Refresh"], "30")
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIsNone(self.answer()[0]["Refresh"])
        self.assertNotIn("@", re.sub("<style>.*</style>", "", text, flags=re.DOTALL))
        self.assertNotIn("simsecret", text)
        for method, status in (("HEAD", 200), ("POST", 405), ("DELETE", 405)):
            connection = http.client.HTTPConnection(self.url.split("/")[2], timeout=10)
            connection.request(method, "/")
            answer = connection.getresponse()
            self.assertEqual((answer.status, method != "HEAD" or answer.read() == b""), (status, True))
            connection.close()


class TheFlags(Story):
    def test_turn_the_page_off_and_contradictions_are_refused(self):
        for how in ({"arguments": ["--status-page=false"]}, {"environment": {"SPLITDELIVERY_STATUS_PAGE": "false"}}):
            with self.subTest(how):
                self.start_listening(*how.get("arguments", ()), environment=how.get("environment", {}))
                self.assertIn("/healthz  whether", self.page())
                self.assertEqual(world.terminate(self.process)[0], 0)
        self.assertIn("add --listen", self.run_command("run", "--status-page", code=64))
        self.assertIn("add that", self.run_command("run", "--status-addresses", code=64))
        in_a_cluster = subprocess.run([world.BINARY, "run", "--listen", ":0", "--status-addresses"], capture_output=True,
                                      text=True, check=False, timeout=60)
        self.assertEqual((in_a_cluster.returncode, in_a_cluster.stdout), (64, ""))
        self.assertIn("add --status-page", in_a_cluster.stderr)


if __name__ == "__main__":
    unittest.main()
