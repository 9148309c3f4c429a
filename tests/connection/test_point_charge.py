"""The point-charge-plus-continuum model: closed forms, helium's ends, densities without."""

import math

import numpy as np
import pytest

import comotion
from comotion.connection.point_charge import StrongCoupling, point_charge
from comotion.errors import DensityError


def _power(prefactor: float, power: float) -> float:
    """Integral of (prefactor exp(-r))^power over space."""
    return float(8 * math.pi * prefactor**power / power**3)


@pytest.mark.parametrize("n_electrons", [1, 2, 7])
def test_exponential_densities(n_electrons: int) -> None:
    """There |grad rho| = rho; the constants as the paper prints them."""
    c = n_electrons / (8 * math.pi)
    found = point_charge(comotion.model("exponential", n_electrons))
    w_inf = -1.451 * _power(c, 4 / 3) + 5.317e-3 * _power(c, 2 / 3)
    w_inf_prime = 1.535 * _power(c, 3 / 2) - 0.02558 * _power(c, 5 / 6)
    assert found.w_pc == pytest.approx(w_inf, rel=1e-6)
    assert found.w_pc_prime == pytest.approx(w_inf_prime, rel=1e-6)


def test_scaling() -> None:
    rho = comotion.model("bohr", 4)
    near, far = point_charge(rho), point_charge(rho.stretched(4.0))
    assert far.w_pc == pytest.approx(near.w_pc / 4, rel=1e-7)
    assert far.w_pc_prime == pytest.approx(near.w_pc_prime / 8, rel=1e-7)


def test_helium() -> None:
    """The ends by the transport are W_inf = -1.4984 and W'_inf = 0.6194 hartree."""
    found = point_charge(comotion.atom("He", "hylleraas", "w4"))
    assert isinstance(found, StrongCoupling)
    assert found.w_pc == pytest.approx(-1.4620, abs=1e-4)
    assert found.w_pc_prime == pytest.approx(0.7282, abs=1e-4)


def test_densities_without_the_integrals() -> None:
    """1 - r^2 falls like the distance from its edge: |grad rho|^2 / rho^(4/3) grows too fast."""
    r = np.linspace(0, 1, 201)
    edge = comotion.tabulated(r, 2 * 15 / (8 * np.pi) * (1 - r**2))
    with pytest.raises(DensityError, match="do not converge at the nucleus or at an edge"):
        point_charge(edge)
