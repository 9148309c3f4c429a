"""The transport cost of the co-motion plan, V = int_0^1 E_N(R(c_1(q)), ..., R(c_N(q))) dq.

The substitution q = t^3 (10 - 15 t + 6 t^2) flattens the logarithmic end point where the
outermost electron goes to infinity; Gauss-Legendre in t does the rest. Kinks where the
best arrangement changes limit the order: their effect is measured by a second rule.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array, RadialDensity
from comotion.errors import TransportError
from comotion.transport.angular import AngularMinimum, Effort, angular_minimum, merge, transplant
from comotion.transport.maps import alternating, configuration_radii

#: Two seeds whose costs differ by more than this times the cost are an error.
DEFAULT_TOLERANCE = 1e-5
#: Times that the search is made anew, harder, while the seeds disagree.
_ESCALATIONS = 4


@dataclass(frozen=True)
class FoldedRule:
    """Quadrature over the folded cumulant.

    Attributes:
        q: Nodes in (0, 1), increasing, shape (n,).
        complement: 1 - q without the subtraction, shape (n,).
        weights: Weights, sum 1, shape (n,).
    """

    q: Array
    complement: Array
    weights: Array


@dataclass(frozen=True)
class StrictCorrelation:
    """The co-motion plan of a density and its cost.

    Attributes:
        rule: Nodes and weights in the folded cumulant.
        minimum: Best arrangement at every node.
        upward: Direction in which each shell is run through, shape (N,).
        v_comotion: Cost of the plan, hartree.
        v_by_seed: Cost found by each seed alone, hartree.
        search_spread: Largest difference between seeds, hartree.
        quadrature_error: Difference from the rule with half the nodes, hartree.
        seeds: The seeds.
    """

    rule: FoldedRule
    minimum: AngularMinimum
    upward: NDArray[np.bool_]
    v_comotion: float
    v_by_seed: tuple[float, ...]
    search_spread: float
    quadrature_error: float
    seeds: tuple[int, ...]


def folded_rule(nodes: int) -> FoldedRule:
    """Gauss-Legendre rule in t with q = t^3 (10 - 15 t + 6 t^2)."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    t, w = (x + 1) / 2, w / 2
    q = t**3 * (10 - 15 * t + 6 * t**2)
    return FoldedRule(q, q[::-1].copy(), w * 30 * t**2 * (1 - t) ** 2)


def strict_correlation(
    density: RadialDensity,
    *,
    nodes: int = 64,
    seeds: tuple[int, ...] = (1, 2),
    effort: Effort | None = None,
    tolerance: float = DEFAULT_TOLERANCE,
) -> StrictCorrelation:
    """Cost of the co-motion plan of a density.

    Args:
        density: The density, N >= 1 electrons.
        nodes: Quadrature nodes in the folded cumulant.
        seeds: Seeds of independent searches, at least two when N > 2.
        effort: How hard each search tries.
        tolerance: Largest relative difference between the costs that seeds find; while it
            is exceeded the searches are made anew, each time three times as hard.

    Returns:
        The plan and its cost, an upper bound of V_SCE up to the quadrature error.

    Raises:
        TransportError: Fewer than four nodes or two seeds, or seeds that disagree.
    """
    if nodes < 4 or len(set(seeds)) < 2:
        raise TransportError(
            f"at least 4 nodes and 2 different seeds are needed, got {nodes} and {list(seeds)}"
        )
    upward = alternating(density.n_electrons)
    rule = folded_rule(nodes)
    radii = configuration_radii(density, rule.q, rule.complement, upward)
    effort = effort or Effort()
    for _ in range(_ESCALATIONS):
        searches = [angular_minimum(radii, seed, effort) for seed in seeds]
        costs = tuple(float(rule.weights @ search.energies) for search in searches)
        spread = max(costs) - min(costs)
        if spread <= tolerance * min(costs):
            break
        effort = replace(effort, hops=3 * effort.hops, patience=effort.patience + 1)
    else:
        raise TransportError(
            f"the seeds {list(seeds)} found costs that differ by {spread:.2e} hartree, more than "
            f"{tolerance:g} of {min(costs):.6f}: raise the tolerance or take other seeds"
        )
    best = searches[0]
    for search in searches[1:]:
        best = merge(best, search)
    cost = float(rule.weights @ best.energies)
    coarse = folded_rule(nodes // 2)
    coarse_radii = configuration_radii(density, coarse.q, coarse.complement, upward)
    coarse_energies = transplant(best, rule.q, coarse_radii, coarse.q).energies
    return StrictCorrelation(
        rule=rule,
        minimum=best,
        upward=upward,
        v_comotion=cost,
        v_by_seed=costs,
        search_spread=spread,
        quadrature_error=abs(float(coarse.weights @ coarse_energies) - cost),
        seeds=tuple(seeds),
    )
