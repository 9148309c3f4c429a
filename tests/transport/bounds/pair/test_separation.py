"""Violated points of the pair inequality: planted ones are found, and none lie lower."""

import numpy as np
import pytest

from comotion import MODELS
from comotion.transport.bounds.pair.separation import tensors, violations, weights_of
from comotion.transport.bounds.pair.space import PairSpace, bernstein
from comotion.transport.bounds.pair.trial import PairEffort, PairTrial, pair_trial


@pytest.fixture(scope="module")
def trial() -> PairTrial:
    """A trial that the last search finds nowhere violated."""
    return pair_trial(MODELS["exponential"](3), PairEffort(4, 3, 4))


def _slack(space: PairSpace, potential: np.ndarray, kernels: list[np.ndarray], points: np.ndarray
           ) -> np.ndarray:  # fmt: skip
    """Both sides as they are written, relative to 1 / |x - x'| + 1, in the unit."""
    y, z, t = points.T
    r, s = y / (1 - y), z / (1 - z)
    repulsion = 1 / np.sqrt(r**2 + s**2 - 2 * r * s * t)
    psi, other = space.function_values(y), space.function_values(z)
    right = (space.potential_values(y) + space.potential_values(z)) @ potential
    legendre = np.polynomial.legendre.legvander(t, len(kernels) - 1)
    for degree, kernel in enumerate(kernels):
        whole = space.whole(kernel)
        right = right + legendre[:, degree] * np.einsum("ki,ij,kj->k", psi, whole, other)
    return np.asarray((repulsion - right) / (repulsion + 1))


def _points(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    y, z = np.sort(rng.uniform(0.001, 0.999, (n, 2)), axis=1).T
    return np.column_stack((y, z, rng.uniform(-1, 1, n)))


def test_tensors_are_the_right_side(trial: PairTrial) -> None:
    space = trial.space
    right = tensors(space, trial.potential, trial.kernels)
    m = len(space.cells)
    assert right.shape == (m, m, 4, 4, 4)
    low, high = space.cells.T
    # The middle of the first variable's cell, three quarters of the second's.
    first, second = bernstein(0.5), bernstein(0.75)
    legendre = np.polynomial.legendre.legvander([0.3], 3)[0]
    values = np.einsum("abijl,i,j,l->ab", right, first, second, legendre)
    y = np.repeat((low + high) / 2, m)
    z = np.tile(low + 0.75 * (high - low), m)
    points = np.column_stack((y, z, np.full(m * m, 0.3)))
    r, s = y / (1 - y), z / (1 - z)
    repulsion = 1 / np.sqrt(r**2 + s**2 - 0.6 * r * s)
    expected = repulsion - _slack(space, trial.potential, trial.kernels, points) * (repulsion + 1)
    np.testing.assert_allclose(values.ravel(), expected, rtol=1e-9, atol=1e-12)


def test_what_is_found_is_there(trial: PairTrial) -> None:
    points, slack = violations(trial.space, trial.potential, trial.kernels)
    assert (np.diff(slack) >= 0).all()
    inside = (points[:, :2] > 1e-6).all(axis=1) & (points[:, :2] < 1 - 1e-6).all(axis=1)
    apart = inside & (np.abs(points[:, 0] - points[:, 1]) + 1 - points[:, 2] > 1e-3)
    direct = _slack(trial.space, trial.potential, trial.kernels, points[apart])
    np.testing.assert_allclose(slack[apart], direct, atol=1e-10)
    assert apart.sum() > 20


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_lies_lower_than_what_is_found(trial: PairTrial, seed: int) -> None:
    """Of the trial, and of it with other kernels and potentials, against random points."""
    rng = np.random.default_rng(seed)
    points = _points(30_000, seed)
    space, some = trial.space, trial
    for size in (0.0, 1e-3, 0.1):
        potential = some.potential * (1 + size * rng.standard_normal(len(some.potential)))
        kernels = [kernel * (1 + size * rng.uniform()) for kernel in some.kernels]
        _, slack = violations(space, potential, kernels)
        assert slack[0] <= _slack(space, potential, kernels, points).min() + 1e-9


def test_a_planted_violation_is_found(trial: PairTrial) -> None:
    """The potential is raised by a bump on one cell only, where the trial had room."""
    space = trial.space
    before, slack = violations(space, trial.potential, trial.kernels)
    assert slack[0] > -1e-4
    bump = np.zeros(len(trial.potential))
    bump[5] = 0.2 * space.one[5]
    found, slack = violations(space, trial.potential + bump, trial.kernels)
    assert slack[0] < -1e-3
    support = space.cells[np.any(space.potentials[5] != 0, axis=1)]
    y = found[0, :2]
    assert ((support.min() <= y) & (y <= support.max())).any()
    assert len(found) > 0 < len(before)


def test_weights_make_rows_of_order_one() -> None:
    """A row is the slack over 1 / |x - x'| + 1; points at infinity and at one place have one."""
    points = np.array([[0.5, 0.25, -1.0], [0.5, 0.5, 1.0], [1.0, 0.5, 0.3], [0.0, 0.0, 0.0]])
    factor, limits = weights_of(points)
    # r = 1, s = 1/3 on opposite sides: 1 / |x - x'| = 3/4.
    assert factor[0] == pytest.approx(1 / 1.75)
    assert limits[0] == pytest.approx(0.75 / 1.75)
    # There the repulsion is infinite, and there it is zero.
    np.testing.assert_allclose(factor[1:3], [0, 1], atol=1e-12)
    np.testing.assert_allclose(limits[1:3], [1, 0], atol=1e-12)
    assert np.isfinite(factor).all()
    assert np.isfinite(limits).all()
