"""V_2 for any pair cost: two electrons paired by cells of charge.

Of two electrons at r and s only the angle between them is free; the least cost is that of the best
distance from |r - s| to r + s. What remains is a problem of two equal marginals on the line of
charges m in [0, N]. It is cut into K cells of equal charge, and every cell is paired with one, in
the same or in the opposite order inside: an assignment problem, solved exactly. Its solution is a
genuine plan, so its cost lies above V_2, by less the smaller the cells.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, minimize_scalar

from comotion.density.radial import Array, RadialDensity
from comotion.transport.pair_cost import PairCost
from comotion.transport.quadrature import folded_rule

#: Gauss-Legendre nodes in a cell, and intervals of the folded rule in the first and the last one,
#: where an electron goes to the nucleus or to infinity.
_NODES, _INTERVALS = 6, 128
#: Distances among which the minima of a cost are looked for, and the shortest of them in units of
#: the longest.
_SEARCHED, _SHORTEST = 4096, 1e-9


def pair_value_by_cells(density: RadialDensity, pair_cost: PairCost, cells: int) -> float:
    """Cost of the best pairing of cells, an upper bound of V_2 up to the error of quadrature.

    Args:
        density: The density, N electrons.
        pair_cost: The cost l(d).
        cells: Number K of cells of equal charge, at least 2.

    Returns:
        (N - 1) / 2 times the integral of the cost over the charge, hartree.
    """
    t, weights = np.polynomial.legendre.leggauss(_NODES)
    every = np.arange(cells)
    costs = _costs(density, pair_cost, every, cells, ((1 + t) / 2, (1 - t) / 2, weights / 2))
    rule = folded_rule(_INTERVALS)
    ends = every[[0, -1]]
    costs[ends] = _costs(density, pair_cost, ends, cells, (rule.q, rule.complement, rule.weights))
    costs[:, ends] = costs[ends].T
    first, second = linear_sum_assignment(costs)
    charge = density.n_electrons / cells
    return float((density.n_electrons - 1) / 2 * charge * np.sum(costs[first, second]))


def _costs(
    density: RadialDensity,
    pair_cost: PairCost,
    some: NDArray[np.intp],
    cells: int,
    rule: tuple[Array, Array, Array],
) -> Array:
    """Mean costs of some cells paired with every cell in the better order, shape (m, K), hartree.

    Args:
        density: The density, N electrons.
        pair_cost: The cost l(d).
        some: Numbers of the cells, shape (m,).
        cells: Number K of all.
        rule: Nodes in a cell from 0 to 1, their complements to 1, and weights, shape (n,) each.
    """
    up, down, weights = rule
    cell, charge = np.arange(cells)[:, None], density.n_electrons / cells
    radii = density.radius((cell + up) * charge, (cells - 1 - cell + down) * charge)
    minima = _minima(pair_cost, 2 * float(np.max(radii)))
    return np.array([
        np.minimum(
            least_cost(pair_cost, row, radii, minima) @ weights,
            least_cost(pair_cost, row, radii[:, ::-1], minima) @ weights,
        )
        for row in radii[some]
    ])  # fmt: skip


def least_cost(pair_cost: PairCost, r: Array, s: Array, minima: Array) -> Array:
    """Least cost of two electrons with given radii.

    Args:
        pair_cost: The cost l(d).
        r: Radii of one, bohr.
        s: Radii of the other, of a shape that fits.
        minima: Distances of all local minima of l, shape (k,), bohr.

    Returns:
        min l(d) over |r - s| <= d <= r + s, hartree.
    """
    near, far = np.abs(r - s), r + s
    # A cost that is infinite where electrons meet has its minimum elsewhere.
    with np.errstate(divide="ignore", invalid="ignore"):
        close = pair_cost.value(near)
    least = np.fmin(pair_cost.value(far), np.where(np.isnan(close), np.inf, close))
    for d in minima:
        inside = (near < d) & (d < far)
        least = np.where(inside, np.minimum(least, pair_cost.value(np.asarray(d))), least)
    return np.asarray(least)


def _minima(pair_cost: PairCost, longest: float) -> Array:
    """Distances of the local minima of a cost up to the longest, shape (k,), bohr."""
    d = np.geomspace(_SHORTEST * longest, longest, _SEARCHED)
    values = pair_cost.value(d)
    inner = 1 + np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] <= values[2:]))
    return np.array([
        minimize_scalar(
            lambda x: float(pair_cost.value(np.asarray(x))), bounds=(d[k - 1], d[k + 1]),
            method="bounded", options={"xatol": 1e-12 * d[k]},
        ).x
        for k in inner
    ])  # fmt: skip
