"""Stage: a user's density, from a table or from orbitals, and its integrals."""

import argparse
from pathlib import Path

from comotion.density.storage import save_density
from comotion.io import write_json
from comotion.reading import read_density
from comotion.stages.records import density_integrals_record

#: The level of every density of a user.
_LEVEL = "table"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--system", required=True, help="name of the density")
    parser.add_argument(
        "--table",
        type=Path,
        required=True,
        help="CSV or HDF5 file with the columns r and rho, Molden file or PySCF checkpoint",
    )
    parser.add_argument("--normalize", action="store_true", help="rescale a table")
    parser.add_argument("--density", type=Path, required=True, help="HDF5 file to write")
    parser.add_argument("--integrals", type=Path, required=True, help="JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write density.h5 and density.json."""
    density = read_density(options.table, options.normalize)
    record = density_integrals_record(options.system, _LEVEL, density)
    settings = {"table": str(options.table), "normalize": options.normalize}
    save_density(options.density, options.system, _LEVEL, density)
    write_json(options.integrals, record | {"settings": settings})
