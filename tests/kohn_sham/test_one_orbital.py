"""One and two electrons in closed form: hydrogen-like atoms and oscillators."""

import numpy as np
import pytest

from comotion import GammaMixture
from comotion.kohn_sham.one_orbital import kinetic_energy, potential_up_to_a_constant

_RADII = np.geomspace(0.02, 6, 40)


def _single(n: int, power: float, exponent: float, s: float) -> GammaMixture:
    """4 pi r^2 rho like r^power exp(-exponent r^s)."""
    return GammaMixture(n, np.array([float(n)]), np.array([power]), np.array([exponent]), s)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("charge", [1, 2, 7])
def test_hydrogen_like_atoms(n: int, charge: int) -> None:
    """T_s = N Z^2 / 2 and v_s = -Z / r with the eigenvalue -Z^2 / 2."""
    density = _single(n, 2.0, 2.0 * charge, 1)
    assert kinetic_energy(density) == pytest.approx(n * charge**2 / 2, rel=1e-8)
    r = _RADII / charge
    expected = -charge / r + charge**2 / 2
    np.testing.assert_allclose(
        potential_up_to_a_constant(density, r), expected, rtol=1e-6, atol=1e-5 * charge**2
    )


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("frequency", [0.5, 3.0])
def test_oscillators(n: int, frequency: float) -> None:
    """Of phi = exp(-w r^2 / 2): T_s = 3 N w / 4, v_s = w^2 r^2 / 2 with eigenvalue 3 w / 2."""
    density = _single(n, 2.0, frequency, 2)
    assert kinetic_energy(density) == pytest.approx(3 * n * frequency / 4, rel=1e-8)
    r = _RADII[_RADII < 4] / np.sqrt(frequency)
    expected = frequency**2 * r**2 / 2 - 3 * frequency / 2
    np.testing.assert_allclose(
        potential_up_to_a_constant(density, r), expected, rtol=1e-5, atol=1e-4 * frequency
    )


def test_two_gaussians() -> None:
    """A sum of two, differentiated by hand: neither slope nor curvature of log rho is simple."""
    density = GammaMixture(2, np.array([1.5, 0.5]), np.array([2.0, 2.0]), np.array([1.0, 4.0]), 2)
    r = np.geomspace(0.05, 3, 30)
    norms = np.array([1.5, 0.5]) * np.array([1.0, 8.0]) / np.pi**1.5
    terms = norms[:, None] * np.exp(-np.multiply.outer([1.0, 4.0], r**2))
    rho = terms.sum(axis=0)
    of_first = -2 * r * (terms[0] + 4 * terms[1]) / rho
    of_second = ((4 * r**2 - 2) * terms[0] + (64 * r**2 - 8) * terms[1]) / rho
    # Lap phi / phi = rho'' / (2 rho) - (rho' / rho)^2 / 4 + rho' / (r rho).
    expected = (of_second / 2 - of_first**2 / 4 + of_first / r) / 2
    np.testing.assert_allclose(
        potential_up_to_a_constant(density, r), expected, rtol=1e-6, atol=1e-6
    )
    s = np.linspace(1e-6, 9, 20001)
    parts = norms[:, None] * np.exp(-np.multiply.outer([1.0, 4.0], s**2))
    squared = (2 * s * (parts[0] + 4 * parts[1])) ** 2 / parts.sum(axis=0)
    whole = float(np.trapezoid(4 * np.pi * s**2 * squared, s)) / 8
    assert kinetic_energy(density) == pytest.approx(whole, rel=1e-7)
