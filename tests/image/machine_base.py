"""A base image without a registry: what a minimal Debian has, out of the packages that are installed on this machine.

Downloading them costs a minute, and copying them seconds. The libraries that the binary needs are left out unless a minimal
Debian has them: the Dockerfile has to install them itself, as it has to in debian:bookworm-slim.
"""

import email.parser
import glob
import os
import pathlib
import re
import subprocess
import tarfile

DPKG = pathlib.Path("/var/lib/dpkg")
GENERATED = ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/apt", "/etc/ld.so.cache", "/etc/debconf.conf"]
FOLDERS = ["dev", "proc", "sys", "run", "root", "var/cache/apt/archives/partial", "var/lib/apt/lists/partial",
           "var/lib/dpkg/updates", "var/log/apt", "var/cache/debconf"]


def installed():
    """The records of what is installed, by package."""
    found = {}
    for text in (DPKG / "status").read_text().split("\n\n"):
        record = email.parser.Parser().parsestr(text)
        native = record.get("Architecture") in ("all", architecture())
        if native and record["Status"] == "install ok installed":
            found[record["Package"]] = (record, text)
    return found


def architecture():
    return subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()


def minimal(packages):
    """The essential packages, apt, and all that they depend on."""
    provided = {}
    for name, (record, _) in packages.items():
        for virtual in re.findall(r"[a-z0-9][a-z0-9.+-]+", re.sub(r"\([^)]*\)", "", record.get("Provides", ""))):
            provided.setdefault(virtual, name)
    wanted = [name for name, (record, _) in packages.items() if record.get("Essential") == "yes"] + ["apt"]
    taken = set()
    while wanted:
        name = wanted.pop()
        if name in taken:
            continue
        taken.add(name)
        record = packages[name][0]
        for field in ("Pre-Depends", "Depends"):
            for group in filter(None, record.get(field, "").replace("\n", " ").split(",")):
                choices = [re.match(r"\s*([a-z0-9.+-]+)", each).group(1) for each in group.split("|")]
                there = [each for each in choices if each in packages] or [provided[each] for each in choices
                                                                           if each in provided]
                wanted.append(there[0])
    return sorted(taken)


def real(path):
    """Where a path lies whose folder is reached over a link, as /bin is."""
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def files_of(names):
    text = subprocess.check_output(["dpkg-query", "--listfiles", *names], text=True)
    paths = {real(line) for line in text.splitlines() if line.startswith("/") and line != "/."}
    # A file that was left out when its package was installed, as manuals are in containers.
    return {path for path in paths if os.path.lexists(path)}


def alternatives(paths):
    """Links such as awk, over /etc/alternatives, to one of these files."""
    for entry in os.listdir("/etc/alternatives"):
        link = f"/etc/alternatives/{entry}"
        if real(os.path.realpath(link)) in paths:
            yield link
            for folder in ("/usr/bin", "/usr/sbin"):
                name = f"{folder}/{entry}"
                if os.path.islink(name) and os.readlink(name) == link:
                    yield name


def write(archive):
    """Writes the base as a tar archive."""
    packages = installed()
    names = minimal(packages)
    paths = files_of(names)
    paths |= set(alternatives(paths))
    for name in names:
        paths |= {real(path) for pattern in (f"{name}.*", f"{name}:*.*") for path in glob.glob(f"/var/lib/dpkg/info/{pattern}")}
    for path in filter(os.path.exists, GENERATED):
        paths |= {path, *map(str, pathlib.Path(path).rglob("*"))}
    paths |= {path for path in ("/bin", "/sbin", "/lib", "/lib64") if os.path.islink(path)}
    status = pathlib.Path(f"{archive}.status")
    status.write_text("\n\n".join(packages[name][1].strip("\n") for name in names) + "\n")
    with tarfile.open(archive, "w") as tar:
        for path in sorted(paths):
            tar.add(path, arcname=path[1:], recursive=False)
        for folder in FOLDERS:
            if f"/{folder}" not in paths:
                entry = tarfile.TarInfo(folder)
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
        tar.add(status, arcname="var/lib/dpkg/status")
    status.unlink()
