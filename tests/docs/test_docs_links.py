"""Every page can be reached, every link leads somewhere, every block with commands says how it is tested."""

import pathlib
import re
import unittest
import xml.etree.ElementTree

import pages

IMAGES = pages.ROOT / "docs" / "images"
SVG = "{http://www.w3.org/2000/svg}"


def within(page, target):
    """The path within the project that a link of the page leads to."""
    return pathlib.PurePosixPath((pages.ROOT / page).parent.joinpath(target).resolve().relative_to(pages.ROOT.resolve())).as_posix()


class ALink(unittest.TestCase):
    def test_leads_to_a_file_and_a_heading_that_there_are(self):
        every = pages.pages()
        headings = {page: pages.anchors(text) for page, text in every.items()}
        count = 0
        for page, text in every.items():
            for link in pages.links(text):
                if re.match(r"[a-z]+:", link):
                    continue
                count += 1
                target, _, anchor = link.partition("#")
                with self.subTest(page=page, link=link):
                    path = within(page, target) if target else page
                    self.assertTrue((pages.ROOT / path).exists(), "there is no such file")
                    if anchor:
                        self.assertIn(anchor, headings[path])
        self.assertGreater(count, 150)

    def test_of_the_web_is_https(self):
        for page, text in pages.pages().items():
            for link in pages.links(text):
                self.assertFalse(link.startswith("http:") and "127.0.0.1" not in link, f"{page}: {link}")


class EveryPage(unittest.TestCase):
    def test_is_reached_from_the_readme(self):
        every = pages.pages()
        reached, ahead = set(), ["README.md"]
        while ahead:
            page = ahead.pop()
            if page in reached or page not in every:
                continue
            reached.add(page)
            ahead += [within(page, link.partition("#")[0]) for link in pages.links(every[page])
                      if not re.match(r"[a-z]+:|#", link)]
        self.assertEqual(set(every) - reached, {"charts/split-delivery-operator/README.head.md"}, "link it from docs/README.md")

    def test_of_docs_stands_in_its_table_of_contents(self):
        listed = set(pages.links(pages.pages()["docs/README.md"]))
        there = {path.name for path in (pages.ROOT / "docs").glob("*.md")} - {"README.md"}
        self.assertEqual(there - listed, set())

    def test_has_one_title_and_no_two_headings_alike(self):
        for page, text in pages.pages().items():
            with self.subTest(page):
                self.assertEqual(len(re.findall(r"(?m)^# ", pages.prose(text))), 1)
                anchors = pages.anchors(text)
                if page != "CHANGELOG.md":
                    self.assertEqual(len(anchors), len(set(re.sub(r"-\d+$", "", each) for each in anchors)), anchors)


class ABlockWithCommands(unittest.TestCase):
    def test_says_whether_it_is_run(self):
        for block in pages.all_blocks():
            self.assertNotEqual(block.kind, "", f"{block.where}: write ```{block.language or 'console'} folder, cluster or checked; "
                                "tests/docs/pages.py says what each is")

    def test_is_closed(self):
        for page, text in pages.pages().items():
            self.assertEqual(text.count("\n```") % 2, 0, page)

    def test_of_a_file_that_is_to_be_saved_has_its_name_before_it(self):
        for page, text in pages.pages().items():
            for block in pages.blocks(page, text):
                if block.file:
                    before = "\n".join(text.splitlines()[max(0, block.line - 6):block.line - 1])
                    self.assertIn(f"`{block.file}`", before, block.where)

    def test_is_found_by_its_mark_whatever_stands_in_it(self):
        text = "# T\n```sh\nmake x\n```\n```\n$ a\nb\n```\n```yaml file=m/x.yaml\na: 1\n```\n```sh cluster\na \\\n  b\n# c\nd\n```\n"
        found = list(pages.blocks("docs/x.md", text))
        self.assertEqual([block.kind for block in found], ["", "", None, "cluster"])
        self.assertEqual(found[2].file, "m/x.yaml")
        self.assertEqual(found[3].commands(), [("a \\\n  b", None), ("d", None)])
        self.assertEqual(found[1].commands(), [("a", ["b"])])
        self.assertEqual(next(pages.blocks("docs/runbooks/x.md", text)).kind, "checked")


class ADrawing(unittest.TestCase):
    def test_is_well_formed_and_told_to_those_who_do_not_see_it(self):
        for path in sorted(IMAGES.glob("*.svg")):
            with self.subTest(path.name):
                root = xml.etree.ElementTree.parse(path).getroot()
                self.assertEqual(root.tag, f"{SVG}svg")
                named = [root.find(f"{SVG}{each}") for each in ("title", "desc")]
                self.assertTrue(all(each is not None and each.text.strip() for each in named))
                self.assertEqual(root.get("role"), "img")
                self.assertEqual(root.get("aria-labelledby").split(), [each.get("id") for each in named])
                self.assertTrue(root.get("viewBox"))

    def test_can_be_read_on_light_and_on_dark(self):
        for path in sorted(IMAGES.glob("*.svg")):
            style = xml.etree.ElementTree.parse(path).getroot().find(f"{SVG}style").text
            light, dark = style.split("@media (prefers-color-scheme: dark)")
            for rule in re.findall(r"([\w.,\s]+)\{[^}]*(?:fill|stroke): #", light):
                for selector in rule.split(","):
                    self.assertIn(selector.strip(), dark, f"{path.name}: {selector.strip()} has no colour for the dark")

    def test_is_shown_with_words_in_its_place(self):
        shown = {}
        for page, text in pages.pages().items():
            for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text):
                self.assertGreater(len(words), 15, f"{page}: {target}")
                shown[within(page, target)] = page
        there = {path.relative_to(pages.ROOT).as_posix() for path in IMAGES.iterdir()}
        self.assertEqual(there - set(shown), set(), "a picture that no page shows")


if __name__ == "__main__":
    unittest.main()
