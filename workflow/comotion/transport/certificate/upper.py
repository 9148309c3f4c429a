"""The upper bound: a transport plan that is piecewise monotone on cells of equal charge.

[0, N] is cut into K = N L cells of charge 1/L. A column is a cell for each electron and whether it
runs through it upwards or downwards; with weights for which every cell is used by N/K in all, the
columns make a plan whose marginal is rho exactly. The cheapest plan is a linear programme whose
columns are generated: neighbours of the active ones that cost less than the prices of their cells.
The prices are smoothed towards the cell averages of the Kantorovich potential of the lower
bound, which are nearly optimal from the beginning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.certificate.cells import Cells, Directions, column_cost, price
from comotion.transport.certificate.programme import ColumnProgramme
from comotion.transport.kernel import workspace
from comotion.transport.maps import alternating
from comotion.transport.sce import StrictCorrelation

#: Quadrature nodes of a cell while columns are sought, and for the cost of the plan found.
_NODES, _FINAL_NODES = 4, 24
_PENALTY = 50.0
#: Charge by which a cell may be over- or underfilled, electrons.
_CHARGE = 1e-9
#: Share of the lower bound's potential in the prices, and its decrease.
_SMOOTHING, _RELAXING, _SHARPEST = 0.8, 0.6, 0.02
#: Columns found and added at most in one iteration; columns beyond which stale ones are dropped.
_FOUND, _ADDED, _MOST_COLUMNS = 4000, 400, 12000
#: Least saving and margin of the middle of a cell, in units of the cost.
_VIOLATED, _MARGIN = 1e-9, 1e-4
#: Iterations with fewer new columns than this lower the smoothing, and, at the true prices,
#: end the search when there were so many.
_FEW, _PATIENCE = 5, 4
#: Random directions tried for configurations of the lower bound.
_TRIALS = 6


@dataclass(frozen=True)
class UpperBound:
    """A plan and its cost.

    Attributes:
        value: Cost of the plan, hartree.
        cells: Cells of its columns, shape (m, N).
        upward: Directions of its columns, shape (m, N).
        weights: Weights of its columns, shape (m,), sum 1.
        edges: Charges inside the edges of the cells, shape (K + 1,), electrons.
        positions: Arrangements in the middle of the cells, shape (m, 3, N), bohr.
        radii: Radii in the middle of the cells, shape (m, N), bohr.
        quadrature_error: Change of the cost when each cell takes half the nodes, hartree.
        marginal_error: Largest difference of the charge that the plan puts into a cell from
            that of the density, electrons.
        iterations: Iterations made.
        converged: Whether no neighbour saves anything at the true prices.
    """

    value: float
    cells: Cells
    upward: Directions
    weights: Array
    edges: Array
    positions: Array
    radii: Array
    quadrature_error: float
    marginal_error: float
    iterations: int
    converged: bool


def upper_bound(
    density: RadialDensity,
    cells_per_shell: int,
    plans: Sequence[StrictCorrelation],
    *,
    configurations: Array | None = None,
    columns_before: tuple[Cells, Directions, Array] | None = None,
    potential: Callable[[Array], Array] | None = None,
    lower: float = np.nan,
    seed: int = 1,
    iterations: int = 200,
    out_of_time: Callable[[], bool] = lambda: False,
    save: Callable[[Cells, Directions, Array], None] = lambda *_: None,
    report: Report = silent,
) -> UpperBound:
    """Find a cheap plan.

    Args:
        density: The density, N >= 2 electrons.
        cells_per_shell: L.
        plans: Co-motion plans of any pattern; their columns make the first programme feasible.
        configurations: Further configurations whose columns to begin with, shape (m, 3, N).
        columns_before: Cells, directions and arrangements of a former run, to go on from.
        potential: Kantorovich potential u(r) with sum u <= V, to smooth the prices with.
        lower: Lower bound to which the gap is reported, hartree.
        seed: Seed of the random numbers.
        iterations: Most iterations.
        out_of_time: Asked after each iteration whether to stop.
        save: Called with the active columns now and then, to go on from after a kill.
        report: Told where the search is.

    Returns:
        The plan, an upper bound wherever the iteration stops.

    Raises:
        TransportError: The plan's marginal is not the density.
    """
    columns = _Columns(density, cells_per_shell, *plain(_NODES))
    for plan in plans:
        columns.add_plan(plan)
    rng = np.random.default_rng(seed)
    columns.start()
    if configurations is not None:
        columns.add_configurations(configurations, rng)
    if columns_before is not None:
        columns.add_columns(*columns_before)
    center = None if potential is None else columns.averages(potential)
    smoothing, converged, done = (0.0 if center is None else _SMOOTHING), False, 0
    idle = 0
    for done in range(1, iterations + 1):
        solution = columns.programme.solve()
        prices = solution.prices
        if center is not None:
            prices = smoothing * center + (1 - smoothing) * prices
        active = np.flatnonzero(solution.weights > 1e-12)
        added = columns.add_neighbours(active, prices, rng)
        report(
            "upper bound",
            f"iteration {done}, {solution.value:.8f} hartree, relative gap "
            f"{(solution.value - lower) / solution.value:.1e}, {len(columns.costs)} columns",
        )
        if done % 10 == 1:
            save(*columns.chosen(active))
        if added < _FEW:
            if smoothing == 0.0:
                idle += 1
                converged = added == 0
                if idle == _PATIENCE:
                    break
            smoothing = smoothing * _RELAXING if smoothing > _SHARPEST else 0.0
        elif out_of_time():
            break
        if len(columns.costs) > _MOST_COLUMNS:
            columns.drop_stale(solution.prices, active)
    solution = columns.programme.solve()
    used = np.flatnonzero(solution.weights > 1e-12)
    weights = solution.weights[used]
    cells, upward, positions = columns.chosen(used)
    save(cells, upward, positions)
    coarse, value = (
        _plan_cost(_Columns(density, cells_per_shell, *graded(nodes)), cells, upward, positions)
        @ weights
        for nodes in (_FINAL_NODES // 2, _FINAL_NODES)
    )
    count = len(columns.radii)
    charge = np.bincount(cells.ravel(), np.repeat(weights, density.n_electrons), count)
    marginal_error = float(np.max(np.abs(charge - 1 / cells_per_shell)))
    if marginal_error > _CHARGE:
        raise TransportError(
            f"the plan puts up to {marginal_error:.1e} electrons too many or too few into a cell "
            f"of {1 / cells_per_shell:g}: the linear programme has failed; take another seed"
        )
    return UpperBound(
        value=float(value),
        cells=cells,
        upward=upward,
        weights=weights,
        edges=np.linspace(0, density.n_electrons, count + 1),
        positions=positions,
        radii=np.sqrt(np.sum(positions**2, axis=1)),
        quadrature_error=float(abs(value - coarse)),
        marginal_error=marginal_error,
        iterations=done,
        converged=converged,
    )


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


def _plan_cost(columns: "_Columns", cells: Cells, upward: Directions, starts: Array) -> Array:
    """Cost of each column, shape (m,); the arrangements are left as they were."""
    return np.array(
        [columns.cost(c, u, x.copy()) for c, u, x in zip(cells, upward, starts, strict=True)]
    )


class _Columns:
    """Columns of the programme and what they cost."""

    def __init__(
        self, density: RadialDensity, cells_per_shell: int, t: Array, weights: Array
    ) -> None:  # fmt: skip
        n = density.n_electrons
        self._n, self._per_shell = n, cells_per_shell
        self._density = density
        count = n * cells_per_shell
        self._weights = weights
        cell = np.arange(count)[:, None]
        inside = (cell + t) / cells_per_shell
        outside = (cell[::-1] + t[::-1]) / cells_per_shell
        self.radii = np.ascontiguousarray(density.radius(inside, outside))
        self._workspace = workspace()
        self.cells: list[Cells] = []
        self.upward: list[Directions] = []
        self.positions: list[Array] = []
        self.costs: list[float] = []
        self._known: set[bytes] = set()
        self._sums = np.full(count, 1 / cells_per_shell)

    def start(self) -> None:
        """Set up the programme with the columns so far."""
        self.scale = float(np.mean(self.costs))
        self.programme = ColumnProgramme(self._sums, _PENALTY * self.scale)
        for cells, cost in zip(self.cells, self.costs, strict=True):
            self._to_programme(cells, cost)

    def add_plan(self, plan: StrictCorrelation) -> None:
        """The columns of a co-motion plan of any pattern."""
        per_shell = self._per_shell
        for k in range(per_shell):
            within = np.where(plan.upward, k, per_shell - 1 - k)
            cells = np.arange(self._n) * per_shell + within
            node = int(np.argmin(np.abs(plan.rule.q - (k + 0.5) / per_shell)))
            x = plan.minimum.positions[node].copy()
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

    def add_columns(self, cells: Cells, upward: Directions, positions: Array) -> None:
        """Columns of a former run; those of a run with more cells do not fit and are left out."""
        for c, u, x in zip(cells, upward, positions, strict=True):
            if c.max() >= len(self.radii):
                continue
            cost = self.cost(c, u, x)
            if self._add(c, u, x, cost):
                self._to_programme(c, cost)

    def chosen(self, which: Cells) -> tuple[Cells, Directions, Array]:
        """Cells, directions and arrangements of some columns."""
        return (
            np.array([self.cells[k] for k in which]),
            np.array([self.upward[k] for k in which]),
            np.array([self.positions[k] for k in which]),
        )

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
        """Cost of a column; x becomes the arrangement in its middle."""
        return float(
            column_cost(cells, upward, self.radii, self._weights, np.inf, x, self._workspace)
        )

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
