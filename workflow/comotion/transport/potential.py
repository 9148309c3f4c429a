"""The SCE potential u(r) from the forces on the co-motion plan.

On an optimal plan ``u'(R_i) = dE_N / dR_i`` (envelope theorem), so one configuration gives
the slope of u at N radii; together the nodes cover all radii. The gauge is u(inf) = 0 and
the tail u -> (N - 1) / r. Reference: Seidl, Gori-Giorgi, Savin, Phys. Rev. A 75, 042511
(2007).
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from comotion.density.radial import Array
from comotion.transport.angular import AngularMinimum
from comotion.transport.pairs import energy_forces


@dataclass(frozen=True)
class RadialPotential:
    """The SCE potential on the radii that the plan visits.

    Attributes:
        radii: Increasing radii, shape (n,), bohr.
        values: u(r) in the gauge u(inf) = 0, shape (n,), hartree.
        slopes: u'(r), shape (n,), hartree per bohr.
    """

    radii: Array
    values: Array
    slopes: Array


def radial_forces(minimum: AngularMinimum) -> Array:
    """Derivatives dE_N / dR_i at each node, shape (n, N), hartree per bohr."""
    forces = np.empty_like(minimum.radii)
    gradient = np.empty_like(minimum.positions[0])
    for node, position in enumerate(minimum.positions):
        energy_forces(position, gradient)
        forces[node] = np.sum(gradient * position, axis=0) / minimum.radii[node]
    return forces


def force_potential(minimum: AngularMinimum) -> RadialPotential:
    """Integrate the forces inward from infinity.

    The slope is split into that of (N - 1) / sqrt(r^2 + b^2), which has the tail and is
    regular at the nucleus, and a remainder; the remainder is interpolated monotonically in
    log r, which keeps its jumps (where the best arrangement changes) from ringing. At the
    last radius u = (N - 1) / r is taken to hold. b is the median radius of the nodes.
    """
    n_electrons = minimum.radii.shape[1]
    radii = minimum.radii.ravel()
    slopes = radial_forces(minimum).ravel()
    order = np.argsort(radii)
    r, slope = radii[order], slopes[order]
    distinct = np.concatenate(([True], np.diff(np.log(r)) > 1e-12))
    r, slope = r[distinct], slope[distinct]
    x = np.log(r)
    distance = np.sqrt(r**2 + np.median(r) ** 2)
    tail = (n_electrons - 1) / distance
    remainder = r * (slope + tail * r / distance**2)
    integral = PchipInterpolator(x, remainder).antiderivative()
    values = tail - (integral(x[-1]) - integral(x))
    return RadialPotential(r, values + (n_electrons - 1) / r[-1] - values[-1], slope)
