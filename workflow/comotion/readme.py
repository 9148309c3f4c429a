"""Stage: put what the workflow made into the README, between its markers.

A block of README.md between ``<!-- name -->`` and ``<!-- /name -->`` becomes the contents of a
Markdown file, so that its numbers are those of a run and not of a typist.
"""

import argparse
import re
from pathlib import Path

from comotion.errors import ComotionError
from comotion.records import replace_text
from comotion.stage import add_file, parser, run


def main(options: argparse.Namespace) -> None:
    """Replace every block that is given."""
    text = options.readme.read_text(encoding="utf-8")
    for block in options.blocks:
        name, _, path = block.partition("=")
        text = with_block(text, name, Path(path).read_text(encoding="utf-8"))
    replace_text(options.readme, text)


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


if __name__ == "__main__":
    arguments = parser("comotion.readme", __doc__ or "")
    add_file(arguments, "--readme", "Markdown file to change")
    arguments.add_argument("--blocks", nargs="+", required=True, help="name=file.md")
    run(main, arguments)
