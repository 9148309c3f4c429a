"""What a bracket hands from one step to the next, and the limits at which it takes another way."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bounded import bracket_of, plan_of
from comotion import MODELS, Bracket, PairCost, pair_value
from comotion.density.functionals import unit_of_length
from comotion.errors import TransportError
from comotion.transport.bounds import bracket as room
from comotion.transport.bounds.bracket import BracketEffort, bracket
from comotion.transport.bounds.configurations import scale_of
from comotion.transport.bounds.dual import dual_bound, violations
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.parts import Parts
from comotion.transport.bounds.primal import PrimalBound, primal_bound
from comotion.transport.hierarchy import HierarchyValue
from comotion.transport.pair_cost import COULOMB
from comotion.transport.patterns import BestPattern
from comotion.transport.plan import Plan
from told import Told

_POOR = BracketEffort(splines=(8, 10), cells_per_shell=4, iterations=2, seed=3)


def _in_unit(n: int) -> Plan:
    """A plan in the unit of length in which its bracket is computed."""
    plan = plan_of("exponential", n)
    density = plan.density.stretched(1 / unit_of_length(plan.density))
    return plan.stretched(1 / unit_of_length(plan.density), density)


@pytest.mark.parametrize("sizes", [(10, 8), (1, 40, 80)])
def test_splines_ascend_or_not(sizes: tuple[int, ...]) -> None:
    """Any sizes from one on are a space of potentials."""
    assert BracketEffort(splines=sizes).splines == sizes


def test_least_effort() -> None:
    least = BracketEffort(splines=(1,), cells_per_shell=1, iterations=1, seed=0)
    changes: list[dict[str, Any]] = [
        {"splines": (0,)}, {"cells_per_shell": 0}, {"iterations": 0}, {"seed": -1},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(TransportError, match="one or more splines, cells and iterations"):
            replace(least, **change)


@pytest.mark.parametrize(("error", "closed"), [(1.9e-6, True), (2.1e-6, False)])
def test_a_gap_that_is_closed_needs_no_cells(error: float, closed: bool) -> None:
    """From two millionths of the cost on they are tried."""
    plan = plan_of("exponential", 2)
    plan = replace(plan, quadrature_error=error * plan.cost)
    found = bracket(plan.density, plan, effort=_POOR)
    assert (found.primal is None) == closed


@pytest.mark.parametrize(("above", "wrong"), [(0.9e-12, False), (1.2e-12, True)])
def test_bounds_that_meet_within_rounding(
    monkeypatch: pytest.MonkeyPatch, above: float, wrong: bool
) -> None:
    """A lower bound that is higher by rounding is cut; by more it is an error."""
    plan = _in_unit(2)
    upper = plan.cost + plan.quadrature_error
    monkeypatch.setattr(room, "_from_pairs", lambda *_: upper * (1 + above))
    if wrong:
        with pytest.raises(TransportError, match=r"exceeds the upper one by 1\.[12]e-12 of it"):
            bracket(plan.density, plan, effort=_POOR)
        return
    found = bracket(plan.density, plan, effort=_POOR)
    assert (found.lower, found.upper, found.gap) == (upper, upper, 0.0)
    assert found.lower_from == "V_2"


def test_the_pair_value_less_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed form is a lower bound with its error subtracted; a pairing of cells is none."""
    plan = plan_of("exponential", 3)
    values = [HierarchyValue(2, 1.0, 0.125, closed=True), HierarchyValue(2, 1.0, 0.125)]
    monkeypatch.setattr(room, "pair_value", lambda *_, **__: values[0])
    assert room._from_pairs(plan.density, plan) == pytest.approx(0.875, abs=1e-11)
    assert room._from_pairs(plan.density, plan) <= 0.875 - 1e-12
    # Of another cost rounding refers to the scale of its energies.
    large = replace(plan, pair_cost=PairCost.of(lambda d: 1e6 / (1 + d)))
    scale = scale_of(plan.positions, large.pair_cost)
    assert 0.875 - room._from_pairs(plan.density, large) == pytest.approx(1e-12 * scale, rel=1e-3)
    monkeypatch.setattr(room, "pair_value", lambda *_, **__: values[1])
    assert room._from_pairs(plan.density, plan) == -np.inf


def test_the_pair_value_is_that_of_the_density_and_the_cost() -> None:
    plan = plan_of("exponential", 3)
    for cost in (COULOMB, PairCost.yukawa(0.5)):
        pair = pair_value(plan.density, pair_cost=cost)
        found = room._from_pairs(plan.density, replace(plan, pair_cost=cost))
        assert pair.value * (1 - 1e-10) < found + pair.error < pair.value


def test_the_best_of_the_bounds_and_their_last_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """A larger space is no worse, but a search may be: the best is taken."""
    plan = _in_unit(2)
    best = bracket(plan.density, plan, effort=_POOR).dual
    bounds = [best.lowered(0.25), best, best.lowered(0.125)]
    monkeypatch.setattr(room, "_dual_bounds", lambda *_: bounds)
    found = bracket(plan.density, plan, effort=_POOR)
    assert found.dual.value == best.value
    assert found.spline_error == pytest.approx(0.125)
    monkeypatch.setattr(room, "_dual_bounds", lambda *_: bounds[:2])
    assert bracket(plan.density, plan, effort=_POOR).spline_error == pytest.approx(0.25)
    monkeypatch.setattr(room, "_dual_bounds", lambda *_: bounds[1:2])
    assert np.isnan(bracket(plan.density, plan, effort=_POOR).spline_error)


def test_each_space_begins_where_the_one_before_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the configurations of all plans, and the active ones of the last space alone."""
    plan = _in_unit(3)
    asked: list[tuple[Any, ...]] = []
    made: list[DualBound] = []

    def told(density: Any, space: Any, starts: Any, *, seed: int, report: Any) -> DualBound:
        asked.append((density, space, starts, seed))
        made.append(dual_bound(density, space, starts, seed=seed, report=report))
        return made[-1]

    monkeypatch.setattr(room, "dual_bound", told)
    other = replace(plan, positions=plan.positions[:, :, ::-1])
    report = Told()
    found = bracket(plan.density, [plan, other], effort=replace(_POOR, splines=(6, 8, 10)),
                    report=report)  # fmt: skip
    of_plans = np.concatenate((plan.positions, other.positions))
    assert [one[1].intervals for one in asked] == [6, 8, 10]
    for k, (density, space, starts, seed) in enumerate(asked):
        assert density.n_electrons == space.n_electrons == 3
        assert seed == 3
        np.testing.assert_array_equal(starts[: len(of_plans)], of_plans)
        rest = starts[len(of_plans) :]
        np.testing.assert_array_equal(rest, made[k - 1].configurations if k else of_plans[:0])
        # The known potential is that of the forces on the first plan.
        r = np.geomspace(0.1, 5, 9)
        known = space.functions(r)[:, -1]
        np.testing.assert_allclose(known, plan.potential(r), rtol=1e-4)
    assert found.dual.value == max(one.value for one in made)
    assert {"lower bound with 10 functions", "lower bound with 14 functions"} <= set(report.steps)


def test_what_the_upper_bound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best lower bound's value, configurations and potential, which satisfies sum u <= V."""
    plan = _in_unit(3)
    asked: list[dict[str, Any]] = []

    def told(density: Any, cells: int, plans: Any, **options: Any) -> PrimalBound:
        asked.append({"n": density.n_electrons, "cells": cells, "plans": plans, **options})
        return primal_bound(density, cells, plans, **options)

    monkeypatch.setattr(room, "primal_bound", told)
    report = Told()
    found = bracket(plan.density, plan, effort=_POOR, report=report)
    (one,) = asked
    dual = found.dual
    assert (one["n"], one["cells"], one["seed"], one["iterations"]) == (3, 4, 3, 2)
    assert [curve.cost for curve in one["plans"]] == [plan.cost]
    np.testing.assert_array_equal(one["configurations"], dual.configurations)
    r = np.geomspace(0.1, 9, 9)
    np.testing.assert_allclose(one["potential"](r), dual.potential(r) + dual.constant, rtol=1e-14)
    assert one["lower"] == dual.value
    assert "upper bound" in report.steps
    # The gap that is told of is that to the lower bound.
    gaps = [line for line in report.lines if line.startswith("upper bound")]
    assert len(gaps) == 2
    assert "iteration 1, relative gap " in gaps[0]
    first = float(gaps[0].split("relative gap ")[1].split(",")[0])
    assert 0 < first < 0.02


def test_curves_to_start_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patterns are searched for three to ten electrons, and kept where they are another plan."""
    one, other = plan_of("exponential", 3), plan_of("exponential", 2)
    asked: list[tuple[int, PairCost]] = []
    best: list[Plan] = [other]

    def plan(density: Any, *, pair_cost: PairCost, report: Any) -> Plan:
        assert report is told
        asked.append((density.n_electrons, pair_cost))
        return one

    def pattern(density: Any, comotion: Plan, *, report: Any) -> BestPattern:
        assert (comotion, report) == (one, told)
        asked.append((-density.n_electrons, COULOMB))
        return BestPattern(best[0], tried=4, exhaustive=True)

    monkeypatch.setattr(room, "comotion_plan", plan)
    monkeypatch.setattr(room, "best_pattern", pattern)
    told, cost = Told(), PairCost.yukawa(0.5)
    for n in (2, 11):
        assert room._curves(MODELS["exponential"](n), cost, told) == [one]
        assert asked.pop() == (n, cost)
    for n in (3, 10):
        assert room._curves(MODELS["exponential"](n), cost, told) == [one, other]
        assert [asked.pop(), asked.pop()] == [(-n, COULOMB), (n, cost)]
    best[0] = one
    assert room._curves(MODELS["exponential"](3), cost, told) == [one]
    assert not told.lines


def test_what_is_no_curve_of_the_density_is_refused() -> None:
    density, three = MODELS["exponential"](3), plan_of("exponential", 3)
    cells = bracket_of("exponential", 3).plan
    assert cells.kind == "cells"
    wrong: list[Any] = [plan_of("exponential", 2), cells, [three, cells], "plan", 3, [None]]
    for plan in wrong:
        with pytest.raises(TransportError, match=r"is no curve of 3 electrons: give the plan that"):
            bracket(density, plan, effort=_POOR)
    for plan in (plan_of("gaussian", 3), [three, plan_of("gaussian", 3)]):
        with pytest.raises(TransportError, match="is the plan of another density of 3 electrons"):
            bracket(density, plan, effort=_POOR)


def test_a_lower_bound_that_is_confirmed_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second ascent where the plan by cells violates nothing."""
    plan, made = _in_unit(3), []

    def counted(*arguments: Any, **options: Any) -> DualBound:
        made.append(1)
        return dual_bound(*arguments, **options)

    monkeypatch.setattr(room, "dual_bound", counted)
    found = bracket(plan.density, plan, effort=_POOR)
    assert found.primal is not None
    assert len(made) == 2


def test_what_a_second_ascent_begins_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """The active configurations, the plan's, and those below the minimum that came of them."""
    plan = _in_unit(3)
    wrong = bracket(plan.density, plan, effort=_POOR).dual.lowered(-1e-4)
    positions = plan.positions[::10]
    missed, by = violations(wrong, positions)
    assert len(missed) > 0
    asked: list[Any] = []

    def told(density: Any, space: Any, starts: Any, *, seed: int, report: Any) -> DualBound:
        asked.append((density, space, starts, seed, report))
        # Worse than the first with what is violated subtracted: then that one is kept.
        return wrong.lowered(0.01)

    monkeypatch.setattr(room, "dual_bound", told)
    report = Told()
    found = room._confirmed(wrong, positions, _POOR, Parts(None), report)
    ((density, space, starts, seed, asked_report),) = asked
    assert density is wrong.density
    assert space is wrong.space
    assert (seed, asked_report) == (3, report)
    expected = np.concatenate((wrong.configurations, positions, missed))
    np.testing.assert_array_equal(starts, expected)
    assert found.value == pytest.approx(wrong.value - by, abs=1e-15)
    assert found.corrected == pytest.approx(wrong.corrected + by, abs=1e-15)


def test_both_ends_in_the_density_s_own_unit() -> None:
    """A bracket is that of the plan and density that were given, not of its inner unit."""
    found: Bracket = bracket_of("exponential", 3)
    plan = plan_of("exponential", 3)
    assert unit_of_length(plan.density) == 2
    assert found.v_comotion == plan.cost
    assert found.dual.space.unit == 2
    assert found.plan.density is plan.density
    assert found.dual.density is plan.density
    assert unit_of_length(MODELS["exponential"](3).stretched(np.sqrt(2))) in {2, 4}
    radius = float(plan.density.radius(1.5))
    for factor, unit in ((1.41 / radius, 1), (1.42 / radius, 2), (2.82 / radius, 2),
                         (2.84 / radius, 4)):  # fmt: skip
        assert unit_of_length(plan.density.stretched(factor)) == unit
