"""The potential u(r) of the forces on a plan.

``u'(R_i) = dE_N / dR_i`` (envelope theorem), so one configuration gives the slope of u at N
radii; together the nodes cover all radii. The gauge is u(inf) = 0 and the tail u -> (N - 1) / r.
On a curve u is the functional derivative of the cost of the plan with respect to the density, the
Hartree potential included; on an optimal plan it is the SCE potential. Reference:
Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511 (2007).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from comotion.density.radial import Array
from comotion.transport.angular.coulomb import energy_forces

if TYPE_CHECKING:
    from scipy.interpolate import CubicHermiteSpline


@dataclass(frozen=True, eq=False, repr=False)
class RadialPotential:
    """The potential of the forces on the radii that a plan visits; callable at any radius.

    Attributes:
        radii: Increasing radii, shape (n,), bohr.
        values: u(r) in the gauge u(inf) = 0, shape (n,), hartree.
        slopes: u'(r), shape (n,), hartree per bohr.
        n_electrons: Number of electrons N, which gives the tail (N - 1) / r.
    """

    radii: Array
    values: Array
    slopes: Array
    n_electrons: int

    def __repr__(self) -> str:
        """Range and tail, in a line."""
        return (
            f"<RadialPotential: {len(self.radii)} radii from {self.radii[0]:.3g} to "
            f"{self.radii[-1]:.3g} bohr, then {self.n_electrons - 1} / r>"
        )

    def __call__(self, r: ArrayLike) -> Array:
        """The potential in the gauge u(inf) = 0.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            u(r), shape of ``r``, hartree: constant inside the first radius, (N - 1) / r outside
            the last.
        """
        r = np.asarray(r, dtype=float)
        spline = self._spline
        with np.errstate(divide="ignore"):
            log = np.log(r)
        inside = np.asarray(spline(np.clip(log, spline.x[0], spline.x[-1])))
        far = log > spline.x[-1]
        return np.where(far, (self.n_electrons - 1) / np.where(far, r, 1.0), inside)

    @cached_property
    def _spline(self) -> "CubicHermiteSpline":
        from scipy.interpolate import CubicHermiteSpline  # noqa: PLC0415 - slow to import

        return CubicHermiteSpline(np.log(self.radii), self.values, self.slopes * self.radii)


def radial_forces(radii: Array, positions: Array) -> Array:
    """Derivatives dE_N / dR_i of configurations, shape (n, N), hartree per bohr.

    Args:
        radii: Their radii, shape (n, N), bohr.
        positions: Their positions, shape (n, 3, N), bohr.
    """
    forces = np.empty_like(radii)
    gradient = np.empty_like(positions[0])
    for node, position in enumerate(positions):
        energy_forces(position, gradient)
        forces[node] = np.sum(gradient * position, axis=0) / radii[node]
    return forces


def force_potential(
    radii: Array, positions: Array, weights: Array | None = None
) -> RadialPotential:
    """Integrate the forces of configurations inward from infinity, where u = 0.

    ``u'(R_i) = dE_N / dR_i``: Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511 (2007).
    The slope is split into that of (N - 1) / sqrt(r^2 + b^2), which has the tail and is
    regular at the nucleus, and a remainder; the remainder is interpolated monotonically in
    log r, which keeps its jumps (where the best arrangement changes) from ringing. At the
    last radius u = (N - 1) / r is taken to hold. b is the median radius of the nodes.

    Args:
        radii: Radii of the configurations, shape (n, N), bohr.
        positions: Their positions, shape (n, 3, N), bohr.
        weights: Weights of the configurations, shape (n,): where a radius occurs in several,
            their forces are averaged. Without them every radius is taken to occur once.

    Returns:
        The potential in the gauge u(inf) = 0, hartree.
    """
    from scipy.interpolate import PchipInterpolator  # noqa: PLC0415 - slow to import

    n_electrons = radii.shape[1]
    slopes = radial_forces(radii, positions).ravel()
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
    tail = (n_electrons - 1) / distance
    remainder = r * (slope + tail * r / distance**2)
    integral = PchipInterpolator(x, remainder).antiderivative()
    values = tail - (integral(x[-1]) - integral(x))
    values = values + (n_electrons - 1) / r[-1] - values[-1]
    return RadialPotential(r, values, slope, n_electrons)
