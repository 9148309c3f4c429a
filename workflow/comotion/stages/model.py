"""Stage: a model density and its integrals."""

import argparse
from pathlib import Path

from comotion.density.model_densities import model
from comotion.density.storage import save_density
from comotion.io import write_json
from comotion.stages.records import density_integrals_record

#: The level of every model density.
_LEVEL = "exact"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--system", required=True, help="model density, such as bohr-10")
    parser.add_argument("--density", type=Path, required=True, help="HDF5 file to write")
    parser.add_argument("--integrals", type=Path, required=True, help="JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write density.h5 and density.json."""
    density = model(options.system)
    record = density_integrals_record(options.system, _LEVEL, density)
    save_density(options.density, options.system, _LEVEL, density)
    write_json(options.integrals, record | {"settings": {}})
