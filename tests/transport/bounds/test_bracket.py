"""Brackets against closed forms, a full linear programme over shells, and published values."""

from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.spatial.distance import pdist

from bounded import bracket_of, plan_of
from comotion import MODELS, PairCost, angular_minimum, best_pattern, comotion_plan
from comotion.density.functionals import unit_of_length
from comotion.errors import TransportError
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.column_programme import ColumnProgramme
from comotion.transport.bounds.dual import dual_bound
from comotion.transport.bounds.lower_bound import DualBound
from conftest import atom
from told import Told

_QUICK = BracketEffort(splines=(20, 40), cells_per_shell=20)


@cache
def _model(kind: str, n: int, effort: BracketEffort = _QUICK) -> Bracket:
    """A bracket from the co-motion plan and the best pattern, made once; no test changes it."""
    density = MODELS[kind](n)
    plan = comotion_plan(density)
    plans = [plan]
    if n > 2:
        best = best_pattern(density, plan).plan
        plans += [best] if best is not plan else []
    return bracket(density, plans, effort=effort)


@pytest.mark.parametrize("kind", ["exponential", "gaussian", "sqrt_r"])
def test_two_electrons_are_certified(kind: str) -> None:
    found = _model(kind, 2)
    assert 0 <= found.gap < 1e-6 * found.upper
    assert found.comotion_within_gap
    assert found.primal is None
    assert found.plan.kind == "comotion"


def _least_in_a_plane(found: Bracket) -> float:
    """The least V - sum u of three electrons in a plane, on a grid of radii and angles."""
    low, high = found.dual.density.radius([0.01, 2.99])
    r = np.geomspace(float(low), float(high), 30)
    i, j, k = np.array(list(combinations_with_replacement(range(30), 3))).T
    least = np.full(len(i), np.inf)

    def repulsion(one: Any, other: Any, angle: float) -> Any:
        square = r[one] ** 2 + r[other] ** 2 - 2 * r[one] * r[other] * np.cos(angle)
        with np.errstate(divide="ignore"):
            return 1 / np.sqrt(np.maximum(square, 0))

    for first in np.linspace(0, np.pi, 25):
        for second in np.linspace(0, 2 * np.pi, 48, endpoint=False):
            rest = repulsion(i, k, second) + repulsion(j, k, first - second)
            np.minimum(least, repulsion(i, j, first) + rest, out=least)
    u = found.potential(r)
    return float(np.min(least - u[i] - u[j] - u[k]))


@pytest.mark.parametrize("kind", ["exponential", "gaussian"])
def test_three_electrons(kind: str) -> None:
    """The lower end without any search: an integral, and a grid of six million configurations."""
    found = _model(kind, 3)
    above = _least_in_a_plane(found) - 3 * found.dual.constant
    assert 0 < above < 1e-4 * found.lower
    rule = found.dual.density.quadrature(16)
    integral = float(rule.weights @ found.potential(rule.radii))
    assert found.lower == pytest.approx(integral + 3 * found.dual.constant, rel=1e-9)
    assert 0 < found.gap < 1e-4 * found.upper


def test_where_the_comotion_plan_is_not_optimal() -> None:
    found = _model("sqrt_r", 4, BracketEffort(splines=(40, 80), cells_per_shell=40))
    assert 1.10374 < found.lower < found.upper < 1.10377
    assert found.gap < 2e-5 * found.upper
    assert found.comotion_excess == pytest.approx(1.989e-3, abs=2e-5)
    assert not found.comotion_within_gap
    assert found.dual.corrected < 1e-8
    assert np.min(found.dual.slack) > -1e-9


@pytest.mark.parametrize(
    ("level", "effort"),
    # The second makes HiGHS stop without an optimum at the tightest tolerance.
    [
        ("hf_aug-cc-pVDZ", _QUICK),
        pytest.param("ccsd_aug-cc-pCVTZ", BracketEffort(), marks=pytest.mark.slow),
    ],
)
def test_lithium_is_optimal_within_the_gap(level: str, effort: BracketEffort) -> None:
    density = atom("Li", level)[1]
    found = bracket(density, [comotion_plan(density)], effort=effort)
    assert found.gap < 1e-5 * found.upper
    assert found.comotion_within_gap


def test_plan_has_the_marginal_of_the_density() -> None:
    """Integrals of test functions over the plan against those over the density."""
    density = MODELS["exponential"](3)
    found = _model("exponential", 3)
    plan = found.plan
    assert plan.kind == "cells"
    assert plan.cells is not None
    assert plan.marginal_error < 1e-10
    assert np.sum(plan.weights) == pytest.approx(1, abs=1e-10)
    assert np.all(plan.weights > 0)
    t, w = np.polynomial.legendre.leggauss(6)
    cells = plan.n_cells
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


class _KilledError(Exception):
    """What stops a search from outside."""


def _same(first: Bracket, second: Bracket) -> bool:
    """Whether two brackets agree to the last bit."""
    return (
        (first.lower, first.upper, first.spline_error)
        == (second.lower, second.upper, second.spline_error)
        and np.array_equal(first.dual.coefficients, second.dual.coefficients)
        and np.array_equal(first.plan.positions, second.plan.positions)
    )


@pytest.mark.parametrize("reports", [3, 40, 80, 120])
def test_killed_and_resumed_is_uninterrupted(tmp_path: Path, reports: int) -> None:
    """Wherever it is stopped, the same bits come out in the end."""
    plan = plan_of("exponential", 3)
    density, plans = plan.density, [plan]
    whole = bracket_of("exponential", 3, cells_per_shell=20)
    told = Told()

    def until_killed(step: str, detail: str = "", share: float | None = None) -> None:
        told(step, detail, share)
        if len(told.lines) == reports:
            raise _KilledError

    with suppress(_KilledError):
        bracket(density, plans, effort=_QUICK, parts=tmp_path, report=until_killed)
    assert _same(bracket(density, plans, effort=_QUICK, parts=tmp_path), whole)
    # What is finished is not made again.
    again = Told()
    assert _same(bracket(density, plans, effort=_QUICK, parts=tmp_path, report=again), whole)
    assert not again.lines


def test_a_broken_part_is_made_again(tmp_path: Path) -> None:
    plan = plan_of("exponential", 3)
    density = plan.density
    first = bracket(density, plan, effort=_QUICK, parts=tmp_path)
    for path in tmp_path.rglob("*.h5"):
        path.write_bytes(path.read_bytes()[:-5])
    assert _same(bracket(density, plan, effort=_QUICK, parts=tmp_path), first)


def test_progress_says_where_a_bracket_is() -> None:
    told = Told()
    plan = plan_of("exponential", 3)
    bracket(plan.density, plan, effort=_QUICK, report=told)
    assert any(step.startswith("lower bound") for step in told.steps)
    assert any("relative gap" in line for line in told.lines)
    assert all(0 <= share < 1 for share in told.shares)


def test_fewer_iterations_are_a_wider_bracket() -> None:
    """Effort is counted in iterations; a plan is an upper bound wherever they end."""
    plan = plan_of("exponential", 3)
    few = bracket(plan.density, plan, effort=replace(_QUICK, iterations=2))
    many = bracket_of("exponential", 3, cells_per_shell=20)
    assert few.primal is not None
    assert many.primal is not None
    assert few.primal.iterations == 2
    assert not few.primal.converged
    assert few.lower == many.lower
    assert few.upper > many.upper


def test_without_plans_the_bracket_makes_them() -> None:
    """In its own unit of length, which is 1 bohr for this density."""
    density = MODELS["exponential"](3).stretched(0.5)
    plan = comotion_plan(density)
    best = best_pattern(density, plan).plan
    assert unit_of_length(density) == 1
    assert _same(bracket(density, effort=_QUICK), bracket(density, [plan, best], effort=_QUICK))


def test_potential_and_slack_of_a_bracket() -> None:
    found = _model("exponential", 3)
    x = found.dual.configurations
    np.testing.assert_allclose(found.slack(x), found.dual.slack, atol=1e-12)
    assert found.slack(x[0]).shape == ()
    radii = np.sqrt(np.sum(x**2, axis=1))
    energies = np.array([np.sum(1 / pdist(one.T)) for one in x])
    sums = found.potential(radii).sum(axis=1)
    np.testing.assert_allclose(
        energies - sums - found.dual.constant * 3, found.dual.slack, atol=1e-10
    )


def test_one_electron_has_no_bracket() -> None:
    with pytest.raises(TransportError, match="one electron repels nothing"):
        bracket(MODELS["exponential"](1))


def test_same_seed_same_bracket() -> None:
    first, second = _model("exponential", 3), _model.__wrapped__("exponential", 3)
    assert first is not second
    assert _same(first, second)


def test_a_lower_bound_above_the_upper_one_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    density = MODELS["exponential"](2)
    plan = comotion_plan(density)

    def too_high(*arguments: Any, **options: Any) -> DualBound:
        found = dual_bound(*arguments, **options)
        return replace(found, value=found.value * 1.01)

    monkeypatch.setattr("comotion.transport.bounds.bracket.dual_bound", too_high)
    with pytest.raises(TransportError, match="exceeds the upper one"):
        bracket(density, [plan], effort=_QUICK)


def test_dropping_stale_columns_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _model("exponential", 3)
    monkeypatch.setattr("comotion.transport.bounds.dual._MOST_COLUMNS", 400)
    # Three for each of the 60 cells; with fewer it depends on the seed whether the plan gets there.
    monkeypatch.setattr("comotion.transport.bounds.primal._MOST_COLUMNS", 200)
    fewer = _model.__wrapped__("exponential", 3)
    assert fewer.lower == pytest.approx(whole.lower, rel=5e-6)
    assert fewer.upper == pytest.approx(whole.upper, rel=2e-5)


@pytest.mark.parametrize(
    "change",
    [{"splines": ()}, {"splines": (2.5, 3)}, {"cells_per_shell": True}, {"iterations": np.nan},
     {"iterations": 0}, {"seed": -1}, {"seed": 1.0}],
)  # fmt: skip
def test_effort_is_counted(change: dict[str, Any]) -> None:
    with pytest.raises(TransportError, match="one or more splines, cells and iterations"):
        BracketEffort(**change)


def test_a_plan_of_another_pair_cost_is_refused() -> None:
    density = MODELS["exponential"](2)
    plan = comotion_plan(density, pair_cost=PairCost.yukawa(1.0))
    with pytest.raises(TransportError, match="give both the same pair_cost"):
        bracket(density, plan, effort=_QUICK)
