"""What the pages have from elsewhere is current: the tables of fields and flags, the commands of a login key, Zoho's data
centres, the controller's rights, and the reasons."""

import re
import unittest

import known
import pages
import yaml
from known import BINARY, write_reference

CONTROLLER = pages.ROOT / "controller"


def read(path):
    return (pages.ROOT / path).read_text(encoding="utf-8")


def rows(path, heading):
    """The table that begins with that heading: its rows, as lists of cells."""
    table = read(path).split(heading + "\n", 1)[1]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in table.split("\n\n", 1)[0].splitlines()[1:]]


class TheTables(unittest.TestCase):
    def test_of_fields_and_flags_are_current(self):
        written = write_reference.written(BINARY)
        self.assertEqual({path.name for path in written}, {"resource.md", "cli.md"})
        for path, text in written.items():
            self.assertEqual(path.read_text(encoding="utf-8"), text, f"{path.name}: run `make docs`")

    def test_have_every_field_with_its_values_and_every_flag_with_its_twin(self):
        fields = dict(re.findall(r"(?m)^\| `((?:spec|status)\.[^`]*)` \| (.*?) \|", read("docs/resource.md")))
        self.assertEqual(fields["spec.policy"], "`Observe` `CreateOnly` `UpsertOnly` `Sync`")
        self.assertIn("status.conditions[].reason", fields)
        flags = read("docs/cli.md")
        for flag, twin in (("`--allow-server PATTERN`", "`SPLITDELIVERY_ALLOW_SERVER`"), ("`--timeout DURATION`", "")):
            self.assertRegex(flags, re.escape(f"| {flag} | ") + rf"[^|]*\| {twin}\s?\| ")


class TheCommandsOfALoginKey(unittest.TestCase):
    def test_are_those_that_the_adapter_sends(self):
        listed = {row[0].strip("`") for row in rows("docs/setup.md", "| command | needed for | without it |")}
        header = read("controller/mailserver/directadmin/requests.h")
        self.assertEqual(listed, set(re.findall(r'string_view k\w+ = "(CMD_\w+)"', header)))
        for command in set(re.findall(r"CMD_API_[A-Z_]*[A-Z]", "\n".join(pages.pages().values()))) - listed:
            self.fail(f"{command}: a page names a command that is never sent")

    def test_are_needed_always_where_the_adapter_does_not_do_without(self):
        always = {row[0].strip("`") for row in rows("docs/setup.md", "| command | needed for | without it |")
                  if row[1].startswith("always")}
        source = read("controller/mailserver/directadmin/requests.cpp")
        optional = set(re.findall(r"settingOf\((k\w+),", source)) | {"kShowUserConfig", "kShowUserUsage"}
        names = dict(re.findall(r'string_view (k\w+) = "(CMD_\w+)"', read("controller/mailserver/directadmin/requests.h")))
        self.assertEqual(always, {command for name, command in names.items() if name not in optional})
        self.assertIn("optional = true", source[source.index("Command settingOf("):][:400])


class ZohosSide(unittest.TestCase):
    def test_has_the_scopes_that_are_asked_for(self):
        asked = re.search(r'"(ZohoMail\.[\w.,]*)"', read("controller/zoho/tokens.cpp"))[1].split(",")
        self.assertEqual([row[0].strip("`") for row in rows("docs/setup.md", "| scope | for | without it |")], asked)

    def test_has_the_data_centres_with_their_hosts(self):
        known = {}
        for entry in re.findall(r'\{("[a-z]{2}", "https.*?)\}', read("controller/api/zoho_hosts.cpp")):
            name, accounts, mail, mx, *rest = re.findall(r'"([^"]*)"', entry)
            known[name] = [mail.removeprefix("https://"), accounts.removeprefix("https://"), f"`{mx}`", f"`include:{rest[0]}`" if rest else
                           "as Zoho's admin console shows"]
        listed = {row[0].strip("`"): row[1:] for row in rows(
            "docs/mail-dns.md", "| `spec.zoho.dataCenter` | where you log in | accounts host | MX: `mx`, `mx2`, `mx3` of | SPF |")}
        self.assertEqual(listed, known)


class TheRights(unittest.TestCase):
    def test_of_the_controller_are_those_of_deploy(self):
        granted = [(role["kind"], rule["resources"], rule["verbs"]) for role in yaml.safe_load_all(read("deploy/rbac.yaml"))
                   if "rules" in role for rule in role["rules"]]
        listed = [({"cluster": "ClusterRole", "own namespace": "Role"}[row[0]], re.findall(r"`([^`]+)`", row[1]),
                   re.findall(r"\w+", row[2]))
                  for row in rows("docs/security-model.md", "| where | resources | verbs | why |")]
        self.assertEqual(listed, granted)


class TheReasons(unittest.TestCase):
    """tests/house holds that each reason of an error stands in docs/status.md; here are the others, and the way back."""
    BORN = (r'ConditionStatus::\w+,\s*"([A-Z]\w+)"', r'\? "([A-Z]\w+)" : "[A-Z]', r'\? "[A-Z]\w+" : "([A-Z]\w+)"',
            r'bad\(\s*"([A-Z]\w+)"', r'unknown\(\s*"([A-Z]\w+)"', r'Warning\{\s*"([A-Z]\w+)"', r'Result::Good, "([A-Z]\w+)"')

    def test_of_conditions_and_warnings_stand_in_the_documentation(self):
        text = "\n".join(read(path.relative_to(pages.ROOT)) for path in sorted(CONTROLLER.glob("reconcile/*.cpp")))
        born = {reason for pattern in self.BORN for reason in re.findall(pattern, text)}
        self.assertGreater(len(born), 20)
        documented = set(re.findall(r"`([A-Z]\w+)`", read("docs/status.md")))
        self.assertEqual(born - documented, set())

    def test_of_the_documentation_are_in_the_sources(self):
        crd = read("crds/splitdelivery.dev_splitdeliverydomains.yaml")
        there = set(re.findall(r'"([A-Z][A-Za-z]+)"', known.source(".cpp", ".h"))) | known.others() | {"AddressBook"}
        for page in ("docs/status.md", "docs/troubleshooting.md", "docs/relay-problems.md"):
            named = {code for code in pages.code_words(read(page)) if re.fullmatch(r"[A-Z][a-z]+(?:[A-Z]\w*)?", code)}
            self.assertGreater(len(named), 15)
            self.assertEqual({word for word in named - there if not re.search(rf"\b{word}\b", crd)}, set(), page)


if __name__ == "__main__":
    unittest.main()
