"""Gaussians of one atom by angular momentum, and spherical potentials between them.

A spherical potential mixes neither l nor m, and its matrix is the same for all m. With the charge
``Q_ab(r) = int_0^r R_a R_b s^2 ds`` of two radial functions, which is an incomplete gamma function,
``<a|u|b> = -int u'(r) Q_ab(r) dr`` in the gauge u(inf) = 0: the slope of u is all that is needed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyscf import gto
from scipy.special import gamma, gammainc, gammaincc

from comotion.density.radial import Array
from comotion.electronic.averaging import radial_functions

#: Eigenvalues of an overlap below which functions are dependent, relative.
_INDEPENDENT = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class RadialBlock:
    """The functions of one angular momentum.

    Attributes:
        angular: Angular momentum l.
        exponents: Distinct exponents of the primitives ``r^l exp(-alpha r^2)``, shape (p,),
            bohr^-2.
        contractions: Coefficients of the c radial functions, shape (c, p).
        orbitals: Indices of the atomic orbitals, a row for each m, shape (2 l + 1, c).
    """

    angular: int
    exponents: Array
    contractions: Array
    orbitals: NDArray[np.int64]

    def __repr__(self) -> str:
        """Angular momentum and number of functions, in a line."""
        return f"<RadialBlock: l = {self.angular}, {len(self.contractions)} functions>"

    @property
    def degeneracy(self) -> int:
        """Number of m, 2 l + 1."""
        return len(self.orbitals)

    def values(self, r: Array) -> Array:
        """Radial functions R_a(r), shape (c, n), bohr^-3/2; ``int R^2 r^2 dr = 1``."""
        gaussians = r**self.angular * np.exp(-np.multiply.outer(self.exponents, r**2))
        return np.asarray(self.contractions @ gaussians)

    def part(self, matrix: Array) -> Array:
        """The block of a spherical operator, the same for each m, shape (c, c)."""
        first = self.orbitals[0]
        return np.asarray(matrix[np.ix_(first, first)])

    def enclosed(self, r: Array, weights: Array, beyond: NDArray[np.bool_]) -> Array:
        """Weighted charges ``sum_j w_j Q_ab(r_j)``, shape (c, c).

        Args:
            r: Radii, shape (n,), bohr.
            weights: Weights w_j, shape (n,).
            beyond: Where minus the charge outside stands for that inside, from which it differs
                by the overlap, shape (n,).
        """
        i, j = np.triu_indices(len(self.exponents))
        total = self.exponents[i] + self.exponents[j]
        order = self.angular + 1.5
        sums = gammainc(order, np.multiply.outer(total, r[~beyond] ** 2)) @ weights[~beyond]
        sums -= gammaincc(order, np.multiply.outer(total, r[beyond] ** 2)) @ weights[beyond]
        pairs = np.empty((len(self.exponents),) * 2)
        pairs[i, j] = pairs[j, i] = sums * gamma(order) / (2 * total**order)
        return np.asarray(self.contractions @ pairs @ self.contractions.T)


def orthonormal(overlap: Array, independent: float = _INDEPENDENT) -> Array:
    """Orthonormal combinations of functions that may be nearly dependent, a column each.

    Args:
        overlap: Their overlap, shape (c, c).
        independent: Eigenvalue of the overlap below which they are dependent, relative.
    """
    sizes, directions = np.linalg.eigh(overlap)
    kept = sizes > independent * sizes[-1]
    return np.asarray(directions[:, kept] / np.sqrt(sizes[kept]))


def radial_blocks(mol: gto.Mole) -> list[RadialBlock]:
    """The functions of an atom by angular momentum, s first."""
    angulars = sorted({mol.bas_angular(shell) for shell in range(mol.nbas)})
    return [
        RadialBlock(angular, exponents, contractions, np.array(orbitals))
        for angular in angulars
        for exponents, contractions, orbitals in [radial_functions(mol, angular)]
    ]


def spherical_matrix(blocks: list[RadialBlock], parts: list[Array], functions: int) -> Array:
    """The matrix of a spherical operator in all atomic orbitals, from its blocks."""
    matrix = np.zeros((functions, functions))
    for block, part in zip(blocks, parts, strict=True):
        for orbitals in block.orbitals:
            matrix[np.ix_(orbitals, orbitals)] = part
    return matrix
