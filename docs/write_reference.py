#!/usr/bin/env python3
"""Writes the tables of docs/ that are made of something else: fields of the CRDs, flags of `--help`.

A page says where, between two comments: <!-- fields spec --> … <!-- end --> or <!-- flags splitdelivery --> … <!-- end -->.
Usage: write_reference.py BINARY (what `make docs` does). tests/docs holds all of it current.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CRD = ROOT / "crds" / "splitdelivery.dev_splitdeliverydomains.yaml"
SECTION = re.compile(r"(?s)(<!-- (fields|flags) ([\w-]+) -->\n).*?(<!-- end -->)")
DEFAULT = re.compile(r" ?Default: (.*?)\.$")


def cell(text):
    """Plain text as a table's cell: nothing in it may end the cell, begin a tag or slant the rest."""
    text = " ".join(str(text).split()).replace("|", "\\|")
    return re.sub(r"(`[^`]*`)|([<*])", lambda found: found[1] or {"<": "&lt;", "*": "\\*"}[found[2]], text)


def schema():
    """The resource's, of its one version."""
    return yaml.safe_load(CRD.read_text())["spec"]["versions"][0]["schema"]["openAPIV3Schema"]


def fields(node, path, required=()):
    """(path, node, whether it is required) of every field below, in order."""
    for name, child in node.get("properties", {}).items():
        yield f"{path}.{name}", child, name in required
        inner = child.get("items", child)
        mark = "[]" if "items" in child else ""
        yield from fields(inner, f"{path}.{name}{mark}", inner.get("required", ()))


def count(number):
    return f"{number:,}"


def values(node):
    """What the field may hold, in words."""
    if "enum" in node:
        return " ".join(f"`{each}`" for each in node["enum"])
    if node.get("x-kubernetes-int-or-string"):
        return "a number or a percentage"
    if node["type"] == "array":
        what = "objects" if node["items"]["type"] == "object" else "texts"
        return f"up to {count(node['maxItems'])} {what}"
    words = {"string": "text", "integer": "number", "boolean": "`true` `false`", "object": ""}[node["type"]]
    if node.get("format") == "date-time":
        return "time"
    return words + (f", up to {count(node['maxLength'])} characters" if "maxLength" in node else "")


def rules(node):
    """The sentences with which the API server refuses what cannot be."""
    found = [each["message"] for each in node.get("x-kubernetes-validations", [])]
    found += rules(node["items"]) if "items" in node and node["items"]["type"] != "object" else []
    return found


def field_rows(part):
    node = schema()["properties"][part]
    told = {}  # rules → the field that has them first
    for path, child, required in fields(node, part, node.get("required", ())):
        words = child.get("description", "")
        said = DEFAULT.search(words)
        words = DEFAULT.sub("", words)
        default = "required" if required else said.group(1).strip('"') if said else ""
        filled_in = child.get("default", {})
        if filled_in != {} and str(filled_in).lower() != default.lower():
            raise SystemExit(f"{path}: the default is {filled_in}, and its description says {default or 'nothing'}")
        if default not in ("", "required", "none", "all") and " " not in default:
            default = f"`{default}`"
        refused = "; ".join(dict.fromkeys(rules(child)))
        if refused:
            first = told.setdefault(refused, path)
            words += f" Rules: {refused}." if first == path else f" Rules: those of `{first}`."
        yield path, values(child), default, words


def field_table(part):
    if part == "status":  # what the controller fills in has no default
        rows = ["| field | holds | what |", "|---|---|---|"]
        rows += [f"| `{path}` | {holds} | {cell(words)} |" for path, holds, _, words in field_rows(part)]
    else:
        rows = ["| field | holds | default | what |", "|---|---|---|---|"]
        rows += [f"| `{path}` | {holds} | {cell(default)} | {cell(words)} |"
                 for path, holds, default, words in field_rows(part)]
    return "\n".join(rows)


def help_of(program, command):
    done = subprocess.run([str(program), *([command] if command else []), "--help"], capture_output=True, text=True,
                          check=True, timeout=30)
    return done.stdout


def part_of(text, title):
    found = re.search(rf"(?ms)^{title}:\n(.*?)(?:^\S|\Z)", text)
    return found.group(1) if found else ""


def commands(program):
    return re.findall(r"(?m)^  ([a-z-]+)  ", part_of(help_of(program, None), "Subcommands"))


HEAD = re.compile(r"^  ((?:-\w,)?--[\w,-]+?)(?:\{false\})?(?: ([A-Z][A-Za-z]*)(?: \.\.\.)?)?"
                  r"(?::(?:INT|FLOAT))?(?:( in \[[^\]]*\])|:\{([^}]*)\})?(?:=(\S+))?( \.\.\.)?(?: \(Env:(\w+)\))?(?:  +(.*))?$")


def flags(program, command):
    """(flag, its value's name, environment, default, words) of each flag of a command, as its help has them."""
    found = []
    for line in part_of(help_of(program, command), "Options").splitlines():
        head = HEAD.match(line)
        if head:
            flag, value, bounds, choices, default, _, twin, words = head.groups()
            if choices:
                value = choices.replace(",", "\\|")
            found.append([flag, f"{value or ''}{bounds or ''}", twin or "", default or "", words or ""])
        elif line.startswith("   ") and found:
            found[-1][4] = f"{found[-1][4]} {line.strip()}".strip()
        elif line.strip():
            raise SystemExit(f"{program} {command} --help: a line of another form: {line!r}")
    for row in found:
        bracket = re.search(r" ?\[([^\]]*)\]$", row[4])
        if bracket and not row[3]:
            row[3], row[4] = bracket.group(1), row[4][:bracket.start()]
    return [tuple(row) for row in found if "--help" not in row[0]]


def flag_table(name, binary):
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / name
        program.symlink_to(pathlib.Path(binary).resolve())
        rows = {}
        every = commands(program)
        for command in every:
            for row in flags(program, command):
                rows.setdefault(row, []).append(command)
    lines = ["| flag | of | environment | default | what |", "|---|---|---|---|---|"]
    for (flag, value, twin, default, words), of in sorted(rows.items(), key=lambda row: row[0][0].split("--")[1]):
        flag = f"`{flag.replace(',', '`, `')}" + (f" {value}`" if value else "`")
        who = "all" if set(of) >= set(every) - {"version"} else " ".join(f"`{each}`" for each in of)
        lines.append(f"| {flag} | {who} | {f'`{twin}`' if twin else ''} | {cell(default)} | {cell(words)} |")
    return "\n".join(lines)


def written(binary):
    """{path: text} of every page that has a table of ours."""
    pages = {}
    for path in sorted(DOCS.glob("*.md")):
        def fill(section):
            head, kind, what, end = section.groups()
            return head + "\n" + (field_table(what) if kind == "fields" else flag_table(what, binary)) + "\n\n" + end
        text = path.read_text()
        if SECTION.search(text):
            pages[path] = SECTION.sub(fill, text)
    return pages


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: write_reference.py BINARY")
    for path, text in written(sys.argv[1]).items():
        path.write_text(text)


if __name__ == "__main__":
    main()
