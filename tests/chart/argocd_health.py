"""Argo CD's health of an object, by the Lua that deploy/argocd has for it, in the Lua that Argo CD speaks (5.1)."""

import json
import subprocess

import yaml

from chart import ROOT

KEY = "resource.customizations.health.splitdelivery.dev_SplitDeliveryDomain"


def script():
    return yaml.safe_load((ROOT / "deploy" / "argocd" / "argocd-cm.yaml").read_text())["data"][KEY]


def lua(value):
    """A Lua literal."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{lua(key)}] = {lua(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(map(lua, value)) + "}"
    if value is None:
        return "nil"
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else \
        '"' + "".join(each if each.isalnum() or each in " .:/-" else "".join(f"\\{byte:03}" for byte in each.encode())
                      for each in value) + '"'


def health(resource):
    """(status, message). Argo CD gives the script `obj` and no libraries that reach outside."""
    program = (f"obj = {lua(resource)}\nos, io, require, dofile, loadfile = nil\n"
               f"local answer = (function()\n{script()}\nend)()\nprint(answer.status)\nprint(answer.message)\n")
    done = subprocess.run(["lua5.1", "-"], input=program, capture_output=True, text=True, timeout=10, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    status, message = done.stdout.split("\n", 1)
    return status, message.rstrip("\n")
