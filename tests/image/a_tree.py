"""A copy of this tree as a commit of its own, as a release is made of one. SPLITDELIVERY_BUILD is for image.py."""

import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOBODY = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
          for what, value in (("NAME", "nobody"), ("EMAIL", "nobody@example.com"), ("DATE", "2026-01-02T03:04:05+0000"))}
EPOCH = 1767323045


class Tree:
    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-release."))
        names = subprocess.check_output(["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                        cwd=ROOT, text=True)
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.root / name)
        self.git("init", "--quiet")
        self.commit()

    def close(self):
        shutil.rmtree(self.root)

    def git(self, *arguments):
        return subprocess.check_output(["git", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null", *arguments],
                                       cwd=self.root, text=True, env={**os.environ, **NOBODY}).strip()

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=as it is")
        return self.git("rev-parse", "HEAD")

    def replace(self, name, old, new):
        path = self.root / name
        text = path.read_text()
        if old not in text:
            raise AssertionError(f"{name} has no {old!r}")
        path.write_text(text.replace(old, new))

    def run(self, *command, **environment):
        """As a person would: of the variables of tests it has none."""
        ours = ("CONTAINERS", "SOURCE_DATE_EPOCH", "PYTHONDONTWRITEBYTECODE", "MAKEFLAGS")
        variables = {key: value for key, value in os.environ.items() if key not in ours}
        return subprocess.run(list(map(str, command)), cwd=self.root, capture_output=True, text=True, check=False, timeout=300,
                              env={**variables, **environment})
