"""Two particles on a line from large to small hbar, beside the transport plan."""

from collections.abc import Sequence

import numpy as np

from comotion.density.radial import Array
from comotion.models.lieb.grids import (
    SOFT_COULOMB,
    line_pair,
    ordered_on_line,
    ring_pair,
    sine_density,
)
from comotion.models.lieb.maximise import follow
from comotion.models.line_densities import LINE_DENSITIES
from comotion.models.line_plan import line_cost, line_zero_point
from comotion.models.problem import Solution
from comotion.models.smoothing import monotone_plan

_SINE = LINE_DENSITIES["sine"]
_RING_HBARS = (10.0, 1.0, 0.1)
#: Values of hbar whose pair densities are drawn.
_SHOWN = 5


def solve(
    *, points: int = 80, hbar: Sequence[float] = (10, 3, 1, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015)
) -> Solution:
    """Two particles on a line with the density 2 sin^2(pi x), soft and true Coulomb repulsion.

    Args:
        points: Points of the line, and of the ring that checks the method.
        hbar: Values of hbar; the true repulsion is solved for those up to 1.

    Returns:
        F_hbar by hbar, transport costs and zero-point coefficients; potentials, pair densities
        and the transport plan.

    Raises:
        TransportError: The maximum is not reached.
    """
    hbars = sorted(hbar, reverse=True)
    problem = line_pair(sine_density, SOFT_COULOMB.value, points)
    states = follow(problem, hbars)
    cost = line_cost(_SINE, 2, SOFT_COULOMB)
    slope = line_zero_point(_SINE, 2, SOFT_COULOMB)
    mass = problem.target / 2
    plan = monotone_plan(mass)
    x = problem.sites
    on_grid = float(np.sum(plan * SOFT_COULOMB.value(np.abs(x[:, None] - x))))
    densities = {s.hbar: pair_density(s.state, len(x)) for s in states}
    product = np.outer(mass, mass)

    strict = ordered_on_line(sine_density, 2, points)
    strict_states = follow(strict, [h for h in hbars if h <= 1])
    ring = ring_pair(SOFT_COULOMB.value, points)
    ring_states = follow(ring, _RING_HBARS)

    shown = np.unique(np.linspace(0, len(hbars) - 1, _SHOWN).round().astype(int))
    return Solution(
        {
            "functional": {f"{s.hbar:g}": s.functional for s in states},
            "residual": {f"{s.hbar:g}": s.residual for s in states},
            "distance_from_product": {
                f"{h:g}": float(np.sum(np.abs(d - product))) for h, d in densities.items()
            },
            "transport_cost": cost,
            "transport_cost_on_grid": on_grid,
            "zero_point": slope,
            "coulomb": {
                "functional": {f"{s.hbar:g}": s.functional for s in strict_states},
                "transport_cost": line_cost(_SINE, 2),
                "zero_point": line_zero_point(_SINE, 2),
            },
            "ring": {
                "functional": {f"{s.hbar:g}": s.functional for s in ring_states},
                "potential_range": float(max(np.ptp(s.potential) for s in ring_states)),
            },
            "settings": {"points": points, "hbar": hbars},
        },
        {
            "x": (x, "1", "places, (n,)"),
            "hbar": (hbars, "1", "values of hbar, (h,)"),
            "functional": ([s.functional for s in states], "1", "F_hbar, (h,)"),
            "slope": (
                [(s.functional - on_grid) / s.hbar for s in states], "1",
                "(F_hbar - V) / hbar with V on the same grid, (h,)",
            ),
            "zero_point": (slope, "1", "limit of the slope"),
            "potential": ([s.potential for s in states], "1", "Lieb v, int rho v = 0, (h, n)"),
            "shown_hbar": ([hbars[k] for k in shown], "1", "hbar of the pair densities, (p,)"),
            "pair_density": (
                [_per_area(densities[hbars[k]], x) for k in shown], "1",
                "pair densities on [0, 1]^2, (p, n, n)",
            ),
            "plan": (_per_area(plan, x), "1", "transport plan on the grid, (n, n)"),
        },
    )  # fmt: skip


def pair_density(state: Array, points: int) -> Array:
    """Pair density of a singlet, symmetric, mass 1.

    Args:
        state: Ground state on the pairs i <= j, shape (points (points + 1) / 2,).
        points: Points of the grid.

    Returns:
        The pair density, shape (points, points).
    """
    i, j = np.triu_indices(points)
    density = np.zeros((points, points))
    np.add.at(density, (i, j), state**2 / 2)
    np.add.at(density, (j, i), state**2 / 2)
    return density


def _per_area(masses: Array, x: Array) -> Array:
    """Masses of pairs of sites as a density on [0, 1]^2, shape (n, n)."""
    return np.asarray(masses / (x[1] - x[0]) ** 2)
