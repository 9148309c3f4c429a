"""Every number and array of the solutions of quantum problems and of meeting electrons."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from comotion.density.model_densities import MODELS, exponential
from comotion.density.radial import Array
from comotion.models.antipodal import antipodal_plan
from comotion.models.lieb.grids import (
    SOFT_COULOMB,
    line_pair,
    ordered_on_line,
    radial_pair,
    ring_pair,
    sine_density,
)
from comotion.models.lieb.maximise import LiebState, follow
from comotion.models.line_densities import LINE_DENSITIES
from comotion.models.line_plan import comotion_on_line, line_cost, line_zero_point
from comotion.models.meeting_electrons import (
    LeadingOrder,
    by_slaters_rules,
    comotion_cost,
    gains,
    least_squares_of_frequencies,
    of_three,
    violation,
)
from comotion.models.meeting_programme import comotion_radii, local_plan
from comotion.models.problem import Solution
from comotion.models.semiclassical import pair_density
from comotion.models.smoothing import (
    monotone_plan,
    smear_gaussian,
    smear_reversible,
    smoothed_bound,
)
from comotion.models.three_particles import ordered_pair_density
from comotion.transport.angular.search import angular_minimum
from comotion.transport.maps import alternating, configuration_radii

Solved = Callable[[str], Solution]

_SINE = LINE_DENSITIES["sine"]


def _values(solution: Solution, name: str) -> Any:
    return np.asarray(solution.arrays[name][0])


def _by_hbar(states: list[LiebState], name: str) -> Any:
    return pytest.approx({f"{s.hbar:g}": getattr(s, name) for s in states}, rel=1e-9)


def test_semiclassical(solved: Solved) -> None:
    solution = solved("semiclassical")
    numbers, hbars = solution.numbers, [3.0, 1.0, 0.5, 0.25, 0.12]
    problem = line_pair(sine_density, SOFT_COULOMB.value, 24)
    states = follow(problem, hbars)
    x, w = problem.sites, problem.target / 2
    assert numbers["functional"] == _by_hbar(states, "functional")
    assert all(0 <= r <= 1e-9 for r in numbers["residual"].values())
    assert list(numbers["residual"]) == [f"{h:g}" for h in hbars]
    pairs = [pair_density(s.state, 24) for s in states]
    away = [np.sum(np.abs(p - np.outer(w, w))) for p in pairs]
    np.testing.assert_allclose(list(numbers["distance_from_product"].values()), away, rtol=1e-6)
    assert np.all(np.diff(away) > 0)
    assert numbers["transport_cost"] == line_cost(_SINE, 2, SOFT_COULOMB)
    assert numbers["zero_point"] == line_zero_point(_SINE, 2, SOFT_COULOMB)
    plan = monotone_plan(w)
    on_grid = np.sum(plan / np.sqrt(0.01 + (x[:, None] - x) ** 2))
    assert numbers["transport_cost_on_grid"] == pytest.approx(on_grid, rel=1e-13)
    strict = follow(ordered_on_line(sine_density, 2, 24), hbars[1:])
    assert set(numbers["coulomb"]) == {"functional", "transport_cost", "zero_point"}
    assert numbers["coulomb"]["functional"] == _by_hbar(strict, "functional")
    assert numbers["coulomb"]["transport_cost"] == line_cost(_SINE, 2)
    assert numbers["coulomb"]["zero_point"] == line_zero_point(_SINE, 2)
    rings = follow(ring_pair(SOFT_COULOMB.value, 24), [10.0, 1.0, 0.1])
    assert numbers["ring"]["functional"] == _by_hbar(rings, "functional")
    assert 0 <= numbers["ring"]["potential_range"] < 1e-5
    largest = max(np.ptp(s.potential) for s in rings)
    assert numbers["ring"]["potential_range"] == pytest.approx(largest, abs=1e-6)
    for name, expected in (
        ("x", x), ("hbar", hbars), ("functional", [s.functional for s in states]),
        ("slope", [(s.functional - on_grid) / s.hbar for s in states]),
        ("zero_point", numbers["zero_point"]), ("potential", [s.potential for s in states]),
        ("shown_hbar", hbars), ("pair_density", np.array(pairs) * 25**2), ("plan", plan * 25**2),
    ):  # fmt: skip
        found = _values(solution, name)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6, err_msg=name)
    assert set(solution.arrays) == {
        "x", "hbar", "functional", "slope", "zero_point", "potential", "shown_hbar",
        "pair_density", "plan",
    }  # fmt: skip


def test_radial_semiclassical(solved: Solved) -> None:
    solution = solved("radial_semiclassical")
    numbers, gaussian = solution.numbers, MODELS["gaussian"](2)
    problem = radial_pair(lambda r: gaussian.density(r) / 2, 6.0, 16, 4)
    states = follow(problem, [3.0, 1.0])
    for name in ("functional", "repulsion"):
        assert numbers[name] == _by_hbar(states, name)
    assert all(0 <= r <= 1e-9 for r in numbers["residual"].values())
    cosine, weights = np.polynomial.legendre.leggauss(4)
    np.testing.assert_allclose(_values(solution, "cosine"), cosine, rtol=1e-14)
    for k, state in enumerate(states):
        shares = sum(np.asarray(state.state[a::4] ** 2).sum() * np.eye(4)[a] for a in range(4))
        mean = float(shares @ cosine)
        assert numbers["mean_cosine"][f"{state.hbar:g}"] == pytest.approx(mean, rel=1e-6)
        assert _values(solution, "mean_cosine")[k] == pytest.approx(mean, rel=1e-6)
        density = _values(solution, "angle_density")[k]
        np.testing.assert_allclose(density * weights, shares, rtol=1e-6)
        assert density @ weights == pytest.approx(1, rel=1e-9)
        assert _values(solution, "functional")[k] == pytest.approx(state.functional, rel=1e-9)
    np.testing.assert_array_equal(_values(solution, "hbar"), [3.0, 1.0])
    plan = antipodal_plan(gaussian)
    assert (numbers["transport_cost"], numbers["zero_point"]) == (plan.cost, plan.zero_point)
    assert set(numbers) == {
        "functional", "repulsion", "residual", "mean_cosine", "transport_cost", "zero_point",
        "settings",
    }  # fmt: skip


def test_three_particles(solved: Solved) -> None:
    solution = solved("three_particles")
    numbers = solution.numbers
    problem = ordered_on_line(sine_density, 3, 14)
    states = follow(problem, [1.0, 0.5])
    assert numbers["functional"] == _by_hbar(states, "functional")
    assert all(0 <= r <= 1e-9 for r in numbers["residual"].values())
    assert numbers["transport_cost"] == line_cost(_SINE, 3)
    assert numbers["zero_point"] == line_zero_point(_SINE, 3)
    np.testing.assert_array_equal(_values(solution, "x"), problem.sites)
    np.testing.assert_array_equal(_values(solution, "hbar"), [1.0, 0.5])
    np.testing.assert_allclose(
        _values(solution, "functional"), list(numbers["functional"].values()), rtol=1e-15
    )
    np.testing.assert_array_equal(_values(solution, "shown_hbar"), [1.0, 0.5])
    expected = [ordered_pair_density(s.state, 3, 14) * 15**2 for s in states]
    np.testing.assert_allclose(_values(solution, "pair_density"), expected, atol=1e-5)
    x = _values(solution, "map_x")
    np.testing.assert_allclose(x, np.arange(1, 400) / 400)
    np.testing.assert_array_equal(_values(solution, "maps"), comotion_on_line(_SINE, 3, x))


def test_smoothing(solved: Solved) -> None:
    solution = solved("smoothing")
    numbers, hbars = solution.numbers, [1.0, 0.5, 0.25]
    problem = line_pair(sine_density, SOFT_COULOMB.value, 24)
    states, x = follow(problem, hbars), problem.sites
    plan = monotone_plan(problem.target / 2)
    cost = np.sum(plan / np.sqrt(0.01 + (x[:, None] - x) ** 2))
    assert numbers["transport_cost"] == pytest.approx(cost, rel=1e-13)
    assert numbers["functional"] == _by_hbar(states, "functional")
    errors = []
    for name, length, smoothing, lengths in (
        ("gaussian", "gaussian_width", smear_gaussian, (0.005, 0.5)),
        ("reversible", "reversible_time", smear_reversible, (1e-6, 1.0)),
    ):
        bounds = [smoothed_bound(problem, plan, h, smoothing, lengths) for h in hbars]
        keys = [f"{h:g}" for h in hbars]
        assert numbers[name] == dict(zip(keys, (b.bound for b in bounds), strict=True))
        assert numbers[length] == dict(zip(keys, (b.length for b in bounds), strict=True))
        np.testing.assert_array_equal(_values(solution, name), [b.bound for b in bounds])
        errors += [b.marginal_error for b in bounds]
        if name == "reversible":
            np.testing.assert_allclose(_values(solution, "plan"), bounds[1].plan * 25**2)
    assert numbers["marginal_error"] == max(errors)
    assert _values(solution, "shown_hbar") == 0.5
    np.testing.assert_array_equal(_values(solution, "x"), x)
    np.testing.assert_array_equal(_values(solution, "hbar"), hbars)
    np.testing.assert_allclose(
        _values(solution, "functional"), list(numbers["functional"].values()), rtol=1e-15
    )


@pytest.mark.parametrize("name", ["exponential", "lithium"])
def test_meeting_electrons(name: str, solved: Solved) -> None:
    solution = solved("meeting_electrons")
    density = exponential(3) if name == "exponential" else by_slaters_rules(3)
    found, order = solution.numbers["densities"][name], LeadingOrder.of(density)
    regions = (1e-4, 1e-3, 1e-2, 5e-2, 1e-1)

    def held(array: str) -> Array:
        return np.asarray(_values(solution, f"{name}_{array}"))

    q = np.logspace(-9, -1, 25)
    np.testing.assert_allclose(held("q"), q, rtol=1e-12)
    squares = least_squares_of_frequencies(density, of_three(comotion_radii(density, q)))
    np.testing.assert_allclose(held("least_square"), squares, rtol=1e-9)
    np.testing.assert_allclose(held("leading_square"), order.square(q), rtol=1e-12)
    decades = {f"1e-{k:02d}": squares[3 * (9 - k)] for k in range(9, 0, -1)}
    assert found["least_square"] == pytest.approx(decades, rel=1e-9)
    nearby = np.geomspace(1e-6, 0.1, 16)
    np.testing.assert_allclose(held("region"), nearby, rtol=1e-12)
    np.testing.assert_allclose(held("violation"), violation(density, nearby), rtol=1e-9)
    for k in (0, 1, 9, 15):
        backwards, together = gains(density, float(nearby[k]))
        assert held("backwards")[k] == pytest.approx(backwards, rel=1e-9)
        assert held("together")[k] == pytest.approx(together, rel=1e-9)
    np.testing.assert_allclose(held("leading_gain"), order.gain(nearby), rtol=1e-12)
    # Exponents of the powers of q, and all over their leading orders.
    assert found["exponents"] == pytest.approx(
        {"least_square": -1 / 3, "violation": 5 / 3, "backwards": 8 / 3, "together": 8 / 3},
        abs=6e-2,
    )
    for quantity, exponent in found["exponents"].items():
        x = q if quantity == "least_square" else nearby
        y = held(quantity)
        slope = np.log(y[1] / y[0]) / np.log(x[1] / x[0])
        assert exponent == pytest.approx(slope, rel=1e-12)
    over = {
        "least_square": squares[0] / order.square(q)[0],
        "violation": held("violation")[0] / order.violation(nearby)[0],
        "backwards": held("backwards")[0] / order.gain(nearby)[0],
        "together": held("together")[0] / (2 * order.gain(nearby)[0]),
    }
    assert found["over_leading_order"] == pytest.approx(over, rel=1e-9)
    assert all(abs(ratio - 1) < 0.15 for ratio in over.values())
    by_region = found["excess_by_region"]
    assert list(by_region) == [f"{region:g}" for region in regions]
    np.testing.assert_array_equal(held("programme_region"), regions)
    np.testing.assert_array_equal(held("programme"), list(by_region.values()))
    excess = max(by_region.values())
    assert found["excess"] == excess
    assert found["region"] == float(max(by_region, key=lambda region: by_region[region]))
    best = local_plan(density, found["region"], 6)
    assert excess == pytest.approx(best.excess, rel=1e-9)
    assert found["excess_quadrature_error"] == pytest.approx(best.quadrature_error, rel=1e-6)
    assert found["marginal_error"] == best.marginal_error
    assert found["v_comotion"] == comotion_cost(density)
    assert found["upper"] == pytest.approx(found["v_comotion"] - excess, abs=1e-15)
    assert found["shell"] == order.shell == pytest.approx(float(density.radius(2.0)))
    middle = (best.edges[1:] + best.edges[:-1]) / 2
    np.testing.assert_allclose(held("plan_q"), middle[best.cells[:, 0]], rtol=1e-12)
    signed = np.where(best.cells >= 0, 1, -1)
    cells = np.where(best.cells >= 0, best.cells, -1 - best.cells)
    np.testing.assert_allclose(held("plan_about"), (signed * middle[cells])[:, 1:], rtol=1e-12)
    np.testing.assert_allclose(held("plan_weight"), best.weights, rtol=1e-12)


def test_four_meeting_electrons(solved: Solved) -> None:
    solution = solved("meeting_electrons")
    found, density = solution.numbers["densities"]["beryllium"], by_slaters_rules(4)
    q, upward = np.logspace(-7, -1, 19), alternating(4)
    np.testing.assert_allclose(_values(solution, "beryllium_q"), q, rtol=1e-12)
    minimum = angular_minimum(configuration_radii(density, q, 1 - q, upward), seed=2)
    squares = least_squares_of_frequencies(density, minimum)
    found_squares = _values(solution, "beryllium_least_square")
    np.testing.assert_allclose(found_squares, squares, rtol=1e-2)
    assert found["least_square"] == {
        f"1e-{k:02d}": found_squares[3 * (7 - k)] for k in range(7, 0, -1)
    }
    assert found["region"] == 3e-3
    x, w = np.polynomial.legendre.leggauss(80)
    t = (1 + x) / 2
    inner, weights = 3e-3 * t**3, 3e-3 * 3 * t**2 * w / 2
    radii = configuration_radii(density, inner, 1 - inner, upward)
    other = radii.copy()
    other[:, 2] = density.radius(2 + 3e-3 - inner)
    gain = weights @ (angular_minimum(radii, 2).energies - angular_minimum(other, 2).energies)
    assert found["gain_backwards"] == pytest.approx(gain, rel=1e-3)
