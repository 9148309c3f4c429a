"""Compiled columns of the upper bound: every electron runs through a cell of charge.

A column is a cell for each electron and the direction in which it runs through it, shapes (N,);
its cost is the mean of the angular minimum E_N over the common parameter s in [0, 1].
"""

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.transport.angular.compilation import compiled
from comotion.transport.angular.energy import energy_scale
from comotion.transport.angular.minimiser import prepare, quench, to_spheres

Cells = NDArray[np.int64]
Directions = NDArray[np.bool_]

_CONVERGED = 1e-12
_MAX_EVALUATIONS = 2000


@compiled()
def column_cost(
    cells: Cells,
    upward: Directions,
    radii: Array,
    weights: Array,
    hopeless: float,
    x: Array,
    found: Array,
    w: Array,
) -> float:
    """Cost of a column, hartree, or infinity as soon as it is clearly above a limit.

    Args:
        cells: Cell of each electron.
        upward: Whether it runs through it from the inside outwards.
        radii: Radii of each cell at the quadrature nodes in s, ascending, shape (K, G).
        weights: Quadrature weights in s, shape (G,).
        hopeless: The limit, hartree.
        x: Directions to start from, shape (3, N); overwritten by the arrangement in the
            middle of the cell.
        found: Filled with the arrangements at the nodes, shape (G, 3, N).
        w: Workspace of `comotion.transport.angular.minimiser`.
    """
    nodes, n = radii.shape[1], cells.shape[0]
    r, inverse = np.empty(n), np.empty(n)
    cost = 0.0
    for k in range(nodes):
        # The middle comes first: what it finds is where the others start.
        node = (nodes // 2 + k) % nodes
        for i in range(n):
            r[i] = radii[cells[i], node] if upward[i] else radii[cells[i], nodes - 1 - node]
        trial = found[node]
        trial[:] = x
        to_spheres(trial, r)
        prepare(r, inverse, w)
        limit = hopeless if k == 0 else np.inf
        tolerance = _CONVERGED * energy_scale(w, np.sum(1.0 / r))
        energy, _ = quench(trial, r, inverse, tolerance, limit, _MAX_EVALUATIONS, w)
        if energy > limit:
            return np.inf
        if k == 0:
            x[:] = trial
        cost += weights[node] * energy
    return cost


@compiled()
def _neighbour(cells: Cells, upward: Directions, move: int, rng: np.random.Generator) -> None:
    """Change a column in place; see `price` for the moves."""
    n = cells.shape[0]
    if move < n:
        cells[move] += 1
    elif move < 2 * n:
        cells[move - n] -= 1
    elif move < 3 * n:
        upward[move - 2 * n] = not upward[move - 2 * n]
    elif move < 3 * n + 2:
        step = 1 if move == 3 * n else -1
        for i in range(n):
            cells[i] += step if upward[i] else -step
    else:
        for _ in range(1 + int(rng.integers(0, 3))):
            i = int(rng.integers(0, n))
            kind = rng.random()
            if kind < 0.4:
                cells[i] += int(rng.integers(1, 4))
            elif kind < 0.8:
                cells[i] -= int(rng.integers(1, 4))
            else:
                upward[i] = not upward[i]


@compiled()
def price(
    cells: Cells,
    upward: Directions,
    positions: Array,
    radii: Array,
    weights: Array,
    prices: Array,
    margin: float,
    violated: float,
    rng: np.random.Generator,
    new_cells: Cells,
    new_upward: Directions,
    new_positions: Array,
    costs: Array,
    reduced: Array,
    w: Array,
) -> int:
    """Neighbours of columns that cost less than the prices of their cells.

    The neighbours of a column: one electron a cell further out or in; one direction turned; all
    electrons a cell further along or back; N random changes of up to three electrons.

    Args:
        cells: Cells of the columns, shape (m, N).
        upward: Their directions, shape (m, N).
        positions: Their arrangements, shape (m, 3, N).
        radii: See `column_cost`.
        weights: See `column_cost`.
        prices: Price of each cell, shape (K,), hartree.
        margin: By how much the middle of a column may exceed its price, hartree.
        violated: Least saving that counts, hartree.
        rng: Random numbers.
        new_cells: Filled with the cells found, shape (capacity, N).
        new_upward: Filled with their directions.
        new_positions: Filled with their arrangements.
        costs: Filled with their costs.
        reduced: Filled with cost minus price.
        w: Workspace of `comotion.transport.angular.minimiser`.

    Returns:
        How many were found.
    """
    n, last = cells.shape[1], radii.shape[0] - 1
    c, u, x = np.empty(n, np.int64), np.empty(n, np.bool_), np.empty((3, n))
    found = np.empty((radii.shape[1], 3, n))
    count = 0
    for k in range(cells.shape[0]):
        for move in range(4 * n + 2):
            c[:] = cells[k]
            u[:] = upward[k]
            _neighbour(c, u, move, rng)
            if c.min() < 0 or c.max() > last:
                continue
            x[:] = positions[k]
            worth = 0.0
            for i in range(n):
                worth += prices[c[i]]
            cost = column_cost(c, u, radii, weights, worth + margin, x, found, w)
            if cost - worth < -violated:
                new_cells[count] = c
                new_upward[count] = u
                new_positions[count] = x
                costs[count] = cost
                reduced[count] = cost - worth
                count += 1
                if count == costs.shape[0]:
                    return count
    return count
