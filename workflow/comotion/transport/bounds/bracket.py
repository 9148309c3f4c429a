"""The bracket lower <= V_SCE <= upper of a density.

Both ends are the work of searches whose effort is counted in iterations and minimisations, never
in seconds: the same input gives the same bits on any machine. A search that is killed goes on at
the part that it was at, and each part depends on its input alone: the end is the same.

Coulomb's cost is homogeneous: lengths times t are energies over t. All of it is computed in a unit
of length near the density's own, a power of two, so that no tolerance or random step knows how
large the density is, and a density with all lengths times a power of two has the same digits.
Another pair cost is stretched with the density, and tolerances refer to the scale of its energies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from comotion.density.functionals import unit_of_length
from comotion.density.model_densities import exponential
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.density.storage import density_digest
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.angular.search import are_counts
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.configurations import scale_of
from comotion.transport.bounds.dual import dual_bound, violations
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.parts import Parts, parts_in
from comotion.transport.bounds.potential_space import potential_space
from comotion.transport.bounds.primal import PrimalBound, primal_bound
from comotion.transport.comotion import comotion_plan
from comotion.transport.hierarchy import pair_value
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.patterns import best_pattern
from comotion.transport.plan import Plan

#: Gap below which no cells are tried, relative: the plan at hand is optimal for every purpose.
_CLOSED = 2e-6
#: Most electrons for which patterns are searched where no plan is given.
_PATTERN_ELECTRONS = 10
#: Rounding of a cost, relative.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class BracketEffort:
    """How hard to try.

    Attributes:
        splines: Intervals of the spaces of potentials, at least two sizes, ascending.
        cells_per_shell: Cells of charge for each electron of the upper bound's plan.
        iterations: Most iterations of the upper bound's column generation.
        seed: Seed of the random numbers.

    Raises:
        TransportError: A number is no integer, or too small for a search.
    """

    splines: tuple[int, ...] = (40, 80)
    cells_per_shell: int = 20
    iterations: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        sizes = (*self.splines, self.cells_per_shell, self.iterations)
        if not self.splines or not are_counts(*sizes, self.seed) or min(sizes) < 1:
            raise TransportError(
                f"{self}: a bracket needs one or more splines, cells and iterations, and a seed "
                "from 0 on"
            )


def bracket(
    rho: RadialDensity | HasDensity,
    plan: Plan | Sequence[Plan] | None = None,
    *,
    pair_cost: PairCost = COULOMB,
    effort: BracketEffort | None = None,
    parts: Path | None = None,
    report: Report = silent,
) -> Bracket:
    """Bracket V_SCE of a density by Kantorovich's duality.

    Reference: Buttazzo, De Pascale, Gori-Giorgi, Phys. Rev. A 85, 062502 (2012).

    Args:
        rho: The density, N >= 2 electrons, or an object with one, such as an atom.
        plan: Its co-motion plan, or several curves with that plan first; what is not given is
            computed, the best pattern of directions included.
        pair_cost: The repulsion l(d) of two electrons, that of every plan given: for another than
            Coulomb's V_SCE stands for the transport cost with that.
        effort: How hard to try.
        parts: Folder that keeps what is finished, to go on from after a kill. It may be that of
            other brackets too: each finds only what was made for its density, plans and effort.
        report: Told where the search is.

    Returns:
        The bracket.

    Raises:
        DensityError: There is no density.
        TransportError: Fewer than two electrons, or a plan of another density or for another pair
            cost; or the lower bound exceeds the upper one: a search has failed.
    """
    density, effort = radial_density(rho), effort or BracketEffort()
    if density.n_electrons < 2:
        raise TransportError("one electron repels nothing: there is nothing to bracket")
    given = None if plan is None else _checked(plan, density, pair_cost)
    unit = unit_of_length(density)
    inner = density.stretched(1 / unit)
    if given is None:
        plans = _curves(inner, pair_cost.stretched(1 / unit), report)
    else:
        plans = [curve.stretched(1 / unit, inner) for curve in given]
    kept = parts_in(parts, inner, plans, effort)
    return _in_unit(inner, plans, effort, kept, report).stretched(unit, density)


def _in_unit(
    density: RadialDensity,
    plans: Sequence[Plan],
    effort: BracketEffort,
    parts: Parts,
    report: Report,
) -> Bracket:
    """The bracket of a density whose lengths are near one."""
    bounds = _dual_bounds(density, plans, effort, parts, report)
    dual = max(bounds, key=lambda bound: bound.value)
    pair_lower = _from_pairs(density, plans[0])
    upper, cheapest = min(
        ((curve.cost + curve.quadrature_error, curve) for curve in plans), key=lambda pair: pair[0]
    )
    primal = None
    scale = _scale(plans[0], upper)
    if upper - max(dual.value, pair_lower) > _CLOSED * scale:
        primal = _primal_bound(density, plans, dual, effort, parts, report)
        dual = _confirmed(dual, primal.plan.positions, effort, parts, report)
        value = primal.plan.cost + primal.plan.quadrature_error
        if value < upper:
            upper, cheapest = value, primal.plan
    lower = max(dual.value, pair_lower)
    if lower - upper > _ROUNDING * scale:
        raise TransportError(
            f"the lower bound exceeds the upper one by {(lower - upper) / scale:.1e} of it: a "
            "configuration was missed; raise the effort or take another seed"
        )
    return Bracket(
        lower=min(lower, upper),
        lower_from="duality" if lower == dual.value else "V_2",
        upper=upper,
        v_comotion=plans[0].cost,
        spline_error=abs(bounds[-1].value - bounds[-2].value) if len(bounds) > 1 else np.nan,
        dual=dual,
        plan=cheapest,
        primal=primal,
    )


def _scale(plan: Plan, cost: float) -> float:
    """The energy that tolerances refer to: the cost of a plan, or see `scale_of`, hartree."""
    if plan.pair_cost.is_coulomb:
        return cost
    return scale_of(plan.positions, plan.pair_cost)


def _from_pairs(density: RadialDensity, plan: Plan) -> float:
    """V_2 less its error, hartree; no bound where it has no closed form.

    Elsewhere V_2 is known by a plan, which lies above it.
    """
    pair = pair_value(density, pair_cost=plan.pair_cost)
    if not pair.closed:
        return -np.inf
    if plan.pair_cost.is_coulomb:
        return pair.value * (1 - _ROUNDING) - pair.error
    return pair.value - _ROUNDING * _scale(plan, pair.value) - pair.error


def _curves(density: RadialDensity, pair_cost: PairCost, report: Report) -> list[Plan]:
    """The curves to start from, the co-motion plan first."""
    comotion = comotion_plan(density, pair_cost=pair_cost, report=report)
    if not 2 < density.n_electrons <= _PATTERN_ELECTRONS:
        return [comotion]
    best = best_pattern(density, comotion, report=report).plan
    return [comotion] if best is comotion else [comotion, best]


def _checked(
    plan: Plan | Sequence[Plan], density: RadialDensity, pair_cost: PairCost
) -> list[Plan]:
    """Curves that a bracket of a density can start from.

    Raises:
        TransportError: One is no plan along a curve, or that of another density or pair cost.
    """
    plans: list[Any] = list(plan) if isinstance(plan, Sequence) else [plan]
    n, digest = density.n_electrons, density_digest(density)
    for curve in plans:
        if not isinstance(curve, Plan) or curve.cells is not None or curve.n_electrons != n:
            raise TransportError(
                f"{curve!r} is no curve of {n} electrons: give the plan that comotion_plan finds "
                "for this density"
            )
        if density_digest(curve.density) != digest:
            raise TransportError(
                f"{curve!r} is the plan of another density of {n} electrons: give the one that "
                "comotion_plan finds for this density"
            )
        if not pair_cost.agrees(curve.pair_cost.samples()):
            raise TransportError(
                f"{curve!r} is for {curve.pair_cost!r}, the bracket for {pair_cost!r}: give both "
                "the same pair_cost"
            )
    return plans


def _dual_bounds(
    density: RadialDensity,
    plans: Sequence[Plan],
    effort: BracketEffort,
    parts: Parts,
    report: Report,
) -> list[DualBound]:
    """The lower bound in each space, each with the configurations of the one before it."""
    starts = np.concatenate([plan.positions for plan in plans])
    bounds: list[DualBound] = []
    for splines in effort.splines:
        former = np.concatenate([starts, *(bound.configurations for bound in bounds[-1:])])

        def maximise(splines: int = splines, former: Array = former) -> DualBound:
            potential, pair_cost = plans[0].radial_potential, plans[0].pair_cost
            space = potential_space(density, potential, splines, pair_cost)
            return dual_bound(density, space, former, seed=effort.seed, report=report)

        path = f"dual_{len(bounds)}_{splines}.h5"
        load = partial(DualBound.load, pair_cost=plans[0].pair_cost)
        bounds.append(parts.kept(path, load, maximise, DualBound.save))
    return bounds


def _primal_bound(
    density: RadialDensity,
    plans: Sequence[Plan],
    dual: DualBound,
    effort: BracketEffort,
    parts: Parts,
    report: Report,
) -> PrimalBound:
    """The upper bound's plan by cells."""
    find = partial(
        primal_bound,
        density,
        effort.cells_per_shell,
        plans,
        configurations=dual.configurations,
        potential=lambda r: dual.potential(r) + dual.constant,
        lower=dual.value,
        seed=effort.seed,
        iterations=effort.iterations,
        report=report,
    )
    load = partial(PrimalBound.load, pair_cost=plans[0].pair_cost)
    return parts.kept("primal.h5", load, find, PrimalBound.save)


def _confirmed(
    dual: DualBound, positions: Array, effort: BracketEffort, parts: Parts, report: Report
) -> DualBound:
    """A lower bound that holds for the configurations of a plan by cells, too.

    Those below the minimum join the programme, and the better of the bounds is taken: of both
    what is violated is subtracted.
    """
    missed, by = violations(dual, positions)
    if not len(missed):
        return dual
    starts = np.concatenate((dual.configurations, positions, missed))
    again = parts.kept(
        "dual_again.h5",
        partial(DualBound.load, pair_cost=dual.pair_cost),
        partial(dual_bound, dual.density, dual.space, starts, seed=effort.seed, report=report),
        DualBound.save,
    )
    again = again.lowered(violations(again, np.concatenate((positions, missed)))[1])
    return max(dual.lowered(by), again, key=lambda bound: bound.value)


def compile_bounds() -> None:
    """Run everything compiled for brackets once, on three electrons."""
    effort = BracketEffort(splines=(8, 10), cells_per_shell=4, iterations=2)
    bracket(exponential(3), comotion_plan(exponential(3)), effort=effort)
