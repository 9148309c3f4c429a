"""Stage: what changed between two versions of a reference set."""

import argparse
from pathlib import Path

from comotion.io import replace_text
from comotion.reference_set.version_changes import changes, changes_csv, changes_text
from comotion.stages.options import add_file


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("old", type=Path, help="folder of the older version")
    options.add_argument("new", type=Path, help="folder of the newer version")
    add_file(options, "--csv", "CSV file to write: all numbers of both")


def run(options: argparse.Namespace) -> None:
    """Print what changed and write all numbers."""
    found = changes(options.old, options.new)
    replace_text(options.csv, changes_csv(found))
    print(changes_text(found))
