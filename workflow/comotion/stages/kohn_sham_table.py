"""Stage: self-consistent atoms become a table, and Kohn-Sham systems of densities another."""

import argparse
from pathlib import Path

from comotion.io import read_json, replace_text
from comotion.stages.options import add_file
from comotion.tables.kohn_sham_atoms import (
    inversion_table,
    kohn_sham_markdown,
    self_consistent_table,
)


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    for flag, meaning in (
        ("--states", "quantum.json of self-consistent atoms, or none"),
        ("--inversions", "kohn_sham.json of densities, or none"),
    ):
        options.add_argument(flag, type=Path, nargs="*", required=True, help=meaning)
    add_file(options, "--csv", "CSV file to write: self-consistent atoms")
    add_file(options, "--inversion", "CSV file to write: Kohn-Sham systems of densities")
    add_file(options, "--markdown", "Markdown file to write: both")


def run(options: argparse.Namespace) -> None:
    """Write the tables as CSV and as Markdown."""
    atoms = self_consistent_table(map(read_json, options.states))
    densities = inversion_table(map(read_json, options.inversions))
    replace_text(options.csv, atoms.to_csv(index=False))
    replace_text(options.inversion, densities.to_csv(index=False))
    replace_text(options.markdown, kohn_sham_markdown(atoms, densities))
