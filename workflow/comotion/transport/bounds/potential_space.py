"""Potentials of the dual problem: a known potential and cubic B-splines in log r.

``u(r) = g(log r) / sqrt(r^2 + b^2)`` with ``g = c_0 g_0 + sum c_m B_m``: g is smooth, constant
at both ends, so that u has a tail c / r. g_0 comes from the forces on the co-motion plan: where
that plan is optimal u is in the space whatever the splines. On a fine uniform grid that
contains the knots g is one table of cubic polynomials.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import Array, RadialDensity

#: Charges inside the first and outside the last knot: beyond them g varies with g_0 only.
_INNER, _OUTER = 1e-4, 1e-5
#: Charge beyond both ends of the table.
_TAIL = 1e-13
#: Fine intervals for each interval between knots.
_FINE = 24
#: Refinement of the density's quadrature for the integrals of the basis functions.
_REFINEMENT = 8


@dataclass(frozen=True, eq=False)
class PotentialTable:
    """A potential as a table of cubic polynomials.

    Attributes:
        coefficients: Polynomials of g in the local coordinate, ascending, shape (n, 4).
        start: log r of the first grid point.
        inverse_step: One over the grid's step.
        b_square: b^2, bohr^2.
    """

    coefficients: Array
    start: float
    inverse_step: float
    b_square: float


class PotentialSpace:
    """The space and its integrals against a density.

    Args:
        density: The density.
        known: The known potential u_0(r), vectorised, hartree.
        splines: Number of intervals between knots.
    """

    def __init__(
        self, density: RadialDensity, known: Callable[[Array], Array], splines: int
    ) -> None:
        n = density.n_electrons
        low = float(np.log(density.radius(_INNER)))
        high = float(np.log(density.radius(n - _OUTER, _OUTER)))
        first = float(np.log(density.radius(_TAIL)))
        last = float(np.log(density.radius(n - _TAIL, _TAIL)))
        #: Number of intervals between knots.
        self.intervals = splines
        self.splines = splines + 3
        self._low, self._step = low, (high - low) / splines
        self._b = float(density.radius(n / 2))
        self._before = int(np.ceil((low - first) / self._step)) * _FINE
        after = splines * _FINE + int(np.ceil((last - high) / self._step)) * _FINE
        self._grid = low + self._step / _FINE * np.arange(-self._before, after + 1)
        from scipy.interpolate import CubicSpline  # noqa: PLC0415 - slow to import

        scale = np.sqrt(np.exp(2 * self._grid) + self._b**2)
        self._known = CubicSpline(self._grid, known(np.exp(self._grid)) * scale)
        rule = density.quadrature(_REFINEMENT)
        #: int rho phi_m, of the splines and of the known potential, shape (size,).
        self.integrals: Array = self.functions(rule.radii).T @ rule.weights

    @property
    def size(self) -> int:
        """Number of basis functions, the known potential last."""
        return self.splines + 1

    def functions(self, radii: Array) -> Array:
        """Basis functions at radii, shape (n, size), hartree."""
        x = np.log(radii)
        position = (x - self._low) / self._step
        interval = np.floor(position).astype(int)
        values = np.zeros((len(x), self.size))
        rows = np.arange(len(x))
        for offset, piece in enumerate(_pieces(position - interval)[0]):
            np.add.at(values, (rows, self._column(interval + offset)), piece)
        values[:, -1] = self._known(np.clip(x, self._grid[0], self._grid[-1]))
        return np.asarray(values / np.sqrt(radii**2 + self._b**2)[:, None])

    def sums(self, radii: Array) -> Array:
        """sum_i phi_m(r_i) of configurations with radii (n, N), shape (n, size)."""
        return np.asarray(self.functions(radii.ravel()).reshape(*radii.shape, -1).sum(axis=1))

    def table(self, coefficients: Array) -> PotentialTable:
        """The potential with some coefficients, shape (size,)."""
        cells = np.arange(len(self._grid) - 1) - self._before
        interval = np.floor_divide(cells, _FINE)
        start = (cells - interval * _FINE) / _FINE
        table = np.zeros((len(cells), 4))
        for power, (pieces, factorial) in enumerate(zip(_pieces(start), (1, 1, 2, 6), strict=True)):
            for offset, piece in enumerate(pieces):
                table[:, power] += coefficients[self._column(interval + offset)] * piece
            table[:, power] *= (1 / _FINE) ** power / factorial
        step = self._grid[1] - self._grid[0]
        table += coefficients[-1] * self._known.c[::-1].T * step ** np.arange(4)
        return PotentialTable(table, float(self._grid[0]), float(1 / step), self._b**2)

    def _column(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """Spline of an index; beyond the ends the last one continues as a plateau."""
        return np.clip(index, 0, self.splines - 1)


def _pieces(s: Array) -> tuple[list[Array], list[Array], list[Array], list[Array]]:
    """The four cubic B-splines on a unit interval and their derivatives."""
    one = np.ones_like(s)
    return (
        [(1 - s) ** 3 / 6, (3 * s**3 - 6 * s**2 + 4) / 6,
         (-3 * s**3 + 3 * s**2 + 3 * s + 1) / 6, s**3 / 6],
        [-((1 - s) ** 2) / 2, (3 * s**2 - 4 * s) / 2, (-3 * s**2 + 2 * s + 1) / 2, s**2 / 2],
        [1 - s, 3 * s - 2, 1 - 3 * s, s],
        [-one, 3 * one, -3 * one, one],
    )  # fmt: skip
