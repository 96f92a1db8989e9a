"""What a page names in backticks or in a command is there: flags, sub-commands, fields, metrics, reasons, annotations,
values of the chart, files, targets of make."""

import re
import shlex
import unittest

import known
import pages

# Programs of the blocks that are checked and not run, each with the reason.
NOT_RUN = {
    "docker": "there is no Docker in a test; tests/image runs the lines of docs/docker.md by Podman",
    "make": "it builds what is tested",
    "kubectl": "it needs a pod, names of a person's own, or takes everything away",
    "helm": "it takes everything away, or tests/chart runs it",
    "splitdelivery": "it needs files of a person's own, such as the script's .env",
    "(umask": "the same",
    "promtool": "tests/monitoring runs it over the same file",
    "amtool": "it needs an Alertmanager",
    "journalctl": "it needs systemd", "systemctl": "it needs systemd",
    "dig": "it asks real name servers",
    "curl": "it asks a service at a port of its own; tests/e2e asks one at a free port",
    "sudo": "rights that a test has not", "ln": "it writes into a person's own PATH", "mkdir": "the same",
    "grep": "of a state folder with a person's own names", "ls": "the same", "cd": "of a person's own folder",
}
KUBECTL = {"get", "apply", "create", "delete", "describe", "explain", "wait", "rollout", "logs", "patch", "annotate", "kustomize", "sdd",
           "scale", "edit", "auth", "exec", "top", "debug", "port-forward", "label", "cluster-info", "config", "api-resources", "version"}
HELM = {"install", "upgrade", "test", "uninstall", "rollback", "template", "lint", "repo", "show", "history", "get", "status"}
OURS = re.compile(r"^(?:build/release/|/usr/local/bin/)?(splitdelivery|kubectl sdd) ([a-z][a-z-]*)(.*)$", re.DOTALL)
PATH = re.compile(r"^(?:\.\./)?((?:docs|tests|deploy|controller|charts|crds|monitoring|cmake)/[\w./*-]+)$")


def inline():
    """(page, words in backticks)."""
    for page, text in pages.pages().items():
        for code in pages.code_words(text):
            yield page, " ".join(code.split())


class AName(unittest.TestCase):
    def missing(self, found, there):
        """Fails for the names that are nowhere, each with its page."""
        self.assertTrue(found, "the pattern is stale")
        self.assertEqual(sorted({f"{page}: {name}" for page, name in found if name not in there}), [])

    def test_of_a_flag_is_in_its_help(self):
        other = re.compile(r"kubectl (?!sdd)|helm|docker|curl|git|ctest|build/|tests/|--gtest_")
        found = [(page, flag) for page, code in inline() if not other.match(code)
                 for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]+", code)]
        self.missing(found, known.flags() | known.others())

    def test_of_a_sub_command_is_there_with_the_flags_that_it_is_given(self):
        typed = [(page, code) for page, code in inline()]
        typed += [(block.where, command.strip()) for block in pages.all_blocks() if block.kind for command, _ in block.commands()]
        count = 0
        for where, code in typed:
            for part in re.split(r"[|;&()]+", code.replace("\\\n", " ").split(" #")[0]):
                match = OURS.match(part.strip())
                if match is None:
                    continue
                count += 1
                program, command, rest = match.groups()
                self.assertIn(command, known.commands()[program], f"{where}: {code}")
                for flag in re.findall(r"(?<![\w-])--?[a-zA-Z][a-z-]*", rest):
                    self.assertIn(flag, known.commands()[program][command], f"{where}: {code}")
        self.assertGreater(count, 80)

    def test_of_a_field_is_in_the_crd(self):
        found = [(page, path.rstrip(".")) for page, code in inline()
                 for path in re.findall(r"^(?:sdd\.)?((?:spec|status)\.[\w.\[\]]+)", code)]
        foreign = {"spec.install.crds", "spec.upgrade.crds"}  # Flux's
        self.missing(found, known.fields() | foreign | {"spec.mxroute"})

    def test_of_a_metric_is_documented_and_so_exported(self):
        parts = r"(?:_bucket|_sum|_count)?$"
        found = [(page, re.sub(parts, "", name)) for page, code in inline()
                 for name in re.findall(r"\b((?:splitdelivery|workqueue|rest_client|controller_runtime|leader_election)_[a-z_]+)\b", code)]
        self.missing([(page, name) for page, name in found if not name.endswith(("_", "_test"))], known.metrics())

    def test_of_a_reason_a_condition_or_a_kind_is_known(self):
        found = [(page, code) for page, code in inline() if re.fullmatch(r"[A-Z][a-z]+(?:[A-Z]\w*)+", code)]
        self.missing(found, known.words() | known.others() | known.classes())

    def test_of_an_annotation_is_read_by_us(self):
        found = [(page, name) for page, text in pages.pages().items() for name in re.findall(r"splitdelivery\.dev/[a-z0-9-]+", text)
                 if not name.endswith("-") and not text.count(f"splitdeliverydomain.{name}")]
        self.missing(found, known.annotations())

    def test_of_a_value_is_in_the_chart(self):
        tops = {path.split(".")[0] for path in known.chart_values() if "." in path}
        found = [(page, path.split("=")[0].split(":")[0]) for page, code in inline()
                 for path in re.findall(r"^(?:--set )?([a-z][A-Za-z]*\.[A-Za-z][\w.]*(?:[=:].*)?)$", code)
                 if path.split(".")[0] in tops and "/" not in path and not re.search(r"\.(yaml|md|py|cpp|h|json|c)\b", path)]
        self.missing(found, known.chart_values())

    def test_of_an_environment_variable_is_in_a_help_or_a_test(self):
        found = [(page, name) for page, code in inline() for name in re.findall(r"\bSPLITDELIVERY_[A-Z_]+\b", code)]
        twins = set(re.findall(r"`(SPLITDELIVERY_[A-Z_]+)`", (pages.ROOT / "docs/cli.md").read_text()))
        tests = {"SPLITDELIVERY_SEED", "SPLITDELIVERY_REQUIRE_CONTROL_PLANE"}
        self.missing(found, twins | tests)

    def test_of_a_make_target_is_in_the_makefile(self):
        found = [(page, name) for page, code in inline() if code.startswith("make ")
                 for name in re.findall(r"(?<=\s)([a-z][a-z-]+)\b(?![=-])", code.split("BUILD_FLAGS")[0])]
        self.missing(found, known.make_targets())

    def test_of_a_file_of_the_project_is_there(self):
        found = [(page, match[1]) for page, code in inline() if (match := PATH.match(code))]
        self.assertGreater(len(found), 40)
        gone = [(page, path) for page, path in found
                if not list(pages.ROOT.glob(path.rstrip("/"))) and not list(pages.ROOT.glob("controller/" + path))]
        self.assertEqual(gone, [])


class ACheckedCommand(unittest.TestCase):
    """Blocks that are not run."""

    def commands(self):
        for block in pages.all_blocks():
            if block.kind == "checked":
                for command, _ in block.commands():
                    yield block, command.split(" #")[0].split("  #")[0].strip()

    def test_is_of_a_program_that_is_known_here_with_the_reason_why_it_is_not_run(self):
        used = {command.split()[0].split("/")[-1]: f"{block.where}: {command}" for block, command in self.commands()}
        self.assertEqual({program: where for program, where in used.items() if program not in NOT_RUN}, {})
        self.assertEqual(set(NOT_RUN) - set(used), set(), "nobody needs these any more")

    def test_can_be_read_by_a_shell(self):
        for block, command in self.commands():
            shlex.split(command, comments=True)

    def test_has_a_sub_command_that_there_is(self):
        for block, command in self.commands():
            words = [word for word in command.split() if not word.startswith("-")]
            for program, there in (("kubectl", KUBECTL), ("helm", HELM)):
                if words[0] == program:
                    rest = words[1:] if not re.match(r"\S+ -n ", command) else words[2:]
                    self.assertIn(rest[0], there, f"{block.where}: {command}")
            if words[0] == "make":
                for target in words[1:]:
                    if "=" not in target:
                        self.assertIn(target, known.make_targets(), block.where)

    def test_names_files_that_there_are(self):
        for block, command in self.commands():
            for path in re.findall(r"(?<!\S)((?:docs|tests|deploy|charts|crds|monitoring)/[\w./-]*)", command):
                self.assertTrue((pages.ROOT / path).exists(), f"{block.where}: {path}")


if __name__ == "__main__":
    unittest.main()
