"""Probability densities on a line with their distribution functions and quantiles."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr, ndtri

from comotion.density.radial import Array
from comotion.errors import DensityError

Function = Callable[[Array], Array]

#: Masses at which the functions of a density are compared: spread evenly, but on no fraction
#: where a density is likely to jump.
_MASSES = np.sort(np.arange(1, 64) * (np.sqrt(5) - 1) / 2 % 1)
#: Largest error of F(F^-1(u)).
_INVERSE = 1e-8
#: Step of the masses in units of the smaller side, and the largest relative error of the density
#: against the slope of F there.
_STEP, _SLOPE = 1e-3, 1e-3


@dataclass(frozen=True)
class LineDensity:
    """A probability density on a line.

    The three functions take arrays and return arrays of the same shape; they are checked against
    one another, so they must belong to one density.

    Attributes:
        name: What it is called.
        density: rho(x).
        distribution: F(x).
        quantile: F^-1(u) from the masses to the left and to the right, ``quantile(u, 1 - u)``,
            so that both tails are accurate.
    """

    name: str
    density: Function
    distribution: Function
    quantile: Callable[[Array, Array], Array]

    def __post_init__(self) -> None:
        """Check that the functions are those of one probability density.

        Raises:
            DensityError: They are not, or take no arrays.
        """
        u = _MASSES
        x = self._checked("quantile", u, 1 - u)
        if not np.all(np.diff(x) > 0):
            raise DensityError(f"{self.name}: the quantile does not rise with the mass to the left")
        mass = self._checked("distribution", x)
        worst = int(np.argmax(np.abs(mass - u)))
        if not abs(mass[worst] - u[worst]) <= _INVERSE:
            raise DensityError(
                f"{self.name}: the distribution of the quantile is F(F^-1(u)) = {mass[worst]:.8g} "
                f"for u = {u[worst]:.8g}; the quantile takes two masses, to the left and to the "
                "right: write lambda left, right: ppf(left) for one that takes the left one only"
            )
        step = _STEP * np.minimum(u, 1 - u)
        below = self._checked("quantile", u - step, 1 - u + step)
        above = self._checked("quantile", u + step, 1 - u - step)
        found = self._checked("density", (below + above) / 2)
        slope = 2 * step / (above - below)
        worst = int(np.argmax(np.abs(found / slope - 1)))
        if not abs(found[worst] / slope[worst] - 1) <= _SLOPE:
            raise DensityError(
                f"{self.name}: the density is {found[worst]:.6g} at x = {x[worst]:.6g}, where the "
                f"distribution has the slope {slope[worst]:.6g}: give functions of one density"
            )

    def _checked(self, name: str, *arguments: Array) -> Array:
        """Values of one of the functions.

        Raises:
            DensityError: It does not take arrays, or its values are not as many finite numbers.
        """
        try:
            values = np.asarray(getattr(self, name)(*arguments), dtype=float)
        except (TypeError, ValueError) as error:
            raise DensityError(
                f"{self.name}: the {name} takes no {len(arguments)} arrays: {error}"
            ) from error
        if values.shape != arguments[0].shape or not np.all(np.isfinite(values)):
            raise DensityError(
                f"{self.name}: the {name} of {len(arguments[0])} numbers must be as many finite "
                f"numbers, it has the shape {values.shape}"
            )
        return values


def _sine_quantile(left: Array, right: Array) -> Array:
    """Where 2 sin^2 has the mass u to its left: u = x - sin(2 pi x) / (2 pi).

    Newton's iteration in the smaller of the two masses, started from u ~ 2 pi^2 x^3 / 3.
    """
    u = np.minimum(left, right)
    x = np.minimum(np.cbrt(3 * u / (2 * np.pi**2)), 0.5)
    for _ in range(60):
        # sin(2 pi x) loses digits against 2 pi x near the wall; the series does not.
        angle = 2 * np.pi * x
        series = angle**3 / 6 - angle**5 / 120 + angle**7 / 5040 - angle**9 / 362880
        mass = np.where(angle < 0.2, series, angle - np.sin(angle)) / (2 * np.pi)
        with np.errstate(invalid="ignore", divide="ignore"):
            step = np.where(x > 0, (mass - u) / (2 * np.sin(np.pi * x) ** 2), 0.0)
        x = np.clip(x - step, 0.0, 0.5)
        if np.all(np.abs(step) <= 1e-16 * x):
            break
    return np.where(left < right, x, 1 - x)


#: Densities whose costs are tabulated: uniform on [0, 1], Gaussian and logistic of scale 1, and
#: 2 sin^2(pi x) on [0, 1].
LINE_DENSITIES = {
    density.name: density
    for density in (
        LineDensity("uniform", np.ones_like, lambda x: x, lambda left, _: left),
        LineDensity(
            "gaussian",
            lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi),
            ndtr,
            lambda left, right: np.where(left < right, ndtri(left), -ndtri(right)),
        ),
        LineDensity(
            "logistic",
            lambda x: expit(x) * expit(-x),
            expit,
            lambda left, right: np.log(left / right),
        ),
        LineDensity(
            "sine",
            lambda x: 2 * np.sin(np.pi * x) ** 2,
            lambda x: x - np.sin(2 * np.pi * x) / (2 * np.pi),
            _sine_quantile,
        ),
    )
}
