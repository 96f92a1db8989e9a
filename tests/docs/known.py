"""What this project has by name: flags, fields, metrics, reasons, values of the chart, targets of make."""

import functools
import os
import pathlib
import re
import sys
import tempfile

import pages
import yaml

sys.path += [str(pages.ROOT / "docs"), str(pages.ROOT / "charts")]
import write_chart  # noqa: E402
import write_reference  # noqa: E402

BINARY = pathlib.Path(os.environ["SPLITDELIVERY_BUILD"]) / "splitdelivery"

# Names of others that our pages use in backticks, and whose they are.
OTHERS = {
    "kubectl": {"--field-selector", "--dry-run", "--from-file", "--context", "--kubeconfig"},
    "helm": {"--set", "--take-ownership", "--force-conflicts", "--api-versions", "--reuse-values", "--reset-then-reuse-values"},
    "docker": {"--build-arg", "--env-file"},
    "gpg": {"--armor", "--detach-sign"},
    "sha256sum": {"--check"},
    "kubernetes": {"ImagePullBackOff", "CreateContainerConfigError", "Deployment", "ConfigMap", "Lease", "RuntimeDefault", "Always",
                   "IfNotPresent", "Never", "Recreate", "RollingUpdate", "Namespaced", "Cluster", "Role", "ClusterRole"},
    "alertmanager": {"Alertmanager"},
    "directadmin and mail": {"Return-Path", "ARC-Seal"},
    "http": {"Authorization", "Accept"},
}


@functools.cache
def source(*suffixes):
    """The text of controller/ in one."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((pages.ROOT / "controller").rglob("*"))
                     if path.suffix in suffixes)


@functools.cache
def commands():
    """{program: {sub-command: flags of it}}."""
    found = {}
    for name in ("splitdelivery", "kubectl-sdd"):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / name
            program.symlink_to(BINARY.resolve())
            found[name.replace("-sdd", " sdd")] = {
                command: {flag for row in write_reference.flags(program, command) for flag in row[0].split(",")} | {"--help", "-h"}
                for command in write_reference.commands(program)}
    return found


@functools.cache
def flags():
    return {flag for program in commands().values() for every in program.values() for flag in every} | {"--version"}


@functools.cache
def fields():
    """Paths of the resource's fields, with and without [] of lists."""
    found = {"spec", "status"}
    for part in ("spec", "status"):
        node = write_reference.schema()["properties"][part]
        found |= {path for path, _, _ in write_reference.fields(node, part)}
    return found | {path.replace("[]", "") for path in found}


@functools.cache
def metrics():
    return set(re.findall(r"(?m)^\| `([a-z_]+)` \| (?:gauge|counter|histogram)", (pages.ROOT / "docs/metrics.md").read_text()))


@functools.cache
def words():
    """Capitalized words that mean something: reasons, conditions, values of fields, kinds, alerts."""
    found = set(re.findall(r'"([A-Z][A-Za-z]+)"', source(".cpp", ".h")))
    for folder in ("crds", "deploy", "charts"):
        for path in (pages.ROOT / folder).rglob("*.y*ml"):
            found |= set(re.findall(r"\b(?:kind|alert|type|reason): \"?([A-Z]\w+)", path.read_text(encoding="utf-8")))
    found |= {path.stem for path in (pages.ROOT / "docs" / "runbooks").glob("*.md")}
    for _, node, _ in write_reference.fields(write_reference.schema(), ""):
        found |= set(node.get("enum", ()))
    return found


@functools.cache
def classes():
    """Of the code, which the pages for developers name."""
    simulators = "\n".join(path.read_text(encoding="utf-8") for path in (pages.ROOT / "tests" / "simulators").glob("*.h"))
    return set(re.findall(r"\b(?:class|struct) (\w+)", source(".h") + simulators)) | {"WatchList"}


@functools.cache
def chart_values():
    return {value.path for value in write_chart.values()}


@functools.cache
def make_targets():
    return set(re.findall(r"(?m)^([a-z-]+)(?: [a-z-]+)*:", (pages.ROOT / "Makefile").read_text())) | {"asan", "tsan"}


@functools.cache
def annotations():
    return set(re.findall(r"splitdelivery\.dev/[a-z-]+", source(".cpp", ".h"))) | {
        f"splitdelivery.dev/{version['name']}" for version in yaml.safe_load(write_reference.CRD.read_text())["spec"]["versions"]}


def others():
    return {name for names in OTHERS.values() for name in names}
