"""Values V_k of the hierarchy of k-density-representable pair problems.

``V_k[rho] = N (N - 1) / (k (k - 1)) V_SCE[(k / N) rho]`` with k electrons in the scaled
density, for Coulomb's or any other pair cost. V_2 has a closed form where the cost is convex and
decreasing, as Coulomb's is; V_N is V_SCE itself; V_k tends to the mean field ``(1 - 1/N) U`` as k
grows without bound. Reference: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139,
164109 (2013).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from comotion.density.radial import HasDensity, RadialDensity, radial_density
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.comotion import Accuracy, comotion_plan
from comotion.transport.pair_cells import pair_value_by_cells
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.quadrature import folded_rule

#: Intervals of the first and of the finest rule for V_2, and the relative change of its value
#: at which no finer one is taken. Atoms reach it at once; shells far apart need more.
_INTERVALS, _FINEST, _SETTLED = 128, 8192, 1e-9
#: The first and the largest number of cells for V_2 where it has no closed form.
_CELLS, _MOST_CELLS = 64, 512


@dataclass(frozen=True)
class HierarchyValue:
    """A value of the hierarchy.

    Attributes:
        k: Electrons of the representing system.
        value: V_2 in closed form for k = 2 where there is one; else the value of a plan, an upper
            bound of V_k, hartree.
        error: Error of the value from search, quadrature and cells, hartree.
        closed: Whether it is V_2 in closed form, and so a lower bound of all others.
    """

    k: int
    value: float
    error: float
    closed: bool = False

    def __float__(self) -> float:
        """The value."""
        return self.value


def hierarchy(
    rho: RadialDensity | HasDensity,
    ks: Iterable[int] | None = None,
    *,
    pair_cost: PairCost = COULOMB,
) -> dict[int, HierarchyValue]:
    """Values V_k of a density.

    Reference: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013).

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        ks: Orders k >= 2; by default 2 to N.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        The values by k, hartree: V_2 as `pair_value` has it, upper bounds from k = 3 on.

    Raises:
        DensityError: There is no density.
        TransportError: An order that is no integer or below 2, or seeds that disagree.
    """
    density = radial_density(rho)
    orders = range(2, density.n_electrons + 1) if ks is None else ks
    if not isinstance(orders, Iterable):
        raise TransportError(f"the orders k are a list or a range, not {ks}: write ks=[{ks}]")
    return {k: hierarchy_value(density, k, pair_cost=pair_cost) for k in orders}


def pair_value(
    rho: RadialDensity | HasDensity, *, pair_cost: PairCost = COULOMB
) -> HierarchyValue:  # fmt: skip
    """V_2 in closed form, (N - 1) / 2 int_0^N dm l(R(m) + R(N - m)), hartree.

    The two electrons of the pair are opposite because l decreases, and the one is far out when the
    other is near the nucleus because l(r + s) has a positive mixed derivative, l being convex.
    Where l is not, on the distances that are met, the best pairing of cells of charge is found
    instead, see `comotion.transport.pair_cells`: a value above V_2, by about its error.

    The integrand is symmetric under m -> N - m; the half m in [0, N/2] is integrated in
    the folded variable. The error is the change when the nodes, or the cells, were last doubled.
    Reference: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013).

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        V_2 and its error, hartree.

    Raises:
        DensityError: There is no density.
    """
    density = radial_density(rho)
    if not _is_closed(density, pair_cost):
        return _value_by_cells(density, pair_cost)
    intervals, former = _INTERVALS, 0.0
    value, scale = _pair_value(density, pair_cost, _INTERVALS)
    while abs(value - former) > _SETTLED * scale and intervals < _FINEST:
        intervals *= 2
        former, (value, scale) = value, _pair_value(density, pair_cost, intervals)
    return HierarchyValue(2, value, abs(value - former), closed=True)


def _is_closed(density: RadialDensity, pair_cost: PairCost) -> bool:
    """Whether the cost falls and is convex at all distances of opposite electrons."""
    if pair_cost.is_coulomb:
        return True
    rule = folded_rule(_INTERVALS)
    ends = density.n_electrons * np.array([rule.q[0], rule.complement[-1]])
    shortest, longest = density.radius(ends[0]), density.radius(density.n_electrons, ends[1])
    return pair_cost.is_convex_decreasing(2 * float(shortest), 2 * float(longest))


def _value_by_cells(density: RadialDensity, pair_cost: PairCost) -> HierarchyValue:
    """V_2 where it has no closed form."""
    cells, value = _CELLS, pair_value_by_cells(density, pair_cost, _CELLS)
    change = np.inf
    while change > _SETTLED * abs(value) and cells < _MOST_CELLS:
        cells *= 2
        former, value = value, pair_value_by_cells(density, pair_cost, cells)
        change = abs(value - former)
    return HierarchyValue(2, value, change)


def _pair_value(density: RadialDensity, pair_cost: PairCost, intervals: int) -> tuple[float, float]:
    """V_2 on one rule, and what its error is compared with: l may be 0, d |l'(d)| is not."""
    n_electrons = density.n_electrons
    rule = folded_rule(intervals)
    # m = N q / 2 runs over half of the range; its mirror image N - m has m outside.
    inside = n_electrons / 2 * rule.q
    near = density.radius(inside)
    far = density.radius(n_electrons - inside, inside)
    distance = near + far
    pairs = (n_electrons - 1) * n_electrons / 2
    scale = pairs * (rule.weights @ np.abs(distance * pair_cost.slope(distance)))
    return float(pairs * (rule.weights @ pair_cost.value(distance))), float(scale)


def hierarchy_value(
    density: RadialDensity,
    k: int,
    *,
    pair_cost: PairCost = COULOMB,
    seeds: tuple[int, ...] = (1, 2),
    accuracy: Accuracy | None = None,
    report: Report = silent,
) -> HierarchyValue:
    """V_k by the co-motion plan of k electrons, hartree; see the module.

    Args:
        density: The density, N electrons.
        k: The order, from 2 on.
        pair_cost: The repulsion l(d) of two electrons.
        seeds: Seeds of independent searches, at least two.
        accuracy: What the cost must satisfy.
        report: Told where the searches are.

    Returns:
        The value and its error.

    Raises:
        TransportError: k < 2, or seeds that disagree.
    """
    if not isinstance(k, int | np.integer) or k < 2:
        raise TransportError(f"V_k needs an integer k >= 2 of electrons, got k = {k}")
    if k == 2:
        return pair_value(density, pair_cost=pair_cost)
    n_electrons = density.n_electrons
    plan = comotion_plan(
        density.scaled(k), pair_cost=pair_cost, seeds=seeds, accuracy=accuracy, report=report
    )
    factor = n_electrons * (n_electrons - 1) / (k * (k - 1))
    return HierarchyValue(k, factor * plan.cost, factor * plan.error)
