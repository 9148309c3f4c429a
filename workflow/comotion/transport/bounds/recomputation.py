"""Both ends of a bracket computed again from its files, by other rules than those that made them.

What is arithmetic is checked as such: the integral of rho u by a rule over charge instead of over
log r, the slack of the active configurations, the marginal of the plan cell by cell, its cost by
another number of nodes. That no configuration lies below the minimum of V - sum u cannot be
checked so: a search from other random numbers looks for one. It is evidence, no proof.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from comotion.density.radial import Array, RadialDensity
from comotion.density.storage import density_digest
from comotion.transport.bounds.configurations import VIOLATED, costs_of, radii_of, scale_of
from comotion.transport.bounds.dual import search_again
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.plan_columns import Columns, graded
from comotion.transport.bounds.primal import plan_cost
from comotion.transport.hierarchy import pair_value
from comotion.transport.maps import configuration_radii
from comotion.transport.plan import Plan
from comotion.transport.quadrature import folded_rule

#: Intervals of the rule over charge for int rho u.
_INTERVALS = 2048
#: Cells of charge for each electron and nodes in each, for the cost of a curve.
_CELLS, _NODES = 200, 10
#: Nodes in a cell for the cost of a plan by cells, which was made with 24 and 12.
_OTHER_NODES = 17
#: Largest error of an integral and of a cost, relative; a curve changes its arrangement inside
#: cells, which costs it more digits.
_INTEGRAL, _COST, _CURVE = 1e-8, 1e-8, 1e-5
#: Rounding of a sum, relative.
_ROUNDING = 1e-10
#: Charge by which a cell may differ, electrons, as in `comotion.transport.bounds.primal`.
_CHARGE = 1e-9


@dataclass(frozen=True)
class Recomputed:
    """A number of a bracket beside what its files give for it.

    Attributes:
        what: What it is, in words.
        recorded: As it is recorded.
        again: As it was computed again.
        tolerance: Largest difference that is none.
        searched: Minimisations of the search that it rests on; 0 where it rests on none.
    """

    what: str
    recorded: float
    again: float
    tolerance: float
    searched: int = 0

    @property
    def agrees(self) -> bool:
        """Whether both are the same within the tolerance."""
        return abs(self.recorded - self.again) <= self.tolerance


def recompute(record: Mapping[str, Any], bound: DualBound, plan: Plan) -> list[Recomputed]:
    """Compute both ends of a bracket again.

    Args:
        record: The content of bracket.json.
        bound: The lower bound in bracket.h5.
        plan: The plan in upper_plan.h5.

    Returns:
        Every number that was computed again, with units as they are recorded.
    """
    pair = pair_value(bound.density, pair_cost=bound.pair_cost)
    best = max(bound.value, pair.value - pair.error) if pair.closed else bound.value
    same = density_digest(bound.density) == density_digest(plan.density)
    same_cost = bound.pair_cost.agrees(plan.pair_cost.samples())
    upper = plan.cost + plan.quadrature_error
    rounding = _ROUNDING * _scale(plan)
    lower = min(best, upper)
    ends = [
        Recomputed("densities of bracket.h5 and upper_plan.h5 that differ", 0, 1 - same, 0),
        Recomputed("pair costs of bracket.h5 and upper_plan.h5 that differ", 0, 1 - same_cost, 0),
        Recomputed("lower, the higher of D(u) and V_2", record["lower"], lower, rounding),
        Recomputed("upper, the plan's cost with its error", record["upper"], upper, rounding),
        Recomputed("gap", record["gap"], record["upper"] - record["lower"], rounding),
        Recomputed("lower_duality", record["lower_duality"], bound.value, rounding),
    ]
    return ends + _of_bound(bound, int(record["settings"]["seed"]) + 1) + _of_plan(plan)


def _of_bound(bound: DualBound, seed: int) -> list[Recomputed]:
    """The lower end: D(u) = int rho u + N constant, and that V - sum u is nowhere below."""
    density, n = bound.density, bound.density.n_electrons
    integral = _integral(density, bound)
    scale = abs(integral)
    lowest, searched = search_again(bound, seed)
    x = bound.configurations
    scale = max(scale, scale_of(x, bound.pair_cost))
    sums = bound.potential(radii_of(x)).sum(axis=1)
    slack = costs_of(x, bound.pair_cost) - sums - n * bound.constant
    worst = int(np.argmax(np.abs(slack - bound.slack)))
    far = 1e9 * float(density.radius(n / 2))
    tail = bound.tail_at(far)
    # Of another cost the tail may be smaller there than the rounding of what is nearer.
    rest = 0.0 if bound.pair_cost.is_coulomb else _ROUNDING * scale
    return [
        Recomputed("D(u) = int rho u + N constant", bound.value, integral + n * bound.constant,
                   _INTEGRAL * scale),
        Recomputed("u(r) far outside", tail, float(bound.potential(far)),
                   1e-9 * abs(tail) + rest),
        Recomputed("slack of an active configuration", float(bound.slack[worst]),
                   float(slack[worst]), _ROUNDING * scale),
        Recomputed("energy by which a configuration found anew lies below the minimum", 0.0,
                   max(0.0, n * bound.constant - lowest), VIOLATED * scale, searched),
    ]  # fmt: skip


def _scale(plan: Plan) -> float:
    """The energy that rounding refers to, hartree."""
    if plan.pair_cost.is_coulomb:
        return plan.cost
    return scale_of(plan.positions, plan.pair_cost)


def _integral(density: RadialDensity, bound: DualBound) -> float:
    """The integral of rho u over the charge in each shell, hartree."""
    rule = folded_rule(_INTERVALS)
    upward = np.ones(density.n_electrons, dtype=bool)
    radii = configuration_radii(density, rule.q, rule.complement, upward)
    return float(rule.weights @ bound.potential(radii).sum(axis=1))


def _of_plan(plan: Plan) -> list[Recomputed]:
    """The upper end: the plan's weights, marginal, energies and cost."""
    energies = costs_of(plan.positions, plan.pair_cost)
    worst = int(np.argmax(np.abs(energies - plan.energies)))
    found = [
        Recomputed("sum of the plan's weights", 1.0, float(np.sum(plan.weights)), 1e-9),
        Recomputed("least weight of the plan, if negative", 0.0,
                   min(0.0, float(np.min(plan.weights))), 0.0),
        Recomputed("energy of one of the plan's arrangements", float(plan.energies[worst]),
                   float(energies[worst]), _ROUNDING * _scale(plan)),
        Recomputed("charge missing in a cell, electrons", 0.0, _marginal_error(plan), _CHARGE),
    ]  # fmt: skip
    again, error = (_cost_of_cells if plan.kind == "cells" else _cost_of_curve)(plan)
    tolerance = error + 3 * plan.error
    return [*found, Recomputed("cost of the plan by another rule", plan.cost, again, tolerance)]


def _marginal_error(plan: Plan) -> float:
    """Largest charge by which the plan's marginal differs from the density, electrons."""
    n = plan.n_electrons
    if plan.cells is not None:
        weights = np.repeat(plan.weights, n)
        held = np.bincount(plan.cells.ravel(), weights, plan.n_cells)
        return float(np.max(np.abs(held - n / plan.n_cells)))
    assert plan.q is not None  # noqa: S101 - a curve has its folded cumulants
    q = plan.q[:, None]
    expected = np.arange(n) + np.where(plan.upward, q, 1 - q)
    return float(np.max(np.abs(plan.density.cumulant(plan.radii) - expected)))


def _cost_of_cells(plan: Plan) -> tuple[float, float]:
    """Cost of a plan by cells and its error by the rule, hartree."""
    assert plan.cells is not None  # noqa: S101 - it is a plan by cells
    per_shell = plan.n_cells // plan.n_electrons
    costs = plan_cost(
        plan.density, per_shell, plan.pair_cost, plan.cells, plan.upward, plan.positions,
        _OTHER_NODES,
    )  # fmt: skip
    return float(costs @ plan.weights), _COST * _scale(plan)


def _cost_of_curve(plan: Plan) -> tuple[float, float]:
    """Cost of a curve and its error by the rule, hartree."""
    columns = Columns(plan.density, _CELLS, *graded(_NODES), plan.pair_cost)
    columns.add_plan(plan)
    costs: Array = np.array(columns.costs)
    return float(np.mean(costs)), _CURVE * _scale(plan)
