"""Gamma mixtures against arbitrary-precision integrals, and U in closed form."""

from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc, gammaln

from comotion.density.functionals import density_integrals, hartree
from comotion.density.gamma import GammaMixture
from comotion.density.model_densities import MODELS, bohr
from comotion.errors import DensityError


def _mixture() -> GammaMixture:
    """Two electrons in terms of both signs, positive everywhere."""
    return GammaMixture(
        2,
        coefficients=np.array([1.3, -0.1, 0.8]),
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


def _hartree_in_closed_form(density: GammaMixture) -> float:
    """U = 1/2 sum_jk c_j c_k <1 / max(r_j, r_k)> with independent radii of the terms.

    a r^s of a term has the gamma distribution of order o = (p + 1) / s. Weighting with 1/r lowers
    the order by 1/s; then the chance that r_k is the smaller one is a regularised incomplete beta
    function (DLMF 8.17.2), for a_k r_k^s / a_j r_j^s is a ratio of gamma variables.
    """
    value, s = 0.0, density.s
    terms = list(zip(density.coefficients, density.powers, density.exponents, strict=True))
    for c, p, a in terms:
        order = (p + 1) / s
        inverse = a ** (1 / s) * np.exp(gammaln(order - 1 / s) - gammaln(order))
        for other_c, other_p, other_a in terms:
            smaller = betainc((other_p + 1) / s, order - 1 / s, other_a / (a + other_a))
            value += c * other_c * inverse * smaller
    return float(value)


_POWERS = st.one_of(st.floats(0.1, 10), st.floats(10, 1e3), st.floats(1e3, 1e5))
_LOGARITHMS = st.floats(np.log(1e-6), np.log(1e6))


@settings(max_examples=150)
@given(
    n=st.integers(1, 100), s=st.sampled_from([1, 2, 0.5, 3]), share=st.floats(0.01, 1),
    powers=st.tuples(_POWERS, _POWERS), logarithms=st.tuples(_LOGARITHMS, _LOGARITHMS),
)  # fmt: skip
def test_hartree_energy_of_two_terms_in_closed_form(
    n: int, s: float, share: float, powers: tuple[float, float], logarithms: tuple[float, float]
) -> None:
    """Thin shells and diffuse clouds, up to twelve orders of magnitude apart."""
    charges = n * np.array([share, 1 - share])
    density = GammaMixture(n, charges, np.array(powers), np.exp(logarithms), s)
    assert np.sum(density.quadrature().weights) == pytest.approx(n, rel=1e-8)
    assert hartree(density) == pytest.approx(_hartree_in_closed_form(density), rel=1e-8)


def test_hartree_energy_of_terms_of_both_signs() -> None:
    for density in (_mixture(), bohr(28)):
        assert hartree(density) == pytest.approx(_hartree_in_closed_form(density), rel=1e-11)


def test_two_thin_shells() -> None:
    """Powers of 20 and 200, whose factors alone no machine number holds."""
    exponents = np.array([21 / 0.052, 201 / 0.6791])
    shells = GammaMixture(3, np.array([0.2768, 2.7232]), np.array([20.0, 200.0]), exponents, s=1)
    found = density_integrals(shells)
    assert found.hartree == pytest.approx(_hartree_in_closed_form(shells), rel=1e-12)
    assert found.hartree_error < 1e-10
    assert np.isfinite(found.w_pc_prime)
    np.testing.assert_allclose(shells.cumulant(shells.shells), [1, 2], rtol=1e-12)


def test_a_nucleus_too_steep_for_the_hartree_energy() -> None:
    """U of the term r^p exp(-r) has a limit for p > -1/2 only."""

    def single(power: float) -> GammaMixture:
        return GammaMixture(1, np.ones(1), np.array([power]), np.ones(1), s=1)

    mpmath.mp.dps = 20
    exact = mpmath.quad(
        lambda r: r**-1.3 * mpmath.exp(-r) * mpmath.gammainc(0.7, 0, r) / mpmath.gamma(0.7) ** 2,
        [0, 1e-6, 1e-2, 1, 10, 60],
    )
    assert hartree(single(-0.3)) == pytest.approx(float(exact), rel=1e-8)
    assert np.isnan(density_integrals(single(-0.3)).gradient_seven_sixths)
    for power in (-0.5, -0.7, -0.9):
        with pytest.raises(DensityError, match="no limit at the nucleus"):
            hartree(single(power))
    with pytest.raises(DensityError, match="quadrature of the density finds"):
        single(-0.99).quadrature()


def test_negative_density_is_refused_where_it_matters() -> None:
    density = GammaMixture(1, np.array([2.0, -1.0]), np.full(2, 2.0), np.array([1.0, 0.2]), 2)
    with pytest.raises(DensityError, match="a density is not negative"):
        density.radius(0.5)


def test_a_density_that_is_negative_between_two_shells_is_refused() -> None:
    density = GammaMixture(
        2, np.array([1.2, 1.2, -0.4]), np.array([2.0, 40.0, 20.0]), np.array([4.0, 10.0, 8.0]), 1
    )
    radii = np.linspace(0.01, 8.0, 800)
    # Its charges inside and outside are positive everywhere: only the density itself tells.
    assert density.cumulant(radii).min() > 0
    assert density.cocumulant(radii).min() > 0
    with pytest.raises(DensityError, match=r"the density is -1\.\d+e-04 at r = 1\.78"):
        density.radius(0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coefficients": np.array([1.0, 1.0, 1.0])}, "integrates to 3"),
        ({"exponents": np.array([1.0, -1.0, 1.0])}, "exponents > 0"),
        ({"exponents": np.array([1.0, np.inf, 1.0])}, "exponents > 0"),
        ({"powers": np.array([2.0, np.nan, 2.0])}, "powers > -1"),
        ({"powers": np.array([2.0, 2e5, 2.0])}, "at most 100000"),
        ({"s": 0.0}, "s = 0.0: give 1 or 2"),
        ({"s": np.nan}, "s = nan: give 1 or 2"),
        ({"powers": np.array([2.0])}, "one shape"),
    ],
)
def test_wrong_terms_are_refused(change: dict[str, Any], message: str) -> None:
    good = _mixture()
    terms: dict[str, Any] = {
        "coefficients": good.coefficients, "powers": good.powers, "exponents": good.exponents,
        "s": 2,
    }  # fmt: skip
    with pytest.raises(DensityError, match=message):
        GammaMixture(2, **(terms | change))


def test_radii_of_a_sum_of_large_terms_of_both_signs() -> None:
    """Rounding of the terms leaves some 1e-11 of the charge, and radii are found to as much."""
    large = 2e4
    coefficients = np.concatenate([[2.0], large * np.array([1.0, -3.0, 3.0, -1.0])])
    exponents = np.concatenate([[1.0], 3.0 + 1e-3 * np.arange(4)])
    density = GammaMixture(2, coefficients, np.full(5, 2.0), exponents, 2)
    charges = np.linspace(0.05, 1.95, 4000)
    np.testing.assert_allclose(density.cumulant(density.radius(charges)), charges, rtol=1e-9)
