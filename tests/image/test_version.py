"""The version, which is written by hand in one place, and what keeps a tree from being a release."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from a_tree import ROOT, Tree

sys.path.insert(0, str(ROOT / "deploy"))
sys.dont_write_bytecode = True
import release  # noqa: E402

BINARY = pathlib.Path(os.environ["SPLITDELIVERY_BUILD"]) / "splitdelivery"
VERSION = re.search(r"project\(splitdelivery VERSION (\d+\.\d+\.\d+) ", (ROOT / "CMakeLists.txt").read_text()).group(1)
# Where it stands, besides Dockerfile, compose files and docs: those have it from `make chart-sync`.
NAMED = {"charts/split-delivery-operator/Chart.yaml": r'(?m)^(?:version|appVersion): "?([^"\n]+)',
         "deploy/kustomize/base/controller.yaml": r"(?m)(?:image: splitdelivery:|app.kubernetes.io/version: )(.+)$",
         "deploy/kustomize/base/crds.yaml": r"(?m)app.kubernetes.io/version: (.+)$",
         "charts/split-delivery-operator/dashboards/kustomization.yaml": r"(?m)app.kubernetes.io/version: (.+)$"}


class TheVersion(unittest.TestCase):
    def test_is_what_the_binary_says(self):
        said = subprocess.check_output([BINARY, "version"], text=True)
        self.assertEqual(said, f"splitdelivery {VERSION}\n")

    def test_is_the_same_wherever_it_stands(self):
        for name, place in NAMED.items():
            self.assertEqual(set(re.findall(place, (ROOT / name).read_text())), {VERSION}, f"{name}: make chart-sync kustomize")
        for name, place in release.write_chart.VERSIONED.items():
            self.assertEqual(set(re.findall(place, (ROOT / name).read_text())), {VERSION}, f"{name}: make chart-sync")

    def test_has_its_section_in_the_changelog(self):
        self.assertIn("### Added", release.notes(VERSION))
        self.assertNotIn("\n## ", release.notes(VERSION))
        self.assertEqual(release.notes(VERSION[:-2]), "", "a part of a version is another one")


class ATree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = Tree()
        cls.addClassCleanup(cls.tree.close)
        cls.start = cls.tree.git("rev-parse", "HEAD")

    def setUp(self):
        self.tree.git("reset", "--quiet", "--hard", self.start)
        self.tree.git("clean", "--quiet", "-xdff")

    def obstacle(self, *arguments, **environment):
        done = self.tree.run(sys.executable, "deploy/release.py", *(arguments or ["check"]), **environment)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertFalse((self.tree.root / "dist").exists())
        return done.stderr

    def test_that_is_committed_is_a_release(self):
        for _ in range(2):
            done = self.tree.run(sys.executable, "deploy/release.py", "check")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_with_changes_is_none(self):
        self.tree.replace(".gitignore", "/dist/", "/dist/\n/more/")
        (self.tree.root / "crds/more.yaml").write_text("kind: Other\n")
        self.assertIn("not all is committed (2 changes, the first of .gitignore): commit it", self.obstacle())

    def test_of_a_version_without_a_section_is_none(self):
        self.tree.replace("CHANGELOG.md", f"## {VERSION}", "## Unreleased")
        self.tree.commit()
        self.assertIn(f'CHANGELOG.md has no section for {VERSION}: head it "## {VERSION} - YYYY-MM-DD"', self.obstacle())

    def test_of_a_version_that_another_commit_has_released_is_none(self):
        self.dated()
        self.tree.git("tag", "--annotate", "--message=released", f"v{VERSION}")
        self.addCleanup(self.tree.git, "tag", "--delete", f"v{VERSION}")
        self.assertEqual(self.tree.run(sys.executable, "deploy/release.py", "check").stderr, "")
        self.tree.replace("LICENSE", "Copyright", "Copyright ")
        self.tree.commit()
        self.assertIn("bump the version in CMakeLists.txt", self.obstacle())

    def test_with_changes_that_no_version_has_is_none(self):
        self.tree.replace("CHANGELOG.md", f"## {VERSION}", f"## [Unreleased]\n\n- more\n\n## {VERSION}")
        self.tree.commit()
        self.assertIn('CHANGELOG.md has changes under "[Unreleased]"', self.obstacle())

    def test_that_is_tagged_has_a_date(self):
        self.tree.replace("CHANGELOG.md", self.heading(), f"## {VERSION}")
        self.tree.git("commit", "--quiet", "--all", "--allow-empty", "--message=no date")
        self.tree.git("tag", f"v{VERSION}")
        self.addCleanup(self.tree.git, "tag", "--delete", f"v{VERSION}")
        self.assertIn(f"CHANGELOG.md has no date for {VERSION}", self.obstacle())

    def heading(self):
        return re.search(rf"(?m)^## {re.escape(VERSION)}.*$", (self.tree.root / "CHANGELOG.md").read_text()).group(0)

    def dated(self):
        self.tree.replace("CHANGELOG.md", self.heading(), f"## {VERSION} - 2026-01-02")
        self.tree.git("commit", "--quiet", "--all", "--allow-empty", "--message=a date")

    def test_gets_another_version_by_one_edit_and_the_programs_that_write_the_rest(self):
        self.tree.replace("CMakeLists.txt", f"VERSION {VERSION} ", "VERSION 9.8.7 ")
        self.tree.replace("CHANGELOG.md", f"## {VERSION}", "## 9.8.7 - 2026-01-02")
        self.tree.commit()
        self.assertIn("run make chart-sync chart-docs", self.obstacle())
        self.assertIn("run make kustomize", self.obstacle())
        for what in ("sync", "docs"):
            self.assertEqual(self.tree.run(sys.executable, "charts/write_chart.py", what).returncode, 0)
        for name in (name for name in NAMED if "kustom" in name):  # which needs Helm
            self.tree.replace(name, VERSION, "9.8.7")
        self.tree.commit()
        self.assertEqual(self.tree.run(sys.executable, "deploy/release.py", "check").stderr, "")
        for name, place in {**NAMED, **release.write_chart.VERSIONED}.items():
            self.assertEqual(set(re.findall(place, (self.tree.root / name).read_text())), {"9.8.7"}, name)

    def test_is_not_released_with_the_image_of_another(self):
        told = self.obstacle("make", "splitdelivery:test", CONTAINERS=self.engine(revision="abc"))
        self.assertIn("splitdelivery:test is of version", told)
        self.assertIn("build it with make image", told)

    def test_is_not_released_with_a_binary_that_was_made_before(self):
        told = self.obstacle("make", "splitdelivery:test", CONTAINERS=self.engine(revision=self.start, says="splitdelivery 0.0.9"))
        self.assertIn('the binary in splitdelivery:test says "splitdelivery 0.0.9"', told)

    def test_makes_the_binary_anew_before_it_takes_it(self):
        done = self.tree.run("make", "--dry-run", "release", "BUILD_FLAGS=--build-arg=BINARY=prebuilt", "CONTAINERS=engine")
        steps = [done.stdout.find(step) for step in ("release.py check", "--target splitdelivery ", "engine build ", "release.py make")]
        self.assertEqual(steps, sorted(steps), done.stdout + done.stderr)
        self.assertGreater(steps[0], -1)
        self.assertNotIn("--target splitdelivery ", self.tree.run("make", "--dry-run", "release", "CONTAINERS=engine").stdout)

    def engine(self, revision, says=f"splitdelivery {VERSION}"):
        """A container engine with one image."""
        path = self.tree.root / "build" / "engine"
        path.parent.mkdir()
        told = [{"Os": "linux", "Architecture": "amd64", "Config": {"Labels": {
            "org.opencontainers.image.version": VERSION, "org.opencontainers.image.revision": revision}}}]
        path.write_text(f"#!/bin/sh\ncase $1 in run) echo '{says}' ;; *) echo '{json.dumps(told)}' ;; esac\n")
        path.chmod(0o755)
        return str(path)


if __name__ == "__main__":
    unittest.main()
