"""The angle between two electrons, from the two-particle density matrix of full CI.

The density of cos(theta_12) is p(x) = sum_l (2 l + 1) / 2 b_l P_l(x) with b_l = <P_l>,

    b_l = 4 pi / (2 l + 1) sum_m sum_pqrs Gamma_pqrs Y^lm_pq Y^lm_rs / (N (N - 1)),

by the addition theorem of spherical harmonics; Y^lm_pq are the matrix elements of the real
spherical harmonics between orbitals, here products of closed radial integrals and of integrals over
angles (`comotion.electronic.gaunt`). The transport plan of two electrons puts all weight at
x = -1.
"""

from typing import Any

import numpy as np
from pyscf import gto, mcscf
from scipy.special import gamma

from comotion.density.radial import Array
from comotion.electronic.averaging import radial_functions
from comotion.electronic.basis import load_basis
from comotion.electronic.correlation import full_ci_vector
from comotion.electronic.gaunt import gaunt_coefficients
from comotion.electronic.mean_field import (
    molecule,
    reference_of,
    solve_mean_field,
)
from comotion.electronic.terms import ground_state
from comotion.errors import ElectronicStructureError
from comotion.systems import Atom, Level, check_level

#: Highest l of the Legendre series.
HIGHEST = 6
#: Electrons and orbitals of the valence shell n = 2.
_VALENCE_ORBITALS = 4


def angular_moments(orbitals: Array, pair_matrix: Array, mol: gto.Mole, n: int) -> Array:
    """Moments b_l of the angle between two electrons, l = 0..`HIGHEST`.

    Args:
        orbitals: Coefficients of the orbitals, shape (nao, k).
        pair_matrix: Gamma_pqrs = <p+ r+ s q>, spin-summed, shape (k, k, k, k).
        mol: The atom.
        n: Number of electrons that the matrix is of.

    Returns:
        b_l, shape (HIGHEST + 1,); b_0 is 1.
    """
    moments = np.zeros(HIGHEST + 1)
    for (angular, _), matrix in _harmonics(mol).items():
        y = orbitals.T @ matrix @ orbitals
        moments[angular] += float(np.einsum("pqrs,pq,rs->", pair_matrix, y, y))
    return moments * 4 * np.pi / (2 * np.arange(HIGHEST + 1) + 1) / (n * (n - 1))


def _harmonics(mol: gto.Mole) -> dict[tuple[int, int], Array]:
    """Matrix elements of the real spherical harmonics between basis functions, by (l, m)."""
    momenta = sorted({mol.bas_angular(shell) for shell in range(mol.nbas)})
    gaunt = gaunt_coefficients(momenta, HIGHEST)
    result = {
        (angular, m): np.zeros((mol.nao, mol.nao))
        for angular in range(HIGHEST + 1)
        for m in range(2 * angular + 1)
    }
    functions = {angular: radial_functions(mol, angular) for angular in momenta}
    for first, (alphas_1, rows_1, orbitals_1) in functions.items():
        for second, (alphas_2, rows_2, orbitals_2) in functions.items():
            half = (first + second + 3) / 2
            total = np.add.outer(alphas_1, alphas_2)
            radial = rows_1 @ (gamma(half) / (2 * total**half)) @ rows_2.T
            for (angular, m), matrix in result.items():
                of_m = gaunt[angular, first, second][m]
                for i, rows in enumerate(orbitals_1):
                    for j, columns in enumerate(orbitals_2):
                        matrix[np.ix_(rows, columns)] = of_m[i, j] * radial
    return result


def pair_angle(atom: Atom, level: Level, max_cycle: int = 100) -> dict[str, Any]:
    """Angular moments of full CI and, for four electrons, of the valence pair.

    Args:
        atom: A closed-shell atom of two or four electrons.
        level: Full CI in some basis.
        max_cycle: Most iterations of the SCF and of full CI.

    Returns:
        ``b`` of all electrons and ``b_valence`` of the pair in 2s and 2p (CASSCF(2,4)), or
        None where there is no such pair.

    Raises:
        ConfigError: Full CI is not for so many electrons.
        ElectronicStructureError: Not full CI, an open shell, or no convergence.
    """
    check_level(atom, level)
    ground = ground_state(atom)
    if level.method != "fci" or not ground.closed_shell:
        raise ElectronicStructureError(
            f"{atom} at {level.method}: angles between electrons need fci and a closed shell"
        )
    kind = reference_of(level.method, ground)
    mol = molecule(atom, load_basis(level.basis, atom.symbol), ground, kind.symmetry)
    mean_field = solve_mean_field(mol, ground, kind, max_cycle)
    found = full_ci_vector(mean_field, max_cycle, residual=1e-7)
    pair = found.solver.make_rdm12(found.vector, mol.nao, mol.nelec)[1]
    moments = angular_moments(mean_field.mo_coeff, pair, mol, atom.n_electrons)
    valence = None
    if atom.n_electrons == 4:
        active = mcscf.CASSCF(mean_field, _VALENCE_ORBITALS, 2)
        active.conv_tol, active.conv_tol_grad, active.verbose = 1e-12, 1e-7, 0
        # The energy is blind to errors of the vector that move b_1 by 1e-6.
        active.fcisolver.conv_tol, active.fcisolver.conv_tol_residual = 1e-14, 1e-8
        active.fcisolver.lindep = 1e-18
        active.kernel()
        if not active.converged:
            raise ElectronicStructureError("CASSCF(2,4) did not converge: choose another basis")
        orbitals = active.mo_coeff[:, 1 : 1 + _VALENCE_ORBITALS]
        pair = active.fcisolver.make_rdm12(active.ci, _VALENCE_ORBITALS, active.nelecas)[1]
        valence = angular_moments(orbitals, pair, mol, 2).tolist()
    return {"b": moments.tolist(), "b_valence": valence}
