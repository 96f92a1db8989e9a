#!/usr/bin/env python3
"""CPU, memory and idle CPU of `run` over domains that are in sync, against the simulators on loopback.

    service.py BUILD_FOLDER [--domains 500] [--users 20] [--seconds 100]

Runs the service with an interval of 30 s (the shortest) for a while, counts the passes by the listings that the mail
server was asked for, and reports CPU for 1,000 of them; then with an interval of an hour, and reports the CPU of ten
seconds in which nothing is due.
"""

import argparse
import os
import json
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import time
import urllib.request

import passes


def cpu(pid):
    """Seconds that all threads of a process have run."""
    threads = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def resident(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def listings(control):
    with urllib.request.urlopen(control + "/log?mutations=0", timeout=10) as answer:
        endpoints = json.load(answer)["apis"].get("da", {}).get("endpoints", {})
    return endpoints.get("GET CMD_API_EMAIL_FORWARDERS", 0)


def write(folder, count, per_org, urls, interval):
    folder.mkdir()
    (folder / "secrets.yaml").write_text(passes.SECRETS)
    for index in range(count):
        text = passes.resource_yaml(index, per_org, urls)
        (folder / f"d{index}.yaml").write_text(text.replace("  policy: Sync\n", f"  policy: Sync\n  interval: {interval}\n"))


def started(build, folder, control, wanted):
    """The service over that folder, when its first round of passes has ended."""
    before = listings(control)
    process = subprocess.Popen([build / "splitdelivery", "run", "--manifests", str(folder), "--log-level", "warn"])
    while listings(control) - before < wanted:
        time.sleep(0.5)
    time.sleep(3)
    return process


def stopped(process):
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--domains", type=int, default=500)
    arguments.add_argument("--users", type=int, default=20)
    arguments.add_argument("--per-org", type=int, default=10)
    arguments.add_argument("--seconds", type=int, default=100)
    a = arguments.parse_args()
    build = a.build.resolve()
    simulators = subprocess.Popen(
        [build / "splitdelivery-simulators", "-zoho=127.0.0.1:0", "-da=127.0.0.1:0", "-control=127.0.0.1:0",
         f"-orgs={-(-a.domains // a.per_org)}", f"-domains-per-org={a.per_org}", f"-users={a.users * a.per_org}",
         "-traps=false", "-token-limit=0"], stdout=subprocess.PIPE, text=True)
    try:
        urls = dict(part.split("=", 1) for part in simulators.stdout.readline().split()[1:])
        os.environ["SPLITDELIVERY_DNS_SERVER"] = urls["dns"]
        with tempfile.TemporaryDirectory() as root:
            busy = pathlib.Path(root, "busy")
            write(busy, a.domains, a.per_org, urls, "30s")
            service = started(build, busy, urls["control"], a.domains)
            done, used, begun = listings(urls["control"]), cpu(service.pid), time.monotonic()
            time.sleep(a.seconds)
            done, used = listings(urls["control"]) - done, cpu(service.pid) - used
            memory = resident(service.pid)
            rate = done / (time.monotonic() - begun)
            stopped(service)
            idle = pathlib.Path(root, "idle")
            write(idle, a.domains, a.per_org, urls, "1h")
            service = started(build, idle, urls["control"], a.domains)
            quiet = cpu(service.pid)
            time.sleep(10)
            quiet = cpu(service.pid) - quiet
            stopped(service)
    finally:
        simulators.kill()
        simulators.wait()
    print(f"run over {a.domains} domains of {a.users} users in sync: {used / done * 1000:.2f} s of CPU for 1,000 passes "
          f"({done} passes, {rate:.0f} a second), {memory:.1f} MiB resident")
    print(f"nothing due for ten seconds: {quiet * 1000:.1f} ms of CPU")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    main()
