"""Stage: the pair density of an atom with a closed shell, on a grid of equal steps of charge."""

import argparse
from pathlib import Path

import numpy as np

from comotion.electronic.pair_states import PairState, pair_density
from comotion.io import write_arrays
from comotion.progress import Progress
from comotion.systems import parse_atom, parse_level

#: Radii of the grid, in the middle of as many parts of equal charge.
_POINTS = 200


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--system", required=True, help="atom or ion with a closed shell")
    parser.add_argument("--level", required=True, help="such as fci_cc-pVDZ or ccsd_cc-pVDZ")
    parser.add_argument("--max-cycle", type=int, default=100, help="most iterations")
    parser.add_argument("--pair-density", type=Path, required=True, help="HDF5 file to write")


def run(options: argparse.Namespace) -> None:
    """Write pair_density.h5."""
    atom, level = parse_atom(options.system), parse_level(options.level)
    with Progress(options.system) as report:
        state = pair_density(atom, level, options.max_cycle, report)
    head = {"system": options.system, "level": options.level}
    write_pair_density(options.pair_density, state, head)


def write_pair_density(path: Path, state: PairState, head: dict[str, str]) -> None:
    """Write a pair density on a grid, with what it is checked by.

    Args:
        path: The file.
        state: The state of an atom.
        head: First attributes of the file: its system and level.
    """
    pairs, density = state.pairs, state.density
    n = density.n_electrons
    charges = (np.arange(_POINTS) + 0.5) * n / _POINTS
    r = density.radius(charges)
    rho = density.density(r)
    at = (r[:, None], r[None, :])
    radial = pairs.radial(*at)
    uncorrelated = (n - 1) / n * np.multiply.outer(4 * np.pi * r**2 * rho, 4 * np.pi * r**2 * rho)
    write_arrays(
        path,
        {
            "radii": (r, "bohr", "radii r that enclose the charges, (m,)"),
            "charges": (charges, "electrons", "N(r), in equal steps, (m,)"),
            "rho": (rho, "bohr^-3", "density, (m,)"),
            "radial": (radial, "bohr^-2", "P_0(r_1, r_2), integral N (N - 1), (m, m)"),
            "opposite": (pairs.at_angle(*at, -1.0), "bohr^-2", "P(r_1, r_2, cos = -1), (m, m)"),
            "together": (pairs.at_angle(*at, 1.0), "bohr^-2", "P(r_1, r_2, cos = 1), (m, m)"),
        },
        {
            **head,
            "n_electrons": n,
            "highest": pairs.highest,
            "integral": float(pairs.integrals[0]),
            "v_pairs": pairs.repulsion,
            "v_quantum": state.v_quantum,
            "marginal_deviation": state.marginal_deviation,
            "least": float(np.min(radial / uncorrelated)),
        },
    )
