"""Stage: three particles on a line with the true Coulomb repulsion, from large to small hbar."""

import argparse
from itertools import combinations

import numpy as np

from comotion.density.radial import Array
from comotion.stage import parser
from comotion.theory.lieb.maximise import follow
from comotion.theory.lieb.systems import ordered_on_line, sine_density
from comotion.theory.line import LINE_DENSITIES, comotion_on_line, line_cost, line_zero_point
from comotion.theory.problem import Solution, run_problem

_SINE = LINE_DENSITIES["sine"]
_SHOWN = 3


def solve(options: argparse.Namespace) -> Solution:
    """F_hbar and pair densities of three particles with the density 2 sin^2(pi x)."""
    hbars = sorted(options.hbar, reverse=True)
    problem = ordered_on_line(sine_density, 3, options.points)
    states = follow(problem, hbars)
    x = problem.sites
    fine = np.linspace(0, 1, 401)[1:-1]
    shown = np.unique(np.linspace(0, len(hbars) - 1, _SHOWN).round().astype(int))
    per_area = 1 / (x[1] - x[0]) ** 2
    return Solution(
        {
            "functional": {f"{s.hbar:g}": s.functional for s in states},
            "residual": {f"{s.hbar:g}": s.residual for s in states},
            "transport_cost": line_cost(_SINE, 3),
            "zero_point": line_zero_point(_SINE, 3, lambda d: 2 / d**3),
            "settings": {"points": options.points, "hbar": hbars},
        },
        {
            "x": (x, "1", "places, (n,)"),
            "hbar": (hbars, "1", "values of hbar, (h,)"),
            "functional": ([s.functional for s in states], "1", "F_hbar, (h,)"),
            "shown_hbar": ([hbars[k] for k in shown], "1", "hbar of the pair densities, (p,)"),
            "pair_density": (
                [ordered_pair_density(states[k].state, 3, len(x)) * per_area for k in shown], "1",
                "pair densities on [0, 1]^2, (p, n, n)",
            ),
            "map_x": (fine, "1", "places, (m,)"),
            "maps": (comotion_on_line(_SINE, 3, fine), "1", "co-motion functions, (m, 3)"),
        },
    )  # fmt: skip


def ordered_pair_density(state: Array, n: int, points: int) -> Array:
    """Pair density of N ordered particles on a grid, symmetric, mass 1, shape (n, n)."""
    rows = np.array(list(combinations(range(points), n)))
    density = np.zeros((points, points))
    share = state**2 / (n * (n - 1))
    for i, j in combinations(range(n), 2):
        np.add.at(density, (rows[:, i], rows[:, j]), share)
        np.add.at(density, (rows[:, j], rows[:, i]), share)
    return density


if __name__ == "__main__":
    arguments = parser("comotion.theory.problems.three_particles", __doc__ or "")
    arguments.add_argument("--points", type=int, default=24, help="points of the line")
    arguments.add_argument("--hbar", type=float, nargs="+", default=[1, 0.5, 0.25, 0.12])
    run_problem("three_particles", solve, arguments)
