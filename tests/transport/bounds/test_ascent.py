"""The ascent of the lower bound: when it goes on, with what, and which of its bounds is kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bounded import bound_of, plan_of
from comotion import MODELS, PairCost
from comotion.density.radial import Array
from comotion.transport.bounds import dual, pricing
from comotion.transport.bounds.column_programme import ColumnProgramme, Optimum
from comotion.transport.bounds.configurations import (
    VIOLATED,
    Configurations,
    costs_of,
    radii_of,
    scale_of,
)
from comotion.transport.bounds.dual import dual_bound, search_again, violations
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.potential_space import PotentialSpace, potential_space
from told import Told

_Search = tuple[Array, Array, float]


def _two(**options: Any) -> DualBound:
    """Two electrons, from every tenth configuration of their plan."""
    plan = plan_of("exponential", 2)
    space = potential_space(plan.density, plan.radial_potential, 8)
    return dual_bound(plan.density, space, plan.positions[::10], **options)


def _scale() -> float:
    return scale_of(plan_of("exponential", 2).positions[::10], PairCost.yukawa(0.0))


def _solutions(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Values of the programmes that are solved from now on."""
    solve, values = ColumnProgramme.solve, []

    def counted(programme: ColumnProgramme) -> Optimum:
        found = solve(programme)
        values.append(found.value)
        return found

    monkeypatch.setattr(ColumnProgramme, "solve", counted)
    return values


@pytest.mark.parametrize("iterations", [1, 4])
def test_iterations_are_programmes(monkeypatch: pytest.MonkeyPatch, iterations: int) -> None:
    solved, told = _solutions(monkeypatch), Told()
    found = _two(iterations=iterations, report=told)
    assert len(solved) == iterations
    assert found.stopped_by == "iterations"
    lines = [line for line in told.lines if "functions" in line]
    assert len(lines) == iterations
    for k, line in enumerate(lines):
        assert f"at most {iterations - 1 - k} iterations left" in line
    assert "lower bound with 12 functions" in told.steps
    # Programmes fall as configurations join them.
    assert np.all(np.diff(solved) < 0)


def test_the_tolerance_is_relative_to_the_costs() -> None:
    scale = _scale()
    loose, tight = _two(tolerance=1e-3), _two()
    assert (loose.stopped_by, tight.stopped_by) == ("converged", "converged")
    assert tight.programme - tight.value <= 1e-6 * scale
    assert 1e-6 * scale < loose.programme - loose.value <= 1e-3 * scale
    assert loose.value < tight.value


def test_the_gap_that_is_told_of_is_relative() -> None:
    told = Told()
    found = _two(report=told)
    gaps = [line.split("relative gap ")[1].split(",")[0] for line in told.lines if "gap" in line]
    assert all(float(gap) > 0.9e-6 for gap in gaps)
    assert float(gaps[0]) > float(gaps[-1])
    assert found.programme - found.value < 1e-6 * _scale()


class _Violating:
    """Final searches that find configurations below the minimum, by energies that are given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *by: float) -> None:
        self._final = dual._final_search
        self._left = list(by)
        self.active: list[Array] = []
        self.found: list[Array] = []
        monkeypatch.setattr(dual, "_final_search", self)

    def __call__(self, *arguments: Any) -> _Search:
        self.active.append(arguments[3])
        found, values, error = self._final(*arguments)
        values -= self._left.pop(0) if self._left else 0.0
        self.found.append(found[np.argsort(values)])
        return found, values, error


@pytest.mark.parametrize(
    ("by", "tolerance", "rounds"),
    [(0.9e-6, 1e-6, 1), (1.1e-6, 1e-6, 2), (0.9e-4, 1e-4, 1)],
)
def test_a_round_is_the_last_if_little_was_missed(
    monkeypatch: pytest.MonkeyPatch, by: float, tolerance: float, rounds: int
) -> None:
    """At most the tolerance."""
    scale = _scale()
    final = _Violating(monkeypatch, by * scale)
    found = _two(tolerance=tolerance)
    assert len(final.active) == rounds
    if rounds == 1:
        assert found.corrected == pytest.approx(by * scale, abs=2e-10 * scale)


@pytest.mark.parametrize("best", [0, 1])
def test_the_best_bound_of_all_rounds_is_kept(monkeypatch: pytest.MonkeyPatch, best: int) -> None:
    """It is that of the first round if the second has missed more; iterations end after both."""
    by = [1e-3, 1e-2] if best == 0 else [1e-2, 1e-3]
    whole = _two()
    final = _Violating(monkeypatch, *by)

    def cut(self: Any, report: Any) -> str:
        stopped_by: str = maximise(self, report)
        return "iterations" if len(final.active) == 1 else stopped_by

    maximise = dual._Ascent._maximise
    monkeypatch.setattr(dual._Ascent, "_maximise", cut)
    found = _two()
    assert len(final.active) == 2
    assert found.stopped_by == ("converged" if best == 0 else "iterations")
    assert found.value == pytest.approx(whole.value - 1e-3, abs=2e-4)
    assert found.corrected == pytest.approx(1e-3, abs=1e-6)
    # Searches of both rounds are counted, and the programme is the last.
    assert found.searched == sum(3000 + 52 * len(active) for active in final.active)
    assert found.programme == pytest.approx(whole.programme, abs=1e-4)


def test_the_next_round_begins_with_what_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lowest first, no more than sixty of them, and none that is not below the minimum."""
    final = _Violating(monkeypatch, 1e-3)
    search, starts = dual._search, list[Array]()

    def told(space: Any, coefficients: Array, begin: Array, mutants: int, *rest: Any) -> _Search:
        if mutants == dual._MUTANTS and len(final.active) == 1:
            starts.append(begin)
        return search(space, coefficients, begin, mutants, *rest)

    monkeypatch.setattr(dual, "_search", told)
    _two()
    missed = starts[0][-60:]
    np.testing.assert_array_equal(missed, final.found[0][:60])
    # They stay in all iterations that follow.
    for begin in starts:
        np.testing.assert_array_equal(begin[-60:], missed)
        assert len(begin) < 60 + 30


def test_what_was_missed_joins_the_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[tuple[int, float]] = []
    add = Configurations.add_lowest
    final = _Violating(monkeypatch, 1e-3)

    def told(pool: Configurations, found: Array, reduced: Array, scale: float) -> int:
        if len(found) > 2000:
            added.append((len(found), float(np.min(reduced))))
        assert scale == pytest.approx(_scale(), rel=1e-12)
        return add(pool, found, reduced, scale)

    monkeypatch.setattr(Configurations, "add_lowest", told)
    found = _two()
    assert len(final.active) == 2
    ((many, lowest),) = added
    assert many == 3000 + 32 * len(final.active[0])
    assert lowest == pytest.approx(-1e-3, rel=1e-2)
    assert found.corrected < 1e-6


def test_it_gives_up_when_nothing_new_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices that are smoothed by half, then by 0.3 of that, until a thousandth is left."""
    monkeypatch.setattr(Configurations, "add_lowest", lambda *_: 0)
    solved = _solutions(monkeypatch)
    found = _two(tolerance=0.0)
    assert found.stopped_by == "search"
    rounds = (found.searched - 3000) / 52 / len(found.configurations)
    assert rounds >= 1
    # 0.5 * 0.3^6 is the first below a thousandth.
    assert 7 <= len(solved) <= 7 + 8 * rounds


@pytest.mark.parametrize("factor", [1.0, 8.0])
def test_a_search_in_another_unit_is_the_same(factor: float) -> None:
    """Its random numbers are those of its seed, its lengths those of the density."""
    one = bound_of("exponential", 3)
    other = one.stretched(factor, one.density.stretched(factor))
    lowest, searched = search_again(other, 7)
    expected, as_many = search_again(one, 7)
    assert lowest == expected / factor
    assert searched == as_many == 3000 + 52 * len(one.configurations)
    assert any(search_again(one, seed)[0] != expected for seed in range(8, 16))


@pytest.mark.parametrize(("by", "missed"), [(0.8, False), (1.3, True)])
def test_a_violation_is_more_than_rounding(by: float, missed: bool) -> None:
    """By a billionth of the cost."""
    bound = bound_of("exponential", 3)
    x = bound.configurations
    lowest = x[np.argsort(bound.slack)[:1]]
    scale = scale_of(lowest, bound.pair_cost)
    (slack,) = bound.slack_of(violations(bound.lowered(-1.0), lowest)[0])
    wrong = bound.lowered(-(by * VIOLATED * scale + slack))
    found, most = violations(wrong, lowest)
    assert (len(found) == 1) == missed
    assert most == pytest.approx(by * VIOLATED * scale if missed else 0.0, rel=1e-2)


@pytest.mark.slow
def test_violations_are_relaxed() -> None:
    """Each is the minimum that a start leads to, without mutants; the worst is what is missing."""
    bound = bound_of("exponential", 3).lowered(-1e-3)
    starts = plan_of("exponential", 3).positions[::8]
    found, by = violations(bound, starts)
    slack = bound.slack_of(found)
    assert len(found) <= len(starts)
    assert np.all(slack < 0)
    assert by == pytest.approx(-float(np.min(slack)), rel=1e-6)
    assert by == pytest.approx(1e-3, rel=1e-3)
    assert np.min(bound.slack_of(starts)) >= np.min(slack)


def test_the_table_of_a_cost_is_distrusted_where_it_counts() -> None:
    """Energies by the cost itself, and the largest error among the lower half of them."""
    density, cost = MODELS["exponential"](3), PairCost.yukawa(0.5)
    space: PotentialSpace = potential_space(density, np.zeros_like, 6, cost)
    coefficients = space.with_tail(np.zeros(space.n_free))
    x = np.random.default_rng(0).normal(size=(5, 3, 3))
    exact = costs_of(x, cost) - space.sums(radii_of(x)) @ coefficients
    order = np.argsort(exact)
    values = exact.copy()
    values[order[1]] += 1e-5
    values[order[4]] += 1.0
    found, error = dual._by_the_cost_itself(space, coefficients, x, values)
    np.testing.assert_array_equal(found, exact)
    assert error == pytest.approx(1e-5, rel=1e-6)
    values[order[0]] -= 1e-3
    assert dual._by_the_cost_itself(space, coefficients, x, values)[1] == pytest.approx(1e-3)
    # Coulomb's is no table.
    coulomb = potential_space(density, lambda r: 1 / (1 + r), 6)
    found, error = dual._by_the_cost_itself(coulomb, coulomb.fixed, x, values)
    assert found is values
    assert error == 0


def test_twice_the_error_of_the_table_is_subtracted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minimum by a table may lie above one by the cost by that much."""
    final = dual._final_search
    whole = _two()

    def uncertain(*arguments: Any) -> _Search:
        found, values, _ = final(*arguments)
        return found, values, 0.25e-6 * _scale()

    monkeypatch.setattr(dual, "_final_search", uncertain)
    found = _two()
    assert whole.value - found.value == pytest.approx(0.5e-6 * _scale(), rel=1e-2)
    assert found.corrected == pytest.approx(0.5e-6 * _scale(), rel=1e-2)


def test_random_starts_by_charge_and_by_log_r() -> None:
    """Two thousand uniform in charge, a thousand uniform in log r over the whole table."""
    plan = plan_of("exponential", 3)
    space = potential_space(plan.density, plan.radial_potential, 20)
    starts = dual._random_starts(plan.density, space.table(space.fixed), np.random.default_rng(1))
    assert starts.shape == (3000, 3, 3)
    radii = radii_of(starts)
    charges = plan.density.cumulant(radii[:2000])
    logs = (np.log(radii[2000:]) - space.grid[0]) / (space.grid[-1] - space.grid[0])
    for uniform, whole in ((charges, 3.0), (logs, 1.0)):
        shares = np.histogram(uniform, bins=6, range=(0, whole))[0] / uniform.size
        np.testing.assert_allclose(shares, 1 / 6, atol=0.03)
        assert np.min(uniform) < 0.01 * whole
        assert np.max(uniform) > 0.99 * whole
    directions = starts / radii[:, None, :]
    assert np.max(np.abs(np.mean(directions, axis=0))) < 0.06
    moments = np.mean(directions[:, :, None] * directions[:, None], axis=(0, 3))
    np.testing.assert_allclose(moments, np.eye(3) / 3, atol=0.03)


def test_hops_and_mutants_of_the_final_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random starts as they are, thirty mutants of each active configuration and twenty hops."""
    bound = bound_of("exponential", 3)
    active, scale = bound.configurations[:4], 0.5
    searched: list[tuple[int, int]] = []
    hops: list[tuple[int, float, float]] = []
    search: Callable[..., None] = pricing.search
    hop_down: Callable[..., float] = pricing.hop_down

    def told(starts: Array, mutants: int, table: Any, tolerance: float, *rest: Any) -> None:
        searched.append((len(starts), mutants))
        assert tolerance == pytest.approx(1e-11 * scale)
        search(starts, mutants, table, tolerance, *rest)

    def hopping(x: Array, count: int, temperature: float, table: Any, tolerance: float,
                rng: Any) -> float:  # fmt: skip
        hops.append((count, temperature, tolerance))
        return hop_down(x, count, temperature, table, tolerance, rng)

    monkeypatch.setattr(pricing, "search", told)
    monkeypatch.setattr(pricing, "hop_down", hopping)
    before = active.copy()
    found, values, error = dual._final_search(
        bound.density, bound.space, bound.coefficients, active, scale,
        np.random.default_rng(0), Told(),
    )  # fmt: skip
    assert searched == [(3000, 0), (4, 30)]
    np.testing.assert_allclose(hops, [(20, 1e-4 * scale, 1e-11 * scale)] * 4, rtol=1e-9)
    assert len(found) == len(values) == 3000 + 4 * 31 + 4
    assert error == 0
    np.testing.assert_array_equal(active, before)
    energies = costs_of(found) - bound.space.sums(radii_of(found)) @ bound.coefficients
    np.testing.assert_allclose(values, energies, atol=1e-9)
    assert np.min(values) == pytest.approx(3 * bound.constant, abs=1e-9)
    # What is hopped from ends lowest of all.
    assert np.min(values[-4:]) <= np.min(values) + 1e-9


def test_a_bound_with_another_constant_is_another_bound() -> None:
    """D(u) does not depend on a constant in u: what the integral gains the minimum loses."""
    bound = bound_of("exponential", 2)
    shifted = replace(bound, constant=bound.constant + 0.1, value=bound.value + 0.2)
    np.testing.assert_allclose(
        shifted.slack_of(bound.configurations), bound.slack - 0.2, atol=1e-12
    )
    assert violations(shifted, bound.configurations)[1] == pytest.approx(0.2, rel=1e-6)
