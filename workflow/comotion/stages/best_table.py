"""Stage: best estimates become a table, and another one of their error bars."""

import argparse
from pathlib import Path

from comotion.io import read_json, replace_text
from comotion.stages.options import add_file
from comotion.tables.best_estimates import best_markdown, best_table, coverage_table


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--records", type=Path, nargs="+", required=True, help="best.json files")
    add_file(options, "--csv", "CSV file to write: the estimates")
    add_file(options, "--coverage", "CSV file to write: their error bars against exact values")
    add_file(options, "--markdown", "Markdown file to write: both")


def run(options: argparse.Namespace) -> None:
    """Write the tables as CSV and as Markdown."""
    records = [read_json(path) for path in options.records]
    table, coverage = best_table(records), coverage_table(records)
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.coverage, coverage.to_csv(index=False))
    replace_text(options.markdown, best_markdown(table, coverage))
