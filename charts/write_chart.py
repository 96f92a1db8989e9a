#!/usr/bin/env python3
"""Writes what the chart has from elsewhere: copies of crds/ and deploy/, and the words of values.yaml; and the version, also
where it stands outside of the chart.

Usage: write_chart.py sync|docs (what `make chart-sync` and `make chart-docs` do). tests/chart holds all of it current.
"""

import json
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHART = pathlib.Path(__file__).resolve().parent / "split-delivery-operator"
COPIED = {"crds": ("crds/splitdelivery.dev_addressbooks.yaml", "crds/splitdelivery.dev_splitdeliverydomains.yaml"),
          "": ("deploy/rbac.yaml", "deploy/people.yaml")}
# Files that name the version, and where in them.
VERSIONED = {"Dockerfile": r"(?m)(?<=^ARG VERSION=).+$", "deploy/compose/compose.yaml": r"(?<=splitdelivery:)\d+\.\d+\.\d+",
             "deploy/compose/from-env.yaml": r"(?<=splitdelivery:)\d+\.\d+\.\d+",
             "docs/docker.md": r"(?<=splitdelivery:)\d+\.\d+\.\d+",
             "docs/quick-start-cluster.md": r"(?<=splitdelivery:)\d+\.\d+\.\d+"}
WIDTH = 118


def copies():
    """{path: text} of the files that templates read: Helm reads nothing outside a chart."""
    return {CHART / "files" / folder / pathlib.Path(name).name: (ROOT / name).read_text()
            for folder, names in COPIED.items() for name in names}


def version():
    """CMakeLists.txt's, the only place where it is written by hand."""
    return re.search(r"project\(splitdelivery VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


def chart_yaml():
    text = (CHART / "Chart.yaml").read_text()
    text = re.sub(r"(?m)^version: .*$", f"version: {version()}", text)
    return {CHART / "Chart.yaml": re.sub(r"(?m)^appVersion: .*$", f'appVersion: "{version()}"', text)}


def versioned():
    """{path: text} of the files outside of the chart that name the version."""
    return {ROOT / name: re.sub(place, version(), (ROOT / name).read_text()) for name, place in VERSIONED.items()}


class Value:
    """One value: its path, its default and what the comment above it says. `title` where a section begins with it."""

    def __init__(self, path, node, words, title):
        self.path, self.words, self.title = path, words, title
        self.default = yaml.safe_load(yaml.serialize(node))
        self.is_group = isinstance(self.default, dict) and bool(self.default)


def values():
    """Every value of values.yaml, in order, groups among them."""
    text = (CHART / "values.yaml").read_text()
    lines = text.splitlines()
    titles = {number: line[3:] for number, line in enumerate(lines) if line.startswith("## ")}

    def walk(node, path):
        for key, child in node.value:
            row = key.start_mark.line - 1
            words = []
            while row >= 0 and re.match(r" *# ", lines[row]):
                words.insert(0, lines[row].strip()[2:])
                row -= 1
            title = max((number for number in titles if number < key.start_mark.line), default=None)
            yield Value(f"{path}{key.value}", child, " ".join(words), titles.pop(title, None))
            if isinstance(child, yaml.MappingNode) and child.value:
                yield from walk(child, f"{path}{key.value}.")
    return list(walk(yaml.compose(text), ""))


def property_of(schema, path):
    """The schema of the value at the path; None below an object that is Kubernetes' own."""
    for key in path.split("."):
        schema = schema.get("properties", {}).get(key)
        if schema is None:
            return None
    return schema


def laid_out(value, indent=0):
    """JSON with whatever fits on one line there."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or indent + len(line) <= WIDTH:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + laid_out(each, indent + 2) for each in value) + "\n" + " " * indent + "]"
    rows = [f"{inner}{json.dumps(key)}: {laid_out(each, indent + 2)}" for key, each in value.items()]
    return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"


def schema():
    """values.schema.json with the words of values.yaml as descriptions; types are written there by hand."""
    path = CHART / "values.schema.json"
    content = json.loads(path.read_text())
    for value in values():
        found = property_of(content, value.path)
        if found is not None and value.words:
            found.pop("description", None)
            found["description"] = value.words.replace("`", "")
    return {path: laid_out(content) + "\n"}


def cell(text):
    return text.replace("|", "\\|")


def table():
    content = json.loads((CHART / "values.schema.json").read_text())
    for value in values():
        if value.title:
            yield f"\n### {value.title}\n\n| value | default | |\n|---|---|---|"
        found = property_of(content, value.path)
        if found is None or (value.is_group and "properties" in found and not value.words):
            continue
        if value.is_group and "properties" in found:
            yield f"| `{value.path}` | | {cell(value.words)} |"
            continue
        if not value.words:
            raise SystemExit(f"values.yaml: {value.path} has no comment above it that says what it is")
        default = json.dumps(value.default, ensure_ascii=False)
        yield f"| `{value.path}` | `{cell(default)}` | {cell(value.words)} |"


def readme():
    head = (CHART / "README.head.md").read_text()
    return {CHART / "README.md": head.rstrip("\n") + "\n\n## Values\n" + "\n".join(table()) + "\n"}


def written():
    """{path: text} of everything that this program writes."""
    return {**copies(), **chart_yaml(), **versioned(), **schema(), **readme()}


def main():
    what = {"sync": lambda: {**copies(), **chart_yaml(), **versioned()}, "docs": lambda: {**schema(), **readme()}}
    if len(sys.argv) != 2 or sys.argv[1] not in what:
        sys.exit("usage: write_chart.py sync|docs")
    for path, text in what[sys.argv[1]]().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
