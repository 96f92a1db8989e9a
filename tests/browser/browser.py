"""Headless Chromium, Debian's, driven through its DevTools over a pipe: no port, no driver, no library.

https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

AXE = pathlib.Path(os.environ.get("SPLITDELIVERY_BUILD", "")) / "axe" / "axe.min.js"
SECONDS = 60


def require():
    """Ends the process as a skipped test where there is no browser; as a failure where there has to be one."""
    missing = [] if shutil.which("chromium") else ["chromium not found: cmake/install-browser.sh installs it"]
    missing += [] if AXE.exists() else [f"{AXE} not found: tests/browser/get-axe.sh puts it there"]
    if not missing:
        return
    print("\n".join(missing), file=sys.stderr)
    needed = os.environ.get("CI") or os.environ.get("SPLITDELIVERY_REQUIRE_CONTROL_PLANE") == "1"
    sys.exit(1 if needed else 77)


class Browser:
    """One window with one page."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="splitdelivery-chromium.")
        asks, our_end = os.pipe()
        their_end, answers = os.pipe()
        # Chromium reads at 3 and writes at 4.
        command = ["sh", "-c", 'exec chromium "$@" 3<&"$ASKS" 4>&"$ANSWERS"', "sh", "--headless", "--no-sandbox",
                   "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                   "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
                   "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(command, pass_fds=(asks, answers), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "ASKS": str(asks), "ANSWERS": str(answers)})
        os.close(asks)
        os.close(answers)
        self.to, self.came_from, self.buffer, self.number = our_end, their_end, b"", 0
        self.events, self.session = [], None
        pages = self.ask("Target.getTargets")["targetInfos"]
        page = next(each["targetId"] for each in pages if each["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.came_from)
        shutil.rmtree(self.profile, ignore_errors=True)

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def _next(self):
        end = time.monotonic() + SECONDS
        while b"\0" not in self.buffer:
            if not select.select([self.came_from], [], [], max(0, end - time.monotonic()))[0]:
                raise RuntimeError("Chromium does not answer")
            part = os.read(self.came_from, 1 << 16)
            if not part:
                raise RuntimeError("Chromium has ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def wait_for(self, method):
        """The next event of this name, also one that has come already."""
        while True:
            for index, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(index)["params"]
            self.events.append(self._next())

    def show(self, width=1280, height=900, dark=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, url):
        self.events.clear()
        self.ask("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def run(self, expression):
        """The value of an expression in the page; of a promise, what it comes to."""
        result = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                     **({"text": "\r"} if key == "Enter" and kind == "keyDown" else {}))

    def violations(self):
        """What axe-core finds wrong with the page: WCAG 2.2 up to AA, and good habits."""
        self.run(AXE.read_text(encoding="utf-8") + "\n;0")
        found = self.run("axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}).then(r => r.violations.map(v => v.id + ': ' + "
                         "v.help + ' ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | ')))")
        return found

    def complaints(self):
        """What the browser's console has said of the page."""
        return [each["params"]["entry"]["text"] for each in self.events if each.get("method") == "Log.entryAdded"]

    def asked_for(self):
        """Every address that the page has had loaded."""
        return [each["params"]["request"]["url"] for each in self.events
                if each.get("method") == "Network.requestWillBeSent"]

    def picture(self, path, height=None):
        """Of the whole page, or of its first `height` pixels."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height or size["height"], size["height"]), "scale": 1}
        data = self.ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
