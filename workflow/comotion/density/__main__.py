"""Stage: a model density or a user's table, and the functionals of it."""

import argparse
from pathlib import Path

from comotion.density.files import read_table
from comotion.density.models import MODELS
from comotion.density.radial import RadialDensity
from comotion.records import density_record, write_density, write_json
from comotion.stage import add_file, parser, run
from comotion.systems import parse_model

#: What a record holds for an atom only.
_NO_QUANTUM_STATE = {"energy": None, "v_quantum": None, "v_hf": None}


def main(options: argparse.Namespace) -> None:
    """Write density.h5 and quantum.json."""
    density: RadialDensity
    if options.table is None:
        level, model = "exact", parse_model(options.system)
        density = MODELS[model.kind](model.n_electrons)
        settings = {}
    else:
        level, density = "table", read_table(options.table, options.normalize)
        settings = {"table": str(options.table), "normalize": options.normalize}
    record = density_record(options.system, level, density)
    write_density(options.density, options.system, level, density)
    write_json(options.quantum, record | _NO_QUANTUM_STATE | {"settings": settings})


if __name__ == "__main__":
    arguments = parser("comotion.density", __doc__ or "")
    arguments.add_argument("--system", required=True, help="model such as bohr-10, or a name")
    arguments.add_argument("--table", type=Path, help="CSV file with the columns r, rho")
    arguments.add_argument("--normalize", action="store_true", help="rescale the table")
    add_file(arguments, "--density", "HDF5 file to write")
    add_file(arguments, "--quantum", "JSON file to write")
    run(main, arguments)
