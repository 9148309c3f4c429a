"""Densities that are finite sums of generalised gamma terms.

``4 pi r^2 rho(r) = sum_k c_k g(r; p_k, a_k, s)`` with ``g`` the normalised
``r^p exp(-a r^s)``: s = 2 for Gaussian bases, s = 1 for Slater, hydrogenic and
exponential densities. N(r) and N - N(r) are sums of regularised incomplete gamma
functions (DLMF 8.2.4), so both tails are accurate.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincc, gammainccinv, gammaln, xlogy

from comotion.density.cumulant_inverse import LARGEST_LOG
from comotion.density.radial import SMALLEST_CHARGE, Array, Quadrature, RadialDensity
from comotion.errors import DensityError

#: Largest power: log g is a difference of numbers of the size p log p, exact to 1e-9 up to here.
_LARGEST_POWER = 1e5
#: Longest step in log r of the trapezoidal rule, which converges exponentially here.
_LOG_STEP = 0.02
#: Charge outside which a negative or rising tail no longer matters, electrons.
_NEGLIGIBLE_TAIL = 1e-12
#: Fewest radii at which the sign of the density is looked at.
_FEWEST_RADII = 3000
#: Largest deviation of the sum of weights from one.
_WEIGHTS = 1e-10
#: Charges that may be moved to lift a negative tail, electrons: 2^-40 to 2^-20, some 1e-12 to 1e-6.
_MOVED = tuple(2.0**k for k in range(-40, -19))
#: Least a r^s at the end of a term, where e^-80 of one with a small power is left.
_FAR = 80.0


@dataclass(frozen=True, eq=False, repr=False)
class GammaMixture(RadialDensity):
    """A sum of generalised gamma terms.

    Attributes:
        n_electrons: Number of electrons N.
        coefficients: Charge c_k of each term, shape (n,), electrons, any sign, sum N.
        powers: Powers p_k of r, above -1 and at most 1e5, shape (n,). A large power is a thin
            shell of radius (p / (a s))^(1/s) and relative width (s p)^(-1/2).
        exponents: Decay constants a_k > 0, shape (n,), bohr^-s.
        s: Power of r in the exponential, positive: 1 or 2 in atoms.

    Raises:
        DensityError: Shapes differ, a parameter is out of range, or the terms do not
            integrate to ``n_electrons`` within 1e-8.
    """

    KIND: ClassVar[str] = "gamma"

    n_electrons: int
    coefficients: Array
    powers: Array
    exponents: Array
    s: float

    def __post_init__(self) -> None:
        shapes = {self.coefficients.shape, self.powers.shape, self.exponents.shape}
        if len(shapes) != 1 or self.coefficients.ndim != 1:
            raise DensityError(f"gamma terms need three arrays of one shape (n,), got {shapes}")
        finite = np.isfinite(self.coefficients) & np.isfinite(self.exponents)
        powers = (self.powers > -1) & (self.powers <= _LARGEST_POWER)
        if not np.all(finite & powers & (self.exponents > 0)):
            raise DensityError(
                "gamma terms need finite charges, powers > -1 and at most "
                f"{_LARGEST_POWER:g}, and finite exponents > 0"
            )
        if not 0 < self.s < np.inf:
            raise DensityError(f"the power of r in the exponential is s = {self.s}: give 1 or 2")
        if self.n_electrons < 1 or abs(self.integral - self.n_electrons) > 1e-8:
            raise DensityError(
                f"the density integrates to {self.integral:.10f}, not to the "
                f"{self.n_electrons} electrons it should hold"
            )

    def parts(self) -> tuple[dict[str, Any], dict[str, tuple[Any, str, str]]]:
        """The terms; see `RadialDensity.parts`."""
        return {"s": self.s}, {
            "coefficients": (self.coefficients, "electrons", "charge of each term, (n,)"),
            "powers": (self.powers, "1", "power of r of each term, (n,)"),
            "exponents": (self.exponents, "bohr^-s", "decay of each term, (n,)"),
        }

    @classmethod
    def of_parts(
        cls, n_electrons: int, attributes: Mapping[str, Any], arrays: Mapping[str, Array]
    ) -> "GammaMixture":
        """The density of some terms; see `RadialDensity.of_parts`."""
        return cls(
            n_electrons,
            arrays["coefficients"],
            arrays["powers"],
            arrays["exponents"],
            s=float(attributes["s"]),
        )

    @cached_property
    def integral(self) -> float:
        """Integral of the density as given, electrons."""
        return float(np.sum(self.coefficients))

    def density(self, r: ArrayLike) -> Array:
        """Number density, bohr^-3; see `RadialDensity.density`."""
        return self._summed(np.asarray(r, dtype=float), -2) / (4 * np.pi)

    def cumulant(self, r: ArrayLike) -> Array:
        """Electrons inside r; see `RadialDensity.cumulant`."""
        r = np.asarray(r, dtype=float)
        scaled = np.multiply.outer(r**self.s, self.exponents)
        return np.asarray(gammainc((self.powers + 1) / self.s, scaled) @ self.coefficients)

    def cocumulant(self, r: ArrayLike) -> Array:
        """Electrons outside r; see `RadialDensity.cocumulant`."""
        r = np.asarray(r, dtype=float)
        scaled = np.multiply.outer(r**self.s, self.exponents)
        return np.asarray(gammaincc((self.powers + 1) / self.s, scaled) @ self.coefficients)

    def _charge(self, r: Array, inside: NDArray[np.bool_]) -> Array:
        """See `RadialDensity`; each incomplete gamma function is computed on its side only."""
        scaled = np.multiply.outer(r**self.s, self.exponents)
        order = (self.powers + 1) / self.s
        within, beyond = np.zeros_like(scaled), np.zeros_like(scaled)
        within[inside] = gammainc(order, scaled[inside])
        beyond[~inside] = gammaincc(order, scaled[~inside])
        # Whole products, so that a sum is rounded the same way whatever is on the other side.
        return np.where(inside, within @ self.coefficients, beyond @ self.coefficients)

    def _charge_per_log(self, r: Array) -> Array:
        """See `RadialDensity`; finite where the density itself overflows."""
        return self._summed(r, 1)

    def _summed(self, r: Array, shift: int) -> Array:
        """Sum of the terms, each times ``r^shift``, shape of ``r``.

        Every term is made of its logarithm: none of its factors need be a number that the
        machine holds.
        """
        orders = (self.powers + 1) / self.s
        norms = np.log(self.s) + orders * np.log(self.exponents) - gammaln(orders)
        flat = r.reshape(-1)
        total = np.zeros_like(flat)
        # Terms of one power share the power of r; 0^0 = 1.
        for power in np.unique(self.powers):
            of_power = self.powers == power
            with np.errstate(over="ignore", invalid="ignore"):
                exponent = np.multiply.outer(flat**self.s, -self.exponents[of_power])
                exponent += norms[of_power]
                exponent += xlogy(power + shift, flat)[:, None]
                total += np.exp(exponent) @ self.coefficients[of_power]
        total[np.isposinf(flat)] = 0.0
        return total.reshape(r.shape)

    def _rule(self, refinement: int) -> Quadrature:
        """Trapezoidal rule in log r, soon exact here; see `RadialDensity.quadrature`."""
        low, high = self._range()
        step = self._step / refinement
        r = np.exp(np.arange(np.log(low), np.log(high) + step, step))
        return Quadrature(r, step * self._charge_per_log(r))

    @property
    def _step(self) -> float:
        """Step of that rule in log r, a quarter of what the narrowest term needs."""
        narrowest = float(self.s * (np.max(self.powers) + 1))
        return min(_LOG_STEP, 0.5 / math.sqrt(narrowest), 0.2 / self.s)

    def scaled(self, n_electrons: int) -> "GammaMixture":
        """Density of the same shape with another N; see `RadialDensity.scaled`."""
        factor = n_electrons / self.n_electrons
        return replace(self, n_electrons=n_electrons, coefficients=self.coefficients * factor)

    def stretched(self, factor: float) -> "GammaMixture":
        """Density with other lengths; see `RadialDensity.stretched`."""
        return replace(self, exponents=self.exponents / factor**self.s)

    def _range(self) -> tuple[float, float]:
        return self._limits

    @cached_property
    def _limits(self) -> tuple[float, float]:
        """Radii between which rho > 0 and all but `SMALLEST_CHARGE` lies.

        Raises:
            DensityError: The density is negative, or its tail is, where more than a
                negligible charge is left.
        """
        length = np.log(self.exponents) / -self.s
        orders = (self.powers + 1) / self.s
        low = np.min(length) + np.log(SMALLEST_CHARGE) / (np.min(self.powers) + 1)
        last = np.maximum(_FAR, gammainccinv(orders, SMALLEST_CHARGE))
        high = np.max(length + np.log(last) / self.s)
        # Nothing is asked of radii that are no numbers; the charge of the rule tells if it matters.
        low, high = np.clip((low, high), -LARGEST_LOG, LARGEST_LOG)
        radii = max(_FEWEST_RADII, int((high - low) / self._step))
        r = np.exp(np.linspace(low, high, radii))
        rho, outside = self._charge_per_log(r), self.cocumulant(r)
        bad = (rho < 0) | (self.cumulant(r) < 0) | (outside < 0)
        last_good = len(r) - 1
        if np.any(bad):
            first = int(np.argmax(bad))
            if not abs(outside[first]) < _NEGLIGIBLE_TAIL:
                raise DensityError(
                    f"the density is {self.density(r[first]):.3e} at r = {r[first]:.4g} bohr, "
                    f"where {outside[first]:.3e} electrons are still outside: a density is not "
                    "negative; use one basis set for all of it, with diffuse functions"
                )
            last_good = first - 1
        # Beyond these nothing is left that is not too small for a number.
        held = np.flatnonzero((rho > 0) & (outside > 0))
        held = held[held <= last_good]
        return float(r[held[0]]), float(r[held[-1]])


def signed_sum(parts: Sequence[tuple[float, GammaMixture]]) -> tuple[GammaMixture, float]:
    """A sum of densities of the same number of electrons, with weights of any sign.

    Far out a sum may be negative, where its parts have different diffuse functions. Then a charge,
    the least power of two in a list, is taken from all of it and put into terms with the smallest
    exponent, one for each power of r, which lift the tail.

    Args:
        parts: Weight and density of each part; the weights add up to one.

    Returns:
        The density, in which terms with the same power and exponent are one; and the charge that
        was moved, electrons.

    Raises:
        DensityError: Parts of different kinds or charges, or weights that do not add up to one; or
            the sum is negative where there is more charge than may be moved.
    """
    kinds = {(density.n_electrons, density.s) for _, density in parts}
    if len(kinds) != 1:
        raise DensityError(f"densities of N, s = {sorted(kinds)} have no sum: give all one of each")
    total = sum(weight for weight, _ in parts)
    if abs(total - 1) > _WEIGHTS:
        raise DensityError(f"the weights of the densities add up to {total}: make that 1")
    coefficients = np.concatenate([weight * density.coefficients for weight, density in parts])
    terms = np.concatenate([(density.powers, density.exponents) for _, density in parts], axis=1)
    distinct, term = np.unique(terms, axis=1, return_inverse=True)
    charges = np.bincount(term.ravel(), coefficients, distinct.shape[1]).astype(float)
    ((n_electrons, s),) = kinds
    density = GammaMixture(n_electrons, charges, distinct[0], distinct[1], s)
    for moved in (0.0, *_MOVED):
        lifted = _lifted(density, moved)
        try:
            lifted.quadrature()
        except DensityError:
            if moved == _MOVED[-1]:
                raise
        else:
            break
    return lifted, moved


def _lifted(density: GammaMixture, moved: float) -> GammaMixture:
    """The density with some of its charge in terms with the smallest exponent."""
    if moved == 0:
        return density
    powers = np.unique(density.powers)
    factor = 1 - moved / density.n_electrons
    return replace(
        density,
        coefficients=np.append(
            factor * density.coefficients, np.full(len(powers), moved / len(powers))
        ),
        powers=np.append(density.powers, powers),
        exponents=np.append(density.exponents, np.full(len(powers), np.min(density.exponents))),
    )
