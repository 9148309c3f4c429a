"""Stage: adiabatic connections of densities become a table."""

import argparse
from pathlib import Path

from comotion.io import read_json, replace_text
from comotion.stages.options import add_file
from comotion.tables.adiabatic_connections import correlation_markdown, correlation_table


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "--records", type=Path, nargs="+", required=True, help="connection.json of densities"
    )
    add_file(options, "--csv", "CSV file to write")
    add_file(options, "--markdown", "Markdown file to write")


def run(options: argparse.Namespace) -> None:
    """Write the table as CSV and as Markdown."""
    table = correlation_table(map(read_json, options.records))
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.markdown, correlation_markdown(table))
