"""Stage: the best estimate of an atom from its records at several levels."""

import argparse
from pathlib import Path

from comotion.composite.estimate import best_estimate
from comotion.records import read_json, write_json
from comotion.stage import add_file, parser, run


def main(options: argparse.Namespace) -> None:
    """Write best.json."""
    quantum, sce = (
        {record["level"]: record for record in map(read_json, paths)}
        for paths in (options.quantum, options.sce)
    )
    write_json(options.best, best_estimate(options.system, quantum, sce))


if __name__ == "__main__":
    arguments = parser("comotion.composite", __doc__ or "")
    arguments.add_argument("--system", required=True, help="atom or ion")
    arguments.add_argument("--quantum", type=Path, nargs="+", required=True, help="quantum.json")
    arguments.add_argument("--sce", type=Path, nargs="+", required=True, help="sce.json")
    add_file(arguments, "--best", "JSON file to write")
    run(main, arguments)
