"""Model densities with closed forms: hydrogenic, exponential, Gaussian, uniform.

Each is named ``kind-N`` in paths and configuration, for example ``bohr-10``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import ArrayLike
from scipy.special import gamma

from comotion.density.gamma import GammaMixture
from comotion.density.radial import SMALLEST_CHARGE, Array, Quadrature, RadialDensity
from comotion.errors import DensityError
from comotion.systems import parse_model


def exponential(n_electrons: int) -> GammaMixture:
    """Density N exp(-r) / (8 pi)."""
    return _single_term(n_electrons, power=2, exponent=1, s=1)


def sqrt_r(n_electrons: int) -> GammaMixture:
    """Density N 2 sqrt(r) exp(-r) / (15 pi^1.5)."""
    return _single_term(n_electrons, power=2.5, exponent=1, s=1)


def gaussian(n_electrons: int) -> GammaMixture:
    """Density N (2 pi)^-1.5 exp(-r^2 / 2)."""
    return _single_term(n_electrons, power=2, exponent=0.5, s=2)


def bohr(n_electrons: int) -> GammaMixture:
    """Bohr atom: hydrogenic shells n = 1, 2, ... of nuclear charge 1, filled.

    Every shell n holds all its 2 n^2 orbitals, ``sum_l 2 (2 l + 1) R_nl(r)^2``.

    Raises:
        DensityError: ``n_electrons`` does not fill whole subshells in hydrogenic order.
    """
    _check_whole(n_electrons)
    charges: dict[tuple[int, float], float] = {}
    left, n = n_electrons, 0
    while left > 0:
        n += 1
        for angular in range(n):
            if left == 0:
                break
            capacity = 2 * (2 * angular + 1)
            if left < capacity:
                raise DensityError(
                    f"bohr-{n_electrons}: {n_electrons} electrons do not close a hydrogenic "
                    "subshell; take 2, 4, 10, 12, 18, 28, 30, 36, 46, 60, ..."
                )
            for key, charge in _hydrogenic_subshell(n, angular).items():
                charges[key] = charges.get(key, 0.0) + capacity * charge
            left -= capacity
    powers, exponents = np.array(list(charges), dtype=float).T
    return GammaMixture(n_electrons, np.array(list(charges.values())), powers, exponents, s=1)


@dataclass(frozen=True, eq=False, repr=False)
class UniformBall(RadialDensity):
    """Uniform density in a ball.

    Attributes:
        n_electrons: Number of electrons N.
        ball_radius: Radius of the ball, bohr.
    """

    KIND: ClassVar[str] = "ball"

    n_electrons: int
    ball_radius: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a fraction of an electron."""
        _check_whole(self.n_electrons)

    def parts(self) -> tuple[dict[str, Any], dict[str, tuple[Any, str, str]]]:
        """The radius; see `RadialDensity.parts`."""
        return {"ball_radius": self.ball_radius}, {}

    @classmethod
    def of_parts(
        cls, n_electrons: int, attributes: Mapping[str, Any], arrays: Mapping[str, Array]
    ) -> "UniformBall":
        """The ball of a radius; see `RadialDensity.of_parts`."""
        del arrays
        return cls(n_electrons, float(attributes["ball_radius"]))

    def density(self, r: ArrayLike) -> Array:
        """Number density, bohr^-3; see `RadialDensity.density`."""
        volume = 4 * np.pi / 3 * self.ball_radius**3
        return np.where(np.asarray(r) <= self.ball_radius, self.n_electrons / volume, 0.0)

    def cumulant(self, r: ArrayLike) -> Array:
        """Electrons inside r; see `RadialDensity.cumulant`."""
        x = np.minimum(np.asarray(r, dtype=float) / self.ball_radius, 1.0)
        return np.asarray(self.n_electrons * x**3)

    def cocumulant(self, r: ArrayLike) -> Array:
        """Electrons outside r; see `RadialDensity.cocumulant`."""
        x = np.minimum(np.asarray(r, dtype=float) / self.ball_radius, 1.0)
        return np.asarray(self.n_electrons * (1 - x) * (1 + x + x**2))

    def radius(
        self,
        inside: ArrayLike,
        outside: ArrayLike | None = None,  # noqa: ARG002 - there is no tail to resolve
    ) -> Array:
        """Radius that encloses a charge, in closed form; see `RadialDensity.radius`."""
        m = np.asarray(inside, dtype=float)
        if not np.all((m >= 0) & (m <= self.n_electrons)):
            raise DensityError(f"no radius encloses {m} of {self.n_electrons} electrons")
        return np.asarray(self.ball_radius * np.cbrt(m / self.n_electrons))

    def _rule(self, refinement: int) -> Quadrature:
        """Gauss-Legendre rule in r; see `RadialDensity.quadrature`."""
        x, w = np.polynomial.legendre.leggauss(64 * refinement)
        r = self.ball_radius * (x + 1) / 2
        return Quadrature(r, self.ball_radius / 2 * w * 4 * np.pi * r**2 * self.density(r))

    def scaled(self, n_electrons: int) -> "UniformBall":
        """Density of the same shape with another N; see `RadialDensity.scaled`."""
        return replace(self, n_electrons=n_electrons)

    def stretched(self, factor: float) -> "UniformBall":
        """Ball of another radius; see `RadialDensity.stretched`."""
        return replace(self, ball_radius=self.ball_radius * factor)

    @property
    def support(self) -> tuple[float, float]:
        """The ball itself; see `RadialDensity.support`."""
        return 0.0, self.ball_radius

    def _range(self) -> tuple[float, float]:
        return self.ball_radius * SMALLEST_CHARGE ** (1 / 3), self.ball_radius


#: Every model by the kind in its name.
MODELS: dict[str, Callable[[int], RadialDensity]] = {
    "bohr": bohr,
    "sqrt_r": sqrt_r,
    "exponential": exponential,
    "gaussian": gaussian,
    "ball": UniformBall,
}


def model(kind: str, n_electrons: int | None = None) -> RadialDensity:
    """A model density by its name.

    >>> model("exponential", 2)
    <GammaMixture: 2 electrons>

    Args:
        kind: One of `MODELS`, or the whole name such as ``exponential-2``.
        n_electrons: Number of electrons, if the name does not hold it.

    Returns:
        The density.

    Raises:
        ConfigError: No such kind, or a number of electrons that no density has.
        DensityError: The kind has no density of so many electrons.
    """
    named = parse_model(kind if n_electrons is None else f"{kind}-{n_electrons}")
    return MODELS[named.kind](named.n_electrons)


def _check_whole(n_electrons: int) -> None:
    """Refuse what is no number of electrons: a fraction, a truth value, text."""
    if isinstance(n_electrons, bool) or not isinstance(n_electrons, Integral) or n_electrons < 1:
        raise DensityError(
            f"a model of {n_electrons!r} electrons: give a whole number of them, 1 or more"
        )


def _single_term(n_electrons: int, power: float, exponent: float, s: float) -> GammaMixture:
    _check_whole(n_electrons)
    return GammaMixture(
        n_electrons, np.array([float(n_electrons)]), np.array([power]), np.array([exponent]), s
    )


def _hydrogenic_subshell(n: int, angular: int) -> dict[tuple[int, float], float]:
    """Gamma terms of r^2 R_nl(r)^2 at Z = 1 as {(power, exponent): charge}.

    R_nl is proportional to x^l exp(-x/2) L^(2l+1)_(n-l-1)(x) with x = 2 r / n
    (DLMF section 18.39); its square is a polynomial in x, integrated term by term.
    """
    degree, alpha = n - angular - 1, 2 * angular + 1
    laguerre = Polynomial(
        [(-1) ** j * math.comb(degree + alpha, degree - j) / math.factorial(j)
         for j in range(degree + 1)]
    )  # fmt: skip
    square = np.asarray((laguerre**2).coef, dtype=float)
    powers = 2 * angular + 2 + np.arange(len(square))
    charges = square * gamma(powers + 1)
    charges /= np.sum(charges)
    return {(int(p), 2.0 / n): float(c) for p, c in zip(powers, charges, strict=True)}
