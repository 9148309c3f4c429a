"""Put what the workflow made into the documents: tables between markers, and figures.

A block of a document between ``<!-- name -->`` and ``<!-- /name -->`` becomes the contents of a
Markdown file, so that its numbers are those of a run and not of a typist.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from comotion.errors import ComotionError
from comotion.io import replace_bytes, replace_text
from comotion.tables.headline import headline
from comotion.tables.proven import proven_markdown


def main(words: Sequence[str]) -> None:
    """Replace every block and every figure that is given."""
    parser = argparse.ArgumentParser(prog="study readme", description="fill in a document")
    parser.add_argument("--readme", type=Path, required=True, help="Markdown file to change")
    parser.add_argument(
        "--blocks", nargs="*", default=[], help="name=file.md, or name=energies.csv, made short, "
        "or name=energies.csv,best.csv with a column of best values; proven...=energies.csv "
        "becomes the table of proven bounds",
    )  # fmt: skip
    parser.add_argument("--figures", nargs="*", default=[], help="shown.svg=made.svg")
    options = parser.parse_args(words)
    text = options.readme.read_text(encoding="utf-8")
    for block in options.blocks:
        name, _, path = block.partition("=")
        text = with_block(text, name, _content(name, *map(Path, path.split(","))))
    replace_text(options.readme, text)
    for figure in options.figures:
        shown, _, made = figure.partition("=")
        replace_bytes(Path(shown), Path(made).read_bytes())


def _content(name: str, path: Path, *more: Path) -> str:
    """What stands in a block: a Markdown file, or a short form of the table of energies."""
    if path.suffix != ".csv":
        return path.read_text(encoding="utf-8")
    tables = [pd.read_csv(table, keep_default_na=False, na_values=[""]) for table in (path, *more)]
    return proven_markdown(*tables) if name.startswith("proven") else headline(*tables)


def with_block(text: str, name: str, content: str) -> str:
    """The text with another content between the markers of a block.

    Raises:
        ComotionError: The text has no such block, or more than one.
    """
    pattern = rf"(<!-- {re.escape(name)} -->\n).*?(<!-- /{re.escape(name)} -->)"
    replaced, times = re.subn(
        pattern, lambda match: f"{match[1]}{content.strip()}\n{match[2]}", text, flags=re.DOTALL
    )
    if times != 1:
        raise ComotionError(
            f"the markers <!-- {name} --> and <!-- /{name} --> occur {times} times; write them once"
        )
    return replaced
