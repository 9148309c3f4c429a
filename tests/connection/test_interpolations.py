"""Interpolations: their integrals, both ends, and numbers that another program printed."""

import math
from dataclasses import astuple
from functools import partial

import pytest
from scipy.integrate import quad

from comotion.connection.ingredients import Ingredients
from comotion.connection.interpolations import (
    INTERPOLATIONS,
    Interpolation,
    size_consistency_correction,
)
from comotion.errors import ComparisonError

#: Of helium, the second-order energy about right.
HELIUM = Ingredients(w_0=-1.024568, w_0_prime=-0.095, w_inf=-1.498378, w_inf_prime=0.619418)
#: Of neon, about right.
NEON = Ingredients(w_0=-12.1, w_0_prime=-0.9, w_inf=-20.04, w_inf_prime=22.0)
STRONG = Ingredients(w_0=-2.0, w_0_prime=-3.0, w_inf=-4.0, w_inf_prime=0.7)
NAMES = list(INTERPOLATIONS)
#: Those that know W'_inf.
WITH_SLOPE = ["isi", "revisi", "genisi"]


def test_there_are_five() -> None:
    assert NAMES == ["isi", "revisi", "genisi", "spl", "lb"]
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
        assert slope(1e12) == pytest.approx(ends.zero_point(), rel=1e-5)
    else:
        # Theirs follows from the other three ingredients.
        ratio = ends.w_0_prime / (ends.w_inf - ends.w_0)
        part = {"spl": 1 / math.sqrt(2 * ratio), "lb": 0.5 / math.sqrt(0.8 * ratio)}[name]
        assert slope(1e12) == pytest.approx((ends.w_0 - ends.w_inf) * part, rel=1e-5)


@pytest.mark.parametrize("name", WITH_SLOPE)
def test_infinitely_strong_correlation(name: str) -> None:
    """W'_0 -> -inf leaves the ends at strong coupling."""
    ends = Ingredients(w_0=-1.0, w_0_prime=-1e14, w_inf=-1.5, w_inf_prime=0.6)
    q = (ends.w_0 - ends.w_inf) / ends.zero_point()
    expected = {
        "isi": ends.w_inf + ends.zero_point() * (2 - 2 * math.log(1 + q) / q),
        "revisi": ends.w_inf + ends.zero_point() * 2 * q / (2 + q),
        "genisi": ends.w_inf + ends.zero_point() * 4.5 * q / (3.5 + math.hypot(1, 2.25 * q)),
    }[name]
    assert INTERPOLATIONS[name].integral(ends) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ends", [HELIUM, STRONG], ids=["helium", "strong"])
def test_scaled_densities_have_the_same_curve(name: str, ends: Ingredients) -> None:
    """E_xc of a density with all lengths times 3 is the curve up to 1 / 3, times 9 / 3^2."""
    one, t = INTERPOLATIONS[name], 1 / 3
    stretched = Ingredients(
        t * ends.w_0, ends.w_0_prime, t * ends.w_inf, t**1.5 * ends.zero_point()
    )
    up_to_there, error = quad(partial(one.curve, ends), 0, 1 / t, epsabs=1e-13, epsrel=1e-13)
    assert error < 1e-11
    assert one.integral(stretched) == pytest.approx(t**2 * up_to_there, abs=1e-12)


@pytest.mark.parametrize("r_s", [2, 5, 10, 50, 100])
def test_the_uniform_gas(r_s: float) -> None:
    """GenISI is made for it, where W'_0 is infinite: J. P. Perdew, Y. Wang, Phys. Rev. B 45, 13244.

    With its constant 3 or 4 instead of 3.5 one of these would be off by 2 per cent.
    """
    density = 3 / (4 * math.pi * r_s**3)
    ends = Ingredients(
        w_0=-0.75 * (3 / math.pi * density) ** (1 / 3),
        w_0_prime=-1e12,
        w_inf=-1.451 * density ** (1 / 3),
        w_inf_prime=1.535 * math.sqrt(density),
    )
    root = math.sqrt(r_s)
    series = 7.5957 * root + 3.5876 * r_s + 1.6382 * root**3 + 0.49294 * r_s**2
    expected = -2 * 0.031091 * (1 + 0.2137 * r_s) * math.log1p(1 / (2 * 0.031091 * series))
    assert INTERPOLATIONS["genisi"].correlation(ends) == pytest.approx(expected, rel=0.015)


@pytest.mark.parametrize("ends", [HELIUM, STRONG], ids=["helium", "strong"])
def test_genisi_as_another_program_has_it(ends: Ingredients) -> None:
    """In the form of acmxc (https://github.com/fabiods/acmxc, acmlib.py), with e = E_c^GL2."""
    x, w, w_1, e = ends.w_0, ends.w_inf, ends.zero_point(), ends.w_0_prime / 2
    gas = w + (x - w) * 4.5 / (3.5 + math.sqrt(1 + ((x - w) * 4.5) ** 2 / (4 * w_1**2)))
    a = x * (1 + (x - w) ** 3 / (8 * e * w_1**2) * 4.5)
    p, q = 2 * e / x, 18 * (x / w) ** 3
    expected = a * p / (2 * (q * p + 1) ** 2) + gas - x
    assert INTERPOLATIONS["genisi"].correlation(ends) == pytest.approx(expected, abs=1e-14)


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


#: The fragments of TURBOMOLE_INT among them, two molecules of water.
WATER = (
    Ingredients(-8.9418698872, 2 * -0.1904617188, -14.6479100591, 14.2341240053),
    Ingredients(-8.9361914520, 2 * -0.1916976873, -14.6407620815, 14.2320441504),
)


def test_the_correction_of_another_program() -> None:
    """TURBOMOLE_INT/acmxc.out: interaction energies -0.0080100911 bare, -0.0080099117 corrected."""
    correction = size_consistency_correction(INTERPOLATIONS["lb"], WATER)
    assert correction == pytest.approx(0.0000001794, abs=5.1e-11)
    whole = Ingredients(-17.8916217642, 2 * -0.3826887249, -29.3490905904, 28.5670787043)
    lb = INTERPOLATIONS["lb"]
    bare = lb.correlation(whole) - sum(map(lb.correlation, WATER))
    assert bare == pytest.approx(-0.0005504841, abs=1e-9)
    assert bare - 0.0074596071 + correction == pytest.approx(-0.0080099117, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_equal_fragments_need_no_correction(name: str) -> None:
    one = INTERPOLATIONS[name]
    for count in (1, 2, 5):
        assert size_consistency_correction(one, [HELIUM] * count) == pytest.approx(0, abs=1e-13)
    different = size_consistency_correction(one, [HELIUM, NEON])
    whole = Ingredients(*(a + b for a, b in zip(*map(astuple, (HELIUM, NEON)), strict=True)))
    expected = one.integral(HELIUM) + one.integral(NEON) - one.integral(whole)
    assert different == pytest.approx(expected, abs=1e-13)
    assert abs(different) > 1e-4


def test_a_formula_that_is_not_homogeneous_needs_one_for_equal_fragments() -> None:
    square = Interpolation("square", "", lambda _, __: 0.0, lambda ends: ends.w_0**2)
    assert size_consistency_correction(square, [HELIUM] * 2) == pytest.approx(-2 * HELIUM.w_0**2)


def test_no_fragments() -> None:
    with pytest.raises(ComparisonError, match="no fragments: give the ingredients of one or more"):
        size_consistency_correction(INTERPOLATIONS["isi"], [])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"w_0": 0.1}, "w_0 = 0.1 hartree is not negative: it is an exchange energy"),
        ({"w_0_prime": 0.01}, "w_0_prime = 0.01 hartree is not negative"),
        ({"w_0_prime": 0.0}, "w_0_prime = 0 hartree is not negative"),
        ({"w_inf": -1.0}, "w_inf = -1 hartree is not below w_0 = -1.02457"),
        ({"w_inf_prime": -0.1}, "w_inf_prime = -0.1 hartree is not positive"),
        ({"w_inf_prime": float("nan")}, "w_inf_prime is nan: an interpolation needs numbers"),
        ({"w_0": float("inf")}, "w_0 is inf: an interpolation needs numbers"),
    ],
)
def test_ends_that_cannot_be(change: dict[str, float], told: str) -> None:
    with pytest.raises(ComparisonError, match=told):
        Ingredients(**(vars(HELIUM) | change))
