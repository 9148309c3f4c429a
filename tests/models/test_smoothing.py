"""Smoothed plans: exact marginals, bounds in order, and a plan by linear programming."""

from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.optimize import linprog
from scipy.stats import norm

from comotion.density.radial import Array
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


@pytest.mark.parametrize("hbar", [1.0, 0.25])
@pytest.mark.parametrize("name", list(_FAMILIES))
def test_bounds_are_the_least_of_their_family(name: str, hbar: float) -> None:
    """A scan of forty lengths finds none lower; energies of the states by hand."""
    points = 30
    problem = line_pair(sine_density, SOFT_COULOMB.value, points)
    plan, x = monotone_plan(problem.target / 2), problem.sites
    smoothing, lengths = _FAMILIES[name]
    found = smoothed_bound(problem, plan, hbar, smoothing, lengths)
    assert found.hbar == hbar
    repulsion = SOFT_COULOMB.value(x[:, None] - x)

    def energy(smooth: Array) -> float:
        """hbar^2 / 2 times the squared differences of the root, to the walls too, and <c>."""
        root = np.pad(np.sqrt(np.maximum(smooth, 0.0)), 1)
        steps = np.sum(np.diff(root, axis=0) ** 2) + np.sum(np.diff(root, axis=1) ** 2)
        return float(hbar**2 * steps / 2 * (points + 1) ** 2 + np.sum(smooth * repulsion))

    assert found.bound == pytest.approx(energy(found.plan), rel=1e-10)
    np.testing.assert_allclose(found.plan, smoothing(plan, x, found.length), atol=1e-15)
    scanned = [energy(smoothing(plan, x, s)) for s in np.geomspace(*lengths, 40)]
    assert found.bound <= min(scanned) * (1 + 1e-5)
    assert min(scanned) < min(scanned[0], scanned[-1])
    assert lengths[0] < found.length < lengths[1]
    least = follow(problem, [1.0, 0.5, hbar] if hbar < 0.5 else [hbar])[-1].functional
    assert least < found.bound < 1.05 * least
    error = np.max(np.abs(found.plan.sum(axis=1) - problem.target / 2))
    assert found.marginal_error == pytest.approx(error, abs=1e-18)


def test_gaussians_reflected_at_both_ends() -> None:
    """A point plan smeared without restoring anything: the mass of every cell by images."""
    x = (np.arange(9) + 1) / 10
    w = np.full(9, 1 / 9)
    plan = np.diag(w)
    length = 0.07
    smooth = smear_gaussian(plan, x, length)
    # Far from the ends each row of a single site is a Gaussian over the cells of the others.
    edges = np.concatenate(([0.0], (x[1:] + x[:-1]) / 2, [1.0]))
    kernel = np.zeros((9, 9))
    for k in range(-3, 4):
        for sign in (1, -1):
            kernel += np.diff(norm.cdf((edges - (2 * k + sign * x[:, None])) / length), axis=1)
    np.testing.assert_allclose(kernel.sum(axis=1), 1, atol=1e-12)
    smeared = kernel.T @ plan @ kernel
    moved = smeared.sum(axis=1)
    stay = np.minimum(moved, w)
    back = (np.diag(stay) + np.outer(moved - stay, w - stay) / np.sum(w - stay)) / moved[:, None]
    np.testing.assert_allclose(smooth, back.T @ smeared @ back, atol=1e-14)


def test_a_reservoir_is_a_share_of_the_product() -> None:
    problem = line_pair(sine_density, SOFT_COULOMB.value, 12)
    w, x = problem.target / 2, problem.sites
    plan = monotone_plan(w)
    all_of_it = smear_gaussian(plan, x, 1e-3, reservoir=1.0)
    np.testing.assert_allclose(all_of_it, np.outer(w, w), atol=1e-15)
    tenth = smear_gaussian(plan, x, 1e-3, reservoir=0.1)
    np.testing.assert_allclose(tenth, 0.9 * plan + 0.1 * np.outer(w, w), atol=1e-12)


@pytest.mark.parametrize(("size", "right"), [(0.9e-10, True), (1.2e-10, False)])
def test_what_rounding_may_make_of_a_plan(size: float, right: bool) -> None:
    """Departures from symmetry, from the marginal and from 0, just inside and just outside."""
    problem = line_pair(sine_density, SOFT_COULOMB.value, 12)
    plan = monotone_plan(problem.target / 2)
    lopsided, heavy = plan.copy(), plan.copy()
    lopsided[2, 7] += size
    heavy[3, 3] += size

    def negative(plan: Array, _x: Array, _length: float) -> Array:
        changed = plan.copy()
        changed[0, 0] = -size
        return changed

    def same(plan: Array, _x: Array, _length: float) -> Array:
        return plan

    for changed, smoothing, sentence in (
        (lopsided, same, "symmetric"), (heavy, same, "marginal"), (plan, negative, "negative"),
    ):  # fmt: skip
        if right:
            smoothed_bound(problem, changed, 0.5, smoothing, (0.1, 0.2))
        else:
            with pytest.raises(TransportError, match=sentence):
                smoothed_bound(problem, changed, 0.5, smoothing, (0.1, 0.2))


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
