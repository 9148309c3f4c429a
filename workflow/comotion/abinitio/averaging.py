"""Spherical average of a one-particle density matrix, in closed form.

The average over rotations keeps, of the density of a one-centre basis, the trace over m
of each angular-momentum block: ``4 pi rho(r) = sum_l sum_ab D^l_ab R_a(r) R_b(r)`` with
``D^l_ab = sum_m D_(am),(bm)``. With contracted Gaussians every product of primitives is
one generalised gamma term, so the result is analytic.
"""

import numpy as np
from pyscf import gto
from scipy.special import gamma

from comotion.density.gamma import GammaMixture
from comotion.density.radial import Array
from comotion.errors import ElectronicStructureError

#: Largest |int rho - N|, electrons.
_CHARGE_TOLERANCE = 1e-8


def spherical_average(mol: gto.Mole, density_matrix: Array) -> GammaMixture:
    """Average a spin-summed density matrix over rotations.

    Args:
        mol: One atom at the origin with real solid harmonics.
        density_matrix: Density matrix in the atomic-orbital basis, shape (nao, nao).

    Returns:
        The radial density.

    Raises:
        ElectronicStructureError: The density does not integrate to N.
        DensityError: The averaged density is negative where it matters.
    """
    coefficients, powers, exponents = [], [], []
    for angular in sorted({mol.bas_angular(shell) for shell in range(mol.nbas)}):
        alphas, contraction, orbitals = radial_functions(mol, angular)
        block = sum(density_matrix[np.ix_(of_m, of_m)] for of_m in orbitals)
        pairs = contraction.T @ block @ contraction
        i, j = np.triu_indices(len(alphas))
        exponent = alphas[i] + alphas[j]
        half = angular + 1.5
        moment = gamma(half) / (2 * exponent**half)  # int r^(2l+2) exp(-a r^2) dr
        coefficients.append(np.where(i == j, 1, 2) * pairs[i, j] * moment)
        powers.append(np.full(len(i), 2.0 * angular + 2))
        exponents.append(exponent)
    charges = np.concatenate(coefficients)
    electrons = float(np.sum(charges))
    if abs(electrons - mol.nelectron) > _CHARGE_TOLERANCE:
        raise ElectronicStructureError(
            f"the averaged density integrates to {electrons:.10f}, not {mol.nelectron}"
        )
    kept = np.abs(charges) > 0
    return GammaMixture(
        n_electrons=int(mol.nelectron),
        coefficients=charges[kept],
        powers=np.concatenate(powers)[kept],
        exponents=np.concatenate(exponents)[kept],
        s=2,
    )


def radial_functions(mol: gto.Mole, angular: int) -> tuple[Array, Array, list[list[int]]]:
    """Primitives and contractions of one angular momentum.

    Returns:
        Distinct exponents, shape (p,), bohr^-2; coefficients of the contracted functions
        in ``r^l exp(-alpha r^2)``, shape (c, p); and for each m the indices of the c
        atomic orbitals.
    """
    shells = [shell for shell in range(mol.nbas) if mol.bas_angular(shell) == angular]
    alphas = np.unique(np.concatenate([mol.bas_exp(shell) for shell in shells]))
    rows: list[Array] = []
    orbitals: list[list[int]] = [[] for _ in range(2 * angular + 1)]
    locations = mol.ao_loc_nr()
    for shell in shells:
        column = np.searchsorted(alphas, mol.bas_exp(shell))
        for contracted, weights in enumerate(mol._libcint_ctr_coeff(shell).T):
            row = np.zeros(len(alphas))
            np.add.at(row, column, weights)
            rows.append(row)
            first = int(locations[shell]) + contracted * (2 * angular + 1)
            for m, of_m in enumerate(orbitals):
                of_m.append(first + m)
    return alphas, np.array(rows), orbitals
