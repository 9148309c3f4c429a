"""Probability densities on a line with their distribution functions and quantiles."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr, ndtri

from comotion.density.radial import Array

Function = Callable[[Array], Array]


@dataclass(frozen=True)
class LineDensity:
    """A probability density on a line.

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
