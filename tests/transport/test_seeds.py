"""What several seeds make of one plan: its cost, its spread, and when they are left alone."""

from dataclasses import astuple

import numpy as np
import pytest

from comotion import MODELS, Accuracy, Effort, PairCost, Plan, best_pattern, comotion_plan
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.transport import comotion
from comotion.transport.angular.search import Search
from comotion.transport.hierarchy import hierarchy_value
from comotion.transport.maps import alternating, configuration_radii
from comotion.transport.quadrature import FoldedRule, folded_rule, integral
from told import Told

_DENSITY = MODELS["sqrt_r"](12)
_SEEDS = (1, 2, 3)
#: So little effort that seeds differ at many nodes.
_LAZY = Effort(first=1, hops=1, patience=1, stages=(0, 0, 0))
_ANY = Accuracy(seeds=1.0, quadrature=1.0)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return comotion_plan(_DENSITY, seeds=_SEEDS, effort=_LAZY, accuracy=_ANY)


@pytest.fixture(scope="module")
def rule() -> FoldedRule:
    """The rule of a plan that is settled at once."""
    return folded_rule(128)


@pytest.fixture(scope="module")
def energies(rule: FoldedRule) -> Array:
    """What each seed finds alone, by search and node."""
    found = []
    for seed in _SEEDS:
        coarse = folded_rule(32)
        search = Search(_radii(coarse), seed)
        search.start(12)
        for intervals in (64, 128):
            search.refine(_radii(folded_rule(intervals)))
        np.testing.assert_array_equal(search.radii, _radii(rule))
        found.append(search.energies)
    return np.array(found)


def _radii(rule: FoldedRule) -> Array:
    return configuration_radii(_DENSITY, rule.q, rule.complement, alternating(12))


def test_spread_is_from_the_highest_to_the_lowest_of_all_seeds(
    plan: Plan, rule: FoldedRule, energies: Array
) -> None:
    spread = rule.weights @ (energies.max(axis=0) - energies.min(axis=0))
    assert plan.search_spread == pytest.approx(spread, rel=1e-12)
    for two in ([0, 1], [0, 2], [1, 2]):
        assert rule.weights @ np.ptp(energies[two], axis=0) < 0.99 * spread


def test_each_node_has_the_best_of_all_seeds(plan: Plan, rule: FoldedRule, energies: Array) -> None:
    """Of the third seed too: without any one of them the plan would cost more somewhere."""
    assert np.all(plan.energies <= energies.min(axis=0) * (1 + 1e-12))
    for k in range(3):
        others = np.delete(energies, k, axis=0).min(axis=0)
        assert np.any(plan.energies < others * (1 - 1e-7))
    assert plan.cost < min(plan.cost_by_seed) - 1e-5
    assert rule.weights @ plan.energies <= rule.weights @ energies.min(axis=0)


def test_costs_by_seed_are_those_of_each_alone(
    plan: Plan, rule: FoldedRule, energies: Array
) -> None:
    """The smooth part of the integral is their mean; kinks of the envelope lower it a little."""
    assert len(plan.cost_by_seed) == 3
    np.testing.assert_allclose(plan.cost_by_seed, energies @ rule.weights, rtol=1e-4)
    assert np.ptp(plan.cost_by_seed) <= plan.search_spread
    assert plan.error == plan.search_spread + plan.quadrature_error
    # Twelve electrons, one move for each of them at each of the 31 coarse nodes.
    assert plan.moves == 3 * 12 * 31
    assert plan.seeds == _SEEDS


def test_the_order_of_the_seeds_does_not_matter(plan: Plan) -> None:
    turned = comotion_plan(_DENSITY, seeds=(3, 1, 2), effort=_LAZY, accuracy=_ANY)
    first, second, third = plan.cost_by_seed
    assert turned.cost_by_seed == (third, first, second)
    assert turned.search_spread == plan.search_spread
    assert turned.cost == pytest.approx(plan.cost, rel=1e-5)


def test_the_search_tolerance_is_relative_to_the_least_cost(plan: Plan) -> None:
    """Just inside and just outside; and the spread is told, with the seeds, where it is larger."""
    inside = plan.search_spread / min(plan.cost_by_seed)
    assert plan.search_spread / max(plan.cost_by_seed) < inside * (1 - 2e-5)
    for tolerance, fails in ((inside * (1 - 1e-5), True), (inside * (1 + 1e-5), False)):
        accuracy = Accuracy(seeds=tolerance, quadrature=1.0)
        if fails:
            with pytest.raises(TransportError, match=r"seeds \[1, 2, 3\] leave .* hartree, more"):
                comotion_plan(_DENSITY, seeds=_SEEDS, effort=_LAZY, accuracy=accuracy)
        else:
            found = comotion_plan(_DENSITY, seeds=_SEEDS, effort=_LAZY, accuracy=accuracy)
            assert found.search_spread == plan.search_spread


@pytest.mark.parametrize("slow_seed", [1, 2, 3])
def test_a_rule_is_fine_enough_when_the_costs_of_all_seeds_have_settled(
    slow_seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One seed's cost goes on changing up to 511 nodes, whichever that is."""

    def cost(search: Search, rule: FoldedRule) -> float:
        return 1.0 + 1e-3 * (search.seed == slow_seed and len(rule.q) < 511) * len(rule.q)

    monkeypatch.setattr(comotion, "_cost", cost)
    accuracy = Accuracy(seeds=1.0, quadrature=1e-6)
    assert len(comotion_plan(MODELS["ball"](2), seeds=_SEEDS, accuracy=accuracy).weights) == 1023


def test_the_plan_must_have_settled_as_well_as_its_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best of all is another integrand than any seed's: its own change counts."""

    def coarse_cost(search: Search, coarse: FoldedRule) -> float:
        return comotion._cost(search, folded_rule(len(search.radii) + 1)) + 1.0 / len(coarse.q) ** 3

    monkeypatch.setattr(comotion, "_coarse_cost", coarse_cost)
    for tolerance, nodes in ((1e-5, 127), (1e-6, 255), (1e-7, 511)):
        accuracy = Accuracy(seeds=1.0, quadrature=tolerance)
        plan = comotion_plan(MODELS["ball"](2), accuracy=accuracy)
        assert len(plan.weights) == nodes
        assert plan.quadrature_error == pytest.approx(1.0 / ((nodes - 1) // 2) ** 3, rel=1e-6)


def test_the_quadrature_error_is_that_of_the_plan_on_half_the_nodes() -> None:
    """Of a smooth integrand: the rule of every second node, by hand."""
    plan = comotion_plan(MODELS["exponential"](2), accuracy=Accuracy(quadrature=1.0))
    half = folded_rule((len(plan.weights) + 1) // 2)
    assert plan.q is not None
    np.testing.assert_array_equal(plan.q[1::2], half.q)
    change = abs(plan.weights @ plan.energies - half.weights @ plan.energies[1::2])
    assert change > 0
    assert plan.quadrature_error == pytest.approx(change, rel=1e-6)


@pytest.mark.parametrize(("kind", "n"), [("sqrt_r", 6), ("ball", 7), ("exponential", 6)])
def test_kinks_where_the_arrangement_changes_are_integrated(kind: str, n: int) -> None:
    """On 127 nodes to a fifth of what the plain rule makes of them."""
    density = MODELS[kind](n)
    plan = comotion_plan(density, accuracy=Accuracy(quadrature=1e-2))
    fine = comotion_plan(density, accuracy=Accuracy(quadrature=1e-10, accept_disagreement=True))
    assert len(plan.weights) == 127
    assert len(fine.weights) > 500
    plain = abs(plan.weights @ plan.energies - fine.cost)
    assert abs(plan.cost - fine.cost) < 0.2 * plain


def test_the_cost_is_that_of_the_lower_envelope() -> None:
    """Every arrangement carried to both neighbours by another search, in both directions."""
    plan = comotion_plan(MODELS["sqrt_r"](6), accuracy=Accuracy(quadrature=1e-2))
    ahead, behind = (_carried(plan, step) for step in (1, -1))
    cost = integral(folded_rule(128), plan.energies, ahead, behind)
    assert plan.cost == pytest.approx(cost, rel=1e-13)
    assert abs(cost - plan.weights @ plan.energies) > 1e-9


def _carried(plan: Plan, step: int) -> Array:
    """Energies of arrangements at the neighbouring node, each carried by a search of its own."""
    energies = []
    for node in range(len(plan.weights))[::step]:
        if 0 <= node + step < len(plan.weights):
            search = Search(plan.radii[[node + step]], seed=1)
            search.positions[0] = plan.positions[node] / plan.radii[node] * plan.radii[node + step]
            search.energies[0] = 1.0
            search.polish()
            energies.append(search.energies[0])
    return np.array(energies[::step])


def test_defaults_of_accuracy_and_effort() -> None:
    """Documented numbers: what a study runs with when it says nothing."""
    assert astuple(Accuracy()) == (1e-5, 1e-7, False)
    assert astuple(Effort()) == (50, 12, 2, (5, 6, 8))


def test_no_moves_at_all_are_allowed() -> None:
    """Quenches of random starts and sweeps alone."""
    none = Effort(first=0, hops=0, patience=1, stages=(1, 1, 1))
    plan = comotion_plan(MODELS["exponential"](3), effort=none)
    assert plan.moves == 0
    usual = comotion_plan(MODELS["exponential"](3))
    assert usual.moves > 0
    assert plan.cost == pytest.approx(usual.cost, rel=1e-9)


def test_each_rule_has_its_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages at 31, 63 and 127 nodes; none at finer ones; the first annealing for each electron."""
    asked = []

    def agree(
        searches: list[Search], weights: Array, tolerance: float, effort: Effort, stages: int
    ) -> None:
        assert [search.seed for search in searches] == [4, 9]
        asked.append((len(weights), tolerance, effort, stages))

    monkeypatch.setattr(comotion, "search_until_agreed", agree)
    effort = Effort(first=2, stages=(3, 4, 7))
    accuracy = Accuracy(seeds=1e-3, quadrature=1e-6)
    monkeypatch.setattr(comotion, "_cost", lambda _search, _rule: 1.0)
    monkeypatch.setattr(comotion, "_coarse_cost", lambda search, _: float(len(search.radii) > 500))
    plan = comotion_plan(MODELS["ball"](3), seeds=(4, 9), accuracy=accuracy, effort=effort)
    stages = ((31, 3), (63, 4), (127, 7), (255, 0), (511, 0))
    assert asked == [(nodes, 1e-3, effort, n) for nodes, n in stages]
    assert plan.moves == 2 * 31 * 2 * 3


@pytest.mark.parametrize(("share", "nodes"), [(0.99, 127), (1.01, 2047)])
def test_tolerances_of_other_costs_are_relative_to_what_a_constant_leaves(
    share: float, nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of -log d the sum of d |l'(d)| over three pairs is 3, whatever the cost itself."""
    change = share * 3e-6
    monkeypatch.setattr(comotion, "_cost", lambda _search, _rule: 0.0)
    monkeypatch.setattr(comotion, "_coarse_cost", lambda _search, _rule: change)
    accuracy, cost = Accuracy(seeds=1.0, quadrature=1e-6), PairCost.logarithm()
    if nodes == 127:
        plan = comotion_plan(MODELS["ball"](3), pair_cost=cost, accuracy=accuracy)
        assert len(plan.weights) == nodes
        assert plan.quadrature_error == change
    else:
        with pytest.raises(TransportError, match=r"to 2048, more .* 1e-06 of 3: raise"):
            comotion_plan(MODELS["ball"](3), pair_cost=cost, accuracy=accuracy)


def test_reports_say_which_seed_is_where() -> None:
    told = Told()
    comotion_plan(MODELS["ball"](3), seeds=(4, 9), report=told)
    assert told.lines[:2] == [
        "32 intervals, seed 4, round 1, 31 nodes", "32 intervals, seed 9, round 1, 31 nodes",
    ]  # fmt: skip
    assert "64 intervals, seed 9, refining" in told.lines
    assert told.lines[-1].startswith("128 intervals, seed 9, round")
    assert told.lines[-1].endswith("127 nodes")
    of_pair = Told()
    hierarchy_value(MODELS["ball"](4), 3, report=of_pair)
    assert of_pair.lines[0] == "32 intervals, seed 1, round 1, 31 nodes"


def test_reports_of_patterns() -> None:
    told = Told()
    plan = comotion_plan(MODELS["ball"](3))
    best_pattern(MODELS["ball"](3), plan, report=told)
    assert told.steps[:4] == ["ranking patterns"] * 4
    assert told.shares[:4] == [0, 0.25, 0.5, 0.75]
    assert any(line.startswith("pattern udd, 32 intervals, seed 1") for line in told.lines)
