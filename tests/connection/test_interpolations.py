"""Interpolations: their integrals, both ends, and numbers that another program printed."""

import math

import pytest
from scipy.integrate import quad

from comotion.connection.ingredients import Ingredients
from comotion.connection.interpolations import INTERPOLATIONS
from comotion.errors import ComparisonError

#: Of helium, the second-order energy about right.
HELIUM = Ingredients(w_0=-1.024568, w_0_prime=-0.095, w_inf=-1.498378, w_inf_prime=0.619418)
STRONG = Ingredients(w_0=-2.0, w_0_prime=-3.0, w_inf=-4.0, w_inf_prime=0.7)
NAMES = list(INTERPOLATIONS)
#: Those that know W'_inf.
WITH_SLOPE = ["isi", "revisi"]


def test_there_are_four() -> None:
    assert NAMES == ["isi", "revisi", "spl", "lb"]
    assert [INTERPOLATIONS[name].name for name in NAMES] == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ends", [HELIUM, STRONG], ids=["helium", "strong"])
def test_the_integral_is_that_of_the_curve(name: str, ends: Ingredients) -> None:
    one = INTERPOLATIONS[name]
    by_quadrature, error = quad(lambda x: one.curve(ends, x), 0, 1, epsabs=1e-13, epsrel=1e-13)
    assert error < 1e-12
    assert one.integral(ends) == pytest.approx(by_quadrature, abs=1e-12)
    assert one.correlation(ends) == pytest.approx(by_quadrature - ends.w_0, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ends", [HELIUM, STRONG], ids=["helium", "strong"])
def test_weak_coupling(name: str, ends: Ingredients) -> None:
    def curve(coupling: float) -> float:
        return INTERPOLATIONS[name].curve(ends, coupling)

    assert curve(0.0) == pytest.approx(ends.w_0, abs=1e-14)
    step = 1e-5
    # The forward difference of second order.
    slope = (4 * curve(step) - curve(2 * step) - 3 * curve(0.0)) / (2 * step)
    assert slope == pytest.approx(ends.w_0_prime, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ends", [HELIUM, STRONG], ids=["helium", "strong"])
def test_strong_coupling(name: str, ends: Ingredients) -> None:
    def slope(coupling: float) -> float:
        return math.sqrt(coupling) * (INTERPOLATIONS[name].curve(ends, coupling) - ends.w_inf)

    assert INTERPOLATIONS[name].curve(ends, 1e16) == pytest.approx(ends.w_inf, abs=1e-7)
    if name in WITH_SLOPE:
        assert slope(1e12) == pytest.approx(ends.w_inf_prime, rel=1e-5)
    else:
        # Theirs follows from the other three ingredients.
        ratio = ends.w_0_prime / (ends.w_inf - ends.w_0)
        part = {"spl": 1 / math.sqrt(2 * ratio), "lb": 0.5 / math.sqrt(0.8 * ratio)}[name]
        assert slope(1e12) == pytest.approx((ends.w_0 - ends.w_inf) * part, rel=1e-5)


@pytest.mark.parametrize("name", WITH_SLOPE)
def test_infinitely_strong_correlation(name: str) -> None:
    """W'_0 -> -inf leaves the ends at strong coupling."""
    ends = Ingredients(w_0=-1.0, w_0_prime=-1e14, w_inf=-1.5, w_inf_prime=0.6)
    q = (ends.w_0 - ends.w_inf) / ends.w_inf_prime
    expected = {
        "isi": ends.w_inf + ends.w_inf_prime * (2 - 2 * math.log(1 + q) / q),
        "revisi": ends.w_inf + ends.w_inf_prime * 2 * q / (2 + q),
    }[name]
    assert INTERPOLATIONS[name].integral(ends) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "w_0", "w_inf", "w_inf_prime", "second_order", "printed"),
    [
        ("isi", -17.8916221575, -29.2328449451, 28.4040170721, -0.3826886727, -0.3599516958),
        ("spl", -8.9014138274, -14.5595588911, 14.0932329349, -0.1326900804, -0.1268090879),
        ("lb", -17.8916217642, -29.3490905904, 28.5670787043, -0.3826887249, -0.3651783367),
        ("lb", -8.9418698872, -14.6479100591, 14.2341240053, -0.1904617188, -0.1817523334),
        ("lb", -8.9361914520, -14.6407620815, 14.2320441504, -0.1916976873, -0.1828755192),
    ],
)
def test_another_program(
    name: str, w_0: float, w_inf: float, w_inf_prime: float, second_order: float, printed: float
) -> None:
    """Outputs in the folder EXAMPLES of https://github.com/fabiods/acmxc (acmxc.out)."""
    ends = Ingredients(w_0, 2 * second_order, w_inf, w_inf_prime)
    assert INTERPOLATIONS[name].correlation(ends) == pytest.approx(printed, abs=2e-10)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"w_0_prime": 0.01}, "w_0_prime = 0.01 hartree is not negative"),
        ({"w_0_prime": 0.0}, "w_0_prime = 0 hartree is not negative"),
        ({"w_inf": -1.0}, "w_inf = -1 hartree is not below w_0 = -1.02457"),
        ({"w_inf_prime": -0.1}, "w_inf_prime = -0.1 hartree is not positive"),
        ({"w_inf_prime": float("nan")}, "w_inf_prime is nan: an interpolation needs all four"),
        ({"w_0": float("inf")}, "w_0 is inf: an interpolation needs all four"),
    ],
)
def test_ends_that_cannot_be(change: dict[str, float], told: str) -> None:
    with pytest.raises(ComparisonError, match=told):
        Ingredients(**(vars(HELIUM) | change))
