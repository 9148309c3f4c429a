"""Three particles on a line with the true Coulomb repulsion, from large to small hbar."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from comotion.density.radial import Array
from comotion.models.lieb.grids import ordered_on_line, sine_density
from comotion.models.lieb.maximise import follow
from comotion.models.line_densities import LINE_DENSITIES
from comotion.models.line_plan import comotion_on_line, line_cost, line_zero_point
from comotion.models.problem import Solution

_SINE = LINE_DENSITIES["sine"]
#: Values of hbar whose pair densities are drawn.
_SHOWN = 3


def solve(*, points: int = 24, hbar: Sequence[float] = (1, 0.5, 0.25, 0.12)) -> Solution:
    """Three particles on a line with the density 2 sin^2(pi x), beside the transport plan.

    Args:
        points: Points of the line.
        hbar: Values of hbar.

    Returns:
        F_hbar by hbar, transport cost and zero-point coefficient; pair densities and maps.

    Raises:
        TransportError: The maximum is not reached.
    """
    hbars = sorted(hbar, reverse=True)
    problem = ordered_on_line(sine_density, 3, points)
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
            "zero_point": line_zero_point(_SINE, 3),
            "settings": {"points": points, "hbar": hbars},
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
    """Pair density of N ordered particles on a grid, symmetric, mass 1.

    Args:
        state: Ground state on the configurations x_1 < ... < x_N, shape (M,).
        n: Number of particles N.
        points: Points of the grid.

    Returns:
        The pair density, shape (points, points).
    """
    rows = np.array(list(combinations(range(points), n)))
    density = np.zeros((points, points))
    share = state**2 / (n * (n - 1))
    for i, j in combinations(range(n), 2):
        np.add.at(density, (rows[:, i], rows[:, j]), share)
        np.add.at(density, (rows[:, j], rows[:, i]), share)
    return density
