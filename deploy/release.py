#!/usr/bin/env python3
"""Puts together what a release consists of, in dist/, and pushes nothing: `make release` calls it, docs/releasing.md says
when.

release.py check        fails where this tree is no release: changes that are not committed, a version that another commit's
                        tag has, no section in CHANGELOG.md, files that are not of this version
release.py make IMAGE   writes dist/ with the container image IMAGE, which `make image` has built

The environment's CONTAINERS is the container engine's command, with its options (docker, podman). SOURCE_DATE_EPOCH is
the time of the last commit unless it is set.
"""

import fnmatch
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True  # a folder of it would be a change that is not committed
sys.path.insert(0, str(ROOT / "charts"))
import write_chart  # noqa: E402

DIST = ROOT / "dist"
BASE = ROOT / "deploy" / "kustomize" / "base"
# Fewer than engines give by themselves, which they cannot where they have no right to raise them.
LIMITS = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]
INSTALL_HEAD = """\
# splitdelivery {version}: CRDs, rights and the controller of a whole cluster, in the namespace splitdelivery-system.
# No image is published: push yours, and write its name in the place of {image}.
"""


def output_of(*command):
    return subprocess.check_output(list(map(str, command)), cwd=ROOT, text=True).rstrip("\n")


def notes(version):
    """What CHANGELOG.md says of that version; empty where it says nothing."""
    text = (ROOT / "CHANGELOG.md").read_text()
    section = re.search(rf"(?m)^## \[?{re.escape(version)}\]?(?: - \d{{4}}-\d\d-\d\d)?\n((?:(?!## ).*\n?)*)", text)
    return section.group(1).strip() if section else ""


def tagged(version):
    """Whether this commit, or another, is released as that version: "here", "elsewhere"; None for neither."""
    known = subprocess.run(["git", "rev-parse", "--quiet", "--verify", f"refs/tags/v{version}^{{commit}}"], cwd=ROOT,
                           capture_output=True, text=True, check=False)
    if known.returncode != 0:
        return None
    return "here" if known.stdout.strip() == output_of("git", "rev-parse", "HEAD") else "elsewhere"


def changelog_obstacles(version):
    headings = re.findall(r"(?m)^## (.+)$", (ROOT / "CHANGELOG.md").read_text())
    if headings and re.fullmatch(r"\[?unreleased\]?", headings[0].strip(), re.IGNORECASE):
        yield (f"CHANGELOG.md has changes under \"{headings[0]}\": head them with the version that they are of, and bump the version "
               "in CMakeLists.txt")
    if not notes(version):
        yield (f"CHANGELOG.md has no section for {version}: head it \"## {version} - YYYY-MM-DD\" and say there what is new, or "
               "correct the version in CMakeLists.txt")
    elif tagged(version) == "here" and not any(re.fullmatch(rf"\[?{re.escape(version)}\]? - \d{{4}}-\d\d-\d\d", each.strip())
                                               for each in headings):
        yield f"CHANGELOG.md has no date for {version}: head it \"## {version} - YYYY-MM-DD\", and tag that commit instead"


def obstacles(version):
    """What stands in the way of a release, a sentence each."""
    changed = output_of("git", "status", "--porcelain").splitlines()
    if changed:
        yield f"not all is committed ({len(changed)} changes, the first of {changed[0][3:]}): commit it, or put it back"
    if tagged(version) == "elsewhere":
        yield f"{version} is released already, the tag v{version} is on another commit: bump the version in CMakeLists.txt"
    yield from changelog_obstacles(version)
    stale = [path.relative_to(ROOT).as_posix() for path, text in write_chart.written().items()
             if not path.exists() or path.read_text() != text]
    if stale:
        yield f"{stale[0]} is not of this version: run make chart-sync chart-docs"
    if f"image: splitdelivery:{version}\n" not in (BASE / "controller.yaml").read_text():
        yield "deploy/kustomize is not of this version: run make kustomize"


class Engine:
    """The container engine, and one image that it has."""

    def __init__(self, image):
        self.command = shlex.split(os.environ.get("CONTAINERS") or "docker")
        self.image = image
        told = json.loads(output_of(*self.command, "image", "inspect", image))[0]
        self.labels = told["Config"].get("Labels") or {}
        self.platform = f"{told['Os']}-{told['Architecture']}"

    def label(self, name):
        return self.labels.get(f"org.opencontainers.image.{name}")

    def says(self):
        """What the binary in the image calls itself."""
        done = subprocess.run([*self.command, "run", "--rm", "--network=none", *LIMITS, self.image, "version"], cwd=ROOT, capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{self.image} cannot be run to ask for its version: {done.stderr.strip()}")
        return done.stdout.strip()

    def save(self, path):
        """As `docker load` takes it. gzip alone would write a time and a name."""
        save = subprocess.Popen([*self.command, "save", self.image], stdout=subprocess.PIPE)
        with save.stdout, open(path, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            shutil.copyfileobj(save.stdout, packed, 1 << 20)
        if save.wait() != 0:
            raise SystemExit(f"{shlex.join(self.command)} save {self.image} failed")


def is_ignored(path, patterns):
    """By .helmignore: names and, with a / at the end, folders."""
    return any(fnmatch.fnmatch(path.name, each) if not each.endswith("/") else each[:-1] in path.parts[:-1]
               for each in patterns)


def write_chart_package(path, epoch):
    """As `helm package` has it, but for the times, which are the commit's: the same tree gives the same bytes."""
    chart = write_chart.CHART
    patterns = [line for line in (chart / ".helmignore").read_text().split() if not line.startswith("#")]
    names = sorted(output_of("git", "-C", chart, "ls-files").splitlines())
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in names:
            if is_ignored(pathlib.PurePosixPath(name), patterns):
                continue
            content = (chart / name).read_bytes()
            entry = tarfile.TarInfo(f"{chart.name}/{name}")
            entry.size, entry.mtime, entry.mode = len(content), epoch, 0o644
            archive.addfile(entry, io.BytesIO(content))
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as compressed:
        compressed.write(packed.getvalue())


def joined(paths):
    return "---\n".join(path.read_text() for path in paths)


def write_texts(version):
    """Manifests for those who take neither Helm nor kustomize, and the version's part of CHANGELOG.md."""
    (DIST / f"splitdelivery-{version}-crds.yaml").write_text(joined(sorted((ROOT / "crds").glob("*.yaml"))))
    resources = yaml.safe_load((BASE / "kustomization.yaml").read_text())["resources"]
    head = INSTALL_HEAD.format(version=version, image=f"splitdelivery:{version}")
    (DIST / f"splitdelivery-{version}-install.yaml").write_text(head + joined(BASE / name for name in resources))
    (DIST / f"splitdelivery-{version}-notes.md").write_text(notes(version) + "\n")


def write_bill(version, image, epoch):
    """`make sbom` has it of the files in the image."""
    done = subprocess.run(["make", "--no-print-directory", "sbom", f"IMAGE={image}", f"CONTAINERS={os.environ['CONTAINERS']}"],
                          cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    shutil.move(ROOT / "build" / f"splitdelivery-{version}.spdx.json", DIST / f"splitdelivery-{version}.spdx.json")


def write_sums():
    """Last of all: without it, dist/ is not finished."""
    paths = sorted(DIST.iterdir())
    sums = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    (DIST / "SHA256SUMS").write_text("".join(f"{digest}  {path.name}\n" for path, digest in sums.items()))
    for path in [*paths, DIST / "SHA256SUMS"]:
        print(f"{path.stat().st_size:>12,} bytes  {path.relative_to(ROOT)}")


def check():
    version = write_chart.version()
    problems = list(obstacles(version))
    if problems:
        raise SystemExit("no release: " + "\n            ".join(problems))
    return version


def make(image):
    version = check()
    revision = output_of("git", "rev-parse", "HEAD")
    engine = Engine(image)
    if (engine.label("version"), engine.label("revision")) != (version, revision):
        raise SystemExit(f"{image} is of version {engine.label('version')}, revision {engine.label('revision')}, and this tree is "
                         f"{version}, {revision}: build it with make image")
    said = engine.says()
    if said != f"splitdelivery {version}":
        raise SystemExit(f"the binary in {image} says \"{said}\", and this tree is {version}: run make build, then make image")
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or output_of("git", "log", "-1", "--format=%ct"))
    os.environ.setdefault("CONTAINERS", "docker")
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    write_chart_package(DIST / f"split-delivery-operator-{version}.tgz", epoch)
    write_texts(version)
    write_bill(version, image, epoch)
    engine.save(DIST / f"splitdelivery-{version}-image-{engine.platform}.tar.gz")
    write_sums()
    if tagged(version) is None:
        print(f"This commit has no tag v{version}: docs/releasing.md has the next steps.")


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        check()
    elif len(sys.argv) == 3 and sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        sys.exit("usage: release.py check|make IMAGE")
