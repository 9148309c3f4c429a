"""Stage: adiabatic connections become a table, and those of Hartree-Fock theory another."""

import argparse
from pathlib import Path

from comotion.io import read_json, replace_text
from comotion.stages.options import add_file
from comotion.tables.adiabatic_connections import (
    correlation_markdown,
    correlation_table,
    moller_plesset_table,
)


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument(
        "--records", type=Path, nargs="+", required=True, help="connection.json of densities"
    )
    options.add_argument(
        "--hartree-fock", type=Path, nargs="*", required=True, help="moller_plesset.json, or none"
    )
    add_file(options, "--csv", "CSV file to write")
    add_file(options, "--moller-plesset", "CSV file to write: those of Hartree-Fock theory")
    add_file(options, "--markdown", "Markdown file to write: both")


def run(options: argparse.Namespace) -> None:
    """Write the tables as CSV and as Markdown."""
    table = correlation_table(map(read_json, options.records))
    others = moller_plesset_table(map(read_json, options.hartree_fock))
    replace_text(options.csv, table.to_csv(index=False))
    replace_text(options.moller_plesset, others.to_csv(index=False))
    replace_text(options.markdown, correlation_markdown(table, others))
