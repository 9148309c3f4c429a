"""Two electrons with a radial density whose radii are known in closed form, by quadrature.

The mass inside r is the regularised incomplete gamma function P(a, x(r)) (DLMF 8.2.4), so that the
radius R(u) and that of the partner, R(1 - u), need no interpolation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.integrate import quad
from scipy.special import gammainc, gammaincc, gammainccinv, gammaincinv


@dataclass(frozen=True)
class TwoElectrons:
    """A probability density on space.

    Attributes:
        order: The order a of the incomplete gamma function.
        radius_of: r of x.
        argument_of: x of r.
        density: rho(r), bohr^-3.
        mean_field: int int rho rho / r_12, hartree, in closed form.
    """

    order: float
    radius_of: Callable[[float], float]
    argument_of: Callable[[float], float]
    density: Callable[[float], float]
    mean_field: float

    def inner(self, u: float) -> float:
        """Radius with the mass u inside."""
        return self.radius_of(float(gammaincinv(self.order, u)))

    def outer(self, u: float) -> float:
        """Radius with the mass u outside."""
        return self.radius_of(float(gammainccinv(self.order, u)))

    def partner(self, r: float) -> float:
        """Radius t with the mass inside that r has outside."""
        x = self.argument_of(r)
        # Whichever of the two masses is small is known to all digits.
        if r < self.half_radius:
            return self.outer(float(gammainc(self.order, x)))
        return self.inner(float(gammaincc(self.order, x)))

    @cached_property
    def half_radius(self) -> float:
        """The radius that encloses half of the mass."""
        return self.inner(0.5)

    @cached_property
    def cost(self) -> float:
        """The cost int rho / (r + t)."""
        return self._mean(lambda r, t: 1 / (r + t))

    @cached_property
    def at_nucleus(self) -> float:
        """u(0) = int_0^inf dr / (r + t)^2; beyond 600 half radii t is nothing beside r."""
        ends = self.half_radius * np.array([0.0, 0.5, 1.0, 3.0, 15.0, 600.0])
        pieces = [
            quad(lambda r: (r + self.partner(r)) ** -2, a, b, epsabs=1e-13, limit=200)[0]
            for a, b in pairwise(ends)
        ]
        return float(np.sum(pieces)) + 1 / float(ends[-1])

    @cached_property
    def zero_point(self) -> float:
        """Half the mean of the sum of the frequencies.

        omega_r^2 = (2/d^3)(|t'| + 1/|t'|) and, twice, omega^2 = (r^2 + t^2) / (r t d^3), d = r + t.
        """

        def half_sum(r: float, t: float) -> float:
            d = r + t
            slope = r**2 * self.density(r) / (t**2 * self.density(t))
            radial = np.sqrt(2 / d**3 * (slope + 1 / slope))
            return float(radial + 2 * np.sqrt((r**2 + t**2) / (r * t * d**3))) / 2

        return self._mean(half_sum)

    def _mean(self, function: Callable[[float, float], float]) -> float:
        """Mean over the plan of a symmetric function of both radii, by u = v^12 / 2 inside."""

        def integrand(v: float) -> float:
            u = v**12 / 2
            return 12 * v**11 * function(self.inner(u), self.outer(u))

        return float(quad(integrand, 1e-3, 1, epsabs=1e-14, epsrel=1e-12, limit=400)[0])


#: exp(-r) / 8 pi, exp(-2 r) / pi and a Gaussian of width 1, by the names of the models.
TWO_ELECTRONS = {
    "exponential": TwoElectrons(
        3, lambda x: x, lambda r: r, lambda r: np.exp(-r) / (8 * np.pi), 5 / 16
    ),
    "bohr": TwoElectrons(
        3, lambda x: x / 2, lambda r: 2 * r, lambda r: np.exp(-2 * r) / np.pi, 5 / 8
    ),
    "gaussian": TwoElectrons(
        1.5, lambda x: np.sqrt(2 * x), lambda r: r**2 / 2,
        lambda r: np.exp(-(r**2) / 2) / (2 * np.pi) ** 1.5, 1 / np.sqrt(np.pi),
    ),
}  # fmt: skip
