"""The pair bound of electrons on spheres: an inequality for two of them bounds the energy of N.

Electrons are on spheres about one centre, w_i of them on average on the sphere of radius r_i. If

    1/d >= v_i + v_j + sum_l A_l[i, j] P_l(t),    t = (r_i^2 + r_j^2 - d^2) / (2 r_i r_j),

for every distance d that points on spheres i and j can have, with matrices A_l that are positive
semidefinite, then the energy of N electrons is on average at least

    sum_i w_i [(N - 1) v_i - sum_l A_l[i, i] / 2] + sum_ij w_i A_0[i, j] w_j / 2:

the sum of the inequality over all pairs has sum_ij A_l P_l over all electrons, each with each and
with itself, which is at least 0 for l >= 1 and on average at least that of the mean for l = 0.

The inequality times d has a polynomial in d on its right, so its worst case is exact: the largest
of the values at the roots of the derivative and at the ends. What exceeds 1/d by the factor
1 + excess is divided by it.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.polynomial.legendre import legval
from numpy.typing import NDArray

from comotion.density.radial import Array
from comotion.errors import TransportError

#: What rounding may hide of a ratio near one, and of an eigenvalue relative to the largest.
_ROUNDING = 1e-12


class Stationary(NamedTuple):
    """Where the right side of an inequality over 1/d is stationary, and at the ends.

    Attributes:
        first: Sphere of one electron, shape (m,).
        second: Sphere of the other.
        distances: Their distance d, shape (m,), bohr.
        ratios: The ratio there.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    distances: Array
    ratios: Array


@dataclass(frozen=True, eq=False)
class PairInequality:
    """A pair inequality on spheres.

    Attributes:
        radii: Radii of the spheres, shape (n,), bohr.
        occupations: Mean number of electrons on each, shape (n,); their sum is N.
        potential: v on each, shape (n,), hartree.
        kernels: A_0 to A_L, shape (L + 1, n, n), hartree.
    """

    radii: Array
    occupations: Array
    potential: Array
    kernels: Array

    def __post_init__(self) -> None:
        """Check the matrices.

        Raises:
            TransportError: One of them is not positive semidefinite.
        """
        for degree, kernel in enumerate(self.kernels):
            values = np.linalg.eigvalsh((kernel + kernel.T) / 2)
            if not values[0] >= -_ROUNDING * max(1.0, values[-1]):
                raise TransportError(f"A_{degree} has the eigenvalue {values[0]:.3g}")

    @property
    def n_electrons(self) -> float:
        """N."""
        return float(np.sum(self.occupations))

    @cached_property
    def stationary(self) -> Stationary:
        """Where the right side over 1/d is stationary, for all pairs of spheres."""
        found = []
        for i, j in combinations_with_replacement(range(len(self.radii)), 2):
            coefficients = self.kernels[:, i, j].copy()
            coefficients[0] += self.potential[i] + self.potential[j]
            d, ratios = stationary_ratios(self.radii[i], self.radii[j], coefficients)
            found.append((np.full(len(d), i), np.full(len(d), j), d, ratios))
        return Stationary(*(np.concatenate(part) for part in zip(*found, strict=True)))

    @cached_property
    def excess(self) -> float:
        """By how much the right side exceeds 1/d at most, relative to 1/d; at least 0."""
        return max(0.0, float(np.max(self.stationary.ratios)) - 1) + _ROUNDING

    def violated(self, tolerance: float) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
        """Spheres of both electrons and their distances where the excess is largest.

        Args:
            tolerance: Least excess of what is listed.
        """
        i, j, d, ratios = self.stationary
        bad = ratios > 1 + tolerance
        return i[bad], j[bad], d[bad]

    @cached_property
    def value(self) -> float:
        """The lower bound of the energy after the repair, in doubles, hartree."""
        w, own = self.occupations, np.einsum("lii->i", self.kernels)
        local = w @ ((self.n_electrons - 1) * self.potential - own / 2)
        return float(local + w @ self.kernels[0] @ w / 2) / (1 + self.excess)


def stationary_ratios(first: float, second: float, coefficients: Array) -> tuple[Array, Array]:
    """sum_l f_l P_l(t) over 1/d, where it is stationary in the distance d.

    Args:
        first: Radius of one sphere, bohr.
        second: Radius of the other.
        coefficients: f_0 to f_L, hartree.

    Returns:
        Distances, bohr, the shortest and the longest among them, and the ratios there. Real parts
        of complex roots are among the distances too: the ratios there are ratios as well.
    """
    nodes, to_series = _interpolation(2 * len(coefficients))
    middle, half = max(first, second), min(first, second)
    d = middle + half * nodes
    cosines = (first**2 + second**2 - d**2) / (2 * first * second)
    ratio = to_series @ (d * legval(cosines, coefficients))
    roots = chebyshev.chebroots(chebyshev.chebder(ratio)).real
    u = np.concatenate(([-1.0], np.sort(np.clip(roots, -1, 1)), [1.0]))
    return middle + half * u, np.asarray(chebyshev.chebval(u, ratio))


@lru_cache(maxsize=64)
def _interpolation(size: int) -> tuple[Array, Array]:
    """Chebyshev's points, and the matrix from values there to coefficients of the interpolant."""
    nodes = np.cos(np.pi * (np.arange(size) + 0.5) / size)
    to_series = 2 / size * chebyshev.chebvander(nodes, size - 1).T
    to_series[0] /= 2
    return nodes, np.asarray(to_series, dtype=float)
