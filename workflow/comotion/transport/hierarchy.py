"""Values V_k of the hierarchy of k-density-representable pair problems.

``V_k[rho] = N (N - 1) / (k (k - 1)) V_SCE[(k / N) rho]`` with k electrons in the scaled
density. V_2 has a closed form and is a lower bound of V_SCE; V_k rises with k; V_N is V_SCE
itself; V_k tends to the mean field ``(1 - 1/N) U`` as k grows without bound. From k = 3 on only
the cost of the co-motion plan of k electrons is computed, an upper bound of V_k: it is called
``v_comotion_k`` and bounds V_SCE from neither side unless k = N. Reference:
Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from comotion.density.radial import HasDensity, RadialDensity, radial_density
from comotion.errors import TransportError
from comotion.progress import Report, silent
from comotion.transport.comotion import Accuracy, comotion_plan, require_settled
from comotion.transport.maps import alternating, folded_breaks
from comotion.transport.quadrature import folded_rule

#: Intervals of the first and of the finest rule for V_2, and the relative change of its value
#: at which no finer one is taken. Atoms reach it at once.
_INTERVALS, _FINEST, _SETTLED = 128, 8192, 1e-9


@dataclass(frozen=True)
class HierarchyValue:
    """V_2, or the co-motion upper bound of another member of the hierarchy.

    Attributes:
        k: Electrons of the representing system.
        value: V_2 itself for k = 2; from k = 3 on the value of the co-motion plan, an upper
            bound of V_k, hartree.
        error: Error of the value from search and quadrature, hartree.
    """

    k: int
    value: float
    error: float

    @property
    def name(self) -> str:
        """Its name in records and tables: ``v_2``, and ``v_comotion_k`` from k = 3 on."""
        return "v_2" if self.k == 2 else f"v_comotion_{self.k}"

    @property
    def meaning(self) -> str:
        """What the value is, in a phrase."""
        if self.k == 2:
            return "V_2 in closed form, a lower bound of V_SCE"
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
    rho: RadialDensity | HasDensity, ks: Iterable[int] | None = None
) -> dict[int, HierarchyValue]:
    """V_2 of a density, and upper bounds of V_k from k = 3 on by co-motion.

    Reference: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013).

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        ks: Orders k >= 2; by default 2 to N.

    Returns:
        The values by k, hartree: V_2 in closed form, upper bounds of V_k from k = 3 on.

    Raises:
        DensityError: There is no density.
        TransportError: An order that is no integer or below 2, seeds that disagree, or an
            integral that does not settle.
    """
    density = radial_density(rho)
    orders = range(2, density.n_electrons + 1) if ks is None else ks
    if not isinstance(orders, Iterable):
        raise TransportError(f"the orders k are a list or a range, not {ks}: write ks=[{ks}]")
    return {k: hierarchy_value(density, k) for k in orders}


def pair_value(
    rho: RadialDensity | HasDensity, *, accuracy: Accuracy | None = None
) -> HierarchyValue:
    """V_2 in closed form, (N - 1) / 2 int_0^N dm / (R(m) + R(N - m)), hartree.

    The integrand is symmetric under m -> N - m; the half m in [0, N/2] is integrated in
    the folded variable. The error is the change when the nodes were last doubled.
    Reference: Friesecke, Mendl, Pass, Cotar, Klueppelberg, J. Chem. Phys. 139, 164109 (2013).

    Args:
        rho: The density, N electrons, or an object with one, such as an atom.
        accuracy: What the value must satisfy; of it only ``quadrature`` counts.

    Returns:
        V_2 and its error, hartree.

    Raises:
        DensityError: There is no density.
        TransportError: The finest rule leaves the integral unsettled.
    """
    density = radial_density(rho)
    intervals, former, value = _INTERVALS, 0.0, _pair_value(density, _INTERVALS)
    while abs(value - former) > _SETTLED * value and intervals < _FINEST:
        intervals *= 2
        former, value = value, _pair_value(density, intervals)
    error = abs(value - former)
    require_settled(error, value, (accuracy or Accuracy()).quadrature, intervals)
    return HierarchyValue(2, value, error)


def _pair_value(density: RadialDensity, intervals: int) -> float:
    """V_2 on one rule."""
    n_electrons = density.n_electrons
    # Two electrons of the density's shape meet its gaps at the same folded cumulants.
    rule = folded_rule(intervals, folded_breaks(density.scaled(2), alternating(2)))
    # m = N q / 2 runs over half of the range; its mirror image N - m has m outside.
    inside = n_electrons / 2 * rule.q
    near = density.radius(inside)
    far = density.radius(n_electrons - inside, inside)
    return float((n_electrons - 1) * n_electrons / 2 * (rule.weights @ (1 / (near + far))))


def hierarchy_value(
    density: RadialDensity,
    k: int,
    *,
    seeds: tuple[int, ...] = (1, 2),
    accuracy: Accuracy | None = None,
    report: Report = silent,
) -> HierarchyValue:
    """V_2, or the co-motion upper bound of V_k, hartree; see the module.

    Raises:
        TransportError: k < 2, seeds that disagree, or an integral that does not settle.
    """
    if not isinstance(k, int | np.integer) or k < 2:
        raise TransportError(f"V_k needs an integer k >= 2 of electrons, got k = {k}")
    if k == 2:
        return pair_value(density, accuracy=accuracy)
    n_electrons = density.n_electrons
    plan = comotion_plan(density.scaled(k), seeds=seeds, accuracy=accuracy, report=report)
    factor = n_electrons * (n_electrons - 1) / (k * (k - 1))
    return HierarchyValue(k, factor * plan.cost, factor * plan.error)
