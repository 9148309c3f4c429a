"""Stage: a table, or the versions and settings of a study, becomes a page of the report."""

import argparse

from comotion.io import read_csv, read_json, replace_text
from comotion.pages.descriptions import DESCRIBE, SHOWN_FIRST
from comotion.pages.html import settings_page, table_page
from comotion.stages.options import add_file

#: Name of the page of versions and settings.
_STUDY = "study"


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "name", choices=[_STUDY, *DESCRIBE], help=f"the table, or {_STUDY}: its settings"
    )
    add_file(options, "--input", f"CSV file of the table; settings.json for {_STUDY}")
    add_file(options, "--html", "HTML file to write")


def run(options: argparse.Namespace) -> None:
    """Write the page."""
    if options.name == _STUDY:
        page = settings_page(read_json(options.input))
    else:
        page = table_page(
            read_csv(options.input),
            DESCRIBE[options.name],
            name=options.name,
            shown_first=SHOWN_FIRST.get(options.name, ()),
        )
    replace_text(options.html, page)
