"""Shapes with a large ratio of Lieb and Oxford, against the Lane-Emden equation and the plan."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import comotion
from comotion import LiebOxfordShape, lieb_oxford_shape
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.transport.lieb_oxford.climbing import climb
from comotion.transport.lieb_oxford.largest_ratio import euler_equation, lieb_oxford_ratio
from comotion.transport.lieb_oxford.relaxed_ratio import RelaxedRatio
from comotion.transport.lieb_oxford.shape_space import ShapeSpace
from comotion.transport.maps import alternating


@cache
def _shape(n_electrons: int) -> LiebOxfordShape:
    return lieb_oxford_shape(n_electrons, seeds=(1,))


@cache
def _lane_emden() -> Any:
    """The solution of theta'' + 2 theta' / x + theta^3 = 0 from the centre to its first zero."""

    def zero(_x: float, y: Array) -> float:
        return float(y[0])

    zero.terminal = True  # type: ignore[attr-defined]
    x = 1e-3
    begin = [1 - x**2 / 6 + x**4 / 40, -x / 3 + x**3 / 10]
    return solve_ivp(
        lambda x, y: [y[1], -(y[0] ** 3) - 2 * y[1] / x], [x, 8.0], begin,
        method="DOP853", events=zero, rtol=1e-12, atol=1e-14, dense_output=True,
    )  # fmt: skip


def test_one_electron_is_a_polytrope() -> None:
    """rho^(1/3) solves the Lane-Emden equation of index 3; the ratio follows from its mass."""
    found = _lane_emden()
    edge = found.t[-1]
    mass = -(edge**2) * found.y[1, -1]
    largest = 3 * np.pi / (4 * np.pi * mass) ** (2 / 3)
    shape = lieb_oxford_shape(1, pieces=16, seeds=(1,))
    assert shape.plan.cost == 0
    assert shape.ratio == pytest.approx(largest, abs=1e-10)
    assert shape.ratio < largest
    assert shape.euler_residual < 5e-6
    r = np.linspace(0.05, 0.95, 19)
    profile = np.cbrt(shape.density(r) / shape.density(0.0))
    assert profile == pytest.approx(found.sol(r * edge)[0], abs=2e-4)


def test_the_gradient_is_that_of_the_ratio() -> None:
    space = ShapeSpace(3, pieces=4, intervals=32)
    rng = np.random.default_rng(5)
    at, along = 0.3 * rng.normal(size=space.size), rng.normal(size=space.size)
    ratio_of = RelaxedRatio(space, np.array([True, False, False]), seed=1)
    parts, step = ratio_of(at), 1e-4
    difference = ratio_of(at + step * along).ratio - ratio_of(at - step * along).ratio
    assert parts.gradient @ along == pytest.approx(difference / (2 * step), rel=1e-5)
    # All lengths scaled: rho times a constant at fixed charges.
    assert np.sum(parts.gradient) == pytest.approx(0.0, abs=1e-15)
    assert ratio_of(at + np.log(8.0)).ratio == pytest.approx(parts.ratio, rel=1e-13)


def test_a_shape_in_charge_is_its_table() -> None:
    """Radii, U and int rho^(4/3) in the charge as the variable, and of the table in r."""
    space = ShapeSpace(3, pieces=4, intervals=64)
    coefficients = 0.2 * np.random.default_rng(7).normal(size=space.size)
    profile = space.rows(96).profile(coefficients)
    rows = np.concatenate(([0.0], profile.radii.ravel()))
    rho = np.concatenate(([space.centre(coefficients)], profile.root.ravel() ** 3))
    density = comotion.tabulated(rows, rho, normalize=True)
    at_nodes = space.nodes.profile(coefficients)
    radii = density.radius(space.charges[:, :-1])
    assert at_nodes.radii[:, :-1] == pytest.approx(radii, rel=3e-6)
    integrals = comotion.density_integrals(density)
    parts = RelaxedRatio(space, alternating(3), seed=1)(coefficients)
    assert parts.hartree == pytest.approx(integrals.hartree, rel=3e-6)
    assert parts.local == pytest.approx(integrals.rho_four_thirds, rel=3e-6)
    assert parts.cost == pytest.approx(comotion.comotion_plan(density).cost, rel=1e-5)


def test_two_electrons() -> None:
    """The plan is the optimum, so the shape is that of all spherical densities."""
    shape = _shape(2)
    assert shape.ratio == pytest.approx(1.2565572, abs=1e-7)
    assert shape.error < 1e-9
    assert shape.euler_residual < 5e-5
    assert shape.euler_constant == pytest.approx(1.0, abs=5e-4)
    assert shape.density.support == (0.0, 1.0)
    # The other electron is at the edge when one is at the centre, where v_H has no slope:
    # 4/3 C d(rho^(1/3))/dr = -u' = 1.
    r = np.array([1e-3, 2e-3])
    slopes = (np.cbrt(shape.density(r)) - np.cbrt(shape.density(0.0))) / r
    assert 2 * slopes[0] - slopes[1] == pytest.approx(0.75 / shape.ratio, rel=0.05)


def test_a_maximum_is_higher_than_all_around_it() -> None:
    """By the engine itself, on tables of the shape with bumps."""
    shape = _shape(2)
    r, rho = shape.density.r, shape.density.rho
    assert lieb_oxford_ratio(shape.density, shape.plan)[0] == shape.ratio
    for wave in (1, 2, 3, 5, 8):
        for sign in (-1, 1):
            bumps = rho * (1 + sign * 0.05 * np.cos(wave * np.pi * r))
            other = comotion.tabulated(r, bumps, normalize=True)
            ratio, _ = lieb_oxford_ratio(other, comotion.comotion_plan(other))
            assert 1e-6 < shape.ratio - ratio < 1e-2, (wave, sign)


def test_the_equation_fails_elsewhere() -> None:
    """On a uniform ball, whose ratio is smaller."""
    ball = comotion.model("ball", 2)
    plan = comotion.comotion_plan(ball)
    ratio, error = lieb_oxford_ratio(ball, plan)
    assert error < 1e-8
    assert ratio < _shape(2).ratio - 0.01
    residual, _ = euler_equation(ball, plan, ratio)
    assert residual > 0.05


def test_other_directions_of_the_shells() -> None:
    """Of three electrons the inner one moves outwards and the others inwards."""
    shape, comotion_only = _shape(3), lieb_oxford_shape(3, seeds=(1,), patterns=False)
    assert shape.plan.upward.tolist() == [True, False, False]
    assert comotion_only.plan.kind == "comotion"
    assert shape.ratio > comotion_only.ratio + 0.002
    assert shape.history[-1] == max(shape.ratios_by_start)
    assert np.all(np.diff(shape.history) >= 0)


def test_starts_meet() -> None:
    shape = lieb_oxford_shape(4, pieces=4, seeds=(3, 4), patterns=False)
    first, second = shape.ratios_by_start
    assert first == pytest.approx(second, abs=1e-9)
    # More pieces bring next to nothing.
    finer = lieb_oxford_shape(4, pieces=8, seeds=(3,), patterns=False)
    assert 0 < finer.ratio - shape.ratio < 1e-6


def test_a_climb_stays_where_it_is_flat() -> None:
    space = ShapeSpace(2, pieces=4, intervals=32)
    ratio_of = RelaxedRatio(space, alternating(2), seed=1)
    begin = np.zeros(space.size)
    top, parts, slope = climb(ratio_of, begin, ratio_of(begin))
    assert slope < 1e-7
    again, same, _ = climb(ratio_of, top, parts)
    assert np.array_equal(again, top)
    assert same is parts


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"n_electrons": 0}, "a shape of 0 electrons: give a whole number, 1 to 120"),
        ({"n_electrons": 2.5}, "a shape of 2.5 electrons"),
        ({"n_electrons": True}, "a shape of True electrons"),
        ({"n_electrons": 121}, "a shape of 121 electrons"),
        ({"n_electrons": 2, "pieces": 0}, "a shape of 0 pieces"),
        ({"n_electrons": 2, "seeds": ()}, "give at least one"),
        ({"n_electrons": 2, "seeds": (-1,)}, "whole numbers from 0 on"),
    ],
)
def test_what_is_no_shape(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TransportError, match=sentence) as error:
        lieb_oxford_shape(**arguments)
    assert "\n" not in str(error.value)
