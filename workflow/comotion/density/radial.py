"""The spherically averaged density rho(r), its cumulant N(r) and the inverse R(m).

What the transport theory needs of an atom: how many electrons lie inside a radius, how many outside
(computed directly, never as N minus the inside), and which radius encloses a given charge.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comotion.density.cumulant_inverse import (
    LARGEST_LOG,
    LEAST_CHARGE,
    require_held,
    solve_log_radius,
)
from comotion.errors import DensityError

if TYPE_CHECKING:
    from scipy.interpolate import CubicHermiteSpline

Array = NDArray[np.float64]

#: Largest error of the charge of a density, electrons.
CHARGE_TOLERANCE = 1e-6
#: Largest error of the charge of a quadrature rule, in units of N.
_RULE_TOLERANCE = 1e-8
#: Charge per unit of log r below which a radius lies in a gap of the density, electrons.
_GAP = 1e-100
#: Radii among which gaps are looked for, and the charge per unit of log r in one, in electrons
#: and in units of the largest such charge on either side.
_RADII, _SPARSE = 4000, 0.1
#: Charges below which neither end of the density is tabulated any further, electrons.
SMALLEST_CHARGE = 1e-30


class HasDensity(Protocol):
    """An object with a density, such as an atom in a quantum state."""

    @property
    def density(self) -> "RadialDensity":
        """Its spherically averaged density."""


def radial_density(rho: "RadialDensity | HasDensity") -> "RadialDensity":
    """The density itself, or that of an object which has one.

    Raises:
        DensityError: It is neither.
    """
    found = rho if isinstance(rho, RadialDensity) else getattr(rho, "density", None)
    if not isinstance(found, RadialDensity):
        raise DensityError(
            f"a {type(rho).__name__} is no density and has none: give what comotion.model, "
            "comotion.read_density, comotion.atom or comotion.from_pyscf returns"
        )
    return found


@dataclass(frozen=True, eq=False, repr=False)
class Quadrature:
    """A rule with ``sum(weights * f(radii))`` close to ``int rho(r) f(r) d3r``.

    Attributes:
        radii: Nodes, shape (n,), bohr.
        weights: Charge that each node stands for, shape (n,), electrons.
    """

    radii: Array
    weights: Array

    def __repr__(self) -> str:
        """Number of nodes, in a line."""
        return f"<Quadrature: {len(self.radii)} nodes>"


class RadialDensity(ABC):
    """A spherical density of ``n_electrons`` electrons.

    Subclasses give the density, the cumulant, the cocumulant, the radii between which
    they live, and a quadrature rule; the inverse of the cumulant is common to all.
    """

    #: Name under which densities of this kind are stored.
    KIND: ClassVar[str]

    n_electrons: int

    def __repr__(self) -> str:
        """Kind and charge, in a line."""
        return f"<{type(self).__name__}: {self.n_electrons} electrons>"

    def _repr_html_(self) -> str:
        """The same line in a notebook."""
        return f"<code>{escape(repr(self))}</code>"

    def __call__(self, r: ArrayLike) -> Array:
        """Number density, the same as `density`.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            rho(r), shape of ``r``, bohr^-3.
        """
        return self.density(r)

    @abstractmethod
    def parts(self) -> tuple[dict[str, Any], dict[str, tuple[Any, str, str]]]:
        """What makes this density.

        Returns:
            Attributes by name, and arrays as (values, unit, meaning) by name.
        """

    @classmethod
    @abstractmethod
    def of_parts(
        cls, n_electrons: int, attributes: Mapping[str, Any], arrays: Mapping[str, Array]
    ) -> "RadialDensity":
        """The density that `parts` took apart.

        Args:
            n_electrons: Number of electrons N.
            attributes: Attributes of `parts`.
            arrays: Values of the arrays of `parts`, by name.

        Returns:
            The density.
        """

    @abstractmethod
    def density(self, r: ArrayLike) -> Array:
        """Number density.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            rho(r), shape of ``r``, bohr^-3.
        """

    @abstractmethod
    def cumulant(self, r: ArrayLike) -> Array:
        """Electrons inside a radius.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            N(r) = 4 pi int_0^r s^2 rho(s) ds, shape of ``r``, electrons.
        """

    @abstractmethod
    def cocumulant(self, r: ArrayLike) -> Array:
        """Electrons outside a radius, accurate where next to none are left.

        Args:
            r: Radii, any shape, bohr.

        Returns:
            N - N(r) without the subtraction, shape of ``r``, electrons.
        """

    @final
    def quadrature(self, refinement: int = 1) -> Quadrature:
        """Rule for integrals against the density.

        Args:
            refinement: Multiplies the number of nodes.

        Returns:
            Nodes, and the charges that they stand for.

        Raises:
            DensityError: The charges do not add up to N within 1e-8 N.
        """
        rule = self._rule(refinement)
        charge = float(np.sum(rule.weights))
        if not abs(charge - self.n_electrons) <= _RULE_TOLERANCE * self.n_electrons:
            raise DensityError(
                f"the quadrature of the density finds {charge:.10g} of its {self.n_electrons} "
                f"electrons between {rule.radii[0]:.3g} and {rule.radii[-1]:.3g} bohr: it is too "
                "steep or too wide to be integrated"
            )
        return rule

    @abstractmethod
    def _rule(self, refinement: int) -> Quadrature:
        """The rule of `quadrature`, its charge not yet checked."""

    @abstractmethod
    def scaled(self, n_electrons: int) -> "RadialDensity":
        """Density of the same shape with another number of electrons.

        Args:
            n_electrons: The number.

        Returns:
            rho(r) times ``n_electrons`` over N.
        """

    @abstractmethod
    def stretched(self, factor: float) -> "RadialDensity":
        """Density of the same charge with all lengths multiplied by a factor.

        A power of two changes no digit of what makes the density.

        Args:
            factor: The factor f > 0.

        Returns:
            rho(r / f) / f^3.
        """

    @abstractmethod
    def _range(self) -> tuple[float, float]:
        """Radii, bohr, inside and outside of which there is no charge to speak of."""

    @cached_property
    def shells(self) -> Array:
        """Shell radii a_i = R(i), i = 1..N-1, shape (N-1,), bohr."""
        return self.radius(np.arange(1.0, self.n_electrons))

    @cached_property
    def gaps(self) -> Array:
        """Charges at which R(m) jumps or all but jumps, ascending, shape (g,), electrons.

        There the charge per unit of log r has a minimum far below the charge inside and outside
        of it. Atoms have none: their shells overlap.
        """
        low, high = np.log(self._range())
        r = np.exp(np.union1d(np.linspace(low, high, _RADII), np.log(self.quadrature().radii)))
        charge = self._charge_per_log(r)
        within = charge[1:-1]
        lowest = (within < charge[:-2]) & (within <= charge[2:])
        inner = np.maximum.accumulate(charge)[1:-1]
        outer = np.maximum.accumulate(charge[::-1])[::-1][1:-1]
        sparse = within < _SPARSE * np.minimum(1.0, np.minimum(inner, outer))
        return self.cumulant(r[1:-1][lowest & sparse])

    def radius(self, inside: ArrayLike, outside: ArrayLike | None = None) -> Array:
        """Radius R(m) that encloses a given charge.

        Newton's iteration in log r on whichever of log N(r), log (N - N(r)) is the smaller, kept
        inside the bracket of a monotone table, so that both tails are accurate in relative terms.

        Args:
            inside: Charge inside the radius, any shape, electrons, in [0, N].
            outside: Charge outside, same shape, electrons. Give it where it is known better than
                ``N - inside``, that is in the outer tail.

        Returns:
            Radii, same shape, bohr; where the density begins, 0 but for a hollow centre, where
            ``inside`` is 0, and where it ends, inf but for an edge, where ``outside`` is 0.

        Raises:
            DensityError: A charge is not a number or lies outside [0, N], or it is not 0 but less
                than 1e-300, or than what lies inside of 1e-300 bohr or outside of 1e300.
        """
        m = np.asarray(inside, dtype=float)
        w = self.n_electrons - m if outside is None else np.asarray(outside, dtype=float)
        m, w = np.broadcast_arrays(m, w)
        if not (np.all(m >= 0) and np.all(w >= 0)):
            worst = m[~((m >= 0) & (w >= 0))].flat[0]
            raise DensityError(
                f"no radius encloses {worst} of {self.n_electrons} electrons: "
                f"ask for a charge between 0 and {self.n_electrons}"
            )
        result = np.empty(m.shape)
        result[m == 0], result[w == 0] = self.support
        within = (m > 0) & (w > 0)
        require_held((m[within], w[within]), self._least)
        result[within] = np.exp(self._log_radius(m[within], w[within]))
        return result

    @cached_property
    def _least(self) -> tuple[float, float]:
        """Least charges inside and outside of a radius that is found, electrons."""
        with np.errstate(over="ignore"):
            ends = self.cumulant(np.exp(-LARGEST_LOG)), self.cocumulant(np.exp(LARGEST_LOG))
        inside, outside = (max(float(end), LEAST_CHARGE) for end in ends)
        return inside, outside

    @property
    def support(self) -> tuple[float, float]:
        """Radii, bohr, inside and outside of which the density vanishes."""
        return 0.0, np.inf

    @cached_property
    def _inverse_table(self) -> "CubicHermiteSpline":
        """Log r as a function of the logit log N(r) - log (N - N(r))."""
        from scipy.interpolate import CubicHermiteSpline  # noqa: PLC0415 - slow to import

        low, high = self._range()
        x = np.linspace(np.log(low), np.log(high), 1200)
        r = np.exp(x)
        inside, outside = self.cumulant(r), self.cocumulant(r)
        slope = self._charge_per_log(r)
        usable = (inside > 0) & (outside > 0) & (slope > _GAP)
        x, inside, outside, slope = (a[usable] for a in (x, inside, outside, slope))
        logit = np.log(inside) - np.log(outside)
        slope *= 1 / inside + 1 / outside
        rising = np.concatenate(([True], np.diff(np.maximum.accumulate(logit)) > 1e-12))
        return CubicHermiteSpline(logit[rising], x[rising], 1 / slope[rising])

    def _charge_per_log(self, r: Array) -> Array:
        """Charge per unit of log r, dN/d(log r) = 4 pi r^3 rho, shape of ``r``, electrons."""
        return np.asarray(4 * np.pi * r**3 * self.density(r))

    def _charge(self, r: Array, inside: NDArray[np.bool_]) -> Array:
        """N(r) where the charge inside is asked for and N - N(r) elsewhere, shapes (n,)."""
        return np.where(inside, self.cumulant(r), self.cocumulant(r))

    def _log_radius(self, inside: Array, outside: Array) -> Array:
        """Solve for log r, shapes (n,); see `radius`."""
        return solve_log_radius(
            self._charge, self._charge_per_log, (inside, outside), self._bracket(inside, outside)
        )

    def _bracket(self, inside: Array, outside: Array) -> tuple[Array, Array, Array]:
        """A guess of log r, and values below and above it, shapes (n,)."""
        table = self._inverse_table
        logit = np.log(inside) - np.log(outside)
        # The bracket is the table's interval, one further on each side; all that there is beyond.
        knots, values = table.x, table(table.x)
        at = np.clip(np.searchsorted(knots, logit), 1, len(knots) - 1)
        low = values[np.maximum(at - 2, 0)] - 1e-9
        high = values[np.minimum(at + 1, len(knots) - 1)] + 1e-9
        low = np.where(logit < knots[0], np.minimum(low, -LARGEST_LOG), low)
        high = np.where(logit > knots[-1], np.maximum(high, LARGEST_LOG), high)
        return np.clip(table(np.clip(logit, knots[0], knots[-1])), low, high), low, high
