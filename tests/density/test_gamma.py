"""Gamma mixtures against arbitrary-precision integrals."""

import mpmath
import numpy as np
import pytest

from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS
from comotion.errors import DensityError


def _mixture() -> GammaMixture:
    """Two electrons in terms of both signs, positive everywhere."""
    return GammaMixture(
        2,
        coefficients=np.array([1.6, -0.4, 0.8]),
        powers=np.array([2.0, 2.0, 4.0]),
        exponents=np.array([0.7, 3.0, 0.9]),
        s=2,
    )


def _exact_charge(density: GammaMixture, low: float, high: float) -> float:
    """Charge between two radii by 30-digit quadrature of the density's definition."""
    mpmath.mp.dps = 30

    def radial(r: mpmath.mpf) -> mpmath.mpf:
        total = mpmath.mpf(0)
        for c, p, a in zip(density.coefficients, density.powers, density.exponents, strict=True):
            order = (mpmath.mpf(p) + 1) / density.s
            norm = density.s * mpmath.mpf(a) ** order / mpmath.gamma(order)
            total += c * norm * r**p * mpmath.exp(-a * r**density.s)
        return total

    return float(mpmath.quad(radial, mpmath.linspace(low, high, 12)))


@pytest.mark.parametrize("density", [_mixture(), MODELS["sqrt_r"](3)], ids=["s=2", "s=1"])
@pytest.mark.parametrize("r", [1e-3, 0.3, 2.0, 6.0])
def test_both_cumulants(density: GammaMixture, r: float) -> None:
    assert density.cumulant(r) == pytest.approx(_exact_charge(density, 0, r), rel=1e-12)
    far = 12.0 if density.s == 2 else 90.0
    assert density.cocumulant(r) == pytest.approx(_exact_charge(density, r, far), rel=1e-12)


def test_density_is_the_derivative_of_the_cumulant() -> None:
    density, r, h = _mixture(), np.linspace(0.1, 3, 7), 1e-5
    slope = (density.cumulant(r + h) - density.cumulant(r - h)) / (2 * h)
    np.testing.assert_allclose(4 * np.pi * r**2 * density.density(r), slope, rtol=1e-8)


def test_density_at_the_nucleus() -> None:
    assert MODELS["exponential"](2).density(0.0) == pytest.approx(2 / (8 * np.pi))


def test_negative_density_is_refused_where_it_matters() -> None:
    density = GammaMixture(1, np.array([2.0, -1.0]), np.full(2, 2.0), np.array([1.0, 0.2]), 2)
    with pytest.raises(DensityError, match="a density is not negative"):
        density.radius(0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coefficients": np.array([1.0, 1.0, 1.0])}, "integrates to 3"),
        ({"exponents": np.array([1.0, -1.0, 1.0])}, "exponents > 0"),
        ({"powers": np.array([2.0, np.nan, 2.0])}, "finite"),
        ({"powers": np.array([2.0])}, "one shape"),
    ],
)
def test_wrong_terms_are_refused(change: dict[str, np.ndarray], message: str) -> None:
    good = _mixture()
    terms = {
        "coefficients": good.coefficients, "powers": good.powers, "exponents": good.exponents,
    }  # fmt: skip
    with pytest.raises(DensityError, match=message):
        GammaMixture(2, s=2, **(terms | change))
