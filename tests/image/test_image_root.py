"""What deploy/image/make_root.sh puts into the image, and its bill of materials; on the machine's own packages, without a
container."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

import image

if shutil.which("dpkg-query") is None:
    image.leave("this system has no Debian packages", 77)
MEBIBYTE = 1 << 20
TOOLS = image.ROOT / "deploy" / "image"
SHELLS = {"sh", "bash", "dash", "busybox", "zsh", "ash", "perl", "python3", "apt", "dpkg", "env"}


def make(binary, root):
    return subprocess.run([TOOLS / "make_root.sh", binary, root], capture_output=True, text=True, check=False, timeout=120)


def needed(path):
    """The libraries that a program or a library names itself."""
    text = subprocess.check_output(["objdump", "-p", str(path)], text=True)
    return set(re.findall(r"NEEDED +(\S+)", text))


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-root."))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.root = cls.folder / "root"
        done = make(image.BUILD / "splitdelivery", cls.root)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        cls.files = {path.relative_to(cls.root).as_posix(): path for path in cls.root.rglob("*")
                     if path.is_file() and not path.is_symlink()}
        cls.libraries = {path for path in cls.files if path.startswith("usr/lib/") and ".so" in path}
        cls.records = cls.root / "var/lib/dpkg/status.d"

    def inside(self, path):
        """The file that a path of the image leads to, over links that are the image's own."""
        path = pathlib.PurePosixPath(path)
        for _ in range(10):
            here = self.root
            for part in path.parts[1:]:
                here = here / part
                if here.is_symlink():
                    rest = path.relative_to(pathlib.PurePosixPath("/") / here.relative_to(self.root))
                    path = pathlib.PurePosixPath(os.path.normpath(
                        pathlib.PurePosixPath("/") / here.parent.relative_to(self.root) / os.readlink(here) / rest))
                    break
            else:
                return here
        raise AssertionError(f"{path} goes in circles")


class TheFiles(Case):
    def test_have_every_library_that_one_of_them_needs_and_no_other(self):
        folder = next(iter(self.libraries)).rsplit("/", 1)[0]
        wanted, loaded = needed(self.files["usr/bin/splitdelivery"]), set()
        while wanted - loaded:
            name = (wanted - loaded).pop()
            file = self.inside(f"/{folder}/{name}")
            self.assertTrue(file.is_file(), f"{name} is missing")
            loaded.add(name)
            wanted |= needed(file)
        self.assertEqual(self.libraries, {self.inside(f"/{folder}/{name}").relative_to(self.root).as_posix()
                                          for name in loaded})

    def test_suffice_for_the_binary_to_start(self):
        program = self.files["usr/bin/splitdelivery"]
        interpreter = re.search(r"interpreter: ([^\]]+)\]", subprocess.check_output(["readelf", "-l", program], text=True))
        folder = self.root / next(iter(self.libraries)).rsplit("/", 1)[0]
        loader = [self.inside(interpreter.group(1)), "--inhibit-cache", "--library-path", folder]
        listed = subprocess.check_output([loader[0], "--list", *loader[1:], program], text=True)
        loaded = re.findall(r" => (\S+)", listed)
        self.assertGreater(len(loaded), 15)
        self.assertEqual([path for path in loaded if not path.startswith(f"{self.root}/")], [], "the machine's, not the image's")
        done = subprocess.run([*loader, program, "version"], capture_output=True, text=True, check=False)
        self.assertRegex(done.stdout, r"^splitdelivery \d+\.\d+\.\d+\n$", done.stderr)

    def test_are_few_and_none_of_them_is_a_shell(self):
        self.assertEqual(sorted(os.listdir(self.root / "usr/bin")), ["kubectl-sdd", "splitdelivery"])
        self.assertEqual({path for path in self.files if path.rsplit("/", 1)[-1] in SHELLS}, set())
        self.assertEqual(sorted(os.listdir(self.root / "usr")), ["bin", "lib", "lib64", "share"])
        self.assertLess(sum(path.stat().st_size for path in self.files.values()), 32 * MEBIBYTE)

    def test_give_nobody_more_rights_than_needed(self):
        for path, file in self.files.items():
            mode = file.stat().st_mode
            self.assertFalse(mode & (stat.S_ISUID | stat.S_ISGID | stat.S_IWOTH | stat.S_IWGRP), path)
        self.assertIn("nonroot:x:65532:65532:", (self.root / "etc/passwd").read_text())
        self.assertIn("hosts: files dns", (self.root / "etc/nsswitch.conf").read_text())

    def test_have_the_certificate_authorities_where_openssl_looks(self):
        folder = subprocess.check_output(["openssl", "version", "-d"], text=True).split('"')[1]
        bundle = self.inside(f"{folder}/cert.pem")
        self.assertGreater(bundle.read_text().count("BEGIN CERTIFICATE"), 100)

    def test_are_those_of_the_dockerfiles_version(self):
        version = re.search(r"project\(splitdelivery VERSION (\S+)", (image.ROOT / "CMakeLists.txt").read_text()).group(1)
        self.assertIn(f"ARG VERSION={version}\n", (image.ROOT / "Dockerfile").read_text(),
                      "write the version of CMakeLists.txt into the Dockerfile")

    def test_can_be_copied_out_of_what_the_dockerignore_lets_through(self):
        let_through = [line[1:] for line in (image.ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
        copied = set()
        for line in re.findall(r"^COPY (?!--)(.+)$", (image.ROOT / "Dockerfile").read_text(), re.MULTILINE):
            copied |= set(line.split()[:-1])
        self.assertEqual({path for path in copied if not any(path == each or path.startswith(each + "/")
                                                             for each in let_through)}, set())
        self.assertEqual({path for path in copied - {"build/release/splitdelivery"} if not (image.ROOT / path).exists()},
                         set())


class TheRecords(Case):
    def test_name_the_package_of_every_library_with_its_digest(self):
        recorded = {}
        for listing in self.records.glob("*.md5sums"):
            for line in listing.read_text().splitlines():
                digest, path = line.split("  ")
                self.assertNotIn(path, recorded)
                self.assertEqual(hashlib.md5(self.files[path].read_bytes()).hexdigest(), digest, path)
                recorded[path] = listing.name.removesuffix(".md5sums")
        self.assertEqual(self.libraries - set(recorded), set())
        ours = {"usr/bin/splitdelivery", "usr/share/doc/splitdelivery/copyright", "etc/passwd", "etc/group",
                "etc/nsswitch.conf"}
        self.assertEqual({path for path in self.files if not path.startswith("var/lib/dpkg/")} - set(recorded), ours)
        for name in set(recorded.values()):
            self.assertIn(f"usr/share/doc/{name}/copyright", self.files)
            self.assertRegex((self.records / name).read_text(), rf"^Package: {re.escape(name)}\n(.*\n)*Version: \S+\n")

    def test_are_of_the_versions_that_are_installed(self):
        for record in self.records.iterdir():
            if record.suffix != ".md5sums":
                version = subprocess.check_output(["dpkg-query", "-W", "-f=${Version}", record.name], text=True)
                self.assertIn(f"\nVersion: {version}\n", record.read_text())


class MakeRoot(Case):
    def test_names_the_library_that_is_not_installed(self):
        source, library = self.folder / "main.c", self.folder / "libnowhere.so.1"
        source.write_text("int nowhere(void); int main(void) { return nowhere(); }\n")
        (self.folder / "nowhere.c").write_text("int nowhere(void) { return 0; }\n")
        cc = shutil.which("clang-16") or "cc"
        subprocess.run([cc, "-shared", f"-Wl,-soname,{library.name}", "-o", library, self.folder / "nowhere.c"], check=True)
        subprocess.run([cc, "-o", self.folder / "main", source, library], check=True)
        library.rename(self.folder / "elsewhere")
        done = make(self.folder / "main", self.folder / "other")
        self.assertEqual(done.returncode, 1)
        self.assertIn("not installed: libnowhere.so.1; add", done.stderr)

    def test_refuses_a_folder_that_is_not_empty(self):
        done = make(image.BUILD / "splitdelivery", self.root)
        self.assertEqual((done.returncode, "is not empty: name a new folder" in done.stderr), (1, True), done.stderr)


class TheBillOfMaterials(Case):
    def sbom(self, source, **environment):
        return subprocess.run([sys.executable, TOOLS / "sbom.py", "0.1.0", source], capture_output=True, text=True,
                              check=False, env={**os.environ, **environment})

    def test_has_every_file_under_its_package(self):
        bill = json.loads(self.sbom(self.root).stdout)
        names = {each["SPDXID"]: each["fileName"].removeprefix("./") for each in bill["files"]}
        self.assertEqual(len(names), len(bill["files"]))
        self.assertEqual(set(names.values()), set(self.files))
        homes = {names[file]: package["name"] for package in bill["packages"] for file in package["hasFiles"]}
        self.assertEqual(set(homes), set(self.files))
        for path in self.libraries:
            self.assertIn(f"  {path}\n", (self.records / f"{homes[path]}.md5sums").read_text())
        self.assertEqual(homes["usr/bin/splitdelivery"], "splitdelivery")
        for each in bill["files"]:
            digests = {row["algorithm"]: row["checksumValue"] for row in each["checksums"]}
            self.assertEqual(digests["SHA256"], hashlib.sha256(self.files[names[each["SPDXID"]]].read_bytes()).hexdigest())

    def test_names_packages_as_scanners_look_them_up(self):
        bill = json.loads(self.sbom(self.root).stdout)
        debian = [each for each in bill["packages"] if each["name"] != "splitdelivery"]
        self.assertEqual({each["name"] for each in debian}, {path.name for path in self.records.iterdir()
                                                             if path.suffix != ".md5sums"})
        for each in debian:
            self.assertRegex(each["externalRefs"][0]["referenceLocator"],
                             rf"^pkg:deb/debian/[^@]+@[^?]+\?arch=(all|{re.escape(self.architecture())})&distro=debian-\d+$")
        described = bill["documentDescribes"]
        self.assertEqual({row["relatedSpdxElement"] for row in bill["relationships"] if row["spdxElementId"] in described},
                         {each["SPDXID"] for each in debian})

    @staticmethod
    def architecture():
        return subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()

    def test_is_the_same_of_the_same_files_and_another_of_others(self):
        first = self.sbom(self.root, SOURCE_DATE_EPOCH="1700000000").stdout
        archive = self.folder / "root.tar"
        subprocess.run(["tar", "-C", self.root, "-cf", archive, "."], check=True)
        self.assertEqual(self.sbom(archive, SOURCE_DATE_EPOCH="1700000000").stdout, first)
        other = self.folder / "changed"
        shutil.copytree(self.root, other, symlinks=True)
        (other / "etc/group").write_text("")
        changed = json.loads(self.sbom(other, SOURCE_DATE_EPOCH="1700000000").stdout)
        self.assertNotEqual(changed["documentNamespace"], json.loads(first)["documentNamespace"])

    def test_refuses_what_is_no_image_of_ours(self):
        empty = self.folder / "empty"
        empty.mkdir()
        done = self.sbom(empty)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("give the files of the image that the project's Dockerfile builds", done.stderr)


if __name__ == "__main__":
    unittest.main()
