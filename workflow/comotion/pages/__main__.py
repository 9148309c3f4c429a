"""Stage: a table, or the versions and settings of a study, becomes a page of the report."""

import argparse

import pandas as pd

from comotion.pages.columns import DESCRIBE, SHOWN_FIRST
from comotion.pages.html import settings_page, table_page
from comotion.records import read_json, replace_text
from comotion.stage import add_file, parser, run


def main(options: argparse.Namespace) -> None:
    """Write the page."""
    if options.name == "study":
        page = settings_page(read_json(options.input))
    else:
        page = table_page(
            pd.read_csv(options.input),
            DESCRIBE[options.name],
            name=options.name,
            shown_first=SHOWN_FIRST.get(options.name, ()),
        )
    replace_text(options.html, page)


if __name__ == "__main__":
    arguments = parser("comotion.pages", __doc__ or "")
    arguments.add_argument("name", choices=["study", *DESCRIBE], help="the table, or study")
    add_file(arguments, "--input", "CSV file of the table, or JSON file of the study")
    add_file(arguments, "--html", "HTML file to write")
    run(main, arguments)
