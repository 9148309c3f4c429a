"""Orbitals of every angular momentum in a spherical potential, occupied and empty.

The radial functions ``r^(l + 1) exp(-alpha r^2)`` have overlaps and kinetic energies in closed
form; the potential is integrated on its grid. The same exponents serve all angular momenta.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from comotion.density.radial import Array
from comotion.kohn_sham.blocks import orthonormal
from comotion.kohn_sham.channels import RadialGrid


@dataclass(frozen=True, eq=False, repr=False)
class PartialWave:
    """The orbitals of one angular momentum.

    Attributes:
        angular: Angular momentum l.
        energies: Ascending, shape (k,), hartree.
        functions: u = r R on the grid, shape (k, n), bohr^-1/2.
        occupied: Number of occupied ones, of both spins.
    """

    angular: int
    energies: Array
    functions: Array
    occupied: tuple[int, int]

    def __repr__(self) -> str:
        """Angular momentum and occupied energies, in a line."""
        return f"<PartialWave: l = {self.angular}, {self.energies[: max(self.occupied)]} hartree>"


def partial_wave(
    angular: int,
    exponents: Array,
    v_s: Array,
    grid: RadialGrid,
    occupied: tuple[int, int],
    independent: float = 1e-13,
) -> PartialWave:
    """The orbitals of an angular momentum in a potential.

    Args:
        angular: Angular momentum l.
        exponents: Exponents alpha, shape (p,), bohr^-2.
        v_s: Potential on the grid, shape (n,), hartree.
        grid: Radii.
        occupied: Number of occupied orbitals of both spins.
        independent: Eigenvalue of the overlap below which functions are dependent, relative.
            Overlaps are in closed form, so that it may be near rounding.
    """
    total = exponents[:, None] + exponents[None, :]
    mean = np.sqrt(np.multiply.outer(exponents, exponents))
    overlap = (2 * mean / total) ** (angular + 1.5)
    kinetic = (2 * angular + 3) * mean**2 / total * overlap
    # Normalised by int r^(2 l + 2) exp(-2 alpha r^2) dr; as logarithms, for l and alpha are large.
    power = angular + 1.5
    log_norm = (np.log(2) + power * np.log(2 * exponents) - gammaln(power)) / 2
    r = grid.radii
    logs = log_norm[:, None] + (angular + 1) * np.log(r) - np.multiply.outer(exponents, r**2)
    values = np.exp(logs)
    basis = orthonormal(overlap, independent)
    matrix = kinetic + (values * grid.weights * v_s) @ values.T
    energies, orbitals = np.linalg.eigh(basis.T @ matrix @ basis)
    return PartialWave(angular, energies, (basis @ orbitals).T @ values, occupied)
