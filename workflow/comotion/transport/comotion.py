"""The transport cost of the co-motion plan, V = int_0^1 E_N(R(c_1(q)), ..., R(c_N(q))) dq.

The angular minima are searched on a coarse rule, where hopping costs most, and carried to
rules with twice as many nodes until the integral is stable.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comotion.density.checks import require_charge
from comotion.density.model_densities import exponential
from comotion.density.radial import Array, HasDensity, RadialDensity, radial_density
from comotion.errors import TransportError
from comotion.progress import Report, silent, within
from comotion.systems import electrons_in_words
from comotion.transport.angular.search import (
    Effort,
    Search,
    are_counts,
    disagreement,
    search_until_agreed,
)
from comotion.transport.maps import alternating, configuration_radii, folded_breaks
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.plan import Plan
from comotion.transport.quadrature import FoldedRule, folded_rule, integral

#: Intervals of the rule on which searches begin, of the coarsest that a cost is taken from,
#: and of the finest of all.
_COARSE, _FEWEST, _FINEST = 32, 128, 2048


@dataclass(frozen=True)
class Accuracy:
    """What a cost must satisfy, relative to itself.

    A cost that may be zero or negative, of another repulsion than Coulomb's, is no scale: there
    the mean over the plan of sum_{i<j} d |l'(d)| at d^2 = r_i^2 + r_j^2 takes its place.

    Attributes:
        seeds: Largest search spread: see `Plan.search_spread`.
        quadrature: Largest change of the integral when the nodes are doubled; a larger one at
            the finest rule is an error.
        accept_disagreement: Whether to record a larger search spread instead
            of failing when all effort is spent.

    Raises:
        TransportError: A tolerance is not a finite number from 0 on.
    """

    seeds: float = 1e-5
    quadrature: float = 1e-7
    accept_disagreement: bool = False

    def __post_init__(self) -> None:
        for name in ("seeds", "quadrature"):
            value = getattr(self, name)
            if not (isinstance(value, int | float) and 0 <= value < float("inf")):
                raise TransportError(f"{name}={value!r}: a tolerance is a finite number from 0 on")


def comotion_plan(
    rho: RadialDensity | HasDensity,
    *,
    pair_cost: PairCost = COULOMB,
    upward: NDArray[np.bool_] | None = None,
    seeds: tuple[int, ...] = (1, 2),
    accuracy: Accuracy | None = None,
    effort: Effort | None = None,
    report: Report = silent,
) -> Plan:
    """Co-motion plan of a density and its cost.

    Reference: Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511 (2007).

    The maps do not depend on the cost, the angles do: for any cost this is a plan with the marginal
    rho, for two electrons and a convex decreasing cost the optimal one.

    Args:
        rho: The density, N >= 1 electrons, or an object with one, such as an atom.
        pair_cost: The repulsion l(d) of two electrons.
        upward: Direction of each shell, shape (N,); by default those of the co-motion maps.
        seeds: Seeds of independent searches, at least two.
        accuracy: What the cost must satisfy.
        effort: How hard each search tries.
        report: Told where the searches are.

    Returns:
        The plan; its cost is an upper bound of V_SCE (for another repulsion, of the transport
        cost with that) up to the quadrature error.

    Raises:
        DensityError: There is no density, or its cumulant does not reach N.
        TransportError: Fewer than two seeds, or seeds that still disagree when all effort is
            spent; an integral that the finest rule leaves unsettled; directions that are not one
            for each electron.
    """
    density = radial_density(rho)
    accuracy, effort = accuracy or Accuracy(), effort or Effort()
    _check_seeds(seeds)
    require_charge(density)
    upward = alternating(density.n_electrons) if upward is None else np.array(upward, dtype=bool)
    if upward.shape != (density.n_electrons,):
        raise TransportError(
            f"directions of the shape {upward.shape}: give one for each of "
            f"{electrons_in_words(density.n_electrons)}"
        )
    rule, radii = _nodes(density, upward, _COARSE)
    searches = [
        Search(radii, seed, report=within(report, f"{_COARSE} intervals"), pair_cost=pair_cost)
        for seed in seeds
    ]
    for search in searches:
        search.start(effort.first * density.n_electrons)
    search_until_agreed(searches, rule.weights, accuracy.seeds, effort, effort.stages[0])
    intervals, costs = _COARSE, [_cost(search, rule) for search in searches]
    for stages in chain(effort.stages[1:], repeat(0)):
        intervals *= 2
        coarse, former = rule, costs
        rule, radii = _nodes(density, upward, intervals)
        for search in searches:
            search.report = within(report, f"{intervals} intervals")
            search.report(f"seed {search.seed}, refining")
            search.refine(radii)
        search_until_agreed(searches, rule.weights, accuracy.seeds, effort, stages)
        costs = [_cost(search, rule) for search in searches]
        change = max(abs(new - old) for new, old in zip(costs, former, strict=True))
        size = min(costs) if pair_cost.is_coulomb else _scale(searches[0], rule)
        settled = change <= accuracy.quadrature * size and intervals >= _FEWEST
        if settled or intervals >= _FINEST:
            best = _together(searches)
            cost = _cost(best, rule)
            error = abs(cost - _coarse_cost(best, coarse))
            if error <= accuracy.quadrature * size or intervals >= _FINEST:
                break
    spread = disagreement(np.array([search.energies for search in searches]), rule.weights)
    if spread > accuracy.seeds * size and not accuracy.accept_disagreement:
        raise TransportError(
            f"the seeds {list(seeds)} leave a search spread of {spread:.2e} hartree, more than "
            f"{accuracy.seeds:g} of {size:.6f}: raise the tolerance, take other seeds, or "
            "set accept_disagreement"
        )
    require_settled(error, size, accuracy.quadrature, intervals)
    minimum = best.result()
    return Plan(
        density=density,
        weights=rule.weights,
        radii=minimum.radii,
        positions=minimum.positions,
        energies=minimum.energies,
        upward=upward,
        cost=cost,
        cost_by_seed=tuple(costs),
        search_spread=spread,
        quadrature_error=error,
        seeds=tuple(seeds),
        moves=sum(search.moves for search in searches),
        q=rule.q,
        pair_cost=pair_cost,
    )


def require_settled(error: float, size: float, tolerance: float, intervals: int) -> None:
    """Check an integral over the folded cumulant on its finest rule.

    Args:
        error: Its change when the nodes were last doubled, hartree.
        size: What the error is compared with, hartree.
        tolerance: Largest error in units of the size.
        intervals: Intervals of the finest rule.

    Raises:
        TransportError: The error is larger.
    """
    if not error <= tolerance * size:
        raise TransportError(
            f"the integral over the plan still changed by {error:.1e} hartree when its intervals "
            f"were last doubled, to {intervals}, more than the quadrature tolerance "
            f"{tolerance:g} of {size:.6g}: raise that tolerance, or look for places where the "
            "density holds next to no charge"
        )


def _check_seeds(seeds: Any) -> None:
    """Check that searches with these seeds can be compared.

    Raises:
        TransportError: They are not at least two different integers from 0 on.
    """
    found = list(seeds) if isinstance(seeds, Iterable) else []
    if not are_counts(*found) or len(set(found)) < 2:
        raise TransportError(
            f"at least 2 different seeds are needed, integers from 0 on, got {seeds}"
        )


def compile_engine() -> None:
    """Run everything compiled once, on three electrons; compiled code is kept on disk."""
    comotion_plan(exponential(3))


def _scale(search: Search, rule: FoldedRule) -> float:
    """What the cost of a plan is compared with where the cost itself may vanish, hartree."""
    return float(rule.weights @ search.scales(search.energies))


def _nodes(
    density: RadialDensity, upward: NDArray[np.bool_], intervals: int
) -> tuple[FoldedRule, Array]:
    """A rule and the radii at its nodes."""
    rule = folded_rule(intervals, folded_breaks(density, upward))
    return rule, configuration_radii(density, rule.q, rule.complement, upward)


def _together(searches: list[Search]) -> Search:
    """The best of what all searches have found; they themselves stay independent."""
    best = replace(searches[0])
    best.positions[:] = searches[0].positions
    best.energies[:] = searches[0].energies
    for search in searches[1:]:
        best.adopt(search)
    return best


def _cost(search: Search, rule: FoldedRule) -> float:
    """Integral of what a search has found."""
    return integral(rule, search.energies, search.carried(1), search.carried(-1))


def _coarse_cost(search: Search, coarse: FoldedRule) -> float:
    """Integral of the same arrangements at every second node."""
    every_second = Search(search.radii[1::2], search.seed, pair_cost=search.pair_cost)
    every_second.positions[:] = search.positions[1::2]
    every_second.energies[:] = search.energies[1::2]
    return _cost(every_second, coarse)
