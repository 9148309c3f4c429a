"""Stage: check a reference set by independent code: ``comotion verify-reference [FOLDER]``."""

import argparse
import sys
from pathlib import Path

from comotion.audit.findings import audit
from comotion.audit.set_files import DEFAULT_SET, require_set
from comotion.errors import RecordError


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=DEFAULT_SET,
        help="the set, by default the project's",
    )
    options.add_argument(
        "--full", action="store_true", help="prove all certificates, not a sample of five"
    )


def run(options: argparse.Namespace) -> None:
    """Say what was checked.

    Raises:
        RecordError: Something is wrong: a sentence for each thing.
    """
    folder: Path = options.folder
    require_set(folder)
    found = audit(folder, options.full, lambda what: print(what, file=sys.stderr))
    if found.findings:
        raise RecordError("\n".join(found.findings))
    print(
        f"{folder}: {found.pairs} pairs are what was published and agree with what was computed "
        f"again; {found.proven} of {found.certificates} certificates proven again"
    )
