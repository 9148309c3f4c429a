"""Particles on a line, by the monotone plan, its potential and linear programming."""

from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import linprog

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.line_densities import LINE_DENSITIES, LineDensity
from comotion.models.line_duality import line_potential
from comotion.models.line_plan import comotion_on_line, line_cost
from comotion.models.problem import Solution
from comotion.transport.pair_cost import COULOMB

#: Numbers of particles whose costs are tabulated.
_NUMBERS = (2, 3, 4, 5, 6, 10)
#: Densities whose maps and potentials are drawn.
_SHOWN = ("uniform", "gaussian")


def solve(*, atoms: int = 24) -> Solution:
    """Particles on a line: costs of four densities; maps, potentials and programmes of two.

    Args:
        atoms: Atoms of the linear programmes, divisible by 2 and 3.

    Returns:
        Costs V_N, and how far dual values and programmes are from them; co-motion functions and
        Kantorovich potentials of 2 and 3 particles.

    Raises:
        TransportError: The number of atoms is not divisible, or a programme failed.
    """
    costs = {
        name: {str(n): line_cost(density, n) for n in _NUMBERS}
        for name, density in LINE_DENSITIES.items()
    }
    duality, programmes = {}, {}
    arrays: dict[str, Any] = {}
    for name in _SHOWN:
        density = LINE_DENSITIES[name]
        ends = np.array([1e-4, 1 - 1e-4])
        first, last = density.quantile(ends, 1 - ends)
        x = np.linspace(first, last, 801)
        arrays[f"{name}_x"] = (x, "1", "places, (m,)")
        for n in (2, 3):
            potential = line_potential(density, n)
            duality[f"{name}-{n}"] = potential.dual - costs[name][str(n)]
            found, monotone = programme(density, n, atoms)
            programmes[f"{name}-{n}"] = found - monotone
            arrays[f"{name}_maps_{n}"] = (comotion_on_line(density, n, x), "1", "f_i(x), (m, N)")
            values = np.interp(x, potential.x, potential.values)
            arrays[f"{name}_potential_{n}"] = (values, "1", "v(x), sum v <= V, (m,)")
    return Solution(
        {
            "cost": costs,
            "dual_minus_cost": duality,
            "programme_minus_monotone": programmes,
            "settings": {"atoms": atoms},
        },
        arrays,
    )


def programme(density: LineDensity, n: int, atoms: int) -> tuple[float, float]:
    """Least cost over all ways to put N of some atoms of equal mass together, and of the plan.

    Args:
        density: The density; the atoms are the middles of its quantiles.
        n: Number of particles.
        atoms: Number of atoms, divisible by N, so that the monotone plan is one of the ways.

    Returns:
        The least cost, and that of the monotone plan on the same atoms.

    Raises:
        TransportError: The number of atoms is not divisible by N, or the programme failed.
    """
    if atoms % n:
        raise TransportError(f"{atoms} atoms cannot be shared among {n} particles")
    u = (np.arange(atoms) + 0.5) / atoms
    x = density.quantile(u, 1 - u)
    rows = np.array(list(combinations(range(atoms), n)))
    uses = np.zeros((atoms, len(rows)))
    uses[rows.T.ravel(), np.tile(np.arange(len(rows)), n)] = 1
    found: Any = linprog(
        _repulsion(x[rows]), A_eq=uses, b_eq=np.full(atoms, n / atoms), method="highs"
    )
    if found.status != 0:
        raise TransportError(f"the linear programme over {len(rows)} sets: {found.message}")
    block = np.arange(atoms // n)
    monotone = x[block[:, None] + atoms // n * np.arange(n)]
    return float(found.fun), float(np.mean(_repulsion(monotone)))


def _repulsion(x: Array) -> Array:
    """Coulomb repulsion of particles at x, shape (m, N), in each row, shape (m,)."""
    i, j = np.triu_indices(x.shape[1], 1)
    return np.asarray(np.sum(COULOMB.value(np.abs(x[:, i] - x[:, j])), axis=1))
