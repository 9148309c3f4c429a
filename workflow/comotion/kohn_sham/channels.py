"""Orbitals of each angular momentum in a spherical potential that is known on a grid."""

from dataclasses import dataclass

import numpy as np
from pyscf import gto

from comotion.density.radial import Array
from comotion.kohn_sham.blocks import RadialBlock, orthonormal, radial_blocks

#: Step of the grid in log r, and its ends in bohr, the first in units of 1 / Z.
_STEP, _FIRST, _LAST = 0.01, 1e-6, 150.0


@dataclass(frozen=True, eq=False, repr=False)
class RadialGrid:
    """The trapezoidal rule in log r.

    Attributes:
        radii: Radii, shape (n,), bohr.
        weights: Weights of ``int dr``, shape (n,), bohr.
    """

    radii: Array
    weights: Array

    def __repr__(self) -> str:
        """Number of radii, in a line."""
        return f"<RadialGrid: {len(self.radii)} radii>"


def radial_grid(nuclear_charge: int) -> RadialGrid:
    """A grid for an atom."""
    radii = np.exp(np.arange(np.log(_FIRST / nuclear_charge), np.log(_LAST), _STEP))
    return RadialGrid(radii, _STEP * radii)


@dataclass(frozen=True, eq=False, repr=False)
class Channel:
    """One angular momentum: its electrons and an orthonormal basis.

    Attributes:
        block: The Gaussians of which the basis is made.
        electrons: Electrons in all m.
        contractions: The basis in the radial functions of the block, shape (c, k).
        kinetic: Matrix of the kinetic energy, shape (k, k), hartree.
        functions: Radial functions on the grid, shape (k, n), bohr^-3/2.
    """

    block: RadialBlock
    electrons: int
    contractions: Array
    kinetic: Array
    functions: Array

    def __repr__(self) -> str:
        """Angular momentum and electrons, in a line."""
        return f"<Channel: l = {self.block.angular}, {self.electrons} electrons>"


def channels(mol: gto.Mole, electrons: dict[int, int], grid: RadialGrid) -> list[Channel]:
    """The occupied angular momenta of an atom."""
    overlap, kinetic = mol.intor("int1e_ovlp"), mol.intor("int1e_kin")
    found = []
    for block in radial_blocks(mol):
        if block.angular in electrons:
            basis = orthonormal(block.part(overlap))
            found.append(
                Channel(
                    block,
                    electrons[block.angular],
                    basis,
                    basis.T @ block.part(kinetic) @ basis,
                    basis.T @ block.values(grid.radii),
                )
            )
    return found


@dataclass(frozen=True, eq=False, repr=False)
class Orbitals:
    """The orbitals of a channel in a potential.

    Attributes:
        energies: Orbital energies, ascending, shape (k,), hartree.
        occupations: Electrons in each, in all its m, shape (k,).
        coefficients: In the basis of the channel, a column each, shape (k, k).
        values: Radial orbitals on the grid, shape (k, n), bohr^-3/2.
        kinetic: Kinetic energy of all electrons, hartree.
    """

    energies: Array
    occupations: Array
    coefficients: Array
    values: Array
    kinetic: float

    def __repr__(self) -> str:
        """Energies of the occupied ones, in a line."""
        return f"<Orbitals: {self.energies[self.occupations > 0]} hartree>"


def orbitals(channel: Channel, potential: Array, grid: RadialGrid) -> Orbitals:
    """The orbitals of a channel in a potential on the grid, the lowest occupied."""
    weights = grid.weights * grid.radii**2 * potential
    matrix = channel.kinetic + (channel.functions * weights) @ channel.functions.T
    energies, coefficients = np.linalg.eigh(matrix)
    most = 2 * channel.block.degeneracy
    occupations = np.clip(channel.electrons - most * np.arange(len(energies)), 0, most)
    each = np.einsum("ki,kl,li->i", coefficients, channel.kinetic, coefficients)
    return Orbitals(
        energies=energies,
        occupations=occupations.astype(float),
        coefficients=coefficients,
        values=coefficients.T @ channel.functions,
        kinetic=float(occupations @ each),
    )
