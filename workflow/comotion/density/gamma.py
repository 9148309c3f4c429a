"""Densities that are finite sums of generalised gamma terms.

``4 pi r^2 rho(r) = sum_k c_k g(r; p_k, a_k, s)`` with ``g`` the normalised
``r^p exp(-a r^s)``: s = 2 for Gaussian bases, s = 1 for Slater, hydrogenic and
exponential densities. N(r) and N - N(r) are sums of regularised incomplete gamma
functions (DLMF 8.2.4), so both tails are accurate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincc, gammaln

from comotion.density.radial import SMALLEST_CHARGE, Array, Quadrature, RadialDensity
from comotion.errors import DensityError

#: Step in log r of the trapezoidal rule, which converges exponentially here.
_LOG_STEP = 0.02
#: Charge outside which a negative or rising tail no longer matters, electrons.
_NEGLIGIBLE_TAIL = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class GammaMixture(RadialDensity):
    """A sum of generalised gamma terms.

    Attributes:
        n_electrons: Number of electrons N.
        coefficients: Charge c_k of each term, shape (n,), electrons, any sign, sum N.
        powers: Powers p_k > -1 of r, shape (n,).
        exponents: Decay constants a_k > 0, shape (n,), bohr^-s.
        s: Power of r in the exponential, 1 or 2.

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
        finite = np.isfinite(self.coefficients) & np.isfinite(self.powers)
        if not np.all(finite & (self.powers > -1) & (self.exponents > 0)):
            raise DensityError("gamma terms need finite charges, powers > -1 and exponents > 0")
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
        r = np.asarray(r, dtype=float)
        order = (self.powers + 1) / self.s
        norm = np.log(self.s) + order * np.log(self.exponents) - gammaln(order)
        prefactors = self.coefficients * np.exp(norm) / (4 * np.pi)
        flat = r.reshape(-1)
        total = np.zeros_like(flat)
        # Terms of one power share r^(p-2); a loop over the few powers keeps 0^0 = 1.
        for power in np.unique(self.powers):
            of_power = self.powers == power
            decay = np.exp(-np.multiply.outer(flat**self.s, self.exponents[of_power]))
            with np.errstate(divide="ignore"):
                total += flat ** (power - 2) * (decay @ prefactors[of_power])
        return total.reshape(r.shape)

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

    def quadrature(self, refinement: int = 1) -> Quadrature:
        """Trapezoidal rule in log r, soon exact here; see `RadialDensity.quadrature`."""
        low, high = self._range()
        step = _LOG_STEP / refinement
        r = np.exp(np.arange(np.log(low), np.log(high) + step, step))
        return Quadrature(r, step * 4 * np.pi * r**3 * self.density(r))

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
        length = self.exponents ** (-1 / self.s)
        low = float(np.min(length)) * SMALLEST_CHARGE ** (1 / (np.min(self.powers) + 1))
        high = float(np.max(length)) * 80.0 ** (1 / self.s)
        r = np.exp(np.linspace(np.log(low), np.log(high), 3000))
        outside = self.cocumulant(r)
        bad = (self.density(r) <= 0) | (self.cumulant(r) <= 0) | (outside <= 0)
        if np.any(bad):
            first = int(np.argmax(bad))
            if not abs(outside[first]) < _NEGLIGIBLE_TAIL:
                raise DensityError(
                    f"the density is {self.density(r[first]):.3e} at r = {r[first]:.4g} bohr, "
                    f"where {outside[first]:.3e} electrons are still outside: a density is not "
                    "negative; use one basis set for all of it, with diffuse functions"
                )
            high = float(r[first - 1])
        return low, high
