"""Columns of the primal programme: which are known, what they cost, and new ones.

See `comotion.transport.bounds.primal` for the programme and `comotion.transport.bounds.cells` for
the compiled cost of a column.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array, RadialDensity
from comotion.transport.angular.minimiser import workspace
from comotion.transport.bounds.cells import Cells, Directions, column_cost, price
from comotion.transport.bounds.column_programme import ColumnProgramme
from comotion.transport.bounds.configurations import programme_unit, scale_of
from comotion.transport.maps import alternating
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.plan import Plan

_PENALTY = 50.0
#: Columns found and added at most in one iteration.
_FOUND, _ADDED = 4000, 400
#: Least saving and margin of the middle of a cell, in units of the scale of the costs.
_VIOLATED, _MARGIN = 1e-9, 1e-4
#: Random directions tried for configurations of the lower bound.
_TRIALS = 6


def plain(nodes: int) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights on [0, 1], rising and symmetric."""
    x, weights = np.polynomial.legendre.leggauss(nodes)
    return (1 + x) / 2, weights / 2


def graded(nodes: int) -> tuple[Array, Array]:
    """The same after s = t^2 (3 - 2 t).

    In the outermost cell an electron goes to infinity and its repulsion drops like 1 / log, which
    plain nodes miss.
    """
    t, weights = plain(nodes)
    return t**2 * (3 - 2 * t), 6 * t * (1 - t) * weights


class Columns:
    """Columns of the programme and what they cost."""

    def __init__(
        self,
        density: RadialDensity,
        cells_per_shell: int,
        t: Array,
        weights: Array,
        pair_cost: PairCost = COULOMB,
    ) -> None:
        n = density.n_electrons
        self._n, self._per_shell = n, cells_per_shell
        self._density = density
        count = n * cells_per_shell
        self._weights = weights
        cell = np.arange(count)[:, None]
        inside = (cell + t) / cells_per_shell
        outside = (cell[::-1] + t[::-1]) / cells_per_shell
        self.radii = np.ascontiguousarray(density.radius(inside, outside))
        self._pair_cost = pair_cost
        self._workspace = workspace(pair_cost)
        self._found = np.empty((len(t), 3, n))
        self.cells: list[Cells] = []
        self.upward: list[Directions] = []
        self.positions: list[Array] = []
        self.costs: list[float] = []
        self._known: set[bytes] = set()
        self._sums = np.full(count, 1 / cells_per_shell)

    def start(self) -> None:
        """Set up the programme with the columns so far."""
        if self._pair_cost.is_coulomb:
            self.scale = float(np.mean(self.costs))
        else:
            self.scale = scale_of(np.array(self.positions), self._pair_cost)
        unit = programme_unit(self.scale, self._pair_cost)
        self.programme = ColumnProgramme(self._sums, _PENALTY * self.scale, unit)
        for cells, cost in zip(self.cells, self.costs, strict=True):
            self._to_programme(cells, cost)

    def add_plan(self, plan: Plan) -> None:
        """The columns of a curve."""
        assert plan.q is not None  # noqa: S101 - a curve has its folded cumulants
        per_shell = self._per_shell
        for k in range(per_shell):
            within = np.where(plan.upward, k, per_shell - 1 - k)
            cells = np.arange(self._n) * per_shell + within
            node = int(np.argmin(np.abs(plan.q - (k + 0.5) / per_shell)))
            x = plan.positions[node].copy()
            self._add(cells, plan.upward.copy(), x, self.cost(cells, plan.upward, x))

    def add_configurations(self, configurations: Array, rng: np.random.Generator) -> None:
        """Columns around configurations, with the best of some directions."""
        last = self.radii.shape[0] - 1
        for x in configurations:
            charge = self._density.cumulant(np.sqrt(np.sum(x**2, axis=0)))
            cells = np.minimum((charge * self._per_shell).astype(np.int64), last)
            ranks = np.argsort(np.argsort(cells))
            tried: list[tuple[float, Directions, Array]] = []
            for trial in range(_TRIALS):
                upward = alternating(self._n)[ranks] if trial == 0 else rng.random(self._n) < 0.5
                start = x.copy()
                tried.append((self.cost(cells, upward, start), upward, start))
            cost, upward, start = min(tried, key=lambda found: found[0])
            if self._add(cells, upward, start, cost):
                self._to_programme(cells, cost)

    def chosen(self, which: Cells) -> tuple[Cells, Directions, Array]:
        """Cells, directions and arrangements of some columns."""
        return (
            np.array([self.cells[k] for k in which]),
            np.array([self.upward[k] for k in which]),
            np.array([self.positions[k] for k in which]),
        )

    def marginal_error(self, which: NDArray[np.intp], weights: Array) -> float:
        """Largest charge by which a cell differs from its own, electrons.

        Args:
            which: Columns that have a weight.
            weights: Weights of all columns.
        """
        cells = np.array([self.cells[k] for k in which]).ravel()
        held = np.bincount(cells, np.repeat(weights[which], self._n), len(self._sums))
        return float(np.max(np.abs(held - self._sums)))

    def add_neighbours(
        self, active: Cells, prices: Array, rng: np.random.Generator
    ) -> int:  # fmt: skip
        """Add the neighbours of the active columns that save most; returns how many."""
        order = rng.permutation(active)
        n = self._n
        cells, upward = np.empty((_FOUND, n), np.int64), np.empty((_FOUND, n), np.bool_)
        positions, costs, reduced = np.empty((_FOUND, 3, n)), np.empty(_FOUND), np.empty(_FOUND)
        found = price(
            *self.chosen(order),
            self.radii, self._weights, prices, _MARGIN * self.scale, _VIOLATED * self.scale, rng,
            cells, upward, positions, costs, reduced, self._workspace,
        )  # fmt: skip
        added = 0
        for k in np.argsort(reduced[:found])[:_ADDED]:
            cost = float(costs[k])
            if self._add(cells[k].copy(), upward[k].copy(), positions[k].copy(), cost):
                self._to_programme(cells[k], cost)
                added += 1
        return added

    def drop_stale(self, prices: Array, active: Cells) -> None:
        """Drop the half of the columns that is farthest from use."""
        reduced = np.array(self.costs) - np.array([prices[c].sum() for c in self.cells])
        reduced[active] = -np.inf
        stale = np.argsort(reduced)[len(reduced) // 2 :]
        stale = stale[~np.isin(stale, active)]
        self.programme.drop(stale.tolist())
        for k in np.sort(stale)[::-1]:
            self._known.discard(self._key(self.cells[k], self.upward[k]))
            for column in (self.cells, self.upward, self.positions, self.costs):
                del column[k]

    def averages(self, potential: Callable[[Array], Array]) -> Array:
        """Average of a potential over each cell, shape (K,), hartree."""
        values = potential(self.radii.ravel()).reshape(self.radii.shape)
        return np.asarray(values @ self._weights)

    def cost(self, cells: Cells, upward: Directions, x: Array) -> float:
        """Cost of a column by l itself; x becomes the arrangement in its middle."""
        cost = column_cost(
            cells, upward, self.radii, self._weights, np.inf, x, self._found, self._workspace
        )
        if self._pair_cost.is_coulomb:
            return float(cost)
        return float(self._weights @ self._pair_cost.energies(self._found))

    def _add(self, cells: Cells, upward: Directions, x: Array, cost: float) -> bool:
        """Remember a column unless it is known; returns whether it is new."""
        key = self._key(cells, upward)
        if key in self._known:
            return False
        self._known.add(key)
        self.cells.append(cells)
        self.upward.append(upward)
        self.positions.append(x)
        self.costs.append(cost)
        return True

    @staticmethod
    def _key(cells: Cells, upward: Directions) -> bytes:
        """The same for a column with all directions turned or its electrons renamed."""
        signed = np.sort(2 * cells + upward)
        turned = np.sort(2 * cells + ~upward)
        return min(signed.tobytes(), turned.tobytes())

    def _to_programme(self, cells: Cells, cost: float) -> None:
        rows, times = np.unique(cells, return_counts=True)
        self.programme.add(cost, rows, times.astype(float))
