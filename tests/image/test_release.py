"""What `make release` puts into dist/, each file opened. Skipped where the image cannot be built, as test_image is."""

import gzip
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import unittest

import image

image.require()
import yaml  # noqa: E402
from a_tree import EPOCH, ROOT, Tree  # noqa: E402

NAME = "localhost/splitdelivery:release"
HELM = image.BUILD / "helm" / "helm4"
CHART = "charts/split-delivery-operator"
DATED = "2026-01-02T03:04:05Z"


def objects(text):
    return sorted((each for each in yaml.safe_load_all(text) if each),
                  key=lambda each: (each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]))


class ARelease(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.podman = image.built()
        cls.tree = Tree()
        cls.addClassCleanup(cls.tree.close)
        binary = cls.tree.root / "build" / "release" / "splitdelivery"
        binary.parent.mkdir(parents=True)
        shutil.copy(image.BUILD / "splitdelivery", binary)
        # Most of the image is there already, from image.built().
        cls.told = cls.run_in_tree("make", "release", f"IMAGE={NAME}", f"CONTAINERS={shlex.join(cls.podman.command)}",
                                   f"BUILD_FLAGS={shlex.join(image.BUILD_FLAGS)}", "PREBUILT=help")
        cls.dist = cls.tree.root / "dist"
        cls.files = {path.name: path for path in cls.dist.iterdir()}
        cls.version = re.search(r"VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text().split("project(splitdelivery")[1]).group(1)
        cls.packed = next((name for name in cls.files if "-image-" in name), None)

    @classmethod
    def run_in_tree(cls, *command, **environment):
        done = cls.tree.run(*command, **environment)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def text(self, suffix):
        return self.files[f"splitdelivery-{self.version}{suffix}"].read_text()

    def test_has_each_file_with_its_checksum_and_size(self):
        version = self.version
        self.assertEqual(sorted(self.files), sorted([
            "SHA256SUMS", f"split-delivery-operator-{version}.tgz", f"splitdelivery-{version}-crds.yaml",
            f"splitdelivery-{version}-install.yaml", f"splitdelivery-{version}-notes.md", f"splitdelivery-{version}.spdx.json",
            self.packed]))
        done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=self.dist, capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout.count(": OK\n")), (0, len(self.files) - 1), done.stderr)
        for name, path in self.files.items():
            self.assertIn(f"{path.stat().st_size:,} bytes  dist/{name}\n", self.told)
        self.assertIn(f"no tag v{version}", self.told)

    def test_has_an_image_that_is_loaded_and_run(self):
        self.assertRegex(self.packed, rf"^splitdelivery-{re.escape(self.version)}-image-linux-[a-z0-9]+\.tar\.gz$")
        self.podman.run("rmi", NAME)
        # Debian 12's Podman cannot load what is packed with gzip, whoever packed it; Docker can.
        with gzip.open(self.files[self.packed]) as packed:
            loaded = subprocess.run([*self.podman.command, "load"], input=packed.read(), capture_output=True, check=True)
        self.assertIn(NAME, loaded.stdout.decode())
        labels = json.loads(self.podman.run("image", "inspect", NAME).stdout)[0]["Config"]["Labels"]
        self.assertEqual(labels["org.opencontainers.image.version"], self.version)
        self.assertEqual(labels["org.opencontainers.image.revision"], self.tree.git("rev-parse", "HEAD"))
        command = [NAME if word == image.NAME else word for word in self.podman.container("version")]
        self.assertEqual(subprocess.check_output(command, text=True, timeout=60), f"splitdelivery {self.version}\n")

    def test_has_the_chart_as_helm_would_pack_it(self):
        package = self.files[f"split-delivery-operator-{self.version}.tgz"]
        with tarfile.open(package) as archive:
            entries = archive.getmembers()
            for each in entries:
                self.assertEqual((each.mtime, each.mode, each.uid, each.uname), (EPOCH, 0o644, 0, ""), each.name)
                path = ROOT / "charts" / each.name
                self.assertEqual(archive.extractfile(each).read(), path.read_bytes(), each.name)
        if not HELM.exists():
            self.skipTest("no Helm")
        helm = [HELM, "--kubeconfig=/dev/null"]
        folder = self.podman.folder / "helm"
        folder.mkdir()
        subprocess.run([*helm, "package", self.tree.root / CHART, f"--destination={folder}"], check=True, capture_output=True)
        with tarfile.open(next(folder.iterdir())) as archive:
            self.assertEqual(sorted(each.name for each in entries), sorted(archive.getnames()))
        self.assertIn("0 chart(s) failed",
                      subprocess.check_output([*helm, "lint", "--strict", package], text=True))
        rendered = [subprocess.check_output([*helm, "template", "sdo", chart], text=True) for chart in (package, ROOT / CHART)]
        self.assertEqual(*rendered)

    def test_has_manifests_for_kubectl_alone(self):
        self.assertEqual(objects(self.text("-crds.yaml")),
                         objects("---\n".join(path.read_text() for path in (ROOT / "crds").glob("*.yaml"))))
        installed = self.text("-install.yaml")
        self.assertIn("No image is published", installed)
        self.assertEqual({each["kind"] for each in objects(installed)} & {"Namespace", "CustomResourceDefinition", "Deployment"},
                         {"Namespace", "CustomResourceDefinition", "Deployment"})
        if shutil.which("kubectl") is None:
            self.skipTest("no kubectl")
        built = subprocess.check_output(["kubectl", "kustomize", ROOT / "deploy/kustomize/base"], text=True)
        self.assertEqual(objects(installed), objects(built))

    def test_has_the_images_bill_of_materials_and_the_changes(self):
        bill = json.loads(self.text(".spdx.json"))
        self.assertEqual((bill["name"], bill["creationInfo"]["created"]), (f"splitdelivery-{self.version}", DATED))
        self.assertGreater(len(bill["packages"]), 15)
        with gzip.open(self.files[self.packed]) as packed, tarfile.open(fileobj=packed) as archive:
            layers = json.load(archive.extractfile("manifest.json"))[0]["Layers"]
            within = {name.removeprefix("./") for layer in layers
                      for name in tarfile.open(fileobj=archive.extractfile(layer)).getnames()}
        self.assertEqual({each["fileName"].removeprefix("./") for each in bill["files"]} - within, set())
        self.assertTrue(self.text("-notes.md").startswith("### Added\n"))

    def test_is_the_same_once_more_of_the_same_commit_and_image(self):
        before = (self.dist / "SHA256SUMS").read_text()
        pathlib.Path(self.dist / "left-over").write_text("of another version")
        self.run_in_tree(sys.executable, "deploy/release.py", "make", NAME, CONTAINERS=shlex.join(self.podman.command))
        self.assertEqual((self.dist / "SHA256SUMS").read_text(), before)
        self.assertFalse((self.dist / "left-over").exists())


if __name__ == "__main__":
    unittest.main()
