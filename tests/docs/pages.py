"""The pages of the project, taken apart: blocks of code, words in backticks, headings, links.

How a block with commands is marked, behind the language, where no reader sees it:
  ```sh folder       run over a folder of documents, with simulators of Zoho, DirectAdmin and DNS (test_docs_folder.py)
  ```sh cluster      run on a real API server, with the same (test_docs_cluster.py)
  ```sh checked      not run, since it takes what a test has not (the page's place or NOT_RUN says what); its programs,
                     sub-commands, flags and files have to be there (test_docs_names.py)
In a `console` block a line that begins with "$ " is a command and what follows is what it prints: `…` stands for
anything, alone on a line for any lines.
  ```yaml file=mail/x.yaml    is written there before the commands of the same page that follow
Blocks of one page and kind are run in order, in one folder.
"""

import dataclasses
import functools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Each is checked, none is run: what stands there is for a person's own names, Alertmanager and journal.
CHECKED_PAGES = ("docs/runbooks/",)
COMMAND_LANGUAGES = ("sh", "bash", "shell", "console")
KINDS = ("folder", "cluster", "checked")
FENCE = re.compile(r"(?ms)^( *)```([^\n`]*)\n(.*?)^ *```$")


@dataclasses.dataclass
class Block:
    page: str
    line: int
    words: list
    text: str

    @property
    def where(self):
        return f"{self.page}:{self.line}"

    @property
    def language(self):
        return self.words[0] if self.words else ""

    @property
    def kind(self):
        """folder, cluster or checked; None where a block has no commands; "" where it has and says nothing."""
        holds = self.language in COMMAND_LANGUAGES or (not self.words and re.search(r"(?m)^\$ ", self.text))
        if not holds:
            return None
        if self.page.startswith(CHECKED_PAGES):
            return "checked"
        return self.words[1] if len(self.words) == 2 and self.words[1] in KINDS else ""

    @property
    def file(self):
        """Where the test writes it; None: nowhere."""
        named = [word[5:] for word in self.words[1:] if word.startswith("file=")]
        return named[0] if named else None

    def commands(self):
        """[(command, what it prints or None)]: a command's lines are joined where a backslash or a here-document says so."""
        is_console = self.language != "sh"
        found = []
        lines = iter(self.text.splitlines())
        for line in lines:
            if is_console and not line.startswith("$ "):
                if found:
                    found[-1][1].append(line)
                continue
            command = line[2:] if is_console else line
            while command.endswith("\\"):
                command += "\n" + next(lines)
            here = re.search(r"<<'?(\w+)'?", command)
            while here and not command.endswith("\n" + here[1]):
                command += "\n" + next(lines)
            if command.strip() and not command.lstrip().startswith("#"):
                found.append((command, []))
        return [(command, output if is_console else None) for command, output in found]


@functools.cache
def pages():
    """{path within the project: text}, of all that are the project's own."""
    found = list(ROOT.glob("*.md"))
    for folder in ROOT.iterdir():
        if folder.is_dir() and folder.name not in ("build", "node_modules") and not folder.name.startswith("."):
            found += folder.rglob("*.md")
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(found)}


def blocks(page, text):
    for found in FENCE.finditer(text):
        inner = re.sub(rf"(?m)^{found[1]}", "", found[3])
        yield Block(page, text.count("\n", 0, found.start()) + 1, found[2].split(), inner)


def all_blocks():
    return [block for page, text in pages().items() for block in blocks(page, text)]


def prose(text):
    """Without the blocks."""
    return FENCE.sub("", text)


def code_words(text):
    """What stands in backticks within the prose, in order."""
    return [found[2] for found in re.finditer(r"(?<!`)(`+)((?:(?!`).|\n)+?)\1(?!`)", prose(text))]


def anchors(text):
    """As GitHub makes them of headings."""
    found = []
    for heading in re.findall(r"(?m)^#{1,6} +(.*?) *#*$", prose(text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        same = sum(each == anchor or re.fullmatch(re.escape(anchor) + r"-\d+", each) is not None for each in found)
        found.append(f"{anchor}-{same}" if same else anchor)
    return found


def links(text):
    """Targets of links and pictures."""
    return [found[1] for found in re.finditer(r"\]\(([^()\s]+(?:\([^)]*\))?[^)\s]*)\)", re.sub(r"`[^`\n]*`", "", prose(text)))]
