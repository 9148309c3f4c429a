"""W'_inf of the optimal plan from potentials of lower bounds, by closed forms and other routes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bounded import bracket_of
from comotion import MODELS, PairCost, zero_point
from comotion.errors import TransportError
from comotion.transport.bounds.bracket import bracket
from comotion.transport.bounds.configurations import radii_of
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.minima import (
    Minima,
    bound_hessian,
    minima_of,
    potential_derivatives,
)
from comotion.transport.bounds.potential_space import potential_space
from comotion.transport.comotion import comotion_plan
from comotion.transport.optimal_zero_point import (
    optimal_zero_point,
    sharpened,
    zero_point_of_potentials,
)
from conftest import atom
from two_electrons import TWO_ELECTRONS


@cache
def _sharp(kind: str, n_electrons: int) -> tuple[DualBound, DualBound]:
    """Sharp lower bounds of a model density in two small spaces."""
    coarse, fine = sharpened(bracket_of(kind, n_electrons), (20, 40))
    return coarse, fine


@cache
def _minima(kind: str, n_electrons: int) -> Minima:
    return minima_of(_sharp(kind, n_electrons)[1])


def _with_any_potential(cost: PairCost, unit: float = 1.0) -> DualBound:
    """A bound of three electrons whose potential is no solution of anything."""
    bound = _sharp("exponential", 2)[0]
    density = MODELS["exponential"](3)
    space = potential_space(density, lambda r: 2 * cost.value(r + 1), 12, cost)
    free = np.random.default_rng(3).normal(size=space.n_free)
    other = replace(bound, density=density, space=space, coefficients=space.with_tail(free))
    return other.stretched(unit, density)


_COSTS = [PairCost.coulomb(), PairCost.soft_coulomb(0.7), PairCost.logarithm()]


@pytest.mark.parametrize("cost", _COSTS, ids=["coulomb", "soft", "logarithm"])
@pytest.mark.parametrize("unit", [1.0, 2.0])
def test_derivatives_of_the_potential(cost: PairCost, unit: float) -> None:
    """By differences of the potential itself, which comes from splines and not from polynomials."""
    bound = _with_any_potential(cost, unit)
    # The first and the last lie where the splines have ended.
    ends = np.exp(bound.space.grid[[0, -1]] + [-1.0, 1.0])
    r = unit * np.concatenate((ends[:1], [0.03, 0.4, 1.1, 2.9, 7.0], ends[1:]))
    h = 1e-4 * r
    values = np.array([bound.potential(r + k * h) for k in (-2, -1, 0, 1, 2)])
    slope, curvature = potential_derivatives(bound, r)
    first = np.array([1, -8, 0, 8, -1]) @ values / (12 * h)
    second = np.array([-1, 16, -30, 16, -1]) @ values / (12 * h**2)
    scale = np.max(np.abs(values), axis=0)
    np.testing.assert_allclose(slope * r / scale, first * r / scale, atol=1e-9)
    np.testing.assert_allclose(curvature * r**2 / scale, second * r**2 / scale, atol=1e-5)


@pytest.mark.parametrize("cost", _COSTS, ids=["coulomb", "soft", "logarithm"])
def test_hessian_by_differences_of_the_slack(cost: PairCost) -> None:
    bound = _with_any_potential(cost, 2.0)
    x = np.random.default_rng(4).normal(size=9)
    step = 1e-3
    shifts = step * np.eye(9)
    grid = np.array(
        [
            x + a * shifts[i] + b * shifts[j]
            for i in range(9) for j in range(9) for a in (1, -1) for b in (1, -1)
        ]
    )  # fmt: skip
    slack = bound.slack_of(grid.reshape(-1, 3, 3)).reshape(9, 9, 4)
    numeric = slack @ np.array([1, -1, -1, 1]) / (4 * step**2)
    hessian = bound_hessian(bound, x.reshape(3, 3))
    np.testing.assert_allclose(hessian, numeric, atol=1e-4 * np.abs(numeric).max())


def test_two_electrons_bend_as_in_the_closed_form() -> None:
    """At a minimum their bending follows from the radii: omega^2 = (r^2 + t^2) / (r t d^3)."""
    minima = _minima("gaussian", 2)
    r, t = radii_of(minima.positions).T
    bending = np.sqrt((r**2 + t**2) / (r * t * (r + t) ** 3))
    assert minima.frequencies.shape == (len(r), 4)
    # Beyond the knots an electron may hang about: the potential is flat.
    inside = minima.between_knots
    assert minima.weights[~inside].sum() < 2e-4
    distance = np.min(np.abs(minima.frequencies - bending[:, None]), axis=1) / bending
    assert np.max(distance[inside]) < 1e-6
    twice = np.sort(np.abs(minima.frequencies - bending[:, None]), axis=1)[:, 1] / bending
    assert np.max(twice[inside]) < 1e-6


def test_the_weights_are_those_of_a_plan() -> None:
    """Sums over electrons have the mean that the density gives them, of functions of the space."""
    bound, minima = _sharp("exponential", 3)[1], _minima("exponential", 3)
    assert np.all(minima.weights > 0)
    assert np.sum(minima.weights) == pytest.approx(1, abs=1e-9)
    rule = bound.density.quadrature()
    radii = radii_of(minima.positions)
    for at_nodes, at_electrons in (
        (np.exp(-rule.radii), np.exp(-radii)),
        (1 / (1 + rule.radii**2), 1 / (1 + radii**2)),
    ):
        exact = float(rule.weights @ at_nodes)
        mean = float(minima.weights @ np.sum(at_electrons, axis=1))
        assert mean == pytest.approx(exact, rel=2e-3)


@pytest.mark.parametrize(("kind", "n"), [("gaussian", 2), ("exponential", 3)])
def test_least_change_of_the_curvature(kind: str, n: int) -> None:
    """The change by the pseudo-inverse makes the lowest mode flat, and gives the same squares."""
    bound, minima = _sharp(kind, n)[1], _minima(kind, n)
    b = bound.space.b * bound.space.unit
    inside = np.flatnonzero(minima.between_knots)
    assert len(inside) > 10
    for k in inside:
        x = minima.positions[k]
        radii = np.linalg.norm(x, axis=0)
        hessian = bound_hessian(bound, x)
        # Rotations become stiff instead of being left out.
        turns = np.stack(
            [np.cross(axis, x, axisb=0, axisc=0).ravel() for axis in np.eye(3)], axis=1
        )
        stiff = hessian + 1e3 * turns @ turns.T
        values, vectors = np.linalg.eigh(stiff)
        mode = vectors[:, 0].reshape(3, n)
        share = np.sum(x / radii * mode, axis=0) ** 2
        scale = 1 / (radii**2 * np.sqrt(radii**2 + b**2))
        change = scale * (np.linalg.pinv((scale * share)[None])[:, 0] * max(values[0], 0.0))
        for i in range(n):
            e = np.zeros((3, n))
            e[:, i] = x[:, i] / radii[i]
            stiff = stiff - change[i] * np.outer(e.ravel(), e.ravel())
        assert mode.ravel() @ stiff @ mode.ravel() == pytest.approx(min(values[0], 0), abs=1e-9)
        squares = np.linalg.eigvalsh(stiff)[: minima.smoothed.shape[1]]
        largest = minima.eigenvalues[k, -1]
        np.testing.assert_allclose(minima.smoothed[k], squares, atol=1e-5 * largest)
        np.testing.assert_allclose(minima.eigenvalues[k][0], values[0], atol=1e-8 * largest)


def test_lengths_times_two() -> None:
    """Frequencies are energies over lengths squared: both become those of Coulomb's cost."""
    bound, minima = _sharp("exponential", 3)[1], _minima("exponential", 3)
    twice = minima_of(bound.stretched(2, bound.density.stretched(2)))
    np.testing.assert_array_equal(twice.weights, minima.weights)
    np.testing.assert_array_equal(twice.positions, 2 * minima.positions)
    np.testing.assert_allclose(twice.eigenvalues, minima.eigenvalues / 8, rtol=1e-12)
    np.testing.assert_allclose(twice.smoothed, minima.smoothed / 8, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(twice.slack, minima.slack / 2, atol=1e-14)


@pytest.mark.parametrize("kind", ["gaussian", "exponential"])
def test_two_electrons_within_the_error_bar(kind: str) -> None:
    found = optimal_zero_point(bracket_of(kind, 2))
    exact = TWO_ELECTRONS[kind].zero_point / 2
    assert found.missing is None
    assert found.w_inf_prime == pytest.approx(exact, rel=1e-3)
    assert found.range[0] <= exact <= found.range[1]
    assert found.error < 4e-3 * exact
    assert found.least_eigenvalue > -1e-4
    assert found.along < 0.05 * exact


def test_another_pair_cost() -> None:
    """The co-motion plan of two electrons is optimal for Yukawa's repulsion, too."""
    density, cost = MODELS["exponential"](2), PairCost.yukawa(0.3)
    plan = comotion_plan(density, pair_cost=cost)
    found = optimal_zero_point(bracket(density, plan, pair_cost=cost))
    exact = zero_point(plan)
    assert exact.unstable_share == 0
    assert found.w_inf_prime == pytest.approx(exact.w_inf_prime, rel=1e-3)
    assert found.range[0] <= exact.w_inf_prime <= found.range[1]
    assert found.error < 2e-3 * found.w_inf_prime


def test_beryllium_as_about_its_comotion_plan() -> None:
    """That plan is nearly optimal: its own value, with imaginary frequencies or without."""
    density = atom("Be", "hf_aug-cc-pVDZ")[1]
    plan = comotion_plan(density)
    found = optimal_zero_point(bracket(density, plan))
    assert found.w_inf_prime == pytest.approx(zero_point(plan).w_inf_prime, rel=3e-3)
    assert found.range[0] <= zero_point(plan).w_inf_prime <= found.range[1]
    assert found.error < 1e-2 * found.w_inf_prime
    assert found.largest_slack < 1e-5


def test_three_electrons_about_no_comotion_plan() -> None:
    """The co-motion plan of exponential-3 has no minimum; that of the bound has nothing else."""
    kind = "exponential"
    unstable = zero_point(comotion_plan(MODELS[kind](3)))
    assert unstable.unstable_share > 0.5
    found = zero_point_of_potentials(_sharp(kind, 3))
    assert found.least_eigenvalue > -1e-6
    # Other splines and random numbers give the same, which is not that of the co-motion plan.
    other = optimal_zero_point(bracket_of(kind, 3), splines=(28, 56), seed=2)
    assert abs(found.w_inf_prime - other.w_inf_prime) < max(found.error, other.error)
    assert abs(found.w_inf_prime - unstable.w_inf_prime) > 3 * found.error
    assert found.rippled[-1] > found.w_inf_prime > found.smoothed[-1]
    spread = found.rippled[-1] - found.smoothed[-1]
    means = [(a + b) / 2 for a, b in zip(found.rippled, found.smoothed, strict=True)]
    assert found.w_inf_prime == pytest.approx(means[-1], rel=1e-12)
    expected = spread + abs(means[1] - means[0]) + found.beyond_knots + found.imaginary
    assert found.error == pytest.approx(expected, rel=1e-12)
    assert "W'_inf" in repr(found)


def test_why_there_is_no_value() -> None:
    coarse, fine = _sharp("exponential", 3)
    with pytest.raises(TransportError, match="two spaces"):
        zero_point_of_potentials([fine])
    unfinished = replace(coarse, programme=coarse.value * (1 + 1e-5), stopped_by="iterations")
    _says(*_of(unfinished, fine), "24 functions is not known to be the best")
    assert zero_point_of_potentials([replace(coarse, stopped_by="search"), fine]).missing is None
    some = replace(fine, configurations=fine.configurations[:10], slack=fine.slack[:10])
    _says(*_of(coarse, some), "carry no plan")
    # Under another potential the configurations relax to minima that are not the lowest.
    other = replace(fine, coefficients=fine.space.with_tail(1.1 * fine.coefficients[:-1]))
    _says(*_of(coarse, other), "not the lowest")
    wide = replace(fine, programme=fine.value * (1 + 1e-6))
    assert zero_point_of_potentials([coarse, wide]).missing is None


def test_imaginary_frequencies_widen_the_error_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    coarse, fine = _sharp("exponential", 3)
    before = zero_point_of_potentials([coarse, fine])
    saddle = _minima("exponential", 3)
    squares = saddle.eigenvalues.copy()
    squares[:, 0] = np.maximum(squares[:, 0], 0.0)
    squares[:3, 0] = -0.0004
    monkeypatch.setattr(
        "comotion.transport.optimal_zero_point.minima_of",
        lambda _: replace(saddle, eigenvalues=squares),
    )
    found = zero_point_of_potentials([coarse, fine])
    assert found.imaginary == pytest.approx(0.02 / 4 * np.sum(saddle.weights[:3]), rel=1e-12)
    assert found.imaginary > 0
    # The lowest mode stands in neither value; here both spaces have the same.
    assert found.w_inf_prime == before.w_inf_prime
    spread = found.rippled[-1] - found.smoothed[-1]
    expected = spread + found.beyond_knots + found.imaginary
    assert found.error == pytest.approx(expected, rel=1e-12)
    assert found.least_eigenvalue < -1e-4
    squares[:, 0] = -1.0
    _says(*_of(coarse, fine), "more than half of itself")


def _of(coarse: DualBound, fine: DualBound) -> tuple[str | None, float]:
    found = zero_point_of_potentials([coarse, fine])
    return found.missing, found.w_inf_prime


def _says(missing: str | None, value: float, reason: str) -> None:
    assert missing is not None
    assert reason in missing
    assert np.isnan(value)
