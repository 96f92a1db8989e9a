#!/usr/bin/env python3
"""Measures a container image: its size, and how long `version` takes in a container of it.

measure.py IMAGE [COMMAND…]: COMMAND is what runs containers, with its flags; default `docker`. SPLITDELIVERY_RUN_FLAGS are
further flags for its `run`.
"""

import datetime
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import time

ROUNDS = 20


def main():
    if len(sys.argv) < 2:
        raise SystemExit("usage: measure.py IMAGE [COMMAND…]")
    image, command = sys.argv[1], sys.argv[2:] or ["docker"]

    def ask(*arguments):
        return subprocess.run([*command, *arguments], check=True, capture_output=True, timeout=120).stdout

    size = json.loads(ask("image", "inspect", image))[0]["Size"]
    # As a registry has it: layers are compressed.
    packed = len(gzip.compress(ask("save", image), 6))
    flags = os.environ.get("SPLITDELIVERY_RUN_FLAGS", "").split()
    whole, inside = [], []
    for _ in range(ROUNDS):
        begin = time.monotonic()
        ask("run", "--name=splitdelivery-measured", "--read-only", *flags, image, "version")
        whole.append(time.monotonic() - begin)
        times = ask("inspect", "--format={{json .State.StartedAt}} {{json .State.FinishedAt}}", "splitdelivery-measured")
        started, finished = (seconds(json.loads(each)) for each in times.decode().split())
        inside.append(finished - started)
        ask("rm", "splitdelivery-measured")
    print(f"size               {size / 1e6:.1f} MB, {packed / 1e6:.1f} MB compressed")
    for name, values in (("run, all of it", whole), ("start to end", inside)):
        print(f"{name:<18} {1000 * statistics.median(values):.0f} ms (median of {ROUNDS}; "
              f"{1000 * min(values):.0f} to {1000 * max(values):.0f})")


def seconds(text):
    """Docker tells nanoseconds, or fewer digits where they end in noughts; Python reads six."""
    whole, _, rest = text.partition(".")
    digits = re.match(r"\d*", rest).group()
    zone = rest[len(digits):].replace("Z", "+00:00") if rest else ""
    if not rest:
        whole = whole.replace("Z", "+00:00")
    return datetime.datetime.fromisoformat(f"{whole}.{digits[:6]:<06}{zone}" if rest else whole).timestamp()


if __name__ == "__main__":
    main()
