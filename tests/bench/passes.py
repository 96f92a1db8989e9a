#!/usr/bin/env python3
"""CPU and memory of `sync` over domains that are in sync, against the simulators on loopback.

    passes.py BUILD_FOLDER [--domains 500] [--users 20] [--rounds 7]

Runs sync over 1 domain and over all, alternately, and reports per round the difference in CPU divided by the difference
in domains: what one pass costs, without what one process costs. Memory is the most that sync over all domains held.
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def resource_yaml(index, per_org, urls):
    return f"""apiVersion: splitdelivery.dev/v1alpha1
kind: SplitDeliveryDomain
metadata: {{name: d{index}}}
spec:
  domain: d{index}.example.com
  policy: Sync
  zoho:
    organizationId: "{60010000 + index // per_org}"
    dataCenter: us
    accountsURL: {urls["zoho"]}
    mailURL: {urls["zoho"]}
    credentialsSecretRef: {{name: zoho}}
  directAdmin: {{server: "{urls["da"]}", credentialsSecretRef: {{name: directadmin}}}}
"""


SECRETS = """apiVersion: v1
kind: Secret
metadata: {name: zoho}
stringData: {clientId: 1000.SIMCLIENT, clientSecret: simsecret}
---
apiVersion: v1
kind: Secret
metadata: {name: directadmin}
stringData: {username: dauser0, loginKey: dakey0}
"""


def sync(build, folder):
    """Runs sync; gives its CPU seconds and peak resident MiB."""
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(build / "splitdelivery", ["splitdelivery", "sync", "--manifests", str(folder)])
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"sync over {folder} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--domains", type=int, default=500)
    arguments.add_argument("--users", type=int, default=20)
    arguments.add_argument("--per-org", type=int, default=10)
    arguments.add_argument("--rounds", type=int, default=7)
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
            folders = {}
            for count in (1, a.domains):
                folder = pathlib.Path(root, str(count))
                folder.mkdir()
                (folder / "secrets.yaml").write_text(SECRETS)
                for index in range(count):
                    (folder / f"d{index}.yaml").write_text(resource_yaml(index, a.per_org, urls))
                folders[count] = folder
            sync(build, folders[a.domains])
            sync(build, folders[1])
            costs, peaks, floors = [], [], []
            for _ in range(a.rounds):
                one, floor = sync(build, folders[1])
                many, peak = sync(build, folders[a.domains])
                costs.append((many - one) / (a.domains - 1) * 1000)
                peaks.append(peak)
                floors.append(floor)
    finally:
        simulators.kill()
        simulators.wait()
    print(f"one in-sync pass of {a.users} users: median {statistics.median(costs):.3f} ms of CPU "
          f"(from {min(costs):.3f} to {max(costs):.3f}, {a.rounds} rounds)")
    print(f"peak memory of sync: {statistics.median(peaks):.1f} MiB with {a.domains} domains, "
          f"{statistics.median(floors):.1f} MiB with one")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    main()
