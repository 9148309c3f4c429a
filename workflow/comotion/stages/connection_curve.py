"""Stage: the adiabatic connection of two electrons at any coupling."""

import argparse

from comotion.connection.pair_curve import connection_curve
from comotion.density.storage import load_density
from comotion.io import write_json
from comotion.stages.options import add_file

#: Couplings of the curve.
COUPLINGS = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
#: Highest degree of its factors.
_ORDER = 10


def add_options(options: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    add_file(options, "--density", "density.h5 of two electrons, to read")
    add_file(options, "--curve", "JSON file to write")


def run(options: argparse.Namespace) -> None:
    """Write connection_curve.json."""
    system, level, density = load_density(options.density)
    found = connection_curve(density, COUPLINGS, order=_ORDER)
    write_json(
        options.curve,
        {
            "system": system,
            "level": level,
            "n_electrons": density.n_electrons,
            "order": found.order,
            "couplings": found.couplings.tolist(),
            "w": found.w.tolist(),
            "w_error": found.basis_errors.tolist(),
            "integrals": found.integrals.tolist(),
            "residuals": found.residuals.tolist(),
            "w_0_prime": found.slope,
            "w_0_prime_error": found.slope_error,
        },
    )
