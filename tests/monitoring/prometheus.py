"""A real Prometheus on loopback: Debian's, which prometheus.sh unpacks into the build folder."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from server_process import Port, Starter, end  # noqa: E402

FOLDER = pathlib.Path(os.environ.get("SPLITDELIVERY_PROMETHEUS") or
                      os.path.join(os.environ.get("SPLITDELIVERY_BUILD", ""), "prometheus"))
PROMTOOL = str(FOLDER / "promtool")
SCRAPE_SECONDS = 0.5
RATE_INTERVAL = "5s"  # what Grafana would make of $__rate_interval, with room for a busy machine


def require():
    """Ends the process as a skipped test where there is no Prometheus; as a failure where it has to be."""
    missing = [name for name in ("prometheus", "promtool") if not (FOLDER / name).exists()]
    if not missing:
        return
    print(f"{' and '.join(missing)} not found in {FOLDER}: tests/monitoring/prometheus.sh puts them there", file=sys.stderr)
    needed = os.environ.get("CI") or os.environ.get("SPLITDELIVERY_REQUIRE_CONTROL_PLANE") == "1"
    sys.exit(1 if needed else 77)


def promtool(*arguments):
    """The exit code and everything that it printed."""
    thrifty = {**os.environ, "GOGC": "400"}  # a third less CPU
    done = subprocess.run([PROMTOOL, *map(str, arguments)], capture_output=True, text=True, check=False, env=thrifty)
    return done.returncode, done.stdout + done.stderr


class Prometheus:
    """One that scrapes `jobs` twice a second and evaluates `rules` as often. `jobs`: name → dict with `targets` (address →
    labels that a cluster's discovery would give) and whatever else a scrape_config has."""

    def __init__(self, jobs, rules=()):
        self.folder = tempfile.TemporaryDirectory(prefix="splitdelivery-prometheus.")
        folder = pathlib.Path(self.folder.name)
        scrapes = []
        for name, job in jobs.items():
            job = dict(job)
            static = [{"targets": [address], "labels": labels} for address, labels in job.pop("targets").items()]
            scrapes.append({"job_name": name, "static_configs": static, **job})
        interval = f"{int(SCRAPE_SECONDS * 1000)}ms"
        # JSON is YAML.
        (folder / "prometheus.yml").write_text(json.dumps({
            "global": {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval},
            "rule_files": [str(path) for path in rules], "scrape_configs": scrapes}))
        self.port = Port()
        self.url = f"http://127.0.0.1:{self.port.number}"
        self.log = folder / "log"
        self.process = Starter().launch(
            [FOLDER / "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port.number}", "--log.level=warn"], self.log)
        limit = time.monotonic() + 60
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("Prometheus did not get ready:\n" + self.log.read_text()[-3000:])
            time.sleep(0.05)

    def close(self):
        end(self.process, signal.SIGKILL)
        self.port.lock.close()
        self.folder.cleanup()

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.url + "/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def ask(self, path, **parameters):
        """What the HTTP API answers; an error of a query is raised with Prometheus' own words."""
        url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.loads(answer.read())["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(f"{parameters}: {json.loads(error.read())['error']}") from None

    def query(self, expression):
        """The series as [(labels, value)]."""
        return [(each["metric"], float(each["value"][1])) for each in self.ask("query", query=expression)["result"]]

    def values(self, expression):
        return sorted(value for _, value in self.query(expression))

    def rules(self):
        return {each["name"]: each for group in self.ask("rules")["groups"] for each in group["rules"]}
