"""The compiled search for the configurations that a potential binds most, against other minimisers.

Whatever it finds is a local minimum of V - sum u; its random moves are what they are said to be.
"""

from collections import Counter

import numpy as np
import pytest
from scipy.optimize import minimize

from bounded import bound_of
from comotion.density.radial import Array
from comotion.transport.bounds.configurations import costs_of, radii_of
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.pricing import bound_energy, hop_down, mutate, relax, search


@pytest.fixture(scope="module")
def bound() -> DualBound:
    return bound_of("exponential", 3)


def _energy(bound: DualBound, x: Array) -> float:
    """V - sum u by the functions of the space."""
    sums = bound.space.sums(radii_of(x[None])) @ bound.coefficients
    return float(costs_of(x[None])[0] - sums[0])


def _starts(count: int, seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, 3, 3)) * np.exp(rng.uniform(-0.5, 1.5, size=(count, 1, 3)))


def test_relaxed_configurations_are_local_minima(bound: DualBound) -> None:
    """BFGS from there goes nowhere, and from the start it goes no lower on the whole."""
    table = bound.space.table(bound.coefficients)
    ends, others = [], []
    for x in _starts(12):
        start = _energy(bound, x)

        def energy(y: Array) -> float:
            return _energy(bound, y.reshape(3, 3))

        other = minimize(energy, np.array(x.ravel()), method="BFGS", options={"gtol": 1e-7})
        found = relax(x, table, 1e-13, 2000)
        assert found == pytest.approx(_energy(bound, x), abs=1e-12)
        assert found <= start
        g = np.empty((3, 3))
        assert bound_energy(x, g, table) == found
        assert np.max(np.abs(g)) < 1e-5
        ends.append(found)
        others.append(other.fun)
    assert min(others) - 1e-5 < min(ends) < min(others) + 1e-8
    assert np.sum(np.array(ends) < np.array(others) + 1e-6) >= 8


def test_relaxing_takes_no_more_evaluations_than_it_may(bound: DualBound) -> None:
    """One leaves it where it was; the more there are, the lower it gets."""
    table = bound.space.table(bound.coefficients)
    (start,) = _starts(1)
    values = []
    for most in (1, 2, 5, 20, 2000):
        x = start.copy()
        values.append(relax(x, table, 1e-13, most))
    assert values[0] == pytest.approx(_energy(bound, start), abs=1e-12)
    assert np.all(np.diff(values) < 0)


def test_a_coarse_tolerance_ends_early(bound: DualBound) -> None:
    table = bound.space.table(bound.coefficients)
    lowest = []
    for tolerance in (1e-13, 1e-6, 1e-1):
        starts = _starts(20)
        lowest.append([relax(x, table, tolerance, 2000) for x in starts])
    fine, middle, coarse = np.array(lowest)
    assert 0 < np.median(np.abs(middle - fine)) < 1e-4
    assert np.mean(coarse) > np.mean(middle) + 1e-3


def _moved(x: Array, y: Array) -> str:
    """Which kind of change leads from one configuration to another."""
    before, after = radii_of(x[None])[0], radii_of(y[None])[0]
    turned = ~np.isclose(np.sum(x * y, axis=0), before * after, rtol=1e-12)
    stretched = ~np.isclose(before, after, rtol=1e-12)
    if np.sum(turned) == 2 and not np.any(stretched):
        i, j = np.flatnonzero(turned)
        if np.allclose(y[:, i] / after[i], x[:, j] / before[j], rtol=1e-12):
            return "swap"
    if np.sum(turned) == 1 and not np.any(stretched):
        return "direction"
    if not np.any(turned) and np.sum(stretched) == 1:
        return "radius"
    if not np.any(turned) and np.all(stretched):
        return "radii"
    return "other"


@pytest.mark.parametrize(
    ("n", "shares"),
    [(4, {"radius": 0.4, "swap": 0.3, "radii": 0.15, "direction": 0.15}),
     (2, {"radius": 0.4, "radii": 0.45, "direction": 0.15})],
)  # fmt: skip
def test_random_changes(n: int, shares: dict[str, float]) -> None:
    """A radius, all radii, a direction, or the directions of two; each so often."""
    rng, count = np.random.default_rng(n), 4000
    x = rng.normal(size=(3, n)) * np.arange(1, n + 1)
    kinds: Counter[str] = Counter()
    which: Counter[int] = Counter()
    factors: dict[str, list[float]] = {"radius": [], "radii": []}
    for _ in range(count):
        y = x.copy()
        mutate(y, rng)
        kind = _moved(x, y)
        kinds[kind] += 1
        logs = np.log(radii_of(y[None])[0] / radii_of(x[None])[0])
        changed = np.flatnonzero(np.any(y != x, axis=0))
        which.update(changed.tolist() if kind != "radii" else [])
        if kind in factors:
            factors[kind] += logs[changed].tolist()
    assert set(kinds) == set(shares)
    for kind, share in shares.items():
        assert kinds[kind] / count == pytest.approx(share, abs=4 * np.sqrt(share / count)), kind
    # No electron is left out or preferred.
    assert min(which.values()) > 0.8 * max(which.values())
    # A radius alone by half, all of them by a fifth, in the logarithm: out as often as in.
    for kind, width in (("radius", 0.5), ("radii", 0.2)):
        assert np.std(factors[kind]) == pytest.approx(width, rel=0.08)
        assert abs(np.mean(factors[kind])) < 4 * width / np.sqrt(len(factors[kind]))


def test_new_directions_are_everywhere() -> None:
    rng = np.random.default_rng(0)
    x, found = np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]]), []
    for _ in range(4000):
        y = x.copy()
        mutate(y, rng)
        if _moved(x, y) == "direction":
            i = int(np.flatnonzero(np.any(y != x, axis=0))[0])
            found.append(y[:, i] / np.linalg.norm(y[:, i]))
    directions = np.array(found)
    assert np.max(np.abs(np.mean(directions, axis=0))) < 0.1
    np.testing.assert_allclose(
        directions.T @ directions / len(directions), np.eye(3) / 3, atol=0.05
    )


def test_a_search_begins_at_its_starts(bound: DualBound) -> None:
    """Each is relaxed as it is, then its mutants; values are those of what is found."""
    table, starts = bound.space.table(bound.coefficients), _starts(5)
    found, values = np.empty((20, 3, 3)), np.empty(20)
    search(starts, 3, table, 1e-13, np.random.default_rng(0), found, values)
    for k, x in enumerate(starts):
        y = x.copy()
        assert relax(y, table, 1e-13, 800) == values[4 * k]
        np.testing.assert_array_equal(found[4 * k], y)
    assert not np.any([np.array_equal(found[4 * k], found[4 * k + 1]) for k in range(5)])
    for x, value in zip(found, values, strict=True):
        assert value == pytest.approx(_energy(bound, x), abs=1e-12)
    np.testing.assert_array_equal(starts, _starts(5))


def test_hopping_goes_down(bound: DualBound) -> None:
    """Without a hop it relaxes; with hops it ends in the lowest minimum that it has met."""
    table = bound.space.table(bound.coefficients)
    lowest = 3 * bound.constant
    ends = []
    for k, start in enumerate(_starts(10, seed=4)):
        relaxed, hopped = start.copy(), start.copy()
        value = relax(relaxed, table, 1e-13, 800)
        assert hop_down(hopped, 0, 1e-4, table, 1e-13, np.random.default_rng(k)) == value
        np.testing.assert_array_equal(hopped, relaxed)
        hopped = start.copy()
        end = hop_down(hopped, 30, 1e-4, table, 1e-13, np.random.default_rng(k))
        assert lowest - 1e-9 < end <= value
        assert end == pytest.approx(_energy(bound, hopped), abs=1e-12)
        ends.append(end)
    assert np.mean(np.array(ends) < lowest + 1e-3) > 0.8


def test_hops_from_where_it_was_hot(bound: DualBound) -> None:
    """However hot, what is left is the lowest, not the last; cold it never climbs."""
    table = bound.space.table(bound.coefficients)
    for temperature in (0.0, 1.0, 1e6):
        x = _starts(1, seed=6)[0]
        values = [hop_down(x.copy(), hops, temperature, table, 1e-13, np.random.default_rng(2))
                  for hops in (0, 1, 3, 10, 30)]  # fmt: skip
        assert np.all(np.diff(values) <= 0)
