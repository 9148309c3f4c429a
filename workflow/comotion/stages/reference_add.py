"""Stage: pairs of finished results become part of a reference set."""

import argparse

from comotion.audit.set_files import PAGE
from comotion.reference_set.adding import Edition, add_pairs, edition_of
from comotion.stages.options import add_file


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_file(options, "--results", "folder of the results, with a folder {system}/{level} each")
    add_file(options, "--table", "energies.csv of a study of these results")
    add_file(options, "--set", "folder of the reference set")
    options.add_argument(
        "--pairs", type=_pair, nargs="+", metavar="SYSTEM/LEVEL",
        help="what is added, all rows of the table by default",
    )  # fmt: skip
    options.add_argument(
        "--only-proven", action="store_true", help="leave out what has no proven lower bound"
    )
    options.add_argument("--edition", help="version of the set, such as 0.1.0; by default as it is")
    options.add_argument("--date", help="day of that version, such as 2026-11-28")


def run(options: argparse.Namespace) -> None:
    """Add or replace the pairs and write all files of the set that follow from them."""
    there = edition_of(options.set)
    date = there.date if options.date is None else options.date
    edition = Edition(options.edition or there.version, date)
    told = add_pairs(
        options.set, options.results, options.table, options.pairs, edition, options.only_proven
    )
    for line in told:
        print(line)
    if (options.set / PAGE).is_file():
        print(f"{PAGE}: shows the set as it was: comotion reference-page makes it again")


def _pair(text: str) -> tuple[str, str]:
    """A pair as the command line names it."""
    system, slash, level = text.partition("/")
    if not (system and slash and level):
        raise argparse.ArgumentTypeError(f"{text!r}: write SYSTEM/LEVEL, such as He/hf_cc-pVDZ")
    return system, level
