"""Spherical average of a one-particle density matrix, in closed form.

The average over rotations keeps, of the density of a one-centre basis of spherical functions,
the trace over m of each angular-momentum block: ``4 pi rho(r) = sum_l sum_ab D^l_ab R_a(r)
R_b(r)`` with ``D^l_ab = sum_m D_(am),(bm)``. Cartesian functions ``R(r) x^i y^j z^k`` of degree
l hold all of l, l - 2, ..., so blocks of different degree survive too: their products are
weighted by the average of the monomial ``x^(i+i') y^(j+j') z^(k+k')`` over the sphere. With
contracted Gaussians every product of primitives is one generalised gamma term, so the result is
analytic.
"""

from collections.abc import Iterator
from itertools import combinations_with_replacement
from math import gamma as gamma_of
from math import pi, sqrt

import numpy as np
from pyscf import gto
from scipy.special import gamma

from comotion.density.gamma import GammaMixture
from comotion.density.radial import Array
from comotion.electronic.bare_atom import require_one_atom
from comotion.errors import ElectronicStructureError

#: Largest |int rho - N|, electrons.
_CHARGE_TOLERANCE = 1e-8
#: Relative difference of a trace from N up to which a matrix is one of orthonormal orbitals.
_MOLECULAR = 1e-6
#: What PySCF puts before x^i y^j z^k of degrees 0 and 1; of higher degrees it is 1.
_CARTESIAN_FACTOR = {0: sqrt(1 / (4 * pi)), 1: sqrt(3 / (4 * pi))}


def spherical_average(mol: gto.Mole, density_matrix: Array) -> GammaMixture:
    """Average a spin-summed density matrix over rotations.

    Args:
        mol: One atom, with spherical or Cartesian functions.
        density_matrix: Density matrix in the atomic-orbital basis, shape (nao, nao).

    Returns:
        The radial density.

    Raises:
        ElectronicStructureError: There is not one atom with all of its electrons, the matrix is
            none of its atomic orbitals, or the density does not integrate to N.
        DensityError: The averaged density is negative where it matters.
    """
    require_one_atom(mol)
    _require_matrix(mol, density_matrix)
    coefficients, powers, exponents = [], [], []
    for degree, twice, alphas, pairs in _blocks(mol, density_matrix):
        i, j = np.triu_indices(len(alphas[0])) if not twice else np.indices(pairs.shape)
        i, j = i.ravel(), j.ravel()
        exponent = alphas[0][i] + alphas[1][j]
        half = degree / 2 + 1.5
        moment = gamma(half) / (2 * exponent**half)  # int r^(degree+2) exp(-a r^2) dr
        coefficients.append(np.where((i == j) & (not twice), 1, 2) * pairs[i, j] * moment)
        powers.append(np.full(len(i), degree + 2.0))
        exponents.append(exponent)
    charges = np.concatenate(coefficients)
    electrons = float(np.sum(charges))
    if abs(electrons - mol.nelectron) > _CHARGE_TOLERANCE:
        trace = float(np.trace(density_matrix))
        why = "is it a density matrix in the atomic orbitals of this atom?"
        if abs(trace - mol.nelectron) < _MOLECULAR * mol.nelectron:
            why = (
                "its trace does, so it is in molecular orbitals: give it in atomic ones, "
                "make_rdm1(ao_repr=True)"
            )
        raise ElectronicStructureError(
            f"the averaged density integrates to {electrons:.10f}, not {mol.nelectron}: {why}"
        )
    kept = np.abs(charges) > 0
    return GammaMixture(
        n_electrons=int(mol.nelectron),
        coefficients=charges[kept],
        powers=np.concatenate(powers)[kept],
        exponents=np.concatenate(exponents)[kept],
        s=2,
    )


def _require_matrix(mol: gto.Mole, matrix: Array) -> None:
    """Check that a matrix can be a density matrix of real atomic orbitals.

    Raises:
        ElectronicStructureError: It has another shape, or entries that are no real numbers.
    """
    shape, n = np.shape(matrix), int(mol.nao)
    if shape == (2, n, n):
        raise ElectronicStructureError(
            f"the density matrix has the shape {shape}, one matrix for each spin: add them, "
            "matrix[0] + matrix[1]"
        )
    if shape != (n, n):
        raise ElectronicStructureError(
            f"the density matrix has the shape {shape}, but the atom {n} functions: give one of "
            f"shape ({n}, {n}) in its atomic orbitals"
        )
    if np.iscomplexobj(matrix) or not np.all(np.isfinite(matrix)):
        raise ElectronicStructureError(
            "the density matrix is complex or not finite: give one of real orbitals"
        )


#: Degree of r, whether the block stands for its transpose too, exponents, pairs of primitives.
_Block = tuple[int, bool, tuple[Array, Array], Array]


def _blocks(mol: gto.Mole, density_matrix: Array) -> Iterator[_Block]:
    """What the average keeps of the density matrix, between primitives of two degrees."""
    degrees = sorted({mol.bas_angular(shell) for shell in range(mol.nbas)})
    functions = {degree: radial_functions(mol, degree) for degree in degrees}
    for a, b in combinations_with_replacement(degrees, 2):
        (alphas, rows, orbitals), (others, columns, of_others) = functions[a], functions[b]
        if mol.cart:
            weights = _monomial_averages(a, b)
            block = sum(
                weights[p, q] * density_matrix[np.ix_(orbitals[p], of_others[q])]
                for p, q in np.argwhere(weights)
            )
        elif a == b:
            block = sum(density_matrix[np.ix_(of_m, of_m)] for of_m in orbitals)
        else:
            continue
        if np.ndim(block):
            yield a + b, a != b, (alphas, others), rows.T @ block @ columns


def _monomial_averages(a: int, b: int) -> Array:
    """Integrals over the unit sphere of products of Cartesian functions of two degrees.

    ``int x^i y^j z^k = 2 G(i) G(j) G(k) / Gamma((i + j + k + 3) / 2)`` for even powers, with
    ``G(n) = Gamma((n + 1) / 2)``; odd powers give 0.

    Args:
        a: Degree of the first.
        b: Degree of the second.

    Returns:
        The integrals in PySCF's order and normalisation, shape (functions of a, of b).
    """
    result = np.zeros((len(_monomials(a)), len(_monomials(b))))
    for p, first in enumerate(_monomials(a)):
        for q, second in enumerate(_monomials(b)):
            powers = [i + j for i, j in zip(first, second, strict=True)]
            if not any(power % 2 for power in powers):
                x, y, z = (gamma_of((power + 1) / 2) for power in powers)
                result[p, q] = 2 * x * y * z / gamma_of((a + b + 3) / 2)
    return result * _CARTESIAN_FACTOR.get(a, 1.0) * _CARTESIAN_FACTOR.get(b, 1.0)


def _monomials(degree: int) -> list[tuple[int, int, int]]:
    """Powers of x, y, z of the Cartesian functions of a degree, in PySCF's order."""
    return [
        (i, j, degree - i - j) for i in range(degree, -1, -1) for j in range(degree - i, -1, -1)
    ]


def radial_functions(mol: gto.Mole, angular: int) -> tuple[Array, Array, list[list[int]]]:
    """Primitives and contractions of one angular momentum.

    Returns:
        Distinct exponents, shape (p,), bohr^-2; coefficients of the contracted functions
        in ``r^l exp(-alpha r^2)``, shape (c, p); and for each m (for each monomial of
        Cartesian functions) the indices of the c atomic orbitals.
    """
    shells = [shell for shell in range(mol.nbas) if mol.bas_angular(shell) == angular]
    alphas = np.unique(np.concatenate([mol.bas_exp(shell) for shell in shells]))
    rows: list[Array] = []
    components = len(_monomials(angular)) if mol.cart else 2 * angular + 1
    orbitals: list[list[int]] = [[] for _ in range(components)]
    locations = mol.ao_loc_nr()
    for shell in shells:
        column = np.searchsorted(alphas, mol.bas_exp(shell))
        for contracted, weights in enumerate(mol._libcint_ctr_coeff(shell).T):
            row = np.zeros(len(alphas))
            np.add.at(row, column, weights)
            rows.append(row)
            first = int(locations[shell]) + contracted * components
            for m, of_m in enumerate(orbitals):
                of_m.append(first + m)
    return alphas, np.array(rows), orbitals
