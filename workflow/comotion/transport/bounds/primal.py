"""The upper bound: a transport plan that is piecewise monotone on cells of equal charge.

[0, N] is cut into K = N L cells of charge 1/L. A column is a cell for each electron and whether it
runs through it upwards or downwards; with weights for which every cell is used by N/K in all, the
columns make a plan whose marginal is rho exactly. The cheapest plan is a linear programme whose
columns are generated: neighbours of the active ones that cost less than the prices of their cells.
The prices are smoothed towards the cell averages of the Kantorovich potential of the lower
bound, which are nearly optimal from the beginning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from comotion.density.radial import Array, RadialDensity
from comotion.errors import RecordError, TransportError
from comotion.io import read_arrays
from comotion.progress import Report, silent
from comotion.transport.bounds.cells import Cells, Directions
from comotion.transport.bounds.column_programme import Optimum, StoppedBy
from comotion.transport.bounds.configurations import costs_of
from comotion.transport.bounds.plan_columns import Columns, graded, plain
from comotion.transport.pair_cost import PairCost
from comotion.transport.plan import Plan

#: Quadrature nodes of a cell while columns are sought, and for the cost of the plan found.
_NODES, _FINAL_NODES = 4, 24
#: Charge by which a cell may be over- or underfilled, electrons.
_CHARGE = 1e-9
#: Weight from which a column is in use.
_USED = 1e-12
#: Share of the lower bound's potential in the prices, and its decrease.
_SMOOTHING, _RELAXING, _SHARPEST = 0.8, 0.6, 0.02
#: Columns beyond which stale ones are dropped.
_MOST_COLUMNS = 12000
#: Iterations with fewer new columns than this lower the smoothing, and, at the true prices,
#: end the search when there were so many.
_FEW, _PATIENCE = 5, 4


@dataclass(frozen=True, eq=False, repr=False)
class PrimalBound:
    """A plan by cells and how it was found.

    Attributes:
        plan: The plan.
        iterations: Iterations made.
        stopped_by: What ended the search; ``converged`` is that no neighbour of a column saves
            anything at the true prices. See `StoppedBy`.
    """

    plan: Plan
    iterations: int
    stopped_by: StoppedBy

    @property
    def converged(self) -> bool:
        """Whether no neighbour of a column saves anything."""
        return self.stopped_by == "converged"

    def stretched(self, factor: float, density: RadialDensity) -> "PrimalBound":
        """The bound with all lengths multiplied by a factor; see `Plan.stretched`."""
        return replace(self, plan=self.plan.stretched(factor, density))

    def save(self, path: Path) -> None:
        """Write the plan and how it was found."""
        self.plan.save(path, {"iterations": self.iterations, "stopped_by": self.stopped_by})

    @classmethod
    def load(cls, path: Path, pair_cost: PairCost | None = None) -> "PrimalBound":
        """Read what `save` wrote; see `Plan.load`.

        Raises:
            RecordError: The file is not what was written, or holds no such plan.
        """
        attributes, _ = read_arrays(path)
        plan = Plan.load(path, pair_cost)
        if "iterations" not in attributes:
            raise RecordError(f"{path}: holds no plan by cells; delete it")
        return cls(plan, int(attributes["iterations"]), attributes["stopped_by"])

    def __repr__(self) -> str:
        """Cost and iterations, in a line."""
        return (
            f"<PrimalBound: {self.plan.cost:.8f} hartree, {self.iterations} iterations, "
            f"stopped by: {self.stopped_by}>"
        )


def primal_bound(
    density: RadialDensity,
    cells_per_shell: int,
    plans: Sequence[Plan],
    *,
    configurations: Array | None = None,
    potential: Callable[[Array], Array] | None = None,
    lower: float = np.nan,
    seed: int = 1,
    iterations: int = 200,
    report: Report = silent,
) -> PrimalBound:
    """Find a cheap plan.

    Args:
        density: The density, N >= 2 electrons.
        cells_per_shell: L.
        plans: Co-motion plans of any pattern; their columns make the first programme feasible, and
            their pair cost is taken.
        configurations: Further configurations whose columns to begin with, shape (m, 3, N).
        potential: Kantorovich potential u(r) with sum u <= V, to smooth the prices with.
        lower: Lower bound to which the gap is reported, hartree.
        seed: Seed of the random numbers.
        iterations: Most iterations.
        report: Told where the search is.

    Returns:
        The plan, an upper bound wherever and whyever the iteration stops: if no programme has an
        optimum it is the first of the plans, cut into cells.
    """
    pair_cost = plans[0].pair_cost
    columns = Columns(density, cells_per_shell, *plain(_NODES), pair_cost)
    for plan in plans:
        columns.add_plan(plan)
    rng = np.random.default_rng(seed)
    columns.start()
    if configurations is not None:
        columns.add_configurations(configurations, rng)
    center = None if potential is None else columns.averages(potential)
    smoothing, done, idle = (0.0 if center is None else _SMOOTHING), 0, 0
    # The columns of the first plan, one for each value of the folded cumulant.
    mixture = _mixture(columns, np.full(cells_per_shell, 1 / cells_per_shell))
    stopped_by: StoppedBy = "iterations"
    for done in range(1, iterations + 1):
        solution = _solved(columns)
        if solution is None:
            stopped_by = "linear programme"
            break
        mixture = _mixture(columns, solution.weights)
        prices = solution.prices
        if center is not None:
            prices = smoothing * center + (1 - smoothing) * prices
        active = np.flatnonzero(solution.weights > _USED)
        added = columns.add_neighbours(active, prices, rng)
        report(
            "upper bound",
            f"iteration {done}, relative gap {(solution.value - lower) / columns.scale:.1e}, "
            f"{len(columns.costs)} columns",
        )
        if added < _FEW:
            if smoothing == 0.0:
                idle += 1
                if idle == _PATIENCE:
                    stopped_by = "converged" if added == 0 else "search"
                    break
            smoothing = smoothing * _RELAXING if smoothing > _SHARPEST else 0.0
        if len(columns.costs) > _MOST_COLUMNS:
            columns.drop_stale(solution.prices, active)
    last = None if stopped_by == "linear programme" else _solved(columns)
    if last is None:
        stopped_by = "linear programme"
    else:
        mixture = _mixture(columns, last.weights)
    plan = _as_plan(density, cells_per_shell, pair_cost, mixture, seed)
    return PrimalBound(plan, done, stopped_by)


@dataclass(frozen=True, eq=False)
class _Mixture:
    """Columns with positive weights, and the largest charge that a cell lacks, electrons."""

    weights: Array
    cells: Cells
    upward: Directions
    positions: Array
    marginal_error: float


def _mixture(columns: Columns, weights: Array) -> _Mixture:
    """The columns that have a weight, the weights shorter than the columns or as many."""
    used = np.flatnonzero(weights > _USED)
    cells, upward, positions = columns.chosen(used)
    return _Mixture(weights[used], cells, upward, positions, columns.marginal_error(used, weights))


def _solved(columns: Columns) -> Optimum | None:
    """The optimum of the programme, unless there is none or its plan's marginal is wrong."""
    try:
        solution = columns.programme.solve()
    except TransportError:
        return None
    used = np.flatnonzero(solution.weights > _USED)
    return solution if columns.marginal_error(used, solution.weights) <= _CHARGE else None


def _as_plan(
    density: RadialDensity, cells_per_shell: int, pair_cost: PairCost, mixture: _Mixture, seed: int
) -> Plan:
    """The plan of a mixture, its cost by a finer rule in each cell."""
    weights, cells, positions = mixture.weights, mixture.cells, mixture.positions
    coarse, value = (
        plan_cost(density, cells_per_shell, pair_cost, cells, mixture.upward, positions, nodes)
        @ weights
        for nodes in (_FINAL_NODES // 2, _FINAL_NODES)
    )
    radii = np.sqrt(np.sum(positions**2, axis=1))
    return Plan(
        density=density,
        weights=weights,
        radii=radii,
        positions=positions,
        energies=costs_of(positions, pair_cost),
        upward=mixture.upward,
        cost=float(value),
        quadrature_error=float(abs(value - coarse)),
        marginal_error=mixture.marginal_error,
        seeds=(seed,),
        cells=cells,
        n_cells=density.n_electrons * cells_per_shell,
        pair_cost=pair_cost,
    )


def plan_cost(
    density: RadialDensity,
    cells_per_shell: int,
    pair_cost: PairCost,
    cells: Cells,
    upward: Directions,
    positions: Array,
    nodes: int,
) -> Array:
    """Cost of each column of a plan by cells.

    Args:
        density: The density, N electrons.
        cells_per_shell: Cells for each electron.
        pair_cost: The repulsion l(d) of two electrons.
        cells: Cell of each electron, shape (m, N).
        upward: Its direction, shape (m, N).
        positions: Arrangements to start from, shape (m, 3, N), bohr.
        nodes: Quadrature nodes in a cell.

    Returns:
        Costs, shape (m,), hartree.
    """
    columns = Columns(density, cells_per_shell, *graded(nodes), pair_cost)
    return np.array(
        [columns.cost(c, u, x.copy()) for c, u, x in zip(cells, upward, positions, strict=True)]
    )
