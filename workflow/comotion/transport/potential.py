"""The potential u(r) of the forces on a plan.

``u'(R_i) = dE_N / dR_i`` (envelope theorem), so one configuration gives the slope of u at N
radii; together the nodes cover all radii. The gauge is u(inf) = 0 and the tail u -> (N - 1) / r, of
another pair cost than Coulomb's u -> (N - 1) l(r). On a curve u is the functional derivative of the
cost of the plan with respect to the density, the Hartree potential included; on an optimal plan it
is the SCE potential. Reference: Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511 (2007).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.radial import Array
from comotion.transport.angular.coulomb import energy_forces
from comotion.transport.pair_cost import COULOMB, PairCost

if TYPE_CHECKING:
    from scipy.interpolate import CubicHermiteSpline


@dataclass(frozen=True, eq=False, repr=False)
class RadialPotential:
    """The potential of the forces on the radii that a plan visits; callable at any radius.

    Attributes:
        radii: Increasing radii, shape (n,), bohr.
        values: u(r) in the gauge u(inf) = 0, shape (n,), hartree; `Plan.radial_potential` says
            that of a cost which does not vanish at infinity.
        slopes: u'(r), shape (n,), hartree per bohr.
        n_electrons: Number of electrons N, which gives the tail (N - 1) l(r).
        pair_cost: The repulsion l(d) of two electrons.
    """

    radii: Array
    values: Array
    slopes: Array
    n_electrons: int
    pair_cost: PairCost = COULOMB

    def __repr__(self) -> str:
        """Range and tail, in a line."""
        more = self.n_electrons - 1
        tail = f"{more} / r" if self.pair_cost.is_coulomb else f"like {more} l(r)"
        return (
            f"<RadialPotential: {len(self.radii)} radii from {self.radii[0]:.3g} to "
            f"{self.radii[-1]:.3g} bohr, then {tail}>"
        )

    def __call__(self, r: ArrayLike) -> Array:
        """The potential in the gauge u(inf) = 0, or that of `values`.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            u(r), shape of ``r``, hartree: constant inside the first radius, (N - 1) l(r) up to a
            constant outside the last, where it is continuous; the constant is 0 where l vanishes
            at infinity.
        """
        r = np.asarray(r, dtype=float)
        spline = self._spline
        with np.errstate(divide="ignore"):
            log = np.log(r)
        inside = np.asarray(spline(np.clip(log, spline.x[0], spline.x[-1])))
        far = log > spline.x[-1]
        last = np.asarray(self.radii[-1])
        offset = 0.0
        if not self.pair_cost.vanishes:
            offset = self.values[-1] - _tail(self.pair_cost, self.n_electrons, last)
        outside = _tail(self.pair_cost, self.n_electrons, np.where(far, r, last)) + offset
        return np.where(far, outside, inside)

    @cached_property
    def _spline(self) -> "CubicHermiteSpline":
        from scipy.interpolate import CubicHermiteSpline  # noqa: PLC0415 - slow to import

        return CubicHermiteSpline(np.log(self.radii), self.values, self.slopes * self.radii)


def _tail(pair_cost: PairCost, n_electrons: int, r: Array) -> Array:
    """(N - 1) l(r), hartree; of Coulomb's cost in one division, which is rounded once."""
    more = n_electrons - 1
    return np.asarray(more / r if pair_cost.is_coulomb else more * pair_cost.value(r))


def radial_forces(
    radii: Array, positions: Array, pair_cost: PairCost = COULOMB
) -> Array:  # fmt: skip
    """Derivatives dE_N / dR_i of configurations, shape (n, N), hartree per bohr.

    Args:
        radii: Their radii, shape (n, N), bohr.
        positions: Their positions, shape (n, 3, N), bohr.
        pair_cost: The repulsion l(d) of two electrons.
    """
    forces = np.empty_like(radii)
    gradient = np.empty_like(positions[0])
    for node, position in enumerate(positions):
        if pair_cost.is_coulomb:
            energy_forces(position, gradient)
        else:
            gradient = pair_cost.gradient(position)
        forces[node] = np.sum(gradient * position, axis=0) / radii[node]
    return forces


def force_potential(
    radii: Array,
    positions: Array,
    weights: Array | None = None,
    pair_cost: PairCost = COULOMB,
) -> RadialPotential:
    """Integrate the forces of configurations inward from infinity.

    ``u'(R_i) = dE_N / dR_i``: Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511 (2007).
    The slope is split into that of (N - 1) l(sqrt(r^2 + b^2)), which has the tail and is
    regular at the nucleus, and a remainder; the remainder is interpolated monotonically in
    log r, which keeps its jumps (where the best arrangement changes) from ringing. At the
    last radius u = (N - 1) l(r) is taken to hold. b is the median radius of the nodes.

    Args:
        radii: Radii of the configurations, shape (n, N), bohr.
        positions: Their positions, shape (n, 3, N), bohr.
        weights: Weights of the configurations, shape (n,): where a radius occurs in several,
            their forces are averaged. Without them every radius is taken to occur once.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        The potential, hartree; where l vanishes at infinity its gauge is u(inf) = 0.
    """
    from scipy.interpolate import PchipInterpolator  # noqa: PLC0415 - slow to import

    n_electrons = radii.shape[1]
    slopes = radial_forces(radii, positions, pair_cost).ravel()
    radii = radii.ravel()
    order = np.argsort(radii)
    r, slope = radii[order], slopes[order]
    distinct = np.concatenate(([True], np.diff(np.log(r)) > 1e-12))
    if weights is not None:
        first = np.flatnonzero(distinct)
        weight = np.repeat(weights, n_electrons)[order]
        slope = np.add.reduceat(slope * weight, first) / np.add.reduceat(weight, first)
        r = r[first]
    else:
        r, slope = r[distinct], slope[distinct]
    x = np.log(r)
    distance = np.sqrt(r**2 + np.median(r) ** 2)
    tail = _tail(pair_cost, n_electrons, distance)
    if pair_cost.is_coulomb:
        steepness = -tail * r / distance**2
    else:
        steepness = (n_electrons - 1) * pair_cost.slope(distance) * r / distance
    remainder = r * (slope - steepness)
    integral = PchipInterpolator(x, remainder).antiderivative()
    values = tail - (integral(x[-1]) - integral(x))
    values = values + _tail(pair_cost, n_electrons, r[-1:]) - values[-1]
    return RadialPotential(r, values, slope, n_electrons, pair_cost)
