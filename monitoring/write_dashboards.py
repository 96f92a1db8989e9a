"""Writes the dashboards as JSON. Usage: write_dashboards.py [FOLDER]; default: where the chart has them."""

import json
import pathlib
import sys

import accounts
import domain
import fleet
import runtime

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "charts/split-delivery-operator/dashboards"
PAGES = {"fleet": fleet, "domain": domain, "accounts": accounts, "runtime": runtime}


def texts():
    """File name → its text."""
    return {f"{name}.json": json.dumps(module.page(), indent=2, ensure_ascii=False) + "\n" for name, module in PAGES.items()}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
