"""A density given as a table of r and rho.

Between the rows rho is interpolated (`comotion.density.interpolation`) and integrated by
Gauss-Legendre; N(r) and N - N(r) are prefix and suffix sums of the same charges, none of them
negative: consistent with rho, monotone, and accurate in both tails. The density may vanish at
the centre, between shells and from some radius on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comotion.density.cumulant_inverse import LARGEST_LOG
from comotion.density.interpolation import Interpolation, interpolated
from comotion.density.radial import CHARGE_TOLERANCE, Array, Quadrature, RadialDensity
from comotion.errors import DensityError
from comotion.systems import MOST_ELECTRONS

_FEWEST_ROWS = 8
#: Relative rounding of sums of charges.
_ROUNDING = 1e-13


@dataclass(frozen=True, eq=False, repr=False)
class TabulatedDensity(RadialDensity):
    """A density through the points of a table.

    Inside the first row the density is constant, outside the last it is zero. Between
    neighbouring rows that are both zero there is a gap; the radius R(m) that encloses just the
    charge inside of a gap is its inner end, and R(0) is where the density begins.

    Attributes:
        n_electrons: Number of electrons N.
        r: Radii of the rows, not negative, increasing, shape (n,), bohr. Where rho jumps to
            zero or from zero the radius stands twice.
        rho: Density at the rows, not negative, shape (n,), bohr^-3, scaled so that the
            interpolated density integrates to N exactly.

    Raises:
        DensityError: The rows are none of this.
    """

    KIND: ClassVar[str] = "table"

    n_electrons: int
    r: Array
    rho: Array

    def __post_init__(self) -> None:
        _require_rows(self.r, self.rho)

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
        interval, at = self._locate(r)
        within = np.where(r < self.r[0], self.rho[0], self._interpolation.density(interval, at))
        return np.where(r <= self.r[-1], within, 0.0)

    def cumulant(self, r: ArrayLike) -> Array:
        """Electrons inside r; see `RadialDensity.cumulant`."""
        return self._charge(np.asarray(r, dtype=float), np.array(True))

    def cocumulant(self, r: ArrayLike) -> Array:
        """Electrons outside r; see `RadialDensity.cocumulant`."""
        return self._charge(np.asarray(r, dtype=float), np.array(False))

    def _rule(self, refinement: int) -> Quadrature:
        """Gauss-Legendre rule in r between the rows; see `RadialDensity.quadrature`."""
        charged = np.flatnonzero(self._charges > 0)
        r, weights = self._interpolation.rule(
            charged, self.r[charged], self.r[charged + 1], refinement
        )
        # Inside the first row the density is constant: its charge, at the nodes of one rule.
        x, w = np.polynomial.legendre.leggauss(8)
        core = self.r[0] * (x + 1) / 2 if self._inside[0] > 0 else x[:0]
        core_weights = self.r[0] * w[: len(core)] / 2 * 4 * np.pi * core**2 * self.rho[0]
        return Quadrature(
            np.concatenate((core, r.ravel())), np.concatenate((core_weights, weights.ravel()))
        )

    def scaled(self, n_electrons: int) -> "TabulatedDensity":
        """Density of the same shape with another N; see `RadialDensity.scaled`."""
        factor = n_electrons / self.n_electrons
        return replace(self, n_electrons=n_electrons, rho=self.rho * factor)

    def stretched(self, factor: float) -> "TabulatedDensity":
        """Density with other lengths; see `RadialDensity.stretched`."""
        return replace(self, r=self.r * factor, rho=self.rho / factor**3)

    @property
    def uncertainty(self) -> float:
        """Charge that the rows do not settle, electrons.

        It is what changes when each piece of the interpolation takes fewer rows; for a smooth
        density an upper bound of the error of the charge.
        """
        return float(np.sum(self._interpolation.changes))

    def _range(self) -> tuple[float, float]:
        inner, outer = self.support
        return inner or 1e-6 * float(self.r[self.r > 0][0]), outer

    @cached_property
    def support(self) -> tuple[float, float]:
        """Where the rows begin and end to hold charge; see `RadialDensity.support`."""
        charged = np.flatnonzero(self._charges > 0)
        inner = 0.0 if self._inside[0] > 0 else float(self.r[charged[0]])
        return inner, float(self.r[charged[-1] + 1])

    @cached_property
    def _interpolation(self) -> Interpolation:
        return interpolated(self.r, self.rho)

    @cached_property
    def _charges(self) -> Array:
        """Charge of each interval of the table, shape (n-1,), electrons."""
        interval = np.arange(len(self.r) - 1)
        return self._interpolation.charge(interval, self.r[:-1], self.r[1:])

    @cached_property
    def _inside(self) -> Array:
        """Charge inside each row, shape (n,), electrons."""
        core = 4 * np.pi / 3 * self.rho[0] * self.r[0] ** 3
        return np.asarray(core + np.concatenate(([0.0], np.cumsum(self._charges))))

    @cached_property
    def _outside(self) -> Array:
        """Charge outside each row, shape (n,), electrons."""
        return np.concatenate((np.cumsum(self._charges[::-1])[::-1], [0.0]))

    def pieces(self) -> list[dict[str, Any]]:
        """The density as polynomials between radii, for a certificate of a bound.

        Returns:
            For each interval with density its radii in bohr, the variable of its polynomial,
            the power of the polynomial that rho is in bohr^-3 (0 for its exponential), and
            nodes and coefficients of Newton's formula.
        """
        pieces = self._interpolation.pieces()
        if self.r[0] > 0 and self.rho[0] > 0:
            core = {"from": 0.0, "to": float(self.r[0]), "variable": "r", "power": 1.0}
            pieces.insert(0, core | {"nodes": [], "coefficients": [float(self.rho[0])]})
        return pieces

    def _locate(self, r: Array) -> tuple[NDArray[np.intp], Array]:
        """Interval of each radius, and the radius held inside the table."""
        at = np.clip(r, self.r[0], self.r[-1])
        interval = np.searchsorted(self.r, at, side="right") - 1
        return np.clip(interval, 0, len(self.r) - 2), at

    def _charge(self, r: Array, inside: NDArray[np.bool_]) -> Array:
        """See `RadialDensity`; only the part of an interval on the side asked for is summed."""
        interval, at = self._locate(r)
        low, high = self.r[interval], self.r[interval + 1]
        part = self._interpolation.charge(
            interval, np.where(inside, low, at), np.where(inside, at, high)
        )
        constant = 4 * np.pi / 3 * self.rho[0]
        core = constant * np.minimum(r, self.r[0]) ** 3
        shell = constant * (self.r[0] ** 3 - np.minimum(r, self.r[0]) ** 3)
        within = np.where(r < self.r[0], core, self._inside[interval] + part)
        return np.where(inside, within, shell + self._outside[interval + 1] + part)

    def _bracket(self, inside: Array, outside: Array) -> tuple[Array, Array, Array]:
        """The rows around each charge; see `RadialDensity._bracket`."""
        # The first row at which the charge is reached, which is the inner end of a gap; what
        # sums of charges lose to rounding must not lead across it.
        reached = np.searchsorted(self._inside, inside * (1 - _ROUNDING))
        left = np.searchsorted(self._outside[::-1], outside * (1 + _ROUNDING), side="right")
        row = np.where(inside <= outside, reached, len(self.r) - left)
        with np.errstate(divide="ignore"):
            high = np.log(self.r[row])
            low = np.where(row > 0, np.log(self.r[row - 1]), -np.inf)
        guess = (np.maximum(low, high - 40.0) + high) / 2
        return guess, np.maximum(low, np.minimum(high - 40.0, -LARGEST_LOG)), high


def tabulated(r: ArrayLike, rho: ArrayLike, normalize: bool = False) -> TabulatedDensity:
    """Make a density from arrays.

    Rows are points of a curve that is continuous, but for jumps to zero and from zero: there
    two rows have the same radius. The density is constant inside the first row, zero outside
    the last, and zero between neighbouring rows without density, so it may have a hollow centre,
    gaps and an edge. A row at r = 0 is welcome.

    Args:
        r: Radii, not negative, increasing, shape (n,), bohr.
        rho: Density at them, not negative, shape (n,), bohr^-3.
        normalize: Rescale to the nearest integer number of electrons.

    Returns:
        The density through the rows.

    Raises:
        DensityError: The table is no density, or holds anything but real numbers.
    """
    r, rho = _real("r", r), _real("rho", rho)
    _require_rows(r, rho)
    positive = np.flatnonzero(rho > 0)
    if positive.size < _FEWEST_ROWS:
        raise DensityError(
            f"column 'rho': only {positive.size} rows are positive, and at least {_FEWEST_ROWS} "
            "are needed; give more rows"
        )
    # Of the rows without density inside and outside of all charge, one each is of use.
    first, last = max(int(positive[0]) - 1, 0), int(positive[-1]) + 2
    return _normalised(r[first:last], rho[first:last], normalize)


def _require_rows(r: Array, rho: Array) -> None:
    """Check that rows are points of a density.

    Raises:
        DensityError: They are not.
    """
    if r.shape != rho.shape or r.ndim != 1 or len(r) < _FEWEST_ROWS:
        raise DensityError(
            f"columns 'r' and 'rho' must be of one length, at least {_FEWEST_ROWS} rows; "
            f"they have the shapes {r.shape} and {rho.shape}"
        )
    for name, values in (("r", r), ("rho", rho)):
        if not np.all(np.isfinite(values)):
            raise DensityError(
                f"column '{name}', row {np.argmin(np.isfinite(values)) + 1}: not a finite number; "
                "mend or remove the row"
            )
    if r[0] < 0:
        raise DensityError("column 'r', row 1: the radius is negative")
    if np.any(rho < 0):
        row = int(np.argmax(rho < 0))
        raise DensityError(f"column 'rho', row {row + 1}: the density is negative")
    wrong = (np.diff(r) <= 0) & ~_jumps(r, rho)
    if np.any(wrong):
        row = int(np.argmax(wrong)) + 1
        raise DensityError(
            f"column 'r', row {row + 1}: the radius does not exceed that of the row above; sort "
            "the rows and remove duplicates (a radius may stand twice only where rho jumps to 0 "
            "or from 0)"
        )


def _jumps(r: Array, rho: Array) -> NDArray[np.bool_]:
    """Where two rows stand for both sides of a jump to zero or from zero, shape (n-1,)."""
    twice = np.diff(r) == 0
    first = ~np.concatenate(([False], twice[:-1]))
    return np.asarray(twice & first & ((rho[:-1] > 0) != (rho[1:] > 0)))


def _real(name: str, column: ArrayLike) -> Array:
    """A column as an array of real numbers.

    Raises:
        DensityError: It holds anything else.
    """
    values = np.asarray(column)
    if values.dtype.kind not in "fiu":
        raise DensityError(f"column '{name}' must hold real numbers; give an array of them")
    return values.astype(float)


def _normalised(r: Array, rho: Array, normalize: bool) -> TabulatedDensity:
    """Scale a table to an integer charge, if it is near enough to one."""
    density = TabulatedDensity(1, r, rho)
    charge = float(density.cumulant(r[-1]))
    if not 0.5 < charge < MOST_ELECTRONS + 0.5:
        raise DensityError(
            f"the density integrates to {charge:.6g} electrons; at least 1 needed, at most "
            f"{MOST_ELECTRONS}: give r in bohr and rho in bohr^-3"
        )
    n_electrons = round(charge)
    if abs(charge - n_electrons) > CHARGE_TOLERANCE and not normalize:
        raise DensityError(
            f"the density integrates to {charge:.8f} electrons, {charge - n_electrons:+.2e} from "
            f"an integer, and its rows settle that to {density.uncertainty:.0e}; set 'normalize: "
            f"true' to rescale it to {n_electrons}, or give more rows"
        )
    return TabulatedDensity(n_electrons, r, rho * (n_electrons / charge))
