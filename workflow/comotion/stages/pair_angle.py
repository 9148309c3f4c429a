"""Stage: the angle between two electrons, by full CI."""

import argparse
from pathlib import Path

from comotion.electronic.mean_field import single_thread
from comotion.electronic.pair_angle import pair_angle
from comotion.io import write_json
from comotion.systems import parse_atom, parse_level


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--system", required=True, help="atom or ion")
    parser.add_argument("--level", required=True, help="such as fci_cc-pVDZ")
    parser.add_argument("--max-cycle", type=int, default=100, help="most iterations")
    parser.add_argument("--pair-angle", type=Path, required=True, help="JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write pair_angle.json."""
    single_thread()
    atom, level = parse_atom(options.system), parse_level(options.level)
    record = {"system": options.system, "level": options.level, "n_electrons": atom.n_electrons}
    write_json(options.pair_angle, record | pair_angle(atom, level, options.max_cycle))
