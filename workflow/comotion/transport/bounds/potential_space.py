"""Potentials of the dual problem: a known potential, cubic B-splines in log r, and a tail.

``u(r) = g(log r) / sqrt(r^2 + b^2)`` with ``g = c_0 g_0 + sum c_m B_m``: g is smooth, constant
at both ends. g_0 comes from the forces on the co-motion plan: where that plan is optimal u is in
the space whatever the splines. Outside all charge g is N - 1, so that u has the tail (N - 1) / r
of the exact potential: one coefficient, that of the plateau, follows from the others. On a fine
uniform grid that contains the knots g is one table of cubic polynomials.

For another pair cost than Coulomb's ``u(r) = g(log r) + a l(k sqrt(r^2 + b^2))``, where g is 0
outside all charge: its last coefficient is fixed, and that of the tail is 1. Outside, u must not
exceed what the electrons' repulsion allows, or V - sum u has no minimum. Where l vanishes at
infinity u has the tail of the exact potential, a = N - 1 and k = 1. Where it falls without bound
and is convex far away, as -log d, the same will do, since l(r + s) >= l(r) + l(s) - l(0), and
-log of s, r > b likewise. Where it is concave, as -d^2, it is a = (N - 1) / 2 and k = 2, since
l(r + s) >= (l(2 r) + l(2 s)) / 2. Where it rises it is bounded from below, and a = 0. A constant
in u changes no bound; where l does not vanish it is what makes g vanish.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comotion.density.radial import CHARGE_TOLERANCE, Array, RadialDensity
from comotion.errors import TransportError
from comotion.transport.angular.minimiser import workspace
from comotion.transport.bounds.pricing import PotentialTable
from comotion.transport.pair_cost import COULOMB, PairCost

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

#: Charges inside the first and outside the last knot: beyond them g varies with g_0 only.
_INNER, _OUTER = 1e-4, 1e-5
#: Charge beyond both ends of the table.
_TAIL = 1e-13
#: Fine intervals for each interval between knots.
_FINE = 24
#: Intervals beyond the outermost knots until all splines but the last have vanished.
_PLATEAU = 3
#: Refinement of the density's quadrature for the integrals of the basis functions.
_REFINEMENT = 8


@dataclass(frozen=True, eq=False, repr=False)
class PotentialSpace:
    """The space and its integrals against a density.

    Attributes:
        n_electrons: Number of electrons N.
        intervals: Number of intervals between knots.
        first_knot: log of the first knot in the unit of length.
        step: Distance of the knots in log r.
        before: Fine grid points before the first knot.
        b: The length b, in the unit.
        known: g_0 on the fine grid, shape (n,), hartree bohr; without unit, and 0 at the end, for
            another cost than Coulomb's.
        integrals: int rho phi_m of the splines, of the known potential, and of another cost's
            tail, shape (size,), hartree in the unit.
        unit: The unit of length, bohr. Where it is a power of two, potentials and their
            integrals are rounded as they are for the unit 1.
        pair_cost: The repulsion l(d) of two electrons, in the unit of length.
        tail: The factor a of another cost's tail.
        stretch: Its k.
    """

    n_electrons: int
    intervals: int
    first_knot: float
    step: float
    before: int
    b: float
    known: Array
    integrals: Array
    unit: float = 1.0
    pair_cost: PairCost = COULOMB
    tail: float = 0.0
    stretch: float = 1.0

    def __repr__(self) -> str:
        """Functions and range, in a line."""
        first, last = self.unit * np.exp(self.knots[[0, -1]])
        return f"<PotentialSpace: {self.size} functions, knots from {first:.3g} to {last:.3g} bohr>"

    @property
    def splines(self) -> int:
        """Number of splines."""
        return self.intervals + 3

    @property
    def size(self) -> int:
        """Number of basis functions: the splines, the known potential, another cost's tail."""
        return self.splines + (1 if self.pair_cost.is_coulomb else 2)

    @property
    def n_free(self) -> int:
        """Number of coefficients that are free: of all splines but the plateau, and of g_0."""
        return self.splines

    @cached_property
    def knots(self) -> Array:
        """Log of the knots in the unit of length, shape (intervals + 1,)."""
        return np.asarray(self.first_knot + self.step * np.arange(self.intervals + 1))

    @cached_property
    def grid(self) -> Array:
        """Log of the fine grid in the unit of length, shape (n,)."""
        return _grid(self.first_knot, self.step, self.before, len(self.known))

    def stretched(self, factor: float) -> "PotentialSpace":
        """The space in another unit of length, ``factor`` times as long."""
        return replace(self, unit=self.unit * factor)

    @property
    def fixed(self) -> Array:
        """Coefficients with nothing but the tail, shape (size,)."""
        return self.with_tail(np.zeros(self.n_free))

    def with_tail(self, free: Array) -> Array:
        """All coefficients, given those that are free, shape (n_free,) to (size,)."""
        if not self.pair_cost.is_coulomb:
            return np.concatenate((free[:-1], [0.0, free[-1], 1.0]))
        plateau = self.n_electrons - 1 - free[-1] * self.known[-1]
        return np.concatenate((free[:-1], [plateau, free[-1]]))

    def of_free(self, values: Array) -> Array:
        """Sums over all functions become sums over those that are free, (..., size) to n_free.

        The plateau follows from the known potential, whose own tail it has to undo; what is left
        of it is that of `fixed`.
        """
        if not self.pair_cost.is_coulomb:
            return np.concatenate((values[..., :-3], values[..., -2:-1]), axis=-1)
        known = values[..., -1:] - self.known[-1] * values[..., -2:-1]
        return np.concatenate((values[..., :-2], known), axis=-1)

    def functions(self, radii: Array) -> Array:
        """Basis functions at radii in bohr, shape (n, size), hartree for each hartree bohr."""
        radii = radii / self.unit
        x = np.log(radii)
        position = (x - self.first_knot) / self.step
        interval = np.floor(position).astype(int)
        values = np.zeros((len(x), self.size))
        rows = np.arange(len(x))
        for offset, piece in enumerate(_pieces(position - interval)[0]):
            np.add.at(values, (rows, self._column(interval + offset)), piece)
        values[:, self.splines] = self._spline(np.clip(x, self.grid[0], self.grid[-1]))
        distance = np.sqrt(radii**2 + self.b**2)
        if self.pair_cost.is_coulomb:
            return np.asarray(values / distance[:, None] / self.unit)
        values[:, -1] = self.tail_at(distance)
        return values / self.unit

    def tail_at(self, distance: Array) -> Array:
        """Another cost's tail at s = sqrt(r^2 + b^2), all in the unit of length."""
        return np.asarray(self.tail * self.pair_cost.value(self.stretch * distance))

    def sums(self, radii: Array) -> Array:
        """sum_i phi_m(r_i) of configurations with radii (n, N), shape (n, size)."""
        return np.asarray(self.functions(radii.ravel()).reshape(*radii.shape, -1).sum(axis=1))

    def table(self, coefficients: Array) -> PotentialTable:
        """The potential with some coefficients, shape (size,)."""
        cells = np.arange(len(self.grid) - 1) - self.before
        interval = np.floor_divide(cells, _FINE)
        start = (cells - interval * _FINE) / _FINE
        table = np.zeros((len(cells), 4))
        for power, (pieces, factorial) in enumerate(zip(_pieces(start), (1, 1, 2, 6), strict=True)):
            for offset, piece in enumerate(pieces):
                table[:, power] += coefficients[self._column(interval + offset)] * piece
            table[:, power] *= (1 / _FINE) ** power / factorial
        step = self.grid[1] - self.grid[0]
        known = coefficients[self.splines]
        table += known * self._spline.c[::-1].T * step ** np.arange(4)
        return PotentialTable(
            table, float(self.grid[0]), float(1 / step), self.b**2, self.tail, self.stretch,
            workspace(self.pair_cost),
        )  # fmt: skip

    def parts(self) -> tuple[dict[str, Any], dict[str, tuple[Any, str, str]]]:
        """What makes the space: attributes, and arrays as (values, unit, meaning) by name."""
        return {name: getattr(self, name) for name in _NUMBERS}, {
            name: (getattr(self, name), *what) for name, what in _ARRAYS.items()
        }

    @classmethod
    def of_parts(
        cls,
        attributes: Mapping[str, Any],
        arrays: Mapping[str, Array],
        pair_cost: PairCost = COULOMB,
    ) -> "PotentialSpace":
        """The space that `parts` took apart, for a pair cost in bohr.

        Raises:
            KeyError: Something is missing.
        """
        numbers: dict[str, Any] = {name: kind(attributes[name]) for name, kind in _NUMBERS.items()}
        inner = pair_cost.stretched(1 / numbers["unit"])
        return cls(known=arrays["known"], integrals=arrays["integrals"], pair_cost=inner, **numbers)

    @cached_property
    def _spline(self) -> "CubicSpline":
        """g_0 between the points of the fine grid."""
        from scipy.interpolate import CubicSpline  # noqa: PLC0415 - slow to import

        return CubicSpline(self.grid, self.known)

    def _column(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """Spline of an index; beyond the ends the last one continues as a plateau."""
        return np.clip(index, 0, self.splines - 1)


#: Numbers of a space with their types, and arrays with unit and meaning.
_NUMBERS: dict[str, type[float] | type[int]] = {
    "n_electrons": int,
    "intervals": int,
    "first_knot": float,
    "step": float,
    "before": int,
    "b": float,
    "unit": float,
    "tail": float,
    "stretch": float,
}
_ARRAYS = {
    "knots": ("1", "log of the knots over the unit of length, (intervals + 1,)"),
    "known": ("hartree bohr", "g_0 on the fine grid, (n,)"),
    "integrals": ("1", "int rho phi_m times the unit of length, (size,)"),
}


def potential_space(
    density: RadialDensity,
    known: Callable[[Array], Array],
    intervals: int,
    pair_cost: PairCost = COULOMB,
) -> PotentialSpace:
    """The space of a density.

    Args:
        density: The density.
        known: The known potential u_0(r), vectorised, hartree.
        intervals: Number of intervals between knots.
        pair_cost: The repulsion l(d) of two electrons.

    Returns:
        The space, in the unit 1 bohr.

    Raises:
        TransportError: The density's quadrature does not hold its charge: integrals against it
            would be no part of a bound.
    """
    n = density.n_electrons
    rule = density.quadrature(_REFINEMENT)
    charge = float(np.sum(rule.weights))
    if not abs(charge - n) <= CHARGE_TOLERANCE:
        raise TransportError(
            f"the density's quadrature holds {charge:.8g} of {n} electrons: no bound can be "
            "computed with it; give the density as a table of r and rho"
        )
    low = float(np.log(density.radius(_INNER)))
    high = float(np.log(density.radius(n - _OUTER, _OUTER)))
    first = float(np.log(density.radius(_TAIL)))
    last = float(np.log(density.radius(n - _TAIL, _TAIL)))
    step, b = (high - low) / intervals, float(density.radius(n / 2))
    before = max(_PLATEAU, int(np.ceil((low - first) / step))) * _FINE
    after = (intervals + max(_PLATEAU, int(np.ceil((last - high) / step)))) * _FINE
    grid = _grid(low, step, before, before + after + 1)
    r = np.exp(grid)
    space = PotentialSpace(
        n_electrons=n,
        intervals=intervals,
        first_knot=low,
        step=step,
        before=before,
        b=b,
        known=known(r) * np.sqrt(r**2 + b**2),
        integrals=np.empty(0),
    )
    if not pair_cost.is_coulomb:
        tail, stretch = _tail_of(pair_cost, n, float(r[-1]))
        space = replace(space, pair_cost=pair_cost, tail=tail, stretch=stretch)
        rest = known(r) - space.tail_at(np.sqrt(r**2 + b**2))
        rest = rest - rest[-1]
        space = replace(space, known=rest / (np.max(np.abs(rest)) or 1.0))
    return replace(space, integrals=space.functions(rule.radii).T @ rule.weights)


def _tail_of(pair_cost: PairCost, n_electrons: int, last: float) -> tuple[float, float]:
    """The factor and the stretch of a cost's tail beyond a radius; see the module."""
    if pair_cost.vanishes:
        return n_electrons - 1.0, 1.0
    far = last * np.array([1.0, 10.0, 100.0])
    if np.any(pair_cost.slope(far) > 0):
        return 0.0, 1.0
    if np.any(pair_cost.curvature(far) < 0):
        return (n_electrons - 1) / 2, 2.0
    return n_electrons - 1.0, 1.0


def _grid(first_knot: float, step: float, before: int, points: int) -> Array:
    """The fine grid."""
    return np.asarray(first_knot + step / _FINE * np.arange(-before, points - before))


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
