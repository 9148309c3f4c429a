"""Stage: the best estimate of an atom from its records at several levels."""

import argparse
from pathlib import Path

from comotion.composite import best_estimate
from comotion.io import read_json, write_json
from comotion.stages.options import add_file


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    options.add_argument("--system", required=True, help="atom or ion, such as Ne or H-")
    options.add_argument(
        "--quantum", type=Path, nargs="+", required=True, help="quantum.json of every level"
    )
    options.add_argument(
        "--sce", type=Path, nargs="+", required=True, help="sce.json of the last two levels"
    )
    add_file(options, "--best", "JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write best.json."""
    quantum, sce = (
        {record["level"]: record for record in map(read_json, paths)}
        for paths in (options.quantum, options.sce)
    )
    write_json(options.best, best_estimate(options.system, quantum, sce))
