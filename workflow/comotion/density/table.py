"""A density given as a table of r and rho.

Log rho is interpolated by a cubic spline in log r; the charge between neighbouring rows
is integrated by Gauss-Legendre, so N(r) and N - N(r) are prefix and suffix sums of the
same positive pieces: consistent with rho, monotone, and accurate in both tails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comotion.density.radial import CHARGE_TOLERANCE, Array, Quadrature, RadialDensity
from comotion.errors import DensityError
from comotion.systems import MOST_ELECTRONS

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

_FEWEST_ROWS = 8
#: Gauss-Legendre nodes in each interval of the table and their weights on [0, 1].
_LEGENDRE = np.polynomial.legendre.leggauss(8)
_NODES, _WEIGHTS = (_LEGENDRE[0] + 1) / 2, _LEGENDRE[1] / 2


@dataclass(frozen=True, eq=False, repr=False)
class TabulatedDensity(RadialDensity):
    """A density through the points of a table.

    Inside the first row the density is constant, outside the last it is zero.

    Attributes:
        n_electrons: Number of electrons N.
        r: Radii of the rows, increasing and positive, shape (n,), bohr.
        rho: Density at the rows, positive, shape (n,), bohr^-3, scaled so that the
            interpolated density integrates to N exactly.
    """

    KIND: ClassVar[str] = "table"

    n_electrons: int
    r: Array
    rho: Array

    def parts(self) -> tuple[dict[str, Any], dict[str, tuple[Any, str, str]]]:
        """The rows; see `RadialDensity.parts`."""
        return {}, {
            "r": (self.r, "bohr", "radii, (n,)"),
            "rho": (self.rho, "bohr^-3", "density, (n,)"),
        }

    @classmethod
    def of_parts(
        cls, n_electrons: int, attributes: Mapping[str, Any], arrays: Mapping[str, Array]
    ) -> "TabulatedDensity":
        """The density of some rows; see `RadialDensity.of_parts`."""
        del attributes
        return cls(n_electrons, arrays["r"], arrays["rho"])

    def density(self, r: ArrayLike) -> Array:
        """Number density, bohr^-3; see `RadialDensity.density`."""
        r = np.asarray(r, dtype=float)
        x = np.log(np.clip(r, self.r[0], self.r[-1]))
        return np.where(r <= self.r[-1], np.exp(self._log_rho(x)), 0.0)

    def cumulant(self, r: ArrayLike) -> Array:
        """Electrons inside r; see `RadialDensity.cumulant`."""
        r = np.asarray(r, dtype=float)
        core = self.density(0.0) * 4 * np.pi / 3 * np.minimum(r, self.r[0]) ** 3
        row, x = self._locate(r)
        inside = np.concatenate(([0.0], np.cumsum(self._charges)))
        return np.asarray(core + inside[row] + self._partial_charge(self._knots[row], x))

    def cocumulant(self, r: ArrayLike) -> Array:
        """Electrons outside r; see `RadialDensity.cocumulant`."""
        r = np.asarray(r, dtype=float)
        volume = self.r[0] ** 3 - np.minimum(r, self.r[0]) ** 3
        core = self.density(0.0) * 4 * np.pi / 3 * volume
        row, x = self._locate(r)
        outside = np.concatenate((np.cumsum(self._charges[::-1])[::-1], [0.0]))
        return np.asarray(core + outside[row + 1] + self._partial_charge(x, self._knots[row + 1]))

    def quadrature(self, refinement: int = 1) -> Quadrature:
        """Gauss-Legendre rule in log r between the rows; see `RadialDensity.quadrature`."""
        x, w = np.polynomial.legendre.leggauss(8 * refinement)
        x, w = (x + 1) / 2, w / 2
        width = np.diff(self._knots)[:, None]
        r = np.exp(self._knots[:-1, None] + width * x).ravel()
        weights = (width * w).ravel() * 4 * np.pi * r**3 * self.density(r)
        core = self.r[0] * x
        core_weights = self.r[0] * w * 4 * np.pi * core**2 * self.density(core)
        return Quadrature(np.concatenate((core, r)), np.concatenate((core_weights, weights)))

    def scaled(self, n_electrons: int) -> "TabulatedDensity":
        """Density of the same shape with another N; see `RadialDensity.scaled`."""
        factor = n_electrons / self.n_electrons
        return replace(self, n_electrons=n_electrons, rho=self.rho * factor)

    def stretched(self, factor: float) -> "TabulatedDensity":
        """Density with other lengths; see `RadialDensity.stretched`."""
        return replace(self, r=self.r * factor, rho=self.rho / factor**3)

    @property
    def _compact(self) -> bool:
        return True

    def _range(self) -> tuple[float, float]:
        return float(self.r[0]) * 1e-6, float(self.r[-1])

    @cached_property
    def _knots(self) -> Array:
        return np.log(self.r)

    @cached_property
    def _log_rho(self) -> "CubicSpline":
        from scipy.interpolate import CubicSpline  # noqa: PLC0415 - slow to import

        return CubicSpline(self._knots, np.log(self.rho))

    @cached_property
    def _charges(self) -> Array:
        """Charge of each interval of the table, shape (n-1,), electrons."""
        return self._partial_charge(self._knots[:-1], self._knots[1:])

    def _locate(self, r: Array) -> tuple[NDArray[np.intp], Array]:
        """Interval of each radius and its log r, held inside the table."""
        x = np.log(np.clip(r, self.r[0], self.r[-1]))
        row = np.clip(np.searchsorted(self._knots, x, side="right") - 1, 0, len(self.r) - 2)
        return row, x

    def _partial_charge(self, low: Array, high: Array) -> Array:
        """Charge between two values of log r in one interval, any shape, electrons."""
        low, high = np.asarray(low), np.asarray(high)
        x = low[..., None] + (high - low)[..., None] * _NODES
        return np.asarray((high - low) * (4 * np.pi * np.exp(3 * x + self._log_rho(x)) @ _WEIGHTS))


def tabulated(r: ArrayLike, rho: ArrayLike, normalize: bool = False) -> TabulatedDensity:
    """Make a density from arrays; see `comotion.density.user_table.read_table`.

    Args:
        r: Radii, shape (n,), bohr.
        rho: Density at them, shape (n,), bohr^-3.
        normalize: Rescale to the nearest integer number of electrons.

    Returns:
        The density through the rows.

    Raises:
        DensityError: The table is no density, or holds anything but real numbers.
    """
    r, rho = _real("r", r), _real("rho", rho)
    if r.shape != rho.shape or r.ndim != 1 or len(r) < _FEWEST_ROWS:
        raise DensityError(
            f"columns 'r' and 'rho' must be of one length, at least {_FEWEST_ROWS} rows; "
            f"they have the shapes {r.shape} and {rho.shape}"
        )
    if r[0] < 0:
        raise DensityError(f"column 'r', row 1: the radius {r[0]} is negative")
    if np.any(np.diff(r) <= 0):
        row = int(np.argmax(np.diff(r) <= 0)) + 1
        raise DensityError(
            f"column 'r', row {row + 1}: {r[row]} does not exceed {r[row - 1]} of the row "
            "above; sort the rows and remove duplicates"
        )
    if np.any(rho < 0):
        row = int(np.argmax(rho < 0))
        raise DensityError(f"column 'rho', row {row + 1}: the density {rho[row]} is negative")
    positive = np.flatnonzero(rho > 0)
    if positive.size < _FEWEST_ROWS:
        raise DensityError(f"column 'rho': only {positive.size} rows are positive")
    if r[0] == 0.0:
        r, rho, positive = r[1:], rho[1:], positive[positive > 0] - 1
    last = int(positive[-1]) + 1
    r, rho = r[:last], rho[:last]
    if np.any(rho == 0):
        row = int(np.argmax(rho == 0))
        raise DensityError(
            f"column 'rho': the density vanishes at r = {r[row]} and not further out; "
            "a gap has no interpolation in log rho: fill it or remove the outer part"
        )
    return _normalised(r, rho, normalize)


def _real(name: str, column: ArrayLike) -> Array:
    """A column as an array of finite numbers.

    Raises:
        DensityError: It holds anything else.
    """
    try:
        values = np.array(column, dtype=float)
    except (TypeError, ValueError) as error:
        raise DensityError(f"column '{name}' must hold real numbers: {error}") from error
    if not np.all(np.isfinite(values)):
        raise DensityError(f"column '{name}' holds a value that is not a finite number")
    return values


def _normalised(r: Array, rho: Array, normalize: bool) -> TabulatedDensity:
    """Scale a table to an integer charge, if it is near enough to one."""
    charge = float(TabulatedDensity(1, r, rho).cumulant(r[-1]))
    if not 0.5 < charge < MOST_ELECTRONS + 0.5:
        raise DensityError(
            f"the density integrates to {charge:.6g} electrons; at least 1 needed, at most "
            f"{MOST_ELECTRONS}: give r in bohr and rho in bohr^-3"
        )
    n_electrons = round(charge)
    if abs(charge - n_electrons) > CHARGE_TOLERANCE and not normalize:
        raise DensityError(
            f"the density integrates to {charge:.8f} electrons, {charge - n_electrons:+.2e} from "
            f"an integer; set 'normalize: true' to rescale it to {n_electrons}, or give more rows"
        )
    return TabulatedDensity(n_electrons, r, rho * (n_electrons / charge))
