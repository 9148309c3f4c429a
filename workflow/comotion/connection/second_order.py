"""Second-order correlation energy of Goerling and Levy, of the Kohn-Sham orbitals of a density.

``E_c^GL2 = sum |<ij||ab>|^2 / (4 (e_i + e_j - e_a - e_b))
+ sum |<i|v_x - v_x^NL|a>|^2 / (e_i - e_a)``
with Kohn-Sham orbitals and energies (A. Goerling, M. Levy, Phys. Rev. B 47, 13105 (1993)). v_x^NL
is the exchange operator of the orbitals, v_x the local potential of exchange: the functional
derivative of E_x at the density, for which the second sum is stationary, and so the least in size.

Closed shells only: of an open one the determinants of a term mix.
"""

from dataclasses import dataclass

import numpy as np
from pyscf import ao2mo, gto, lib, scf

from comotion.density.radial import Array
from comotion.electronic.basis import load_basis
from comotion.electronic.mean_field import molecule
from comotion.electronic.terms import GroundState, ground_state
from comotion.errors import ElectronicStructureError
from comotion.kohn_sham.blocks import RadialBlock, orthonormal, radial_blocks
from comotion.kohn_sham.channels import RadialGrid
from comotion.kohn_sham.field import electrons_by_angular
from comotion.kohn_sham.inversion import splines
from comotion.kohn_sham.of_density import KohnShamSystem
from comotion.systems import parse_atom

#: Intervals of the local exchange potential; radius up to which its correction is constant, in
#: units of 1 / Z; charge outside of its last radius, electrons. With 14 and 19 intervals the single
#: excitations of Be and Ne agree to 2e-5 hartree (measured once); with many more it fits
#: the basis and makes them vanish, as it is not unique there (S. Hirata et al., Can optimized
#: effective potentials be determined uniquely?, J. Chem. Phys. 115, no. 4 (2001)).
_INTERVALS, _FIRST, _LAST = 19, 0.02, 1e-2
#: Weight of the smoothness of that potential, hartree^-1 bohr^-1.
_SMOOTHNESS = 1e-8


@dataclass(frozen=True)
class SecondOrder:
    """E_c^GL2 in a basis.

    Attributes:
        doubles: The sum over double excitations, hartree.
        singles: The sum over single excitations, hartree.
        functions: Number of orbitals.
    """

    doubles: float
    singles: float
    functions: int

    @property
    def energy(self) -> float:
        """E_c^GL2, hartree."""
        return self.doubles + self.singles


@dataclass(frozen=True, eq=False, repr=False)
class _Shells:
    """Kohn-Sham orbitals of one angular momentum.

    Attributes:
        block: The Gaussians.
        energies: Ascending, shape (k,), hartree.
        orbitals: Coefficients, a column each, shape (c, k).
        occupied: Number of occupied ones.
    """

    block: RadialBlock
    energies: Array
    orbitals: Array
    occupied: int


def second_order(found: KohnShamSystem, basis: str) -> SecondOrder:
    """E_c^GL2 of a Kohn-Sham system in a basis.

    PySCF runs on one thread, so that the numbers do not depend on the machine's cores.

    Args:
        found: The Kohn-Sham system of a density with closed shells.
        basis: Basis of occupied and empty orbitals, such as ``hyb-1-UGBS+1d+aug-cc-pCVQZ``.

    Returns:
        Both sums.

    Raises:
        ElectronicStructureError: No such basis, or an open shell.
    """
    atom = parse_atom(found.system)
    ground = ground_state(atom)
    if not ground.closed_shell:
        raise ElectronicStructureError(
            f"{atom}: E_c^GL2 is computed of closed shells; {ground.configuration} is an open one"
        )
    with lib.with_omp_threads(1):
        mol = molecule(atom, load_basis(basis, atom.symbol), ground, symmetry="")
        shells = _orbitals(mol, ground, found)
        return SecondOrder(
            doubles=_doubles(mol, shells),
            singles=_singles(mol, shells, found),
            functions=sum(len(one.energies) * one.block.degeneracy for one in shells),
        )


def _orbitals(mol: gto.Mole, ground: GroundState, found: KohnShamSystem) -> list[_Shells]:
    """The orbitals of each angular momentum in the Kohn-Sham potential."""
    overlap, kinetic = mol.intor("int1e_ovlp"), mol.intor("int1e_kin")
    electrons = electrons_by_angular(ground)
    r = found.radii
    weights = found.weights * r**2 * found.v_s
    shells = []
    for block in radial_blocks(mol):
        basis = orthonormal(block.part(overlap))
        values = block.values(r)
        matrix = block.part(kinetic) + (values * weights) @ values.T
        energies, orbitals = np.linalg.eigh(basis.T @ matrix @ basis)
        occupied = electrons.get(block.angular, 0) // (2 * block.degeneracy)
        shells.append(_Shells(block, energies, basis @ orbitals, occupied))
    return shells


def _coefficients(shells: list[_Shells], functions: int, occupied: bool) -> tuple[Array, Array]:
    """Coefficients (n, o) and energies (o,) of all occupied, or of all empty orbitals."""
    columns, energies = [], []
    for one in shells:
        chosen = slice(0, one.occupied) if occupied else slice(one.occupied, None)
        for orbitals in one.block.orbitals:
            part = np.zeros((functions, len(one.energies[chosen])))
            part[orbitals] = one.orbitals[:, chosen]
            columns.append(part)
            energies.append(one.energies[chosen])
    return np.concatenate(columns, axis=1), np.concatenate(energies)


def _doubles(mol: gto.Mole, shells: list[_Shells]) -> float:
    """Sum over double excitations, hartree."""
    filled, low = _coefficients(shells, mol.nao, occupied=True)
    empty, high = _coefficients(shells, mol.nao, occupied=False)
    o, v = len(low), len(high)
    integrals = ao2mo.general(mol, (filled, empty, filled, empty), compact=False)
    total = 0.0
    for i, j in np.ndindex(o, o):
        pair = integrals[i * v : (i + 1) * v, j * v : (j + 1) * v]
        gaps = low[i] + low[j] - high[:, None] - high[None, :]
        total += float(np.sum(pair * (2 * pair - pair.T) / gaps))
    return total


def _singles(mol: gto.Mole, shells: list[_Shells], found: KohnShamSystem) -> float:
    """Sum over single excitations with the best local exchange potential, hartree."""
    filled, _ = _coefficients(shells, mol.nao, occupied=True)
    _, exchange = scf.hf.get_jk(mol, 2 * filled @ filled.T)
    r = found.radii
    n = found.n_electrons
    grid = RadialGrid(r, found.weights)
    outside = found.n_electrons - np.cumsum(found.weights * found.charge)
    last = float(r[np.argmax(outside < _LAST)])
    corrections, slopes = splines(grid, _FIRST / found.nuclear_charge, last, _INTERVALS)
    rough = _SMOOTHNESS * (slopes * found.weights * r**2) @ slopes.T
    rows, targets = [], []
    for one in shells:
        if not one.occupied:
            continue
        values = one.orbitals.T @ one.block.values(r)
        operator = -0.5 * one.block.part(exchange)
        # -v_H / N is all of it for two electrons, and has the tail for more.
        whole = one.orbitals.T @ operator @ one.orbitals
        for i in range(one.occupied):
            weight = found.weights * r**2 * values[i]
            guide = (values[one.occupied :] * (-found.v_hartree / n)) @ weight
            gap = one.energies[one.occupied :] - one.energies[i]
            scale = np.sqrt(2 * one.block.degeneracy / gap)
            targets.append(scale * (whole[i, one.occupied :] - guide))
            rows.append(scale[:, None] * ((values[one.occupied :] * weight) @ corrections.T))
    matrix, target = np.concatenate(rows), np.concatenate(targets)
    best = np.linalg.solve(matrix.T @ matrix + rough, matrix.T @ target)
    return -float(np.sum((matrix @ best - target) ** 2))
