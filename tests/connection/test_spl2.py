"""SPL2: its integral, both ends, and the form in which its first author's program has it."""

import math

import pytest
from scipy.integrate import quad

from comotion.connection.spl2 import spl2_correlation, spl2_curve

#: E_x, E_c^MP2 and W_inf of helium and neon, about right.
HELIUM, NEON = (-1.0254, -0.0336, -1.461), (-12.102, -0.286, -19.7)


@pytest.mark.parametrize("ends", [HELIUM, NEON], ids=["helium", "neon"])
def test_integral_and_ends(ends: tuple[float, float, float]) -> None:
    exchange, second_order, w_inf = ends
    found, error = quad(lambda x: spl2_curve(*ends, x), 0, 1, epsabs=1e-13)
    assert error < 1e-12
    assert spl2_correlation(*ends) == pytest.approx(found, abs=1e-12)
    assert spl2_curve(*ends, 0.0) == pytest.approx(0.0, abs=1e-13)
    step = 1e-5
    slope = (4 * spl2_curve(*ends, step) - spl2_curve(*ends, 2 * step)) / (2 * step)
    assert slope == pytest.approx(2 * second_order, rel=1e-6)
    strong = 1.1472 * w_inf - 1.7397 * exchange
    assert spl2_curve(*ends, 1e14) == pytest.approx(strong, abs=1e-5)


@pytest.mark.parametrize("ends", [HELIUM, NEON], ids=["helium", "neon"])
def test_another_program(ends: tuple[float, float, float]) -> None:
    """The form of https://github.com/tjdaas/kappa-SPL2 (kappa_codes/mpac_fun.py)."""
    w0, slope = ends[0], 2 * ends[1]
    b2, m2 = 0.117, 10.68
    strong = 1.1472 * ends[2] - 0.7397 * w0
    inside = (m2 + b2 * m2 + w0 - 2 * slope - strong) / (m2 + w0 - strong)
    first = 2 * (math.sqrt(inside) - 1) * (m2 + w0 - strong) ** 2 / (b2 * m2 - 2 * slope)
    expected = strong - 2 * (math.sqrt(1 + b2) - 1) * m2 / b2 + first - w0
    assert spl2_correlation(*ends) == pytest.approx(expected, abs=1e-12)


def test_it_knows_an_energy_of_its_own() -> None:
    """Twice the ends are not twice the energy."""
    double = spl2_correlation(*(2 * end for end in HELIUM))
    assert abs(double - 2 * spl2_correlation(*HELIUM)) > 1e-5
