"""The textbook Hartree-Fock of open shells: one radial function for all m of a subshell.

PySCF's ROHF in SO(3) keeps s, p, d apart but gives the doubly and the singly occupied orbitals of
an open p^4 or p^5 shell different radial functions, which lowers the energy by some 1e-3 hartree.
Here the radial functions of each l are common: the energy of the same determinant is
stationary when, for every two radial functions i and a of one l,

    sum_m,sigma (n_i,m,sigma - n_a,m,sigma) <i|F_sigma|a>_m = 0.

The Fock matrix with these averages as its elements is diagonalised until that holds (Roothaan,
Rev. Mod. Phys. 32, 179 (1960), for one open shell).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pyscf import lib

from comotion.density.radial import Array
from comotion.electronic.averaging import radial_functions
from comotion.electronic.ground_levels import ANGULAR_LETTERS
from comotion.electronic.terms import GroundState
from comotion.errors import ElectronicStructureError

#: Error of an element of a Fock matrix in units of the orbital energies that it couples; iron has
#: some 80 rounding errors of them.
_ROUNDING = 256 * float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class _Block:
    """One angular momentum.

    Attributes:
        orbitals: Indices of its atomic orbitals by m, shape (2 l + 1, n).
        occupied: Electrons by radial function, m and spin, shape (n, 2 l + 1, 2).
    """

    orbitals: Array
    occupied: Array


def needs_common_radial_functions(ground: GroundState) -> bool:
    """Whether orbitals of one l are occupied differently."""
    by_letter: dict[str, set[tuple[int, int]]] = {}
    count: dict[str, int] = {}
    for orbital, electrons in ground.occupations.items():
        by_letter.setdefault(orbital[0], set()).add(electrons)
        count[orbital[0]] = count.get(orbital[0], 0) + 1
    return any(
        len(kinds) > 1 or count[letter] < 2 * ANGULAR_LETTERS.index(letter) + 1
        for letter, kinds in by_letter.items()
    )


def with_common_radial_functions(mean_field: Any, ground: GroundState, max_cycle: int) -> Any:
    """Bring a converged ROHF in SO(3) to common radial functions.

    Args:
        mean_field: The ROHF, which is changed.
        ground: Occupations of the orbitals.
        max_cycle: Most iterations.

    Returns:
        The mean field, with new orbitals and energy.

    Raises:
        ElectronicStructureError: No convergence.
    """
    mol = mean_field.mol
    core, overlap = mean_field.get_hcore(), mean_field.get_ovlp()
    blocks = [
        _block(mol, angular, ground)
        for angular in sorted({mol.bas_angular(shell) for shell in range(mol.nbas)})
    ]
    tolerance = float(mean_field.conv_tol_grad)
    extrapolation = lib.diis.DIIS()
    extrapolation.verbose = 0
    matrices = np.asarray(mean_field.make_rdm1())
    radial: list[Array] = []
    residual = np.inf
    for _ in range(max_cycle):
        coulomb, exchange = mean_field.get_jk(mol, matrices)
        focks = core + coulomb[0] + coulomb[1] - exchange
        if not radial:
            radial = [_diagonalised(_plain(focks, block), overlap, block) for block in blocks]
            matrices = _density_matrices(blocks, radial, mol.nao)
            continue
        pairs = [_averaged(focks, overlap, b, c) for b, c in zip(blocks, radial, strict=True)]
        gradient = np.concatenate([g.ravel() for _, g, _ in pairs])
        residual = float(np.linalg.norm(np.concatenate([known.ravel() for _, _, known in pairs])))
        if residual < tolerance:
            break
        stacked = extrapolation.update(np.concatenate([f.ravel() for f, _, _ in pairs]), gradient)
        radial, start = [], 0
        for block in blocks:
            n = block.orbitals.shape[1]
            fock = stacked[start : start + n * n].reshape(n, n)
            radial.append(_diagonalised(fock, overlap, block))
            start += n * n
        matrices = _density_matrices(blocks, radial, mol.nao)
    else:
        raise ElectronicStructureError(
            f"Hartree-Fock with common radial functions did not converge in {max_cycle} iterations "
            f"(residual {residual:.1e}): raise max_cycle or choose another basis"
        )
    _store(mean_field, blocks, radial, focks)
    mean_field.converged = residual < tolerance
    mean_field.e_tot = float(
        np.einsum("sij,ji->", matrices, core) / 2
        + np.einsum("sij,sji->", matrices, focks) / 2
        + mol.energy_nuc()
    )
    return mean_field


def _block(mol: Any, angular: int, ground: GroundState) -> _Block:
    _, rows, orbitals = radial_functions(mol, angular)
    occupied = np.zeros((len(rows), 2 * angular + 1, 2))
    labels = _m_labels(angular)
    for k, m in enumerate(labels):
        electrons = ground.occupations.get(f"{ANGULAR_LETTERS[angular]}{m:+d}", (0, 0))
        for spin, count in enumerate(electrons):
            occupied[:count, k, spin] = 1.0
    return _Block(np.array(orbitals), occupied)


def _m_labels(angular: int) -> list[int]:
    """Labels m in the order of PySCF's atomic orbitals; p orbitals are x, y, z."""
    return [1, -1, 0] if angular == 1 else list(range(-angular, angular + 1))


def _part(matrix: Array, block: _Block, m: int) -> Array:
    return np.asarray(matrix[np.ix_(block.orbitals[m], block.orbitals[m])])


def _plain(focks: Array, block: _Block) -> Array:
    """Average over the spins and m of the outermost occupied radial function, or over all."""
    shells = np.flatnonzero(block.occupied.sum(axis=(1, 2)))
    share = block.occupied[shells[-1]] if shells.size else np.ones(block.occupied.shape[1:])
    parts = [
        share[m, spin] * _part(focks[spin], block, m)
        for m in range(len(block.orbitals))
        for spin in range(2)
    ]
    return np.asarray(np.sum(parts, axis=0) / np.sum(share))


def _averaged(
    focks: Array, overlap: Array, block: _Block, radial: Array
) -> tuple[Array, Array, Array]:
    """Fock matrix of the radial functions and the gradient of the energy, in atomic orbitals.

    The gradient comes twice: as it is, and without the elements that are rounding. Empty functions
    near the nucleus reach 1e7 hartree, and an element that couples one is known to 1e-6 at best.
    """
    n = radial.shape[1]
    weighted, weights = np.zeros((n, n)), np.zeros((n, n))
    plain = radial.T @ _plain(focks, block) @ radial
    for m in range(len(block.orbitals)):
        for spin in range(2):
            fock = radial.T @ _part(focks[spin], block, m) @ radial
            occupied = block.occupied[:, m, spin]
            difference = occupied[:n, None] - occupied[None, :n]
            weighted += difference * fock
            weights += difference
    average = np.divide(weighted, weights, out=plain.copy(), where=np.abs(weights) > 0.5)
    sizes = np.abs(np.diag(plain))
    rounding = _ROUNDING * (sizes[:, None] + sizes[None, :])
    known = np.where(np.abs(weighted) > rounding, weighted, 0.0)
    to_orbitals = _part(overlap, block, 0) @ radial
    back = [to_orbitals @ matrix @ to_orbitals.T for matrix in (average, weighted, known)]
    return back[0], back[1], back[2]


def _diagonalised(fock: Array, overlap: Array, block: _Block) -> Array:
    """Radial functions, ascending in energy, shape (n, n)."""
    values, vectors = np.linalg.eigh(_part(overlap, block, 0))
    kept = values > 1e-10 * values[-1]
    basis = vectors[:, kept] / np.sqrt(values[kept])
    _, states = np.linalg.eigh(basis.T @ fock @ basis)
    return np.asarray(basis @ states)


def _density_matrices(blocks: list[_Block], radial: list[Array], nao: int) -> Array:
    """Density matrices of both spins, shape (2, nao, nao)."""
    matrices = np.zeros((2, nao, nao))
    for block, functions in zip(blocks, radial, strict=True):
        for m, orbitals in enumerate(block.orbitals):
            for spin in range(2):
                n = int(block.occupied[:, m, spin].sum())
                part = functions[:, :n] @ functions[:, :n].T
                matrices[spin][np.ix_(orbitals, orbitals)] = part
    return matrices


def _store(mean_field: Any, blocks: list[_Block], radial: list[Array], focks: Array) -> None:
    """Give the mean field its orbitals, occupations and orbital energies."""
    columns, occupations = [], []
    for block, functions in zip(blocks, radial, strict=True):
        for m, orbitals in enumerate(block.orbitals):
            for i in range(functions.shape[1]):
                column = np.zeros(focks.shape[1])
                column[orbitals] = functions[:, i]
                columns.append(column)
                occupations.append(block.occupied[i, m].sum())
    coefficients = np.array(columns).T
    energies = [np.einsum("pi,pq,qi->i", coefficients, fock, coefficients) for fock in focks]
    mean_field.mo_coeff = coefficients
    mean_field.mo_occ = np.array(occupations)
    mean_field.mo_energy = lib.tag_array(
        (energies[0] + energies[1]) / 2, mo_ea=energies[0], mo_eb=energies[1]
    )
