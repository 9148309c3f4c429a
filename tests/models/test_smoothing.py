"""Smoothed plans: exact marginals, bounds in order, and a plan by linear programming."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.optimize import linprog

from comotion.errors import TransportError
from comotion.models.lieb.grids import SOFT_COULOMB, line_pair, sine_density
from comotion.models.lieb.maximise import follow
from comotion.models.smoothing import (
    Smoothing,
    monotone_plan,
    smear_gaussian,
    smear_reversible,
    smoothed_bound,
)

_FAMILIES: dict[str, tuple[Smoothing, tuple[float, float]]] = {
    "gaussian": (smear_gaussian, (0.005, 0.5)),
    "reversible": (smear_reversible, (1e-6, 1)),
}


def test_monotone_plan_is_optimal_on_the_grid() -> None:
    points = 30
    problem = line_pair(sine_density, SOFT_COULOMB.value, points)
    x, w = problem.sites, problem.target / 2
    plan = monotone_plan(w)
    np.testing.assert_allclose(plan, plan.T, atol=1e-17)
    np.testing.assert_allclose(plan.sum(axis=1), w, atol=1e-15)
    cost = SOFT_COULOMB.value(x[:, None] - x)
    rows = np.kron(np.eye(points), np.ones(points))
    columns = np.kron(np.ones(points), np.eye(points))
    found: Any = linprog(
        cost.ravel(), A_eq=np.vstack((rows, columns)), b_eq=np.concatenate((w, w)), method="highs"
    )
    assert float(np.sum(plan * cost)) == pytest.approx(found.fun, abs=1e-9)


@pytest.mark.parametrize("name", list(_FAMILIES))
@pytest.mark.parametrize("length", [0.002, 0.03, 0.3])
def test_marginals_are_exact(name: str, length: float) -> None:
    problem = line_pair(sine_density, SOFT_COULOMB.value, 60)
    w = problem.target / 2
    smooth = _FAMILIES[name][0](monotone_plan(w), problem.sites, length)
    np.testing.assert_allclose(smooth.sum(axis=1), w, atol=1e-14)
    np.testing.assert_allclose(smooth, smooth.T, atol=1e-15)
    assert smooth.min() > -1e-16


def test_reservoir_keeps_the_marginal() -> None:
    problem = line_pair(sine_density, SOFT_COULOMB.value, 60)
    w = problem.target / 2
    smooth = smear_gaussian(monotone_plan(w), problem.sites, 0.05, reservoir=1e-3)
    np.testing.assert_allclose(smooth.sum(axis=1), w, atol=1e-14)
    assert smooth.min() > 0


def test_walk_is_the_exponential_of_its_generator() -> None:
    points, time = 25, 0.004
    problem = line_pair(sine_density, SOFT_COULOMB.value, points)
    w, x = problem.target / 2, problem.sites
    generator = np.zeros((points, points))
    for i in range(points - 1):
        rate = np.sqrt(w[i] * w[i + 1]) / (x[1] - x[0]) ** 2
        generator[i, i + 1], generator[i + 1, i] = rate / w[i], rate / w[i + 1]
    generator -= np.diag(generator.sum(axis=1))
    walk = expm(time * generator)
    plan = monotone_plan(w)
    np.testing.assert_allclose(smear_reversible(plan, x, time), walk.T @ plan @ walk, atol=1e-13)


def test_order_of_transport_functional_and_bounds() -> None:
    problem = line_pair(sine_density, SOFT_COULOMB.value, 50)
    plan = monotone_plan(problem.target / 2)
    x = problem.sites
    cost = float(np.sum(plan * SOFT_COULOMB.value(x[:, None] - x)))
    hbars = (1.0, 0.5, 0.25, 0.12, 0.06)
    for state in follow(problem, hbars):
        for smoothing, lengths in _FAMILIES.values():
            found = smoothed_bound(problem, plan, state.hbar, smoothing, lengths)
            assert cost < state.functional < found.bound < 1.03 * state.functional
            assert found.marginal_error < 1e-14


@pytest.mark.parametrize("name", list(_FAMILIES))
def test_bounds_are_as_tight_as_known(name: str, known: Callable[[str, str], float]) -> None:
    problem = line_pair(sine_density, SOFT_COULOMB.value, 120)
    plan = monotone_plan(problem.target / 2)
    for hbar in (1.0, 0.06):
        found = smoothed_bound(problem, plan, hbar, *_FAMILIES[name])
        assert found.bound <= known("smoothing", f"{name}-{hbar:g}")
        # Not below what it bounds.
        if hbar < 1:
            assert found.bound > known("smoothing", "F-0.06")


def test_wrong_inputs() -> None:
    problem = line_pair(sine_density, SOFT_COULOMB.value, 20)
    plan = monotone_plan(problem.target / 2)
    walk: Smoothing = smear_reversible
    with pytest.raises(TransportError, match="hbar must be positive"):
        smoothed_bound(problem, plan, -1.0, walk, (1e-6, 1))
    with pytest.raises(TransportError, match="symmetric"):
        smoothed_bound(problem, plan * np.nan, 1.0, walk, (1e-6, 1))
    lopsided = plan.copy()
    lopsided[0, 5] += 1e-3
    with pytest.raises(TransportError, match="symmetric"):
        smoothed_bound(problem, lopsided, 1.0, walk, (1e-6, 1))
    with pytest.raises(TransportError, match="marginal"):
        smoothed_bound(problem, np.full((20, 20), 1 / 400), 1.0, walk, (1e-6, 1))
