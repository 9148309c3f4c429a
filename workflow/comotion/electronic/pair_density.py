"""The density of pairs of electrons, averaged over rotations, in closed form.

Of the two-particle density rho_2(x_1, x_2) of an S state, which integrates to N (N - 1), nothing
but the radii and the angle between the electrons matters:

    P(r_1, r_2, x) = sum_L (2 L + 1) / 2 P_L(r_1, r_2) P_L(x),   x = cos(theta_12),

with the volume elements r_1^2 r_2^2 in it. P_0 is the radial pair density. In a one-centre basis
the addition theorem of spherical harmonics makes each P_L a quadratic form of products of radial
functions, q_k(r) = r^2 R_a(r) R_b(r), whose matrix comes from Gamma and from integrals of three
spherical harmonics (`comotion.electronic.gaunt`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial.legendre import legval
from numpy.typing import ArrayLike, NDArray
from pyscf import gto
from scipy.sparse import csr_array
from scipy.special import gamma, gammainc

from comotion.density.radial import Array
from comotion.electronic.averaging import radial_functions
from comotion.electronic.bare_atom import require_one_atom
from comotion.electronic.gaunt import gaunt_coefficients
from comotion.errors import ElectronicStructureError
from comotion.systems import electrons_in_words

#: Step in log r of the trapezoidal rule, which converges exponentially for these functions.
_LOG_STEP = 0.04
#: Where that rule begins, in units of the shortest length of the functions, and a r^2 at its end.
_NEAR, _FAR = 1e-6, 80.0
#: What is rounding of an integral over angles that vanishes, and no orbitals.
_NO_INTEGRAL, _NONE = 1e-12, np.zeros(0, dtype=int)


@dataclass(frozen=True, eq=False, repr=False)
class PairDensity:
    """The pair density of N electrons by the radii of two of them and the angle between them.

    Attributes:
        n_electrons: Number of electrons N.
        momenta: Angular momentum l of each radial function, shape (c,).
        exponents: Distinct exponents of all functions, shape (p,), bohr^-2.
        contractions: Coefficients of the functions in ``r^l exp(-alpha r^2)``, shape (c, p).
        pairs: The two functions of each product, shape (k, 2).
        matrices: P_L as a quadratic form of the products, shape (highest L + 1, k, k), symmetric.
    """

    n_electrons: int
    momenta: NDArray[np.intp]
    exponents: Array
    contractions: Array
    pairs: NDArray[np.intp]
    matrices: Array

    def __repr__(self) -> str:
        """Electrons and highest L, in a line."""
        return f"<PairDensity: {electrons_in_words(self.n_electrons)}, L = 0 to {self.highest}>"

    @property
    def highest(self) -> int:
        """Highest L; all beyond it vanish."""
        return len(self.matrices) - 1

    def radial(self, r1: ArrayLike, r2: ArrayLike) -> Array:
        """The radial pair density P_0; its integral is N (N - 1).

        Args:
            r1: Radii of the one electron, any shape, bohr.
            r2: Radii of the other, of a shape that goes with it.

        Returns:
            P_0(r1, r2), their common shape, bohr^-2.
        """
        return np.asarray(self._moments(r1, r2, 1)[0])

    def moments(self, r1: ArrayLike, r2: ArrayLike) -> Array:
        """All moments of the angle between the electrons.

        Args:
            r1: Radii of the one electron, any shape, bohr.
            r2: Radii of the other, of a shape that goes with it.

        Returns:
            P_L(r1, r2), shape (highest L + 1, their common shape), bohr^-2.
        """
        return self._moments(r1, r2, len(self.matrices))

    def at_angle(self, r1: ArrayLike, r2: ArrayLike, cosine: ArrayLike) -> Array:
        """The density of pairs at two radii and an angle; over the cosine it integrates to P_0.

        Args:
            r1: Radii of the one electron, any shape, bohr.
            r2: Radii of the other, of a shape that goes with it.
            cosine: Cosine of the angle between them, likewise.

        Returns:
            P(r1, r2, cos), their common shape, bohr^-2.
        """
        moments = self.moments(r1, r2)
        series = [(2 * order + 1) / 2 * moment for order, moment in enumerate(moments)]
        return np.asarray(legval(np.asarray(cosine), np.array(series), tensor=False))

    def marginal(self, r: ArrayLike) -> Array:
        """The integral of P_0 over one radius, (N - 1) 4 pi r^2 rho(r).

        Args:
            r: Radii of the other electron, any shape, bohr.

        Returns:
            The marginal, shape of ``r``, bohr^-1.
        """
        return np.asarray(self._products(r) @ (self.matrices[0] @ self._charges))

    @property
    def integrals(self) -> Array:
        """Integrals of all P_L over both radii, shape (highest L + 1,).

        The first is N (N - 1); over it they are the means of P_L(cos theta_12).
        """
        return np.asarray((self.matrices @ self._charges) @ self._charges)

    @cached_property
    def repulsion(self) -> float:
        """<V_ee>, half the integral of sum_L P_L r_<^L / r_>^(L+1), hartree.

        Both orders of the radii give the same. With the larger outside, the inner integral is an
        incomplete gamma function and the outer one a trapezoidal rule in log r.
        """
        low = _NEAR / np.sqrt(np.max(self.exponents))
        high = np.sqrt(_FAR / np.min(self.exponents))
        r = np.exp(np.arange(np.log(low), np.log(high), _LOG_STEP))
        outer = self._products(r)
        total = 0.0
        for order, matrix in enumerate(self.matrices):
            inner = self._inside(r, order)
            weights = _LOG_STEP * r**-order
            total += float(np.einsum("r,rk,kl,rl->", weights, outer, matrix, inner, optimize=True))
        return total

    def _moments(self, r1: ArrayLike, r2: ArrayLike, number: int) -> Array:
        """The first moments; radii that are broadcast are made products of once."""
        first, second = self._products(r1), self._products(r2)
        return np.stack(
            [np.einsum("...k,...k->...", first @ m, second) for m in self.matrices[:number]]
        )

    def _products(self, r: ArrayLike) -> Array:
        """q_k(r) of all products, shape (shape of ``r``, k)."""
        r = np.asarray(r, dtype=float)[..., None]
        functions = r**self.momenta * (np.exp(-self.exponents * r**2) @ self.contractions.T)
        return np.asarray(
            r**2 * functions[..., self.pairs[:, 0]] * functions[..., self.pairs[:, 1]]
        )

    @cached_property
    def _charges(self) -> Array:
        """Integrals of all products over r, shape (k,)."""
        result = np.zeros(len(self.pairs))
        for degree, rows, exponents, coefficients in self._terms:
            half = (degree + 3) / 2
            result[rows] = coefficients @ (gamma(half) / (2 * exponents**half))
        return result

    def _inside(self, r: Array, order: int) -> Array:
        """``int_0^r s^order q_k(s) ds`` of all products that reach this order, shape (m, k)."""
        result = np.zeros((len(r), len(self.pairs)))
        for degree, rows, exponents, coefficients in self._terms:
            if degree >= order:
                half = (degree + order + 3) / 2
                whole = coefficients * (gamma(half) / (2 * exponents**half))
                result[:, rows] = gammainc(half, np.multiply.outer(r**2, exponents)) @ whole.T
        return result

    @cached_property
    def _terms(self) -> list[tuple[int, NDArray[np.intp], Array, Array]]:
        """The products as sums of ``r^(degree + 2) exp(-a r^2)``, by degree.

        Of each degree the numbers of the products, the exponents a, and the coefficients.
        """
        i, j = np.triu_indices(len(self.exponents))
        degrees = self.momenta[self.pairs].sum(axis=1)
        terms = []
        for degree in np.unique(degrees):
            rows = np.flatnonzero(degrees == degree)
            a, b = self.contractions[self.pairs[rows, 0]], self.contractions[self.pairs[rows, 1]]
            both = np.where(i == j, a[:, i] * b[:, j], a[:, i] * b[:, j] + a[:, j] * b[:, i])
            kept = np.any(both != 0, axis=0)
            terms.append(
                (int(degree), rows, (self.exponents[i] + self.exponents[j])[kept], both[:, kept])
            )
        return terms


def averaged_pairs(mol: gto.Mole, pair_matrix: Array) -> PairDensity:
    """Average a two-particle density matrix over rotations.

    Args:
        mol: One atom with spherical functions.
        pair_matrix: Gamma_pqrs = <p+ r+ s q> in atomic orbitals, spin-summed, shape
            (nao, nao, nao, nao).

    Returns:
        The pair density.

    Raises:
        ElectronicStructureError: There is not one atom with all of its electrons, its functions
            are Cartesian, or the matrix is none of its orbitals.
    """
    require_one_atom(mol)
    n = int(mol.nao)
    if mol.cart or np.shape(pair_matrix) != (n,) * 4:
        raise ElectronicStructureError(
            f"a pair density needs spherical functions and a matrix of the shape {(n,) * 4}, not "
            f"{'Cartesian ones' if mol.cart else np.shape(pair_matrix)}"
        )
    degrees = sorted({mol.bas_angular(shell) for shell in range(mol.nbas)})
    shells = {degree: radial_functions(mol, degree) for degree in degrees}
    exponents = np.unique(np.concatenate([alphas for alphas, _, _ in shells.values()]))
    momenta = np.concatenate(
        [np.full(len(rows), degree) for degree, (_, rows, _) in shells.items()]
    )
    contractions = np.zeros((len(momenta), len(exponents)))
    orbitals: dict[int, NDArray[np.intp]] = {}
    first = 0
    for degree, (alphas, rows, of_m) in shells.items():
        within = np.arange(first, first + len(rows))
        contractions[np.ix_(within, np.searchsorted(exponents, alphas))] = rows
        orbitals[degree] = np.array(of_m)
        first += len(rows)
    maps, pairs = _products_of(momenta, orbitals, n)
    flat = np.asarray(pair_matrix).reshape(n * n, n * n)
    matrices = []
    for order, of_order in enumerate(maps):
        matrix = sum(m @ (m @ flat).T for m in of_order)
        matrices.append(2 * np.pi / (2 * order + 1) * (matrix + np.transpose(matrix)))
    return PairDensity(
        n_electrons=int(mol.nelectron),
        momenta=momenta,
        exponents=exponents,
        contractions=contractions,
        pairs=pairs,
        matrices=np.array(matrices),
    )


def _products_of(
    momenta: NDArray[np.intp], orbitals: dict[int, NDArray[np.intp]], n: int
) -> tuple[list[list[csr_array]], NDArray[np.intp]]:
    """What makes products of radial functions of products of orbitals.

    Args:
        momenta: Angular momentum of each radial function, ascending, shape (c,).
        orbitals: By angular momentum the atomic orbitals of each m and function.
        n: Number of orbitals.

    Returns:
        For each L and each of its m a matrix from pairs of orbitals, p n + q, to products of
        functions, with the integrals over angles in it; and the two functions of each product.
    """
    highest = 2 * int(momenta[-1])
    number = np.zeros((len(momenta), len(momenta)), dtype=int)
    upper = np.triu_indices(len(momenta))
    number[upper] = np.arange(len(upper[0]))
    number = np.maximum(number, number.T)
    gaunt = gaunt_coefficients(sorted(orbitals), highest)
    maps = []
    for order in range(highest + 1):
        of_order = []
        for m in range(2 * order + 1):
            rows, columns, values = [_NONE], [_NONE], [np.zeros(0)]
            for a, b in ((a, b) for a in orbitals for b in orbitals):
                products = number[np.ix_(momenta == a, momenta == b)]
                integrals = gaunt[order, a, b][m]
                for i, j in np.argwhere(np.abs(integrals) > _NO_INTEGRAL):
                    rows.append(products.ravel())
                    columns.append(np.add.outer(orbitals[a][i] * n, orbitals[b][j]).ravel())
                    values.append(np.full(products.size, integrals[i, j]))
            of_order.append(
                csr_array(
                    (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
                    shape=(len(upper[0]), n * n),
                )
            )
        maps.append(of_order)
    return maps, np.stack(upper, axis=1)
