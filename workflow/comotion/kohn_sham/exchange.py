"""Exchange of a Kohn-Sham determinant.

``E_x = <V_ee> - U`` of the determinant of the ground term, averaged over rotations: <V_ee> is the
same for all members of the term, U is that of the averaged density. For a closed shell it is the
usual exchange energy; of an open one the non-spherical part of the Hartree energy is in it.
"""

import numpy as np
from pyscf import gto, scf

from comotion.density.functionals import hartree
from comotion.density.radial import Array
from comotion.electronic.averaging import spherical_average
from comotion.electronic.ground_levels import ANGULAR_LETTERS
from comotion.electronic.terms import GroundState
from comotion.kohn_sham.blocks import RadialBlock


def determinant(
    ground: GroundState, blocks: list[RadialBlock], orbitals: list[Array], functions: int
) -> Array:
    """Density matrices of both spins of a determinant, shape (2, n, n).

    Args:
        ground: Which real orbitals are occupied.
        blocks: The basis by angular momentum.
        orbitals: Coefficients of the radial orbitals of each block, the lowest first, shape (c, o).
        functions: Number of all atomic orbitals n.
    """
    matrices = np.zeros((2, functions, functions))
    for orbital, pair in ground.occupations.items():
        angular, m = ANGULAR_LETTERS.index(orbital[0]), int(orbital[1:])
        which = next(i for i, block in enumerate(blocks) if block.angular == angular)
        rows = blocks[which].orbitals[_place(angular, m)]
        for spin, count in enumerate(pair):
            filled = orbitals[which][:, :count]
            matrices[spin][np.ix_(rows, rows)] = filled @ filled.T
    return matrices


def _place(angular: int, m: int) -> int:
    """Where PySCF has the real orbital m: p is x, y, z, which are m = 1, -1, 0."""
    return (1, -1, 0).index(m) if angular == 1 else m + angular


def exchange_of(mol: gto.Mole, matrices: Array) -> float:
    """Exchange energy of a determinant whose term is averaged over rotations, hartree.

    Args:
        mol: The atom in its basis.
        matrices: Density matrices of both spins, shape (2, n, n).
    """
    coulomb, exchange = scf.hf.get_jk(mol, matrices)
    both = matrices[0] + matrices[1]
    repulsion = np.sum(both * (coulomb[0] + coulomb[1])) - np.sum(matrices * exchange)
    return float(repulsion) / 2 - hartree(spherical_average(mol, both))
