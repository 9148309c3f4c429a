"""Stage: a table, or what a study found or was set to, becomes a page of the report."""

import argparse
from pathlib import Path

from comotion.errors import ComotionError
from comotion.io import read_csv, read_json, replace_text
from comotion.pages.descriptions import DESCRIBE, SHOWN_FIRST
from comotion.pages.html import settings_page, table_page
from comotion.pages.overview import overview_page
from comotion.stages.options import add_file
from comotion.tables.rows import last_levels

#: Names of the page of versions and settings, and of the one that sums up the study.
_STUDY, _OVERVIEW = "study", "overview"


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "name", choices=[_STUDY, _OVERVIEW, *DESCRIBE],
        help=f"the table, {_STUDY}: its settings, or {_OVERVIEW}: what was found",
    )  # fmt: skip
    options.add_argument(
        "--input", type=Path, nargs="+", required=True,
        help=f"CSV file of the table; settings.json for {_STUDY}; energies.csv and energies.svg "
        f"for {_OVERVIEW}",
    )  # fmt: skip
    add_file(options, "--html", "HTML file to write")


def run(options: argparse.Namespace) -> None:
    """Write the page."""
    first, *others = options.input
    if len(others) != (options.name == _OVERVIEW):
        wanted = "two files" if options.name == _OVERVIEW else "one file"
        raise ComotionError(f"page {options.name} is made of {wanted}, got {1 + len(others)}")
    if options.name == _STUDY:
        page = settings_page(read_json(first))
    elif options.name == _OVERVIEW:
        page = overview_page(last_levels(read_csv(first)), others[0])
    else:
        page = table_page(
            read_csv(first),
            DESCRIBE[options.name],
            name=options.name,
            shown_first=SHOWN_FIRST.get(options.name, ()),
        )
    replace_text(options.html, page)
