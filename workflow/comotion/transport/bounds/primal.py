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
from pathlib import Path

import numpy as np

from comotion.density.radial import Array, RadialDensity
from comotion.errors import RecordError, TransportError
from comotion.io import read_arrays
from comotion.progress import Report, silent
from comotion.transport.bounds.cells import Cells, Directions
from comotion.transport.bounds.configurations import costs_of
from comotion.transport.bounds.plan_columns import Columns, graded, plain
from comotion.transport.plan import Plan

#: Quadrature nodes of a cell while columns are sought, and for the cost of the plan found.
_NODES, _FINAL_NODES = 4, 24
#: Charge by which a cell may be over- or underfilled, electrons.
_CHARGE = 1e-9
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
        converged: Whether no neighbour saves anything at the true prices.
    """

    plan: Plan
    iterations: int
    converged: bool

    def save(self, path: Path) -> None:
        """Write the plan and how it was found."""
        self.plan.save(path, {"iterations": self.iterations, "converged": self.converged})

    @classmethod
    def load(cls, path: Path) -> "PrimalBound":
        """Read what `save` wrote.

        Raises:
            RecordError: The file is not what was written, or holds no such plan.
        """
        attributes, _ = read_arrays(path)
        plan = Plan.load(path)
        if "iterations" not in attributes:
            raise RecordError(f"{path}: holds no plan by cells; delete it")
        return cls(plan, int(attributes["iterations"]), bool(attributes["converged"]))

    def __repr__(self) -> str:
        """Cost and iterations, in a line."""
        done = "converged" if self.converged else "not converged"
        return f"<PrimalBound: {self.plan.cost:.8f} hartree, {self.iterations} iterations, {done}>"


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
        plans: Co-motion plans of any pattern; their columns make the first programme feasible.
        configurations: Further configurations whose columns to begin with, shape (m, 3, N).
        potential: Kantorovich potential u(r) with sum u <= V, to smooth the prices with.
        lower: Lower bound to which the gap is reported, hartree.
        seed: Seed of the random numbers.
        iterations: Most iterations.
        report: Told where the search is.

    Returns:
        The plan, an upper bound wherever the iteration stops.

    Raises:
        TransportError: The plan's marginal is not the density.
    """
    columns = Columns(density, cells_per_shell, *plain(_NODES))
    for plan in plans:
        columns.add_plan(plan)
    rng = np.random.default_rng(seed)
    columns.start()
    if configurations is not None:
        columns.add_configurations(configurations, rng)
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
        if added < _FEW:
            if smoothing == 0.0:
                idle += 1
                converged = added == 0
                if idle == _PATIENCE:
                    break
            smoothing = smoothing * _RELAXING if smoothing > _SHARPEST else 0.0
        if len(columns.costs) > _MOST_COLUMNS:
            columns.drop_stale(solution.prices, active)
    solution = columns.programme.solve()
    used = np.flatnonzero(solution.weights > 1e-12)
    weights = solution.weights[used]
    cells, upward, positions = columns.chosen(used)
    coarse, value = (
        _plan_cost(Columns(density, cells_per_shell, *graded(nodes)), cells, upward, positions)
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
    radii = np.sqrt(np.sum(positions**2, axis=1))
    plan = Plan(
        density=density,
        weights=weights,
        radii=radii,
        positions=positions,
        energies=costs_of(positions),
        upward=upward,
        cost=float(value),
        quadrature_error=float(abs(value - coarse)),
        marginal_error=marginal_error,
        seeds=(seed,),
        cells=cells,
        n_cells=count,
    )
    return PrimalBound(plan, iterations=done, converged=converged)


def _plan_cost(columns: Columns, cells: Cells, upward: Directions, starts: Array) -> Array:
    """Cost of each column, shape (m,); the arrangements are left as they were."""
    return np.array(
        [columns.cost(c, u, x.copy()) for c, u, x in zip(cells, upward, starts, strict=True)]
    )
