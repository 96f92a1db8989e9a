"""What the tests of the container image share. SPLITDELIVERY_BUILD names the folder with the binary that goes into it."""

import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "e2e"))
BUILD = pathlib.Path(os.environ["SPLITDELIVERY_BUILD"])
NAME = "localhost/splitdelivery:test"
BUILD_FLAGS = ["--isolation=chroot", "--network=host", "--build-arg=BINARY=prebuilt", "--build-arg=BASE=localhost/base"]
# Docker Engine and the kubelet give more; what counts is that the controller gets by with it.
LIMITS = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]


def leave(reason, code):
    print(f"no container image: {reason}", file=sys.stderr)
    sys.exit(code)


def can_mount(kind):
    """Whether this machine lets us mount such a file system, in a namespace of our own."""
    with tempfile.TemporaryDirectory(prefix="splitdelivery-mount.") as folder:
        for name in ("lower", "upper", "work", "merged"):
            os.mkdir(f"{folder}/{name}")
        options = f"lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work"
        command = ["mount", "-t", kind, kind, *(["-o", options] if kind == "overlay" else []), f"{folder}/merged"]
        done = subprocess.run(["unshare", "--mount", *command], capture_output=True, check=False)
        return done.returncode == 0


def require():
    """Ends the process as a skipped test where a container cannot be built: without root, without the right to mount, or
    on another system than Debian 12, also in CI. Without podman it is skipped too, but fails in CI, which can install it."""
    release = pathlib.Path("/etc/os-release").read_text() if os.path.exists("/etc/os-release") else ""
    if "VERSION_CODENAME=bookworm" not in release:
        leave("the image's libraries are those of Debian 12, and this is another system", 77)
    if os.getuid() != 0:
        leave("building one needs root: run this test as root", 77)
    if not can_mount("tmpfs"):
        leave("building one needs the right to mount: run this test where root has CAP_SYS_ADMIN", 77)
    missing = [name for name in ("podman", "runc") if shutil.which(name) is None]
    if missing:
        needed = os.environ.get("CI") or os.environ.get("SPLITDELIVERY_REQUIRE_CONTROL_PLANE") == "1"
        leave(f"{' and '.join(missing)} not found: run cmake/install-image-tools.sh", 1 if needed else 77)


class Podman:
    """Podman with a store of its own, in a folder that goes with it."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-image."))
        driver = "overlay" if can_mount("overlay") else "vfs"
        # runc, since Debian 12's crun asks for more than a container without privileges has.
        self.command = ["podman", f"--root={self.folder}/store", f"--runroot={self.folder}/run", f"--storage-driver={driver}",
                        "--cgroup-manager=cgroupfs", f"--runtime={shutil.which('runc')}"]

    def close(self):
        self.run("rm", "--all", "--force", "--time=0", check=False)
        # Not `system reset`, which takes the machine's networks along. Podman mounts this over itself.
        subprocess.run(["umount", "--quiet", self.folder / "store" / "overlay"], check=False)
        shutil.rmtree(self.folder)

    def run(self, *arguments, check=True, seconds=300):
        done = subprocess.run([*self.command, *map(str, arguments)], capture_output=True, text=True, timeout=seconds,
                              check=False, stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise RuntimeError(f"podman {arguments[0]}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done

    def import_base(self):
        import machine_base  # pylint: disable=import-outside-toplevel
        archive = self.folder / "base.tar"
        machine_base.write(archive)
        self.run("import", "--quiet", archive, "localhost/base")
        archive.unlink()

    def build(self):
        """The project's Dockerfile over this machine's packages, with the binary that is built already."""
        context = self.folder / "context"
        context.mkdir()
        for name in ("Dockerfile", ".dockerignore", "LICENSE"):
            shutil.copy(ROOT / name, context / name)
        shutil.copytree(ROOT / "deploy" / "image", context / "deploy" / "image")
        (context / "build" / "release").mkdir(parents=True)
        shutil.copy(BUILD / "splitdelivery", context / "build" / "release" / "splitdelivery")
        return self.run("build", *BUILD_FLAGS, "--build-arg=REVISION=abc", f"--tag={NAME}", context)

    def container(self, *arguments, options=()):
        """The command that runs a container as it should be run: read-only, without capabilities."""
        return [*self.command, "run", "--rm", "--network=host", "--read-only", "--read-only-tmpfs=false", "--cap-drop=all",
                "--security-opt=no-new-privileges", *LIMITS, *options, NAME, *map(str, arguments)]


_built = []


def built():
    """Podman with the image, which is built once for all modules of a process."""
    if not _built:
        podman = Podman()
        atexit.register(podman.close)
        podman.import_base()
        podman.build()
        _built.append(podman)
    return _built[0]
