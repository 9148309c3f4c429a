"""Pair costs just inside and just outside of what they may be, and pairs of cells by hand."""

from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comotion import MODELS, PairCost
from comotion.density.radial import Array
from comotion.errors import RecordError, TransportError
from comotion.transport.pair_cells import _minima, least_cost, pair_value_by_cells
from comotion.transport.pair_cost import COULOMB, known_cost
from comotion.transport.pair_cost_checks import central_differences
from comotion.transport.pair_cost_storage import cost_of_parts, parts_of_cost


def test_parameters_and_names() -> None:
    """What each constructor is called by, keeps, and says; and which costs vanish far away."""
    for cost, name, parameters, vanishes, said in (
        (COULOMB, "coulomb", {}, True, "<PairCost coulomb>"),
        (PairCost.yukawa(0.5), "yukawa", {"kappa": 0.5}, True, "<PairCost yukawa(kappa=0.5)>"),
        (PairCost.inverse_power(3), "inverse_power", {"s": 3}, True,
         "<PairCost inverse_power(s=3)>"),
        (PairCost.logarithm(), "logarithm", {}, False, "<PairCost logarithm>"),
        (PairCost.soft_coulomb(0.1), "soft_coulomb", {"a": 0.1}, True,
         "<PairCost soft_coulomb(a=0.1)>"),
        (PairCost.repulsive_harmonic(), "repulsive_harmonic", {}, False,
         "<PairCost repulsive_harmonic>"),
        (PairCost.of(lambda d: 1 / d**2), "custom", {}, True, "<PairCost custom>"),
        (PairCost.of(lambda d: d, name="mine", vanishes=False), "mine", {}, False,
         "<PairCost mine>"),
    ):  # fmt: skip
        assert (cost.name, dict(cost.parameters), cost.vanishes) == (name, parameters, vanishes)
        assert repr(cost) == said
        assert cost.is_coulomb == (name == "coulomb")
        assert (cost.source, cost.factor) == (None, 1.0)
        known = known_cost(name, parameters)
        assert (known is None) == (name in {"custom", "mine"})
        assert known is None or known.agrees(cost.samples())


def test_least_parameters() -> None:
    """Kappa from 0 on, s and a above 0; none of them infinite."""
    assert PairCost.yukawa(0.0).agrees(COULOMB.samples())
    assert PairCost.inverse_power(1e-300).parameters == {"s": 1e-300}
    assert PairCost.soft_coulomb(1e-300).agrees(COULOMB.samples())
    for make in (PairCost.yukawa, PairCost.inverse_power, PairCost.soft_coulomb):
        for wrong in (np.inf, np.nan, -1e-300):
            with pytest.raises(TransportError, match="of a pair cost is a number"):
                make(wrong)
    for make in (PairCost.inverse_power, PairCost.soft_coulomb):
        with pytest.raises(TransportError, match="above 0, not 0"):
            make(0.0)


def test_values_at_one_distance() -> None:
    """By hand at d = 2, with the first two derivatives."""
    e = np.exp(-1.0)
    for cost, expected in (
        (COULOMB, (1 / 2, -1 / 4, 1 / 4)),
        (PairCost.yukawa(0.5), (e / 2, -e / 2, e * 5 / 8)),
        (PairCost.inverse_power(3), (1 / 8, -3 / 16, 3 / 8)),
        (PairCost.logarithm(), (-np.log(2), -1 / 2, 1 / 4)),
        (PairCost.soft_coulomb(1.0), (5**-0.5, -2 * 5**-1.5, 7 * 5**-2.5)),
        (PairCost.repulsive_harmonic(), (-4, -4, -2)),
    ):
        d = np.array(2.0)
        found = cost.value(d), cost.slope(d), cost.curvature(d)
        np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_stretched_costs() -> None:
    """l(d/t)/t and its derivatives; stretched back it is the one before, the same object."""
    cost, d = PairCost.yukawa(0.5), np.array([0.3, 2.0])
    wide = cost.stretched(4.0)
    np.testing.assert_allclose(wide.value(d), cost.value(d / 4) / 4, rtol=1e-15)
    step = 1e-5
    slope = (wide.value(d + step) - wide.value(d - step)) / (2 * step)
    np.testing.assert_allclose(wide.slope(d), slope, rtol=1e-8)
    curvature = (wide.slope(d + step) - wide.slope(d - step)) / (2 * step)
    np.testing.assert_allclose(wide.curvature(d), curvature, rtol=1e-8)
    assert (wide.source, wide.factor) == (cost, 4.0)
    assert repr(wide) == "<PairCost yukawa(kappa=0.5), lengths times 4>"
    assert wide.stretched(0.25) is cost
    assert wide.stretched(0.5).factor == 2.0
    assert wide.stretched(0.5) is cost.stretched(2.0)
    assert COULOMB.stretched(3.0) is COULOMB


def test_samples_tell_costs_apart() -> None:
    """Fifteen powers of two; equal but for rounding."""
    cost = PairCost.inverse_power(2.0)
    np.testing.assert_allclose(cost.samples(), 4.0 ** np.arange(7, -8, -1), rtol=1e-14)
    assert cost.agrees(cost.samples() * (1 + 0.9e-9))
    assert not cost.agrees(cost.samples() * (1 + 1.1e-9))
    one_off = cost.samples()
    one_off[14] *= 1.001
    assert not cost.agrees(one_off)


def test_energies_and_gradients_by_hand() -> None:
    """Three electrons in a right triangle with the sides 3, 4 and 5."""
    x = np.array([[0.0, 3.0, 0.0], [0.0, 0.0, 4.0], [0.0, 0.0, 0.0]])
    cost = PairCost.inverse_power(2.0)
    energies = cost.energies(np.stack([x, 2 * x]))
    expected = 1 / 9 + 1 / 16 + 1 / 25
    np.testing.assert_allclose(energies, [expected, expected / 4], rtol=1e-14)
    gradient = cost.gradient(x)
    # -l'(d) = 2 / d^3, along the sides.
    np.testing.assert_allclose(gradient[:, 0], [2 / 27, 2 / 64, 0], rtol=1e-14)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-16)
    # Two in one place do not push each other, the third is pushed by both.
    together = cost.gradient(np.array([[0.0, 0.0, 1.0], [0.0] * 3, [0.0] * 3]))
    np.testing.assert_allclose(together, [[2, 2, -4], [0] * 3, [0] * 3])


@pytest.mark.parametrize(("bent", "convex"), [(0.9e-10, True), (1.2e-10, False)])
def test_convex_up_to_rounding(bent: float, convex: bool) -> None:
    """A slope that falls by a share of itself between two of the distances looked at."""

    def slope(d: Array) -> Array:
        return np.asarray(-1.0 - bent * (d > 1.5))

    cost = replace(COULOMB, name="bent", slope=slope)
    assert cost.is_convex_decreasing(1.0, 2.0) == convex


def _window(at: float, d: Array) -> Array:
    return np.where(np.abs(np.log(d / at)) < 0.02, 1e-3, -1.0)


def test_decreasing_at_all_distances_down_to_a_millionth_of_the_shortest() -> None:
    for at, falls in ((1.5, False), (0.1, False), (2e-6, False), (0.5e-6, True), (3.0, True)):
        # Rises in a narrow window about one distance.
        slope = partial(_window, at)
        cost = replace(COULOMB, name="window", slope=slope)
        found = cost.is_convex_decreasing(1.0, 2.0)
        assert found == falls


def _power(power: int, x: Array) -> Array:
    return np.asarray(x**power)


def test_differences_of_eighth_order() -> None:
    """Polynomials up to the eighth power are exact but for rounding, and the ninth to h^8."""
    d = np.array([0.5, 1.0, 3.0])
    for power in range(9):
        found = central_differences(partial(_power, power))(d)
        np.testing.assert_allclose(found, power * d ** (power - 1.0), rtol=1e-11, atol=1e-12)
    ninth = central_differences(lambda x: (x - 1) ** 9)(np.array([1.0]))
    # Only the next term is left: 4!^2 h^8 with h = 2^-8.
    assert abs(float(ninth[0])) == pytest.approx(576 * 2.0**-64, rel=1e-6)


@pytest.mark.parametrize(("off", "right"), [(0.9e-6, True), (2.2e-6, False)])
def test_slopes_of_a_users_cost_are_checked(off: float, right: bool) -> None:
    """Relative to |l'| + |l| / d, twice the slope for 1/d."""

    def slope(d: Array) -> Array:
        return np.asarray(-(1 + off) / d**2)

    if right:
        assert PairCost.of(lambda d: 1 / d, slope).slope is slope
    else:
        with pytest.raises(TransportError, match=r"is no derivative of it: at 0\.01 bohr"):
            PairCost.of(lambda d: 1 / d, slope)


def test_users_costs_are_looked_at_from_a_hundredth_to_a_hundred_bohr() -> None:
    def hole(at: float) -> Any:
        return lambda d: np.where(np.abs(d / at - 1) < 1e-3, np.nan, 1 / d)

    for at in (0.01, 100.0):
        with pytest.raises(TransportError, match=f"not finite at {at:.4g} bohr"):
            PairCost.of(hole(at))
    for at in (0.009, 111.0):
        PairCost.of(hole(at))


def test_files_keep_what_makes_a_cost(tmp_path: Path) -> None:
    """Names, parameters and stretching; samples of a function of the user's."""
    cost = PairCost.yukawa(0.25).stretched(2.0)
    attributes, arrays = parts_of_cost(cost)
    assert attributes == {
        "pair_cost": "yukawa", "pair_cost_parameters": '{"kappa": 0.25}', "pair_cost_factor": "2.0",
    }  # fmt: skip
    assert arrays == {}
    back = cost_of_parts(tmp_path, attributes, {}, None)
    assert back.agrees(cost.samples())
    assert cost_of_parts(tmp_path, attributes, {}, cost) is cost
    assert cost_of_parts(tmp_path, {}, {}, None).is_coulomb
    mine = PairCost.of(lambda d: np.exp(-d), name="mine")
    attributes, arrays = parts_of_cost(mine)
    assert attributes == {"pair_cost": "mine", "pair_cost_parameters": "{}"}
    values, unit, _ = arrays["pair_cost_samples"]
    np.testing.assert_array_equal(values, mine.samples())
    assert unit == "hartree"
    held = {"pair_cost_samples": values}
    assert cost_of_parts(tmp_path, attributes, held, mine) is mine
    with pytest.raises(RecordError, match="give the function"):
        cost_of_parts(tmp_path, attributes, held, None)
    with pytest.raises(RecordError, match="not for <PairCost coulomb>"):
        cost_of_parts(tmp_path, attributes, held, COULOMB)


def test_least_costs_between_the_shortest_and_the_longest_distance() -> None:
    """Falling, rising, with a well, and infinite where electrons meet."""
    well = PairCost.of(lambda d: (d - 2) ** 2, name="well", vanishes=False)
    minima = _minima(well, 10.0)
    np.testing.assert_allclose(minima, [2.0], rtol=1e-6)
    r, s = np.array([1.5, 0.3, 5.0, 1.0]), np.array([1.5, 0.5, 1.0, 1.0])
    np.testing.assert_allclose(least_cost(well, r, s, minima), [0, 1.44, 4, 0], atol=1e-10)
    none = np.empty(0)
    np.testing.assert_allclose(least_cost(COULOMB, r, s, none), 1 / (r + s))
    rising = PairCost.of(lambda d: d, vanishes=False)
    np.testing.assert_allclose(least_cost(rising, r, s, none), np.abs(r - s))
    assert _minima(COULOMB, 10.0).size == _minima(rising, 10.0).size == 0
    # Where the cosine is 1 up to rounding anything may count as a minimum.
    found = _minima(PairCost.of(np.cos, vanishes=False), 12.0)
    np.testing.assert_allclose(found[found > 1e-3], [np.pi, 3 * np.pi], rtol=1e-6)


@pytest.mark.parametrize("n", [2, 3])
def test_pairs_of_few_cells_by_trying_all(n: int) -> None:
    """Three cells of a ball: every pairing and both orders, with finer quadrature in each."""
    density, cells = MODELS["ball"](n), 3
    cost = PairCost.of(lambda d: np.cos(4 * d), vanishes=False)
    minima = np.array([np.pi / 4])
    t, w = np.polynomial.legendre.leggauss(200)
    m = (np.arange(cells)[:, None] + (1 + t) / 2) / cells
    r = np.cbrt(m)

    def of(a: int, b: int, order: int) -> float:
        return float(w / 2 @ least_cost(cost, r[a], r[b][::order], minima))

    best = np.inf
    for partners in ((0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 0, 2), (1, 2, 0), (2, 0, 1)):
        best = min(
            best,
            *(sum(of(a, b, o) for a, b, o in zip(range(3), partners, orders, strict=True))
              for orders in product((1, -1), repeat=3)),
        )  # fmt: skip
    expected = (n - 1) / 2 * n / cells * best
    assert pair_value_by_cells(density, cost, cells) == pytest.approx(expected, rel=2e-3)
