"""Three electrons on spheres about the nucleus: the least Coulomb energy E_3, many at a time.

At a minimum the force on each electron is along its radius. It also lies in the plane of the
three, so that this plane holds the nucleus and two angles describe the arrangement. They are found
by Newton's method, for thousands of triples of radii together and to the last digits, which the
compiled minimiser for many electrons does not aim at.
"""

from dataclasses import dataclass

import numpy as np

from comotion.density.radial import Array
from comotion.errors import TransportError

#: Angle from the first electron to the second and third where the search starts, radians.
_START = 2.0
_ITERATIONS, _HALVINGS = 100, 40
#: Largest step of the angles, radians.
_LARGEST = 0.5
#: Torque that is rounding, in units of the sum of r_i r_j / r_ij^3.
_ROUNDING = 4e-15


@dataclass(frozen=True, eq=False)
class Triangles:
    """The arrangements of least energy of three electrons on spheres.

    Attributes:
        radii: Radii, shape (m, 3), bohr.
        angles: Angles from the first electron to the second one way round and to the third the
            other way round, shape (m, 2), radians.
        energies: Coulomb energies E_3, shape (m,), hartree.
    """

    radii: Array
    angles: Array
    energies: Array

    @property
    def positions(self) -> Array:
        """Positions in a plane, shape (m, 3, 3): axis, then electron; bohr."""
        angle = np.stack((np.zeros(len(self.radii)), self.angles[:, 0], -self.angles[:, 1]), 1)
        flat = np.stack((self.radii * np.cos(angle), self.radii * np.sin(angle)), 1)
        return np.concatenate((flat, np.zeros_like(flat[:, :1])), axis=1)

    @property
    def forces(self) -> Array:
        """dE_3/dR_i, shape (m, 3), hartree per bohr."""
        forces = np.zeros_like(self.radii)
        for i, j, angle in _pairs(self.angles):
            first, second = self.radii[:, i], self.radii[:, j]
            cube = _inverse_distance(first, second, np.cos(angle)) ** 3
            forces[:, i] -= (first - second * np.cos(angle)) * cube
            forces[:, j] -= (second - first * np.cos(angle)) * cube
        return forces


def triangles(radii: Array) -> Triangles:
    """The least Coulomb energy of three electrons on spheres.

    Args:
        radii: Radii of the spheres, shape (m, 3), positive, bohr.

    Returns:
        The arrangements.

    Raises:
        TransportError: Newton's method did not settle.
    """
    angles = np.full((len(radii), 2), _START)
    energy, gradient, hessian, torque = _derivatives(radii, angles)
    for _ in range(_ITERATIONS):
        if np.all(np.abs(gradient) <= _ROUNDING * torque[:, None]):
            return Triangles(radii, angles, energy)
        # Downhill also where the energy is not convex: the curvatures are taken positive.
        curvature, axes = np.linalg.eigh(hessian)
        size = np.maximum(np.abs(curvature), 1e-14 * np.abs(curvature).max(axis=1, keepdims=True))
        along = np.einsum("mij,mi->mj", axes, gradient) / size
        step = -np.einsum("mij,mj->mi", axes, along)
        length = np.linalg.norm(step, axis=1, keepdims=True)
        step *= _LARGEST / np.maximum(length, _LARGEST)
        for _ in range(_HALVINGS):
            higher = _derivatives(radii, angles + step)[0] > energy * (1 + 1e-15)
            if not np.any(higher):
                break
            step[higher] /= 2
        angles += step
        energy, gradient, hessian, torque = _derivatives(radii, angles)
    raise TransportError(
        f"the angles of three electrons did not settle in {_ITERATIONS} steps of Newton's method: "
        "are all radii positive and finite?"
    )


def _pairs(angles: Array) -> tuple[tuple[int, int, Array], ...]:
    """Each pair of electrons and the angle between them; the cosine of the last is all one way."""
    a, b = angles[:, 0], angles[:, 1]
    return (0, 1, a), (0, 2, b), (1, 2, a + b)


def _inverse_distance(first: Array, second: Array, cosine: Array) -> Array:
    """1/r_ij of electrons on two spheres."""
    return np.asarray(1 / np.sqrt(first**2 + second**2 - 2 * first * second * cosine))


def _derivatives(radii: Array, angles: Array) -> tuple[Array, Array, Array, Array]:
    """Energy, its first and second derivatives with the angles, and the size of torques.

    Returns:
        Shapes (m,), (m, 2), (m, 2, 2) and (m,).
    """
    energy, torque = np.zeros(len(radii)), np.zeros(len(radii))
    gradient, hessian = np.zeros((len(radii), 2)), np.zeros((len(radii), 2, 2))
    for (i, j, angle), follows in zip(_pairs(angles), ((1, 0), (0, 1), (1, 1)), strict=True):
        product = radii[:, i] * radii[:, j]
        inverse = _inverse_distance(radii[:, i], radii[:, j], np.cos(angle))
        slope = product * np.sin(angle)
        energy += inverse
        torque += product * inverse**3
        change = np.array(follows)
        gradient -= (slope * inverse**3)[:, None] * change
        second = 3 * slope**2 * inverse**5 - product * np.cos(angle) * inverse**3
        hessian += second[:, None, None] * np.outer(change, change)
    return energy, gradient, hessian, torque
