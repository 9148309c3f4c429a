"""Brackets against closed forms, a full linear programme over shells, and published values."""

from dataclasses import replace
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from comotion import MODELS, angular_minimum, best_pattern, strict_correlation
from comotion.errors import TransportError
from comotion.transport.certificate.bracket import Bracket, Effort, Pool, bracket
from comotion.transport.certificate.lower import LowerBound, check_bound, lower_bound
from comotion.transport.certificate.programme import ColumnProgramme
from conftest import atom
from told import Told

_QUICK = Effort(splines=(20, 40), cells_per_shell=20, seconds=30)


def _model(kind: str, n: int, effort: Effort = _QUICK) -> Bracket:
    density = MODELS[kind](n)
    plan = strict_correlation(density)
    plans = [plan]
    if n > 2:
        best = best_pattern(density, plan).plan
        plans += [best] if best is not plan else []
    return bracket(density, plans, effort=effort)


@pytest.mark.parametrize("kind", ["exponential", "gaussian", "sqrt_r"])
def test_two_electrons_are_certified(kind: str) -> None:
    found = _model(kind, 2)
    assert 0 <= found.gap < 1e-6 * found.upper
    assert found.comotion_optimal
    assert found.plan is None


# Brackets of e_3 = V / 3 measured before this code was written; project specification.
@pytest.mark.parametrize(
    ("kind", "low", "high"), [("exponential", 0.20179, 0.20183), ("gaussian", 0.36879, 0.36889)]
)
def test_three_electrons(kind: str, low: float, high: float) -> None:
    found = _model(kind, 3)
    assert low < found.lower / 3 < found.upper / 3 < high
    assert found.gap < 1e-4 * found.upper


def test_where_the_comotion_plan_is_not_optimal() -> None:
    found = _model("sqrt_r", 4, Effort(splines=(40, 80), cells_per_shell=40, seconds=60))
    assert 1.10374 < found.lower < found.upper < 1.10377
    assert found.gap < 2e-5 * found.upper
    assert found.comotion_excess == pytest.approx(1.989e-3, abs=2e-5)
    assert not found.comotion_optimal
    assert found.dual.corrected < 1e-8
    assert np.min(found.dual.slack) > -1e-9


@pytest.mark.parametrize(
    ("level", "effort"),
    # The second makes HiGHS stop without an optimum at the tightest tolerance.
    [("hf_aug-cc-pVDZ", _QUICK), ("ccsd_aug-cc-pCVTZ", Effort())],
)
def test_lithium_is_optimal_within_the_gap(level: str, effort: Effort) -> None:
    density = atom("Li", level)[1]
    found = bracket(density, [strict_correlation(density)], effort=effort)
    assert found.gap < 1e-5 * found.upper
    assert found.comotion_optimal


def test_plan_has_the_marginal_of_the_density() -> None:
    """Integrals of test functions over the plan against those over the density."""
    density = MODELS["exponential"](3)
    found = _model("exponential", 3)
    plan = found.plan
    assert plan is not None
    assert plan.marginal_error < 1e-10
    assert np.sum(plan.weights) == pytest.approx(1, abs=1e-10)
    assert np.all(plan.weights > 0)
    t, w = np.polynomial.legendre.leggauss(6)
    cells = len(plan.edges) - 1
    inside = (np.arange(cells)[:, None] + (t + 1) / 2) * 3 / cells
    radii = density.radius(inside)
    for function in (np.cos, lambda r: np.exp(-r), lambda r: 1 / (1 + r)):
        mean = function(radii) @ (w / 2)
        of_plan = float(plan.weights @ mean[plan.cells].sum(axis=1))
        of_density = float(np.sum(mean) * 3 / cells)
        assert of_plan == pytest.approx(of_density, abs=1e-10)


@pytest.mark.parametrize("n", [3, 4])
def test_column_generation_against_all_multisets_of_shells(n: int) -> None:
    """Electrons on a few shells: HiGHS over all columns, and columns generated one by one."""
    radii = np.array([0.4, 0.9, 1.5, 2.4, 3.7])
    multisets = [np.array(m) for m in combinations_with_replacement(range(5), n)]
    costs = np.array([angular_minimum(radii[m][None], seed=1).energies[0] for m in multisets])
    counts = np.array([np.bincount(m, minlength=5) for m in multisets], dtype=float)
    sums = np.full(5, n / 5)
    full = linprog(costs, A_eq=counts.T, b_eq=sums, method="highs")
    programme = ColumnProgramme(sums, penalty=100.0)
    known: set[int] = set()
    while True:
        solution = programme.solve()
        reduced = costs - counts @ solution.prices
        reduced[list(known)] = 0.0
        best = int(np.argmin(reduced))
        if reduced[best] > -1e-10:
            break
        known.add(best)
        programme.add(costs[best], np.arange(5), counts[best])
    assert solution.value == pytest.approx(full.fun, abs=1e-9)
    assert len(known) < len(multisets)


def test_dropped_columns_are_gone() -> None:
    programme = ColumnProgramme(np.ones(1), penalty=10.0)
    for cost in (1.0, 2.0, 3.0):
        programme.add(cost, np.array([0]), np.ones(1))
    assert programme.solve().value == pytest.approx(1)
    programme.drop([0])
    solution = programme.solve()
    assert solution.value == pytest.approx(2)
    assert solution.weights == pytest.approx([1, 0])


def test_a_pool_is_taken_up_again() -> None:
    density = MODELS["exponential"](3)
    plans = [strict_correlation(density)]
    kept: list[Pool] = []
    pool = Pool(save=kept.append)
    first = bracket(density, plans, effort=_QUICK, pool=pool)
    assert pool.configurations is not None
    assert pool.columns is not None
    assert kept
    told = Told()
    again = bracket(density, plans, effort=_QUICK, pool=pool, report=told)
    assert again.upper <= first.upper + 1e-9
    assert any(step.startswith("lower bound") for step in told.steps)
    assert any("hartree" in line and line.endswith("left") for line in told.lines)
    assert all(0 <= share < 1 for share in told.shares)


def test_same_seed_same_bracket() -> None:
    first, second = (_model("exponential", 3) for _ in range(2))
    assert (first.lower, first.upper) == (second.lower, second.upper)


def test_a_lower_bound_above_the_upper_one_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    density = MODELS["exponential"](2)
    plan = strict_correlation(density)

    def too_high(*arguments: Any, **options: Any) -> LowerBound:
        found = lower_bound(*arguments, **options)
        return replace(found, value=found.value * 1.01)

    monkeypatch.setattr("comotion.transport.certificate.bracket.lower_bound", too_high)
    with pytest.raises(TransportError, match="exceeds the upper one"):
        bracket(density, [plan], effort=_QUICK)


def test_a_configuration_that_violates_the_bound_is_named() -> None:
    density = MODELS["exponential"](3)
    found = _model("exponential", 3)
    assert found.plan is not None
    check_bound(found.dual, found.plan.positions)
    wrong = replace(found.dual, constant=found.dual.constant + 1e-4)
    with pytest.raises(
        TransportError, match=r"violated by the configuration with the radii [\d., ]+"
    ):
        check_bound(wrong, strict_correlation(density).minimum.positions)


def test_dropping_stale_columns_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _model("exponential", 3)
    monkeypatch.setattr("comotion.transport.certificate.lower._MOST_COLUMNS", 400)
    # Three for each of the 60 cells; with fewer it depends on the seed whether the plan gets there.
    monkeypatch.setattr("comotion.transport.certificate.upper._MOST_COLUMNS", 200)
    fewer = _model("exponential", 3)
    assert fewer.lower == pytest.approx(whole.lower, rel=5e-6)
    assert fewer.upper == pytest.approx(whole.upper, rel=2e-5)
