"""The limits of the upper bound's search, and what its plan is made of."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from bounded import bound_of, plan_of
from comotion import PairCost, comotion_plan
from comotion.density.radial import Array
from comotion.transport.bounds import primal
from comotion.transport.bounds.column_programme import ColumnProgramme, Optimum
from comotion.transport.bounds.plan_columns import Columns, plain
from comotion.transport.bounds.primal import plan_cost, primal_bound
from comotion.transport.patterns import best_pattern
from told import Told


def _columns(per_shell: int = 4) -> Columns:
    plan = plan_of("exponential", 3)
    columns = Columns(plan.density, per_shell, *plain(4))
    columns.add_plan(plan)
    columns.start()
    return columns


def test_what_the_plan_is_made_of() -> None:
    plan = plan_of("exponential", 3)
    found = primal_bound(plan.density, 5, [plan], seed=9, iterations=3).plan
    assert found.kind == "cells"
    assert found.seeds == (9,)
    assert found.n_cells == 15
    assert found.density is plan.density
    assert found.cells is not None
    assert found.upward.shape == found.cells.shape == found.radii.shape
    np.testing.assert_allclose(found.radii, np.linalg.norm(found.positions, axis=1), rtol=1e-14)
    energies = [np.sum(1 / pdist(x.T)) for x in found.positions]
    np.testing.assert_allclose(found.energies, energies, rtol=1e-12)
    assert np.sum(found.weights) == pytest.approx(1, abs=1e-9)
    assert np.min(found.weights) > 1e-12
    held = np.bincount(found.cells.ravel(), np.repeat(found.weights, 3), 15)
    assert found.marginal_error == pytest.approx(float(np.max(np.abs(held - 0.2))), abs=1e-16)
    columns = plan_cost(
        plan.density, 5, plan.pair_cost, found.cells, found.upward, found.positions, 24
    )
    assert found.cost == pytest.approx(float(columns @ found.weights), rel=1e-14)
    assert columns.shape == found.weights.shape
    assert found.pair_cost.is_coulomb


def test_the_pair_cost_is_that_of_the_plans() -> None:
    density, cost = plan_of("exponential", 3).density, PairCost.yukawa(0.5)
    plan = comotion_plan(density, pair_cost=cost)
    found = primal_bound(density, 4, [plan], iterations=1).plan
    assert found.pair_cost is cost
    i, j = np.triu_indices(3, 1)
    d = np.linalg.norm(found.positions[:, :, i] - found.positions[:, :, j], axis=1)
    np.testing.assert_allclose(found.energies, np.sum(np.exp(-d / 2) / d, axis=1), rtol=1e-10)
    assert found.cost < plan.cost * (1 + 1e-3)


@pytest.mark.parametrize("lowest", [0, 1])
def test_of_several_plans_all_columns_are_known(lowest: int) -> None:
    """The first programme is no dearer than the cheapest of them; without one the first is cut."""
    one = plan_of("exponential", 3)
    best = best_pattern(one.density, one).plan
    plans = [best, one] if lowest == 0 else [one, best]
    told = Told()
    primal_bound(one.density, 10, plans, iterations=1, report=told, lower=0.0)
    (line,) = told.lines
    assert "iteration 1, " in line
    value = float(line.split("relative gap ")[1].split(",")[0])
    scale = (one.cost + best.cost) / 2
    assert value * scale < best.cost * 1.002


def test_without_an_optimum_it_is_the_first_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    one = plan_of("exponential", 3)
    best = best_pattern(one.density, one).plan
    monkeypatch.setattr(primal, "_solved", lambda _: None)
    for plans in ([one, best], [best, one]):
        found = primal_bound(one.density, 10, plans)
        assert (found.stopped_by, found.iterations) == ("linear programme", 1)
        assert found.plan.cost == pytest.approx(plans[0].cost, rel=1e-4)
        np.testing.assert_allclose(found.plan.weights, np.full(10, 0.1))
        assert found.plan.cells is not None
        assert found.plan.cells.shape == (10, 3)
    assert best.cost < one.cost - 1e-3


@pytest.mark.parametrize(("missing", "fine"), [(0.8e-9, True), (1.2e-9, False)])
def test_a_cell_may_lack_a_billionth_of_an_electron(
    monkeypatch: pytest.MonkeyPatch, missing: float, fine: bool
) -> None:
    columns = _columns()
    solve = ColumnProgramme.solve

    def wrong(programme: ColumnProgramme) -> Optimum:
        found = solve(programme)
        weights = found.weights.copy()
        weights[np.argmax(weights)] += missing
        return replace(found, weights=weights)

    monkeypatch.setattr(ColumnProgramme, "solve", wrong)
    assert (primal._solved(columns) is not None) == fine


@pytest.mark.parametrize(("weight", "used"), [(0.8e-12, False), (1.2e-12, True)])
def test_a_column_is_in_use_from_a_least_weight_on(weight: float, used: bool) -> None:
    columns = _columns()
    weights = np.array([0.25, weight, 0.25, 0.25])
    found = primal._mixture(columns, weights)
    which = [0, 1, 2, 3] if used else [0, 2, 3]
    np.testing.assert_array_equal(found.weights, weights[which])
    np.testing.assert_array_equal(found.cells, np.array(columns.cells)[which])
    np.testing.assert_array_equal(found.upward, np.array(columns.upward)[which])
    np.testing.assert_array_equal(found.positions, np.array(columns.positions)[which])
    assert found.marginal_error == pytest.approx(0.25)


def _without_finds(monkeypatch: pytest.MonkeyPatch, left: Callable[[int], int]) -> list[Array]:
    """Neighbours are looked for, but so many are said to be found; the prices they are sought at.

    Args:
        monkeypatch: Undone by pytest.
        left: What is said in each iteration.
    """
    prices: list[Array] = []

    def few(_: Columns, active: Any, at: Array, rng: Any) -> int:
        assert len(active) > 0
        assert isinstance(rng, np.random.Generator)
        prices.append(at)
        return left(len(prices))

    monkeypatch.setattr(Columns, "add_neighbours", few)
    return prices


@pytest.mark.parametrize(
    ("found", "word"), [(0, "converged"), (1, "search"), (4, "search"), (5, "iterations")]
)
def test_few_finds_end_the_search(monkeypatch: pytest.MonkeyPatch, found: int, word: str) -> None:
    """Four iterations at the true prices with fewer than five; of none at all it has converged."""
    plan = plan_of("exponential", 3)
    prices = _without_finds(monkeypatch, lambda _: found)
    bound = primal_bound(plan.density, 4, [plan], iterations=9)
    assert bound.stopped_by == word
    assert bound.converged == (word == "converged")
    assert bound.iterations == len(prices) == (9 if word == "iterations" else 4)


def test_the_last_iteration_says_what_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Iterations with many finds between those with few do not bring the end nearer or farther."""
    plan = plan_of("exponential", 3)
    counts = [0, 9, 0, 9, 9, 0, 3]
    _without_finds(monkeypatch, lambda k: counts[k - 1])
    bound = primal_bound(plan.density, 4, [plan], iterations=9)
    assert (bound.stopped_by, bound.iterations) == ("search", 7)


def test_prices_are_smoothed_towards_the_potential(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four fifths of its averages at first; 0.6 of that each time that few are found; then none."""
    bound = bound_of("exponential", 3)
    plan = plan_of("exponential", 3)
    solve, true = ColumnProgramme.solve, list[Array]()

    def told(programme: ColumnProgramme) -> Optimum:
        found = solve(programme)
        true.append(found.prices)
        return found

    monkeypatch.setattr(ColumnProgramme, "solve", told)
    prices = _without_finds(monkeypatch, lambda k: 9 if k == 2 else 0)
    found = primal_bound(plan.density, 4, [plan], potential=bound.potential, iterations=99)
    center = _columns().averages(bound.potential)
    # Down to 0.0134, the first below a fiftieth; nine in the second iteration are not few.
    shares = [0.8, 0.48, *(0.8 * 0.6**k for k in range(1, 9)), 0, 0, 0, 0]
    assert found.iterations == len(prices) == len(shares)
    for share, at, own in zip(shares, prices, true, strict=False):
        np.testing.assert_allclose(at, share * center + (1 - share) * own, rtol=1e-12)
    assert found.stopped_by == "converged"


def test_configurations_of_the_lower_bound_join_the_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With random directions; without them the columns are those of the plans."""
    bound, plan = bound_of("exponential", 3), plan_of("exponential", 3)
    known, asked = list[int](), list[Array]()
    add, rest = Columns.add_configurations, Columns.add_neighbours

    def told(columns: Columns, configurations: Array, rng: np.random.Generator) -> None:
        asked.append(configurations)
        add(columns, configurations, rng)

    def counted(columns: Columns, *arguments: Any) -> int:
        known.append(len(columns.costs))
        return rest(columns, *arguments)

    monkeypatch.setattr(Columns, "add_configurations", told)
    monkeypatch.setattr(Columns, "add_neighbours", counted)
    lines: list[str] = []
    for configurations in (None, bound.configurations):
        report = Told()
        primal_bound(
            plan.density, 10, [plan], configurations=configurations, iterations=1,
            lower=bound.value, report=report,
        )  # fmt: skip
        lines += report.lines
    assert known[0] == 10 < known[1] <= 10 + len(bound.configurations)
    (given,) = asked
    assert given is bound.configurations
    gap = float(lines[0].split("relative gap ")[1].split(",")[0])
    assert gap == pytest.approx((plan.cost - bound.value) / plan.cost, rel=0.05)
    assert int(lines[0].split()[-2]) > 10


def test_the_same_seed_the_same_plan() -> None:
    plan = plan_of("exponential", 3)
    one, same, other = (
        primal_bound(plan.density, 6, [plan], iterations=4, seed=seed).plan for seed in (1, 1, 2)
    )
    assert one.cost == same.cost != other.cost
    np.testing.assert_array_equal(one.positions, same.positions)


@pytest.mark.parametrize(("most", "dropped"), [(10, True), (10**6, False)])
def test_stale_columns_go_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch, most: int, dropped: bool
) -> None:
    plan = plan_of("exponential", 3)
    asked: list[int] = []
    drop = Columns.drop_stale

    def told(columns: Columns, prices: Array, active: Any) -> None:
        before = columns.programme.solve().value
        drop(columns, prices, active)
        asked.append(len(columns.costs))
        assert before <= columns.programme.solve().value + 1e-12

    monkeypatch.setattr(Columns, "drop_stale", told)
    monkeypatch.setattr(primal, "_MOST_COLUMNS", most)
    primal_bound(plan.density, 4, [plan], iterations=2)
    assert (len(asked) > 0) == dropped
