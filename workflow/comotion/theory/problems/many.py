"""Stage: many particles, the cost per pair on a line, on a sphere and for the shape of an atom."""

import argparse

import numpy as np

from comotion.density.functionals import hartree
from comotion.density.models import MODELS
from comotion.stage import parser
from comotion.theory.many import (
    EXPONENTIAL_MEAN_FIELD,
    EXPONENTIAL_SLOPE,
    radial,
    sphere,
    uniform_coulomb,
    uniform_exponential,
)
from comotion.theory.problem import Solution, run_problem

_LINE = (2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 1000, 10000)
_SPHERE = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32)


def solve(options: argparse.Namespace) -> Solution:
    """Costs per pair against the number of particles."""
    shape = MODELS["exponential"](2)
    atoms = tuple(range(2, options.electrons + 1))
    line = [uniform_exponential(n) for n in _LINE]
    spheres = [sphere(n) for n in _SPHERE if n <= options.sphere]
    # Two electrons of density 2 rho repel themselves by 2 int int rho rho / r_12.
    atom_limit = hartree(shape) / 2
    radials = [radial(shape, n) for n in atoms]
    largest = _LINE[-1]
    return Solution(
        {
            "line": dict(zip(map(str, _LINE), line, strict=True)),
            "line_coulomb": {str(n): uniform_coulomb(n) for n in (2, 3, 10, 100)},
            "line_mean_field": EXPONENTIAL_MEAN_FIELD,
            "line_slope": largest * (line[-1] - EXPONENTIAL_MEAN_FIELD),
            "line_slope_limit": EXPONENTIAL_SLOPE,
            "sphere": dict(zip(map(str, _SPHERE), spheres, strict=False)),
            "atom": dict(zip(map(str, atoms), radials, strict=True)),
            "atom_mean_field": atom_limit,
            "settings": {"sphere": options.sphere, "electrons": options.electrons},
        },
        {
            "line_n": (_LINE, "1", "numbers of particles on the line"),
            "line": (np.array(line) / EXPONENTIAL_MEAN_FIELD, "1", "cost per pair / mean field"),
            "sphere_n": (_SPHERE[: len(spheres)], "1", "numbers of particles on the sphere"),
            "sphere": (spheres, "1", "cost per pair / mean field"),
            "atom_n": (atoms, "1", "numbers of electrons with the density's shape"),
            "atom": (np.array(radials) / atom_limit, "1", "cost per pair / mean field"),
        },
    )


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.many", __doc__ or "")
    arguments.add_argument("--sphere", type=int, default=32, help="most particles on the sphere")
    arguments.add_argument("--electrons", type=int, default=10, help="most electrons of the shape")
    run_problem("many", solve, arguments)
