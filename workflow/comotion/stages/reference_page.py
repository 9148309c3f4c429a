"""Stage: a page of a reference set: ``comotion reference-page [SET] [--output index.html]``."""

import argparse
import os
from pathlib import Path

from comotion.audit.set_files import DEFAULT_SET, PAGE
from comotion.io import replace_text
from comotion.reference_page.set_page import reference_page


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=DEFAULT_SET,
        help="the set, by default the project's",
    )
    options.add_argument("--output", type=Path, help=f"HTML file to write, by default SET/{PAGE}")


def run(options: argparse.Namespace) -> None:
    """Write the page; its links lead to the files of the set from where it lies."""
    folder: Path = options.folder
    output: Path = options.output or folder / PAGE
    way = os.path.relpath(folder.resolve(), output.resolve().parent)
    links = "" if way == "." else f"{Path(way).as_posix()}/"
    page = reference_page(folder, links)
    replace_text(output, page)
    print(f"{output}: {len(page.encode()) / 1e6:.1f} MB")
