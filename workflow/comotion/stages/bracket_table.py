"""Stage: brackets become one table, those of the hierarchy another."""

import argparse
from pathlib import Path

from comotion.io import read_json, replace_text
from comotion.stages.options import add_file
from comotion.tables.brackets import bracket_markdown, bracket_table, hierarchy_table


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "--records", type=Path, nargs="+", required=True, help="bracket.json files"
    )
    add_file(options, "--csv", "CSV file to write")
    add_file(options, "--hierarchy", "CSV file to write: brackets of V_k")
    add_file(options, "--markdown", "Markdown file to write")


def run(options: argparse.Namespace) -> None:
    """Write the table as CSV and as Markdown, and the brackets of the hierarchy."""
    records = [read_json(path) for path in options.records]
    table = bracket_table(records)
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.hierarchy, hierarchy_table(records).to_csv(index=False))
    replace_text(options.markdown, bracket_markdown(table))
