"""The pair inequality: its worst case against a fine grid, its bound against configurations."""

import re
from itertools import combinations

import numpy as np
import pytest
from numpy.polynomial.legendre import legval

from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.models.pair_inequality import PairInequality, stationary_ratios


@pytest.mark.parametrize("radii", [(1.0, 1.0), (0.3, 2.0), (2.0, 0.3), (5.0, 5.5)])
@pytest.mark.parametrize("degree", [0, 1, 6, 25])
def test_no_distance_is_worse(radii: tuple[float, float], degree: int) -> None:
    coefficients = np.random.default_rng(degree).normal(size=degree + 1)
    first, second = radii
    where, ratios = stationary_ratios(first, second, coefficients)
    d = np.linspace(abs(first - second), first + second, 200001)
    cosines = (first**2 + second**2 - d**2) / (2 * first * second)
    on_grid = d * legval(cosines, coefficients)
    scale = np.max(np.abs(on_grid))
    assert np.max(ratios) >= np.max(on_grid) - 1e-13 * scale
    assert np.max(ratios) == pytest.approx(np.max(on_grid), abs=1e-5 * scale)
    assert where[0] == pytest.approx(d[0], abs=1e-15)
    assert where[-1] == pytest.approx(d[-1], rel=1e-15)
    # What it calls a ratio is one.
    cosines = (first**2 + second**2 - where**2) / (2 * first * second)
    np.testing.assert_allclose(ratios, where * legval(cosines, coefficients), atol=1e-12 * scale)


def _random(seed: int, occupations: Array) -> PairInequality:
    """Random potential and kernels on spheres."""
    rng, n = np.random.default_rng(seed), len(occupations)
    factors = rng.normal(size=(4, n, n)) / 20
    return PairInequality(
        rng.uniform(0.5, 2, n), occupations, rng.normal(size=n) / 20,
        factors @ factors.transpose(0, 2, 1),
    )  # fmt: skip


def _directions(rng: np.random.Generator, n: int) -> Array:
    x = rng.normal(size=(n, 3))
    return np.asarray(x / np.linalg.norm(x, axis=1, keepdims=True))


@pytest.mark.parametrize("seed", range(3))
def test_the_sum_over_pairs_is_on_average_above_the_value(seed: int) -> None:
    """Of any configurations, also where the inequality does not hold."""
    rng = np.random.default_rng(100 + seed)
    shells = rng.integers(0, 3, (60, 4))
    occupations = np.array([np.sum(shells == i) for i in range(3)]) / 60
    bound = _random(seed, occupations)
    assert bound.n_electrons == pytest.approx(4)
    sums = []
    for chosen in shells:
        x = _directions(rng, 4)
        sums.append(sum(
            bound.potential[chosen[a]] + bound.potential[chosen[b]]
            + legval(x[a] @ x[b], bound.kernels[:, chosen[a], chosen[b]])
            for a, b in combinations(range(4), 2)
        ))  # fmt: skip
    assert np.mean(sums) > bound.value * (1 + bound.excess)


def test_the_sum_is_the_value_where_nothing_varies() -> None:
    """Always one electron on the first sphere; the directions of a tetrahedron add up to 0."""
    bound = _random(5, np.array([1.0, 3.0]))
    kernels = np.array([bound.kernels[0], np.full((2, 2), 0.07)])
    bound = PairInequality(bound.radii, bound.occupations, bound.potential, kernels)
    x = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)
    shells = [0, 1, 1, 1]
    total = sum(
        bound.potential[shells[a]] + bound.potential[shells[b]]
        + legval(x[a] @ x[b], kernels[:, shells[a], shells[b]])
        for a, b in combinations(range(4), 2)
    )  # fmt: skip
    assert total == pytest.approx(bound.value * (1 + bound.excess), rel=1e-12)


def test_what_is_violated_is_divided() -> None:
    """A constant c on the unit sphere exceeds 1/d most at d = 2, by the factor 2 c."""
    one, kernels = np.ones(1), np.zeros((1, 1, 1))
    exact = PairInequality(one, 3 * one, 0.25 * one, kernels)
    assert exact.excess == pytest.approx(0, abs=1e-11)
    assert exact.value == pytest.approx(3 / 2, rel=1e-11)
    assert exact.value < 3 / 2
    assert [len(part) for part in exact.violated(1e-6)] == [0, 0, 0]
    raised = PairInequality(one, 3 * one, 0.3 * one, kernels)
    assert raised.excess == pytest.approx(0.2, rel=1e-11)
    assert raised.value == pytest.approx(3 / 2, rel=1e-11)
    i, j, d = raised.violated(0.1)
    assert set(i) == set(j) == {0}
    assert set(d) == {2.0}
    assert len(raised.violated(0.21)[0]) == 0
    # What is too low is no better for that.
    low = PairInequality(one, 3 * one, 0.1 * one, kernels)
    assert low.value == pytest.approx(0.6, rel=1e-11)


def test_every_pair_of_spheres_is_looked_at() -> None:
    radii = np.array([1.0, 2.0])
    for first, second, limit in ((0, 0, 1 / 2), (0, 1, 1 / 3), (1, 1, 1 / 4)):
        kernel = np.zeros((2, 2))
        kernel[first, second] = kernel[second, first] = 0.9
        kernel += 0.9 * np.eye(2) * (first != second)
        bound = PairInequality(radii, np.ones(2), np.zeros(2), kernel[None])
        i, j, _ = bound.violated(0.1)
        assert (first, second) in set(zip(i.tolist(), j.tolist(), strict=True))
        found = bound.stationary
        here = (found.first == first) & (found.second == second)
        assert np.max(found.ratios[here]) == pytest.approx(0.9 / limit, rel=1e-12)


def test_kernels_that_are_not_positive_are_refused() -> None:
    kernels = np.array([np.eye(2), [[1.0, 2.0], [2.0, 1.0]]])
    with pytest.raises(TransportError, match=re.escape("A_1 has the eigenvalue -1")):
        PairInequality(np.ones(2), np.ones(2), np.zeros(2), kernels)
