"""The pictures of docs/status-page.md, of a real run in a real browser.

Usage: SPLITDELIVERY_BUILD=build/release screens.py FOLDER (`make screens`). Needs Pillow (python3-pil); no test.
"""

import os
import pathlib
import sys

import browser
from PIL import Image
from story import Story

PICTURES = {"status-page": {"width": 1100}, "status-page-dark": {"width": 1100, "dark": True},
            "status-page-phone": {"width": 390}}
HEIGHT = 1240
COLOURS = 128


class Pictured(Story):
    def runTest(self):
        pass

    def setUp(self):
        super().setUp()
        # A person's folder has a shorter name.
        os.chdir(self.folder)
        os.mkdir("mail")
        for file in self.folder.glob("*.yaml"):
            file.rename(pathlib.Path("mail") / file.name)
        self.folder, self.state = pathlib.Path("mail"), pathlib.Path("mail/.splitdelivery")


def main(folder):
    folder = pathlib.Path(folder).resolve()
    story, window = Pictured(), browser.Browser()
    try:
        story.setUp()
        story.begin("--status-addresses")
        for name, how in PICTURES.items():
            window.show(**how)
            window.open(story.url)
            path = folder / f"{name}.png"
            window.picture(path, HEIGHT)
            Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    finally:
        window.close()
        os.chdir(folder)
        story.doCleanups()


if __name__ == "__main__":
    main(sys.argv[1])
