"""Better plans of the same kind: each shell may be run through upwards or downwards.

Any choice of directions meets every charge once, so each of the 2^(N-1) patterns (reversing
all is the same plan) is a valid plan and its cost an upper bound of V_SCE, as cheap as that
of the co-motion maps, which alternate. Up to `EXHAUSTIVE` electrons all are tried; beyond, a
descent turns one shell at a time, or all shells from one outwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import HasDensity, RadialDensity, radial_density
from comotion.errors import TransportError
from comotion.progress import Report, silent, within
from comotion.transport.angular.search import Effort, Search
from comotion.transport.comotion import Accuracy, comotion_plan
from comotion.transport.maps import alternating, configuration_radii, folded_breaks
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.plan import Plan
from comotion.transport.quadrature import folded_rule, integral

#: Most electrons for which every pattern is tried.
EXHAUSTIVE = 8
#: Patterns that are computed in full, after all have been ranked by a short search.
_FINALISTS = 3
_INTERVALS = 32
_SHORT = Effort(first=20, hops=8, patience=1, stages=(1, 1, 1))

Pattern = tuple[bool, ...]


@dataclass(frozen=True, eq=False, repr=False)
class BestPattern:
    """The best pattern found.

    Attributes:
        plan: Its plan, at most as costly as the co-motion plan.
        tried: Number of patterns whose cost was computed.
        exhaustive: Whether these are all there are.
    """

    plan: Plan
    tried: int
    exhaustive: bool

    def __repr__(self) -> str:
        """Directions, cost and number of patterns, in a line."""
        which = "all" if self.exhaustive else "not all"
        return (
            f"<BestPattern {pattern_name(self.plan.upward)}: cost {self.plan.cost:.8f} +- "
            f"{self.plan.error:.0e} hartree, {self.tried} patterns tried, {which}>"
        )


def best_pattern(
    rho: RadialDensity | HasDensity,
    comotion: Plan | None = None,
    *,
    pair_cost: PairCost | None = None,
    accuracy: Accuracy | None = None,
    effort: Effort | None = None,
    report: Report = silent,
) -> BestPattern:
    """Search the directions of the shells for the plan of least cost.

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        comotion: Its co-motion plan, computed if it is not given; its seeds and its pair cost are
            used again.
        pair_cost: The repulsion l(d) of two electrons where no plan is given; Coulomb's by default.
        accuracy: What the cost of a finalist must satisfy.
        effort: How hard to search its arrangements.
        report: Told where the search is.

    Returns:
        The best pattern, the co-motion plan itself if none is better.

    Raises:
        DensityError: There is no density.
        TransportError: Seeds that disagree, or a plan for another pair cost than the one given.
    """
    density = radial_density(rho)
    if comotion is None:
        comotion = comotion_plan(
            density, pair_cost=pair_cost or COULOMB, accuracy=accuracy, effort=effort, report=report
        )
    cost = comotion.pair_cost
    if pair_cost is not None and not pair_cost.agrees(cost.samples()):
        raise TransportError(f"the plan is for {cost!r}, not for {pair_cost!r}: give one of them")
    n = density.n_electrons
    ranking: dict[Pattern, float] = {}
    if n <= EXHAUSTIVE:
        for pattern in _all_patterns(n):
            report("ranking patterns", share=len(ranking) / 2 ** (n - 1))
            ranking[pattern] = _short_cost(density, cost, pattern, comotion.seeds[0])
    else:
        _descend(density, cost, comotion.seeds[0], ranking, report)
    best = comotion
    for pattern in sorted(ranking, key=lambda p: ranking[p])[:_FINALISTS]:
        if not np.array_equal(pattern, comotion.upward):
            plan = comotion_plan(
                density, pair_cost=cost, upward=np.array(pattern), seeds=comotion.seeds,
                accuracy=accuracy, effort=effort,
                report=within(report, f"pattern {pattern_name(np.array(pattern))}"),
            )  # fmt: skip
            best = plan if plan.cost < best.cost else best
    return BestPattern(best, len(ranking), n <= EXHAUSTIVE)


def pattern_name(upward: NDArray[np.bool_]) -> str:
    """A pattern as text, ``u`` for a shell run through upwards and ``d`` for downwards."""
    return "".join("u" if up else "d" for up in upward)


def _all_patterns(n: int) -> Iterator[Pattern]:
    """Patterns that begin upwards; the others are the same plans with q reversed."""
    for rest in product((True, False), repeat=n - 1):
        yield (True, *rest)


def _neighbours(pattern: Pattern) -> Iterator[Pattern]:
    """Patterns with one shell turned, or all shells from one outwards."""
    n = len(pattern)
    for k in range(1, n):
        yield (*pattern[:k], not pattern[k], *pattern[k + 1 :])
        if k < n - 1:
            yield (*pattern[:k], *(not up for up in pattern[k:]))


def _descend(
    density: RadialDensity,
    pair_cost: PairCost,
    seed: int,
    ranking: dict[Pattern, float],
    report: Report,
) -> None:
    """Steepest descent from the alternating pattern; fills the ranking."""
    current: Pattern = tuple(bool(up) for up in alternating(density.n_electrons))
    ranking[current] = _short_cost(density, pair_cost, current, seed)
    while True:
        for pattern in _neighbours(current):
            if pattern not in ranking:
                report("descending over patterns", f"{len(ranking)} tried")
                ranking[pattern] = _short_cost(density, pair_cost, pattern, seed)
        lowest = min(ranking, key=lambda p: ranking[p])
        if lowest == current:
            return
        current = lowest


def _short_cost(density: RadialDensity, pair_cost: PairCost, pattern: Pattern, seed: int) -> float:
    """Cost of a pattern on a coarse rule after one short search, hartree."""
    upward = np.array(pattern)
    rule = folded_rule(_INTERVALS, folded_breaks(density, upward))
    radii = configuration_radii(density, rule.q, rule.complement, upward)
    n = len(pattern)
    search = Search(radii, seed, pair_cost=pair_cost)
    search.start(_SHORT.first * n)
    search.improve(np.ones(len(radii), dtype=bool), _SHORT.hops * n, _SHORT.patience)
    return integral(rule, search.energies, search.carried(1), search.carried(-1))
