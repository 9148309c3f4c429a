"""Values V_k of the hierarchy of k-density-representable pair problems.

``V_k[rho] = N (N - 1) / (k (k - 1)) V_SCE[(k / N) rho]`` with k electrons in the scaled
density, for Coulomb's or any other pair cost. V_2 is a lower bound of V_SCE; it has a closed form
where the cost is convex and decreasing, as Coulomb's is. V_k rises with k; V_N is V_SCE itself; V_k
tends to the mean field ``(1 - 1/N) U`` as k grows without bound. From k = 3 on only the cost of the
co-motion plan of k electrons is computed, an upper bound of V_k: it is called ``v_comotion_k`` and
bounds V_SCE from neither side unless k = N. Reference: Friesecke, Mendl, Pass, Cotar, Klueppelberg,
J. Chem. Phys. 139, 164109 (2013).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from comotion.density.radial import HasDensity, RadialDensity, radial_density
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.angular.minimiser import MAX_ELECTRONS
from comotion.transport.comotion import Accuracy, comotion_plan, require_settled
from comotion.transport.maps import alternating, folded_breaks
from comotion.transport.pair_cells import pair_value_by_cells
from comotion.transport.pair_cost import COULOMB, PairCost
from comotion.transport.quadrature import folded_rule

#: Intervals of the first and of the finest rule for V_2, and the relative change of its value
#: at which no finer one is taken. Atoms reach it at once.
_INTERVALS, _FINEST, _SETTLED = 128, 8192, 1e-9
#: The first and the largest number of cells for V_2 where it has no closed form.
_CELLS, _MOST_CELLS = 64, 512


@dataclass(frozen=True)
class HierarchyValue:
    """V_2, or the co-motion upper bound of another member of the hierarchy.

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

    @property
    def name(self) -> str:
        """Its name in records and tables: ``v_2``, and ``v_comotion_k`` from k = 3 on."""
        return "v_2" if self.k == 2 else f"v_comotion_{self.k}"

    @property
    def meaning(self) -> str:
        """What the value is, in a phrase."""
        if self.closed:
            return "V_2 in closed form, a lower bound of V_SCE"
        if self.k == 2:
            return "V_2 by pairing cells of charge"
        return f"upper bound of V_{self.k} by co-motion"

    def __float__(self) -> float:
        """The value."""
        return self.value


def orders_of(n_electrons: int, highest: int) -> range:
    """The orders k that are computed beside the co-motion plan of N electrons itself.

    Args:
        n_electrons: Number of electrons N.
        highest: Highest k below N.

    Returns:
        2, 3, ... up to N - 1 or the highest; 2 for two electrons, none for one.
    """
    return range(2, max(min(n_electrons - 1, highest), min(n_electrons, 2)) + 1)


def hierarchy(
    rho: RadialDensity | HasDensity,
    ks: Iterable[int] | None = None,
    *,
    pair_cost: PairCost = COULOMB,
) -> dict[int, HierarchyValue]:
    """V_2 of a density, and upper bounds of V_k from k = 3 on by co-motion.

    Reference: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013).

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        ks: Orders k >= 2; by default 2 to N.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        The values by k, hartree: V_2 as `pair_value` has it, upper bounds of V_k from k = 3 on.

    Raises:
        DensityError: There is no density.
        TransportError: An order that is no integer or below 2, seeds that disagree, or an
            integral that does not settle.
    """
    density = radial_density(rho)
    orders = range(2, density.n_electrons + 1) if ks is None else ks
    if not isinstance(orders, Iterable):
        raise TransportError(f"the orders k are a list or a range, not {ks}: write ks=[{ks}]")
    return {k: hierarchy_value(density, k, pair_cost=pair_cost) for k in orders}


def pair_value(
    rho: RadialDensity | HasDensity,
    *,
    pair_cost: PairCost = COULOMB,
    accuracy: Accuracy | None = None,
) -> HierarchyValue:
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
        accuracy: What the value must satisfy; of it only ``quadrature`` counts.

    Returns:
        V_2 and its error, hartree.

    Raises:
        DensityError: There is no density.
        TransportError: The finest rule leaves the integral unsettled.
    """
    density = radial_density(rho)
    if not _is_closed(density, pair_cost):
        return _value_by_cells(density, pair_cost)
    intervals, former = _INTERVALS, 0.0
    value, scale = _pair_value(density, pair_cost, _INTERVALS)
    while abs(value - former) > _SETTLED * scale and intervals < _FINEST:
        intervals *= 2
        former, (value, scale) = value, _pair_value(density, pair_cost, intervals)
    error = abs(value - former)
    require_settled(error, scale, (accuracy or Accuracy()).quadrature, intervals)
    return HierarchyValue(2, value, error, closed=True)


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
    # Two electrons of the density's shape meet its gaps at the same folded cumulants.
    rule = folded_rule(intervals, folded_breaks(density.scaled(2), alternating(2)))
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
    """V_2, or the co-motion upper bound of V_k, hartree; see the module.

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
        TransportError: k < 2, seeds that disagree, or an integral that does not settle.
    """
    if not isinstance(k, int | np.integer) or not 2 <= k <= MAX_ELECTRONS:
        raise TransportError(f"V_k needs an integer k from 2 to {MAX_ELECTRONS}, got k = {k}")
    if k == 2:
        return pair_value(density, pair_cost=pair_cost, accuracy=accuracy)
    n_electrons = density.n_electrons
    plan = comotion_plan(
        density.scaled(k), pair_cost=pair_cost, seeds=seeds, accuracy=accuracy, report=report
    )
    factor = n_electrons * (n_electrons - 1) / (k * (k - 1))
    return HierarchyValue(k, factor * plan.cost, factor * plan.error)
