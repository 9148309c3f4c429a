"""Functionals of the density by other routes."""

import numpy as np
import pytest
from scipy.integrate import dblquad, quad

from comotion.density.functionals import density_integrals, hartree
from comotion.density.model_densities import MODELS
from comotion.density.table import tabulated


def test_hartree_is_the_double_integral() -> None:
    density = MODELS["sqrt_r"](2)

    def charge(r: float) -> float:
        return float(4 * np.pi * r**2 * density.density(r))

    def pair(r: float, s: float) -> float:
        return charge(r) * charge(s) / max(r, s)

    # The integrand is symmetric: twice the triangle s < r is the square.
    value, _ = dblquad(pair, 0, 40, 0, lambda s: s, epsabs=1e-9, epsrel=1e-9)
    assert hartree(density) == pytest.approx(value, abs=1e-7)


def test_rho_four_thirds_of_the_exponential() -> None:
    integrals = density_integrals(MODELS["exponential"](2))
    a = (2 / (8 * np.pi)) ** (4 / 3)
    assert integrals.rho_four_thirds == pytest.approx(8 * np.pi * a / (4 / 3) ** 3, rel=1e-10)
    assert integrals.hartree_error < 1e-11


def test_point_charge_model_by_quadrature() -> None:
    density = MODELS["gaussian"](2)

    def rho(r: float) -> float:
        return float(2 * (2 * np.pi) ** -1.5 * np.exp(-(r**2) / 2))

    local, _ = quad(lambda r: 4 * np.pi * r**2 * rho(r) ** (4 / 3), 0, 20)
    gradient, _ = quad(lambda r: 4 * np.pi * r**4 * rho(r) ** (2 / 3), 0, 20)
    expected = -1.451 * local + 5.317e-3 * gradient
    assert density_integrals(density).w_pc == pytest.approx(expected, rel=1e-7)
    local, _ = quad(lambda r: 4 * np.pi * r**2 * rho(r) ** 1.5, 0, 20)
    gradient, _ = quad(lambda r: 4 * np.pi * r**4 * rho(r) ** (5 / 6), 0, 20)
    expected = 1.535 * local - 0.02558 * gradient
    assert density_integrals(density).w_pc_prime == pytest.approx(expected, rel=1e-7)


def test_gradient_integrals_at_an_edge_that_has_none() -> None:
    """1 - r^2 falls like the distance from its edge: |grad rho|^2 / rho^(4/3) grows too fast."""
    r = np.linspace(0, 1, 201)
    found = density_integrals(tabulated(r, 2 * 15 / (8 * np.pi) * (1 - r**2)))
    assert np.isnan(found.gradient_four_thirds)
    assert np.isnan(found.w_pc)
    assert found.rho_four_thirds > 0
