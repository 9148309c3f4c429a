"""Configurations of the dual programme: their costs, their prices, which are added and dropped."""

from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from bounded import plan_of
from comotion import PairCost
from comotion.density.radial import Array
from comotion.transport.bounds.configurations import (
    VIOLATED,
    Configurations,
    costs_of,
    programme_unit,
    radii_of,
    scale_of,
)
from comotion.transport.bounds.potential_space import PotentialSpace, potential_space
from comotion.transport.pair_cost import COULOMB


def _some(n: int, m: int = 7, seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, 3, n)) * np.exp(rng.uniform(-1, 1, size=(m, 1, n)))


@pytest.fixture(scope="module")
def space() -> PotentialSpace:
    plan = plan_of("exponential", 3)
    return potential_space(plan.density, plan.radial_potential, 6)


def test_costs_are_sums_over_pairs() -> None:
    x = _some(4)
    distances = np.array([pdist(one.T) for one in x])
    np.testing.assert_allclose(costs_of(x), np.sum(1 / distances, axis=1), rtol=1e-13)
    backwards = np.asfortranarray(x)[::-1]
    np.testing.assert_allclose(costs_of(backwards), costs_of(x)[::-1], rtol=1e-15)
    np.testing.assert_allclose(
        costs_of(x, PairCost.yukawa(0.5)), np.sum(np.exp(-distances / 2) / distances, axis=1)
    )
    np.testing.assert_allclose(radii_of(x), np.linalg.norm(x, axis=1), rtol=1e-14)


def test_the_scale_of_coulomb_is_the_mean_energy() -> None:
    x = _some(3)
    assert scale_of(x, COULOMB) == pytest.approx(float(np.mean(costs_of(x))), rel=1e-15)


def test_the_scale_of_other_costs() -> None:
    """The mean over configurations of sum_{i<j} d |l'(d)|: of -log d one for each pair."""
    x = _some(4)
    assert scale_of(x, PairCost.logarithm()) == pytest.approx(6, rel=1e-12)
    squares = np.mean([np.sum(pdist(one.T) ** 2) for one in x])
    assert scale_of(x, PairCost.repulsive_harmonic()) == pytest.approx(2 * squares, rel=1e-9)
    assert scale_of(x, PairCost.inverse_power(1.0)) == pytest.approx(scale_of(x, COULOMB))
    # Electrons at one place have no distance; they count for none.
    x[0, :, 1] = x[0, :, 0]
    assert scale_of(x, PairCost.logarithm()) == pytest.approx(6 - 1 / 7, rel=1e-12)


def test_the_unit_of_programmes() -> None:
    assert programme_unit(1e9, COULOMB) == 1
    for scale in (1e-9, 0.3, 0.5, 1.0, 7.9, 3e12):
        unit = programme_unit(scale, PairCost.logarithm())
        assert np.frexp(unit)[0] == 0.5
        assert 0.5 <= scale / unit < 1


def test_reduced_costs_are_those_of_the_potential(space: PotentialSpace) -> None:
    """V less the potential with these prices, tail included, less the constant."""
    pool, rng = Configurations(space, _some(3)), np.random.default_rng(1)
    prices, x = rng.normal(size=space.n_free), _some(3, seed=2)
    u = space.functions(radii_of(x).ravel()) @ space.with_tail(prices)
    expected = costs_of(x) - u.reshape(-1, 3).sum(axis=1) - 0.3
    np.testing.assert_allclose(pool.reduced(x, prices, 0.3), expected, rtol=1e-10, atol=1e-10)


def test_the_programme_is_that_of_the_moments(space: PotentialSpace) -> None:
    """Weights add up to one, and to the integrals of all functions against the density."""
    x = plan_of("exponential", 3).positions
    pool = Configurations(space, x)
    assert pool.programme.rows == space.n_free + 1
    found = pool.programme.solve()
    assert np.sum(found.weights) == pytest.approx(1, abs=1e-9)
    np.testing.assert_allclose(found.weights @ space.sums(radii_of(x)), space.integrals, atol=1e-5)
    value = float(space.integrals @ space.fixed) + found.value
    assert value == pytest.approx(float(found.weights @ costs_of(x)), abs=1e-5)
    # By duality it is the integral of the potential with these prices, and the constant.
    u = float(space.integrals @ space.with_tail(found.prices[:-1]))
    assert value == pytest.approx(u + found.prices[-1], abs=1e-8)


def test_missing_moments_cost_much_and_finitely(space: PotentialSpace) -> None:
    """One configuration makes no density: some price is at its limit, tens of the cost."""
    x = plan_of("exponential", 3).positions[20:21]
    found = Configurations(space, x).programme.solve()
    scale = float(costs_of(x)[0])
    assert 20 * scale < np.max(np.abs(found.prices)) < 100 * scale


def test_only_what_violates_the_prices_is_added(space: PotentialSpace) -> None:
    pool, x = Configurations(space, _some(3)), _some(3, seed=3)
    scale = 2.0
    reduced = np.array([-1.01, 0.5, -0.99, -30.0, 0.0, -2.0, np.inf]) * VIOLATED * scale
    assert pool.add_lowest(x, reduced, scale) == 3
    # The lowest comes first.
    np.testing.assert_array_equal(pool.positions[7:], x[[3, 5, 0]])
    assert len(pool.costs) == 10
    assert len(pool.programme.solve().weights) == 10
    assert pool.add_lowest(x, np.zeros(7), scale) == 0


@pytest.mark.parametrize(("factor", "added"), [(1 + 2e-3, 2), (1 + 1e-5, 1)])
def test_configurations_of_the_same_radii_are_one(
    space: PotentialSpace, factor: float, added: int
) -> None:
    """Whichever electron is where, and within a thousandth: the lower of both is added."""
    pool = Configurations(space, _some(3))
    radii = np.exp(1e-3 * np.array([100, -200, 300]))
    one = np.eye(3) * radii
    other = np.eye(3)[::-1] * (radii * np.array([1, factor, 1]))[::-1]
    assert pool.add_lowest(np.array([one, other]), np.array([-1.0, -2.0]), 1.0) == added
    np.testing.assert_array_equal(pool.positions[7], other)


def test_no_more_than_sixty_are_added_at_a_time(space: PotentialSpace) -> None:
    pool = Configurations(space, _some(3))
    assert pool.add_lowest(_some(3, m=61), -np.arange(1.0, 62), 1.0) == 60
    np.testing.assert_array_equal(pool.positions[7], _some(3, m=61)[60])
    assert len(pool.positions) == 67


def test_stale_configurations_are_those_farthest_from_use(space: PotentialSpace) -> None:
    """Half of them go, none in use, and the programme goes on with the rest."""
    x = plan_of("exponential", 3).positions
    pool = Configurations(space, x)
    found = pool.programme.solve()
    used = found.weights > 1e-12
    reduced = pool.reduced(x, found.prices[:-1], found.prices[-1])
    pool.drop_stale(found.prices[:-1], used)
    kept = len(pool.positions)
    assert len(x) // 2 <= kept < len(x)
    assert len(pool.costs) == kept
    again = pool.programme.solve()
    assert len(again.weights) == kept
    assert again.value == pytest.approx(found.value, abs=1e-9)
    # Those that are left cost less above their price than those that went.
    left = {one.tobytes() for one in pool.positions}
    gone = np.array([one.tobytes() not in left for one in x])
    assert not np.any(gone & used)
    assert np.max(reduced[~gone & ~used]) <= np.min(reduced[gone])
    # Costs and sums went with them.
    np.testing.assert_allclose(
        pool.reduced(pool.positions, found.prices[:-1], 0.0),
        pool.costs - pool._sums @ found.prices[:-1], rtol=1e-12, atol=1e-12,
    )  # fmt: skip


def test_a_cost_in_another_unit_has_the_same_programme() -> None:
    """All that refers to an energy refers to the scale of the costs."""
    plan = plan_of("exponential", 3)
    found: list[Any] = []

    def of(factor: float) -> PairCost:
        return PairCost.of(lambda d: factor / (1 + d) ** 2)

    for factor in (1.0, 2.0**20):
        cost = of(factor)
        space = potential_space(plan.density, np.zeros_like, 6, cost)
        found.append(Configurations(space, plan.positions[:9]).programme.solve())
    one, other = found
    assert other.value == one.value * 2.0**20
    np.testing.assert_array_equal(other.prices[-1], one.prices[-1] * 2.0**20)
