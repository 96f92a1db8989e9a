"""A person at a terminal who does what a page says: files are saved where the page says, commands typed in order."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pages

# What a page writes in place of what is secret or somebody's own, and what the simulators know.
KNOWN = {"clientId: 1000.ABC": "clientId: 1000.SIMCLIENT", 'clientSecret: "…"': "clientSecret: simsecret",
         "username: anna": "username: demo", 'loginKey: "…"': "loginKey: demo-login-key",
         "--from-literal=clientId=1000.ABC": "--from-literal=clientId=1000.SIMCLIENT",
         "--from-literal=clientSecret=…": "--from-literal=clientSecret=simsecret",
         "--from-literal=username=anna": "--from-literal=username=demo",
         "--from-literal=loginKey=…": "--from-literal=loginKey=demo-login-key"}
FINE = {"splitdelivery plan": (0, 2, 3), "splitdelivery sync": (0, 2, 3)}  # held, pending: no failures


TIME = re.compile(r"\b(?:now|\d+[smhd] ago)\b|\b\d{4}-\d\d-\d\dT[\d:]+Z")


def matches(printed, expected):
    """Whether lines are what a page shows: `…` within a line is anything, alone on it any lines; of a time, when it was
    is anything too."""
    printed, expected = ([TIME.sub("TIME", line) for line in lines] for lines in (printed, expected))
    parts = [r"(?:[^\n]*\n)*?" if line.strip() == "…" else
             r"[^\n]*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ \t]*\n" for line in expected]
    return re.fullmatch("".join(parts), "".join(line.rstrip() + "\n" for line in printed)) is not None


def checkout(test, programs):
    """A folder for the time of `test` that has this project's own folders in it, and `programs`, paths by name, in bin."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="splitdelivery-docs."))
    test.addCleanup(shutil.rmtree, folder)
    for name in ("deploy", "crds", "charts", "docs"):
        (folder / name).symlink_to(pages.ROOT / name)
    (folder / "bin").mkdir()
    for name, program in programs.items():
        (folder / "bin" / name).symlink_to(pathlib.Path(program).resolve())
    return folder


class Terminal:
    """One folder and one environment. `simulators` play the page's servers."""

    def __init__(self, folder, simulators, **environment):
        self.folder = pathlib.Path(folder)
        self.urls = simulators.urls
        self.known = dict(KNOWN)
        self.environment = {**os.environ, "SPLITDELIVERY_DNS_SERVER": simulators.urls["dns"], "LC_ALL": "C.UTF-8",
                            **environment}

    def played(self, text):
        """The same text, about the simulators."""
        zoho = self.urls["zoho"]
        text = text.replace("https://eagle.mxlogin.com:2222", self.urls["da"])
        text = re.sub(r'(\{organizationId: "60012345")', rf'\1, accountsURL: "{zoho}", mailURL: "{zoho}"', text)
        text = re.sub(r'(?m)^( +)organizationId: "60012345".*$',
                      rf'\g<0>\n\1accountsURL: {zoho}\n\1mailURL: {zoho}', text)
        for shown, known in self.known.items():
            text = text.replace(shown, known)
        return text

    def save(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.played(text), encoding="utf-8")

    def type(self, command, seconds=120):
        """Exit code, and the lines that it printed."""
        done = subprocess.run(["bash", "-c", self.played(command)], cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=seconds,
                              check=False)
        return done.returncode, done.stdout.splitlines()

    def follow(self, case, block, instead=lambda command: command, after=lambda command: None):
        """Types the block's commands and holds what they print against the page. `instead` gives the command as it is to
        be typed here, or None for one that is not; `after` does what the world does of itself."""
        for command, output in block.commands():
            typed = instead(command)
            if typed is None:
                continue
            code, printed = self.type(typed)
            fine = next((codes for head, codes in FINE.items() if command.startswith(head)), (0,))
            said = f"{block.where}: {command}\nexit code {code}\n" + "\n".join(printed)
            case.assertIn(code, fine, said)
            output = [self.played(line) for line in output or []]
            if output:
                case.assertTrue(matches(printed, output), said + "\nis not what the page shows:\n" + "\n".join(output))
            after(command)
