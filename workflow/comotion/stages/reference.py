"""Stage: what a reference set holds: ``comotion reference --list [FOLDER]``."""

import argparse
from pathlib import Path

from comotion.audit.set_files import DEFAULT_SET
from comotion.reference_set.loading import listing


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=DEFAULT_SET,
        help="the set, by default the project's",
    )
    options.add_argument("--list", action="store_true", help="list its pairs, as without a word")


def run(options: argparse.Namespace) -> None:
    """List the pairs."""
    print(listing(options.folder))
