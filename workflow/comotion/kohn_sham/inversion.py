"""Wu and Yang's functional, whose maximum is the Kohn-Sham potential of a density.

``J[v] = T_s[phi_v] + int v (rho_v - rho)`` is concave, and its maximum is T_s[rho] (Wu, Yang, J.
Chem. Phys. 118, 2498 (2003); Lieb, Int. J. Quantum Chem. 24, 243 (1983)). It is maximised by
Newton's method over ``v = guide + sum_t b_t g_t``. A small multiple of ``int |grad (v - guide)|^2``
is taken off, which keeps the potential smooth where the density hardly depends on it
(Heaton-Burgess, Bulat, Yang, Phys. Rev. Lett. 98, 256401 (2007)).
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline

from comotion.density.radial import Array
from comotion.errors import ElectronicStructureError
from comotion.kohn_sham.channels import Channel, Orbitals, RadialGrid, orbitals

#: Weight of the smoothness, hartree^-1 bohr^-1.
_SMOOTHNESS = 1e-5
#: Most steps, most halvings of one, and the gain that a step must promise, hartree.
_STEPS, _HALVINGS, _GAIN = 100, 30, 1e-10
#: Part of the promised gain that a step must bring.
_SUFFICIENT = 0.1


@dataclass(frozen=True, eq=False, repr=False)
class Target:
    """What the orbitals shall reproduce.

    Attributes:
        grid: Radii with weights.
        channels: Occupied angular momenta.
        charge: 4 pi r^2 rho on the grid, shape (n,), bohr^-1.
        guide: The potential that is corrected, shape (n,), hartree.
    """

    grid: RadialGrid
    channels: list[Channel]
    charge: Array
    guide: Array

    def __repr__(self) -> str:
        """Electrons, in a line."""
        return f"<Target: {sum(channel.electrons for channel in self.channels)} electrons>"


@dataclass(frozen=True, eq=False, repr=False)
class Maximum:
    """J at a potential.

    Attributes:
        value: J, at most T_s[rho], from which it differs in second order, hartree.
        potential: v_s on the grid, shape (n,), hartree.
        charge: 4 pi r^2 times the density of the orbitals, shape (n,), bohr^-1.
        orbitals: Orbitals of each channel.
    """

    value: float
    potential: Array
    charge: Array
    orbitals: list[Orbitals]

    def __repr__(self) -> str:
        """The value, in a line."""
        return f"<Maximum: J = {self.value:.8f} hartree>"


def maximum(target: Target, corrections: Array, slopes: Array) -> Maximum:
    """The maximum of J over the corrections of the guide.

    Args:
        target: What the orbitals shall reproduce.
        corrections: Functions g_t on the grid, shape (t, n).
        slopes: Their slopes, shape (t, n), bohr^-1.

    Raises:
        ElectronicStructureError: Newton's method does not end.
    """
    grid = target.grid
    rough = _SMOOTHNESS * (slopes * grid.weights * grid.radii**2) @ slopes.T
    b, at = np.zeros(len(corrections)), _evaluated(target, target.guide)
    value, promised = at.value, np.inf
    for _ in range(_STEPS):
        gradient = corrections @ (grid.weights * (at.charge - target.charge)) - 2 * rough @ b
        direction = np.linalg.solve(2 * rough - _response(target, at, corrections), gradient)
        promised = float(gradient @ direction)
        if promised < _GAIN:
            return at
        length = 1.0
        for _ in range(_HALVINGS):
            tried = b + length * direction
            found = _evaluated(target, target.guide + tried @ corrections)
            smooth = found.value - float(tried @ rough @ tried)
            if smooth >= value + _SUFFICIENT * length * promised - _GAIN:
                break
            length /= 2
        else:
            break
        b, at, value = tried, found, smooth
    raise ElectronicStructureError(
        f"no Kohn-Sham potential was found in {_STEPS} steps: the last one still promised "
        f"{promised:.1e} hartree; is the density that of an atom in its ground configuration?"
    )


def _evaluated(target: Target, potential: Array) -> Maximum:
    """J with its orbitals at a potential."""
    grid = target.grid
    found = [orbitals(channel, potential, grid) for channel in target.channels]
    charge = sum(one.occupations @ one.values**2 for one in found) * grid.radii**2
    kinetic = sum(one.kinetic for one in found)
    value = kinetic + float(grid.weights @ (potential * (charge - target.charge)))
    return Maximum(value, potential, charge, found)


def _response(target: Target, at: Maximum, corrections: Array) -> Array:
    """Second derivatives of J, by first-order perturbation theory, shape (t, t)."""
    weights = target.grid.weights * target.grid.radii**2
    total = np.zeros((len(corrections),) * 2)
    for found in at.orbitals:
        for i in np.flatnonzero(found.occupations):
            more = found.occupations[i] - found.occupations
            others = more > 0
            elements = (corrections * (weights * found.values[i])) @ found.values[others].T
            share = more[others] / (found.energies[i] - found.energies[others])
            total += 2 * (elements * share) @ elements.T
    return total


def splines(grid: RadialGrid, first: float, last: float, intervals: int) -> tuple[Array, Array]:
    """Cubic splines in log r, constant inside a radius and zero outside another.

    Args:
        grid: Radii.
        first: Radius inside which they are constant, bohr.
        last: Radius outside which they are zero, which they reach with their slope, bohr.
        intervals: Intervals between the two.

    Returns:
        Values and slopes (bohr^-1), shape (intervals + 1, n) each.
    """
    inner = np.linspace(np.log(first), np.log(last), intervals + 1)
    knots = np.concatenate((np.repeat(inner[0], 3), inner, np.repeat(inner[-1], 3)))
    basis = BSpline(knots, np.eye(intervals + 3), 3)
    x = np.log(grid.radii)
    at = np.clip(x, inner[0], inner[-1])
    values, slopes = basis(at).T[:-2], basis(at, 1).T[:-2]
    return np.where(x > inner[-1], 0.0, values), np.where(at == x, slopes, 0.0) / grid.radii
