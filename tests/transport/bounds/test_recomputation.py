"""A bracket computed again: every number is looked at, as closely as is said and no closer."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from bounded import bracket_of, plan_of
from comotion import MODELS, pair_value
from comotion.transport.bounds import recomputation
from comotion.transport.bounds.certificate import Bracket
from comotion.transport.bounds.configurations import VIOLATED
from comotion.transport.bounds.dual import search_again
from comotion.transport.bounds.lower_bound import DualBound
from comotion.transport.bounds.recomputation import Recomputed, recompute
from comotion.transport.patterns import best_pattern
from comotion.transport.plan import Plan


def _record(found: Bracket, seed: int = 1) -> dict[str, Any]:
    """What bracket.json holds of these numbers."""
    return {
        "lower": found.lower, "upper": found.upper, "gap": found.gap,
        "lower_duality": found.dual.value, "settings": {"seed": seed},
    }  # fmt: skip


@pytest.fixture
def one_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search of the same bound is made once: what it finds does not depend on its constant."""
    found = search_again(bracket_of("exponential", 3).dual, 2)
    monkeypatch.setattr(recomputation, "search_again", lambda *_: found)


def _wrong(numbers: list[Recomputed]) -> set[str]:
    return {one.what for one in numbers if not one.agrees}


def test_all_numbers_of_a_bracket() -> None:
    found = bracket_of("exponential", 3)
    numbers = recompute(_record(found), found.dual, found.plan)
    assert len(numbers) == 15
    assert _wrong(numbers) == set()
    by_name = {one.what: one for one in numbers}
    assert by_name["gap"].again == found.upper - found.lower
    assert by_name["lower, the higher of D(u) and V_2"].again == found.dual.value
    of_search = [one for one in numbers if one.searched]
    assert [one.what for one in of_search] == [
        "energy by which a configuration found anew lies below the minimum"
    ]
    assert of_search[0].searched > 3000
    integral = by_name["D(u) = int rho u + N constant"]
    assert integral.recorded == found.dual.value
    # By another rule: not to the last bit, but to ten digits.
    assert 0 < abs(integral.again - found.dual.value) < 1e-9 * found.upper
    assert by_name["u(r) far outside"].recorded == pytest.approx(2 / (1e9 * MODELS["exponential"](3)
                                                                     .radius(1.5)))  # fmt: skip
    cost = by_name["cost of the plan by another rule"]
    assert 0 < abs(cost.again - cost.recorded) < found.plan.quadrature_error


@pytest.mark.parametrize("difference", [-1.0, 1.0])
def test_agreement_ends_at_the_tolerance(difference: float) -> None:
    assert Recomputed("x", 5.0, 5.0 + difference, 1.0).agrees
    assert not Recomputed("x", 5.0, 5.0 + 1.0001 * difference, 1.0).agrees


def test_the_search_has_other_random_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def told(bound: DualBound, seed: int) -> tuple[float, int]:
        asked.append(seed)
        return 3 * bound.constant, 1

    monkeypatch.setattr(recomputation, "search_again", told)
    found = bracket_of("exponential", 3)
    recompute(_record(found, seed=7), found.dual, found.plan)
    assert asked == [8]


_Change = Callable[[Bracket, dict[str, Any], float], tuple[dict[str, Any], DualBound, Plan]]


def _in_record(name: str) -> _Change:
    """A change of a number of the record, in units of the cost."""
    return lambda found, record, by: (
        record | {name: record[name] + by * found.plan.cost}, found.dual, found.plan
    )  # fmt: skip


def _in_bound(name: str, part: float = 1.0) -> _Change:
    """A change of a number of the bound, in units of int rho u, which is larger than the cost."""

    def change(
        found: Bracket, record: dict[str, Any], by: float
    ) -> tuple[dict[str, Any], DualBound, Plan]:
        scale = found.dual.value - 3 * found.dual.constant
        number = getattr(found.dual, name) + by * part * scale
        return record, replace(found.dual, **{name: number}), found.plan

    return change


def _in_plan(change: Callable[[Plan, float], Plan]) -> _Change:
    return lambda found, record, by: (record, found.dual, change(found.plan, by))


@cache
def _two_of_equal_cells(plan: Plan) -> tuple[int, int]:
    """A column, and another whose first cell is not among its own."""
    assert plan.cells is not None
    other = next(k for k in range(len(plan.cells)) if plan.cells[k, 0] not in plan.cells[0])
    return 0, other


def _moved(plan: Plan, by: float) -> Plan:
    """Weight moved from one column to another: the sum stays."""
    weights = plan.weights.copy()
    weights[list(_two_of_equal_cells(plan))] += np.array([by, -by])
    return replace(plan, weights=weights)


def _raised(plan: Plan, name: str, by: float) -> Plan:
    values = np.array(getattr(plan, name))
    values.flat[0] += by
    changed: dict[str, Any] = {name: values}
    return replace(plan, **changed)


@pytest.mark.parametrize(
    ("what", "change", "limit"),
    [
        ("lower, the higher of", _in_record("lower"), 1e-10),
        ("upper, the plan's cost", _in_record("upper"), 1e-10),
        ("gap", _in_record("gap"), 1e-10),
        ("lower_duality", _in_record("lower_duality"), 1e-10),
        ("D(u) = int rho u", _in_bound("value"), 1e-8),
        ("slack of an active", _in_bound("slack"), 1e-10),
        ("found anew lies below", _in_bound("constant", 1 / 3), VIOLATED),
        ("sum of the plan's weights", _in_plan(lambda p, by: _raised(p, "weights", by)), 1e-9),
        ("energy of one of the plan's",
         _in_plan(lambda p, by: _raised(p, "energies", by * p.cost)), 1e-10),
        ("charge missing in a cell", _in_plan(_moved), 1e-9),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.usefixtures("one_search")
def test_a_number_that_was_altered_is_named(
    what: str, change: _Change, limit: float, sign: int
) -> None:
    """By a few times its tolerance it is found, by a fraction of it it is rounding."""
    found = bracket_of("exponential", 3)

    def named(by: float) -> bool:
        numbers = recompute(*change(found, _record(found), sign * by))
        return any(what in one for one in _wrong(numbers))

    # A constant that is too low makes no bound wrong.
    assert named(4 * limit) != (sign < 0 and "found anew" in what)
    assert not named(limit / 4)


@pytest.mark.usefixtures("one_search")
def test_a_plan_without_negative_weights() -> None:
    found = bracket_of("exponential", 3)
    weights = found.plan.weights.copy()
    weights[0] = -1e-15
    numbers = recompute(_record(found), found.dual, replace(found.plan, weights=weights))
    assert "least weight of the plan, if negative" in _wrong(numbers)


@pytest.mark.usefixtures("one_search")
def test_the_error_of_a_plan_widens_what_is_its_cost() -> None:
    """Three times over, and no further; a plan without one is known to eight digits."""
    found = bracket_of("exponential", 3)
    wide = replace(found.plan, quadrature_error=1e-5 * found.plan.cost)
    rule = recomputation._of_plan(wide)[-1].again
    for error, by, agrees in (
        (1e-5, 2.9e-5, True), (1e-5, 3.1e-5, False), (1e-5, -2.9e-5, True), (1e-5, -3.1e-5, False),
        (0.0, 9e-9, True), (0.0, 1.1e-8, False),
    ):  # fmt: skip
        plan = replace(wide, cost=rule * (1 + by), quadrature_error=error * wide.cost)
        wrong = _wrong(recompute(_record(found), found.dual, plan))
        assert ("cost of the plan by another rule" not in wrong) == agrees


@pytest.mark.usefixtures("one_search")
def test_a_tail_of_another_density_is_named() -> None:
    """One spline of the potential alone, that of the plateau."""
    found = bracket_of("exponential", 3)
    coefficients = found.dual.coefficients.copy()
    coefficients[-2] += 1e-8
    altered = replace(found.dual, coefficients=coefficients)
    assert "u(r) far outside" in _wrong(recompute(_record(found), altered, found.plan))


@pytest.mark.usefixtures("one_search")
def test_files_of_two_densities_are_named() -> None:
    found = bracket_of("exponential", 3)
    other = replace(found.plan, density=found.plan.density.stretched(1 + 1e-12))
    assert "densities of bracket.h5 and upper_plan.h5 that differ" in _wrong(
        recompute(_record(found), found.dual, other)
    )


def test_two_electrons_are_bounded_by_pairs() -> None:
    """The lower end is V_2 less its error, not the bound by duality; the plan is a curve."""
    found = bracket_of("exponential", 2)
    numbers = {one.what: one for one in recompute(_record(found), found.dual, found.plan)}
    assert all(one.agrees for one in numbers.values())
    pair = pair_value(MODELS["exponential"](2))
    again = numbers["lower, the higher of D(u) and V_2"].again
    assert again == pytest.approx(pair.value - pair.error, rel=1e-15)
    assert found.dual.value < again


@pytest.mark.parametrize("kind", ["comotion", "pattern"])
def test_a_curve_is_cut_into_cells(kind: str) -> None:
    """Its cost by midpoints of many cells is a rule of its own, good to five digits."""
    plan = plan_of("exponential", 3)
    if kind == "pattern":
        plan = best_pattern(plan.density, plan).plan
    assert plan.kind == kind
    cost = recomputation._of_plan(plan)[-1]
    assert cost.agrees
    assert 0 < abs(cost.again - plan.cost) < 1e-6 * plan.cost
    assert cost.tolerance == pytest.approx(1e-5 * plan.cost + 3 * plan.error, rel=1e-9)
    wrong = recomputation._of_plan(replace(plan, cost=plan.cost * (1 + 2e-5)))
    assert {one.what for one in wrong if not one.agrees} == {cost.what}


def test_a_curve_meets_every_charge_once() -> None:
    plan = plan_of("exponential", 3)
    assert recomputation._marginal_error(plan) < 1e-12
    radii = plan.radii.copy()
    node = len(radii) // 2
    radii[node, 1] *= 1.001
    moved = replace(plan, radii=radii)
    charge = plan.density.cumulant(radii[node, 1]) - plan.density.cumulant(plan.radii[node, 1])
    assert recomputation._marginal_error(moved) == pytest.approx(float(charge), rel=1e-9)
    turned = replace(plan, upward=~plan.upward)
    assert recomputation._marginal_error(turned) > 0.9
