"""Gaps in the folded cumulant, maps across them, and the search over patterns, step by step."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from comotion import MODELS, Accuracy, Effort, PairCost, Plan, best_pattern, comotion_plan
from comotion.errors import TransportError
from comotion.transport import patterns
from comotion.transport.maps import (
    alternating,
    comotion_functions,
    configuration_radii,
    folded_breaks,
    functions_of_pattern,
)
from comotion.transport.patterns import BestPattern, pattern_name
from comotion.transport.quadrature import folded_rule, integral
from told import Told

Upward = NDArray[np.bool_]


def test_directions_alternate_from_upwards() -> None:
    assert alternating(5).tolist() == [True, False, True, False, True]
    assert alternating(1).tolist() == [True]


def _gaps(n: int, *charges: float) -> Any:
    """What `folded_breaks` asks of a density."""
    return SimpleNamespace(n_electrons=n, gaps=np.array(charges))


def test_a_gap_is_met_where_its_shell_is() -> None:
    """At the charge 1.2 the second of three electrons: downwards at 1 - 0.2, upwards at 0.2."""
    down, up = np.array([True, False, True]), np.array([True, True, True])
    np.testing.assert_allclose(folded_breaks(_gaps(3, 1.2), down), [0.8])
    np.testing.assert_allclose(folded_breaks(_gaps(3, 1.2), up), [0.2])
    np.testing.assert_allclose(folded_breaks(_gaps(3, 0.3, 1.2, 2.9), down), [0.3, 0.8, 0.9])
    # At whole numbers an electron is at an end anyhow; beyond the last shell there is none.
    assert folded_breaks(_gaps(3, 1.0, 2.0, 3.0), down).size == 0
    np.testing.assert_allclose(folded_breaks(_gaps(3), down), [])


@pytest.mark.parametrize(("apart", "kept"), [(0.9e-8, 1), (1.1e-8, 2)])
def test_breaks_are_apart(apart: float, kept: int) -> None:
    """From one another, and from both ends."""
    up = np.array([True, True])
    assert len(folded_breaks(_gaps(2, 0.3, 1.3 + apart), up)) == kept
    assert len(folded_breaks(_gaps(2, apart), up)) == kept - 1
    assert len(folded_breaks(_gaps(2, 1 - apart), up)) == kept - 1


def test_maps_at_the_shell_radii_and_beyond() -> None:
    """With an electron at a shell radius two others are at the nucleus, together, or far away."""
    density = MODELS["exponential"](4)
    a = density.shells
    maps = comotion_functions(density, a)
    charges = density.cumulant(maps)
    np.testing.assert_allclose(charges, [[1, 1, 3, 3], [2, 0, 4, 2], [3, 1, 3, 1]], atol=1e-6)
    inner, outer = comotion_functions(density, np.array([1e-3, 30.0]))
    assert density.cumulant(inner[[1, 2, 3]]) == pytest.approx([2, 2, 4], abs=1e-6)
    assert density.cumulant(outer[[1, 2, 3]]) == pytest.approx([2, 2, 0], abs=1e-6)
    # f_4 of an electron far outside is near the nucleus, to all digits of its charge.
    far = density.cocumulant(30.0)
    assert float(density.cumulant(outer[3])) == pytest.approx(float(far), rel=1e-9)


@pytest.mark.parametrize("pattern", [[1, 0, 1], [1, 1, 0], [0, 0, 1], [1, 1, 1]])
def test_functions_of_patterns_by_hand(pattern: list[int]) -> None:
    """An electron has done a share of its shell, and so have the others, each in its direction."""
    density, upward = MODELS["ball"](3), np.array(pattern, dtype=bool)
    for shell in range(3):
        for share in (0.2, 0.9):
            r = np.cbrt((shell + share) / 3)
            q = share if upward[shell] else 1 - share
            charges = np.arange(3) + np.where(upward, q, 1 - q)
            found = functions_of_pattern(density, np.array([r]), upward)
            np.testing.assert_allclose(found[0], np.cbrt(charges / 3), rtol=1e-12)
            assert found[0, shell] == pytest.approx(r, rel=1e-12)
    # Outside everything the outermost electron stays at the edge.
    edge = functions_of_pattern(density, np.array([1.0]), upward)
    assert edge[0, 2] == pytest.approx(1.0)


def test_functions_of_patterns_know_what_is_left_outside() -> None:
    density, upward = MODELS["exponential"](3), np.array([True, True, False])
    r = np.array([45.0])
    found = functions_of_pattern(density, r, upward)
    assert found[0, 2] == pytest.approx(45.0, rel=1e-10)


@pytest.fixture(scope="module")
def four() -> Plan:
    return comotion_plan(MODELS["sqrt_r"](4), seeds=(4, 9))


def test_descent_finds_what_all_patterns_hold(four: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = best_pattern(MODELS["sqrt_r"](4), four)
    assert (all_of_them.tried, all_of_them.exhaustive) == (8, True)
    monkeypatch.setattr(patterns, "EXHAUSTIVE", 3)
    descended = best_pattern(MODELS["sqrt_r"](4), four)
    assert not descended.exhaustive
    assert 5 < descended.tried <= 8
    assert descended.plan.upward.tolist() == all_of_them.plan.upward.tolist()
    assert descended.plan.cost == all_of_them.plan.cost < four.cost


@pytest.fixture
def ranked(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Costs of the short search by the names of patterns; what is not told costs 9."""
    told: dict[str, float] = {}

    def cost(_density: Any, _cost: Any, pattern: tuple[bool, ...], _seed: int) -> float:
        return told.get(pattern_name(np.array(pattern)), 9.0)

    monkeypatch.setattr(patterns, "_short_cost", cost)
    return told


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch, four: Plan) -> list[tuple[str, dict[str, Any]]]:
    """Patterns whose plans were computed in full, and with what."""
    found = []

    def plan(_density: Any, *, upward: Upward, **more: Any) -> Any:
        found.append((pattern_name(upward), more))
        cost = four.cost - {"uddu": 0.2, "uuuu": 0.1}.get(found[-1][0], -1.0)
        return SimpleNamespace(cost=cost, upward=upward, error=0.0)

    monkeypatch.setattr(patterns, "comotion_plan", plan)
    return found


def test_the_three_best_ranked_are_computed_in_full(
    ranked: dict[str, float], computed: list[tuple[str, dict[str, Any]]], four: Plan
) -> None:
    """But not the plan that there is; the least cost of all wins, with the plan's own settings."""
    ranked |= {"uuuu": 1.0, "uddu": 2.0, "uuud": 3.0, "uudd": 4.0}
    accuracy, effort = Accuracy(quadrature=1e-5), Effort(first=1)
    best = best_pattern(MODELS["sqrt_r"](4), four, accuracy=accuracy, effort=effort)
    assert [name for name, _ in computed] == ["uuuu", "uddu", "uuud"]
    assert pattern_name(best.plan.upward) == "uddu"
    for _, more in computed:
        assert more["accuracy"] is accuracy
        assert more["effort"] is effort
        assert more["seeds"] == four.seeds
        assert more["pair_cost"] is four.pair_cost
    ranked["udud"] = 0.5
    computed.clear()
    best = best_pattern(MODELS["sqrt_r"](4), four)
    assert [name for name, _ in computed] == ["uuuu", "uddu"]


def test_descent_goes_by_steepest_steps_until_none_is_lower(
    ranked: dict[str, float], computed: list[tuple[str, dict[str, Any]]], four: Plan,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """From udud to uddu and to uddd; where it ends all neighbours have been tried."""
    monkeypatch.setattr(patterns, "EXHAUSTIVE", 3)
    ranked |= {"udud": 5.0, "uddu": 4.0, "uudu": 4.5, "uduu": 6.0, "uddd": 3.0}
    best = best_pattern(MODELS["sqrt_r"](4), four)
    assert [name for name, _ in computed] == ["uddd", "uddu", "uudu"]
    assert best.tried <= 8
    computed.clear()
    ranked.clear()
    ranked["udud"] = 5.0
    best = best_pattern(MODELS["sqrt_r"](4), four)
    # All neighbours of where it began, and no more.
    assert best.tried == 1 + 5
    assert best.plan is four


def test_short_costs_are_those_of_the_plans(four: Plan) -> None:
    """On 31 nodes, to a few parts in a million; kinks of the envelope included."""
    density = MODELS["sqrt_r"](4)
    pattern = tuple(bool(up) for up in four.upward)
    short = patterns._short_cost(density, four.pair_cost, pattern, 1)
    assert short == pytest.approx(four.cost, rel=5e-6)
    other = (True, False, False, True)
    plan = comotion_plan(density, upward=np.array(other))
    assert patterns._short_cost(density, four.pair_cost, other, 1) == pytest.approx(
        plan.cost, rel=5e-6
    )


def test_short_costs_have_the_kinks_of_the_envelope() -> None:
    """Seven electrons change their arrangement with q: 31 nodes, to 1e-7 hartree all the same."""
    density = MODELS["sqrt_r"](7)
    pattern = tuple(bool(up) for up in alternating(7))
    accuracy = Accuracy(quadrature=1e-8, accept_disagreement=True)
    plan = comotion_plan(density, accuracy=accuracy)
    short = patterns._short_cost(density, plan.pair_cost, pattern, 1)
    assert short == pytest.approx(plan.cost, abs=2e-7)


def test_short_costs_take_the_cost() -> None:
    cost, density = PairCost.yukawa(0.3), MODELS["ball"](2)
    short = patterns._short_cost(density, cost, (True, False), 1)
    assert short == pytest.approx(comotion_plan(density, pair_cost=cost).cost, rel=1e-6)


def test_without_a_plan_there_will_be_one(four: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that was asked for; by default of Coulomb's cost."""
    asked: list[dict[str, Any]] = []

    def plan(_density: Any, **more: Any) -> Plan:
        asked.append(more)
        return four

    monkeypatch.setattr(patterns, "comotion_plan", plan)
    monkeypatch.setattr(patterns, "_short_cost", lambda *_: 9.0)
    accuracy, effort, told = Accuracy(quadrature=1e-5), Effort(first=1), Told()
    best_pattern(MODELS["sqrt_r"](4), accuracy=accuracy, effort=effort, report=told)
    assert asked[0] == {
        "pair_cost": four.pair_cost, "accuracy": accuracy, "effort": effort, "report": told,
    }  # fmt: skip
    for more in asked[1:]:
        assert more["accuracy"] is accuracy
        assert more["effort"] is effort
    asked.clear()
    best_pattern(MODELS["sqrt_r"](4), pair_cost=four.pair_cost)
    assert asked[0]["pair_cost"] is four.pair_cost
    assert asked[0]["accuracy"] is None


def test_what_a_pattern_says_of_itself(four: Plan) -> None:
    whole, part = BestPattern(four, 8, exhaustive=True), BestPattern(four, 5, exhaustive=False)
    assert repr(whole) == (
        f"<BestPattern udud: cost {four.cost:.8f} +- {four.error:.0e} hartree, "
        "8 patterns tried, all>"
    )
    assert repr(part).endswith("5 patterns tried, not all>")


def test_a_plan_and_a_cost_must_agree(four: Plan) -> None:
    with pytest.raises(TransportError, match="give one of them"):
        best_pattern(MODELS["sqrt_r"](4), four, pair_cost=PairCost.yukawa(1.0))


def test_the_rule_of_a_break_has_a_piece_on_each_side() -> None:
    """Each with its share of the weight; q and 1 - q to all digits at both ends."""
    rule = folded_rule(16, [0.2])
    assert len(rule.q) == 31
    assert rule.q[15] == pytest.approx(0.2, rel=1e-15)
    assert rule.weights[:15].sum() == pytest.approx(0.2, rel=1e-4)
    assert rule.weights[16:].sum() == pytest.approx(0.8, rel=1e-4)
    whole = folded_rule(16)
    np.testing.assert_allclose(rule.q[:15], 0.2 * whole.q, rtol=1e-14)
    np.testing.assert_allclose(rule.complement[16:], 0.8 * whole.complement, rtol=1e-14)
    np.testing.assert_allclose(rule.weights[16:], 0.8 * whole.weights, rtol=1e-14)
    # Halfway between two nodes the next finer rule has its weight: twice that of the interval.
    np.testing.assert_allclose(whole.between, 2 * folded_rule(32).weights[2:-1:2], rtol=1e-13)
    assert repr(rule) == "<FoldedRule: 31 nodes>"
    assert len(folded_rule(4).q) == 3


def test_kinks_count_where_both_branches_are_higher_on_the_other_side() -> None:
    """By hand on three nodes: a b / (2 (a + b)) - (a + b) / 12 times the weight between."""
    rule = folded_rule(4)
    values, ahead, behind = np.array([1.0, 2.0, 4.0]), np.array([2.5, 4.0]), np.array([1.25, 3.0])
    plain = rule.weights @ values
    kink = 0.25 * 0.5 / (2 * 0.75) - 0.75 / 12
    assert integral(rule, values, ahead, behind) == pytest.approx(
        plain + rule.between[0] * kink, rel=1e-14
    )
    # A branch that is no higher beyond a node is the same branch.
    assert integral(rule, values, values[1:], behind) == pytest.approx(plain, rel=1e-15)
    assert integral(rule, values, ahead, values[:-1]) == pytest.approx(plain, rel=1e-15)
    assert configuration_radii(MODELS["ball"](1), [0.5], [0.5], alternating(1)).shape == (1, 1)
