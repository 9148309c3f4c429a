"""Columns of the upper bound: what they cost, which charge they hold, and their neighbours."""

from collections import Counter

import numpy as np
import pytest

from bounded import plan_of
from comotion import MODELS, PairCost, angular_minimum
from comotion.density.radial import Array, RadialDensity
from comotion.transport.bounds.cells import column_cost, price
from comotion.transport.bounds.plan_columns import Columns, graded, plain
from comotion.transport.pair_cost import COULOMB
from comotion.transport.patterns import best_pattern
from comotion.transport.plan import Plan


def _columns(density: RadialDensity, per_shell: int = 4, nodes: int = 4) -> Columns:
    return Columns(density, per_shell, *plain(nodes))


def _with(plan: Plan, per_shell: int = 4) -> Columns:
    """The columns of a plan, in a programme."""
    columns = _columns(plan.density, per_shell)
    columns.add_plan(plan)
    columns.start()
    return columns


@pytest.mark.parametrize("rule", [plain, graded])
def test_rules_of_a_cell(rule: object) -> None:
    """Powers up to the order that each has; both are symmetric and rise."""
    assert callable(rule)
    nodes, weights = rule(6)
    np.testing.assert_allclose(nodes + nodes[::-1], 1, atol=1e-15)
    assert np.all(np.diff(nodes) > 0)
    assert 0 < nodes[0] < nodes[-1] < 1
    for power in range(12 if rule is plain else 4):
        assert weights @ nodes**power == pytest.approx(1 / (power + 1), rel=1e-13)


def test_the_graded_rule_is_finer_at_the_ends() -> None:
    """The repulsion of an electron that goes to infinity drops like 1 / log there."""
    errors = [abs(w @ np.sqrt(s) - 2 / 3) for s, w in (plain(12), graded(12))]
    assert errors[1] < errors[0] / 100


@pytest.mark.parametrize("kind", ["exponential", "ball"])
def test_radii_hold_the_charges_of_their_cells(kind: str) -> None:
    density = MODELS[kind](3)
    nodes, weights = graded(5)
    columns = Columns(density, 4, nodes, weights)
    assert columns.radii.shape == (12, 5)
    inside = (np.arange(12)[:, None] + nodes) / 4
    np.testing.assert_allclose(density.cumulant(columns.radii), inside, rtol=1e-10)
    # The last cell from outside: next to its end the charge inside has no digits left.
    outside = (np.arange(12)[::-1][:, None] + nodes[::-1]) / 4
    np.testing.assert_allclose(density.cocumulant(columns.radii), outside, rtol=1e-9)
    # Averages over cells: of the charge inside it is that of the middle.
    np.testing.assert_allclose(
        columns.averages(density.cumulant), (np.arange(12) + 0.5) / 4, rtol=1e-10
    )


@pytest.mark.parametrize("cost", [COULOMB, PairCost.yukawa(0.5)])
@pytest.mark.parametrize("upward", [(True, True), (True, False), (False, False)])
def test_the_cost_of_two_electrons(cost: PairCost, upward: tuple[bool, bool]) -> None:
    """Opposite each other; who runs downwards meets its radii in the other order."""
    density = MODELS["exponential"](2)
    columns = Columns(density, 3, *plain(4), cost)
    cells = np.array([1, 4])
    r = [columns.radii[c, :: 1 if up else -1] for c, up in zip(cells, upward, strict=True)]
    expected = float(plain(4)[1] @ cost.value(r[0] + r[1]))
    x = np.array([[1.0, -1.0], [0.1, 0.0], [0.0, 0.2]])
    found = columns.cost(cells, np.array(upward), x)
    assert found == pytest.approx(expected, rel=1e-10)
    # The arrangement that is left is that of the middle, the third of four nodes.
    np.testing.assert_allclose(np.linalg.norm(x, axis=0), [r[0][2], r[1][2]], rtol=1e-12)


def test_the_cost_of_four_electrons_by_angular_minima() -> None:
    density = MODELS["exponential"](4)
    columns = _columns(density)
    cells, upward = np.array([2, 5, 5, 13]), np.array([True, False, True, False])
    nodes = np.arange(4)
    radii = np.array([columns.radii[c, nodes if up else nodes[::-1]]
                      for c, up in zip(cells, upward, strict=True)]).T  # fmt: skip
    least = float(plain(4)[1] @ angular_minimum(radii, seed=1).energies)
    x = np.random.default_rng(0).normal(size=(3, 4))
    assert columns.cost(cells, upward, x) == pytest.approx(least, rel=1e-9)
    turned = columns.cost(cells, ~upward, x)
    assert turned == pytest.approx(least, rel=1e-9)


def test_a_hopeless_column_is_given_up_in_its_middle() -> None:
    """As soon as the cost there exceeds the limit, and not before."""
    plan = plan_of("exponential", 2)
    columns = _columns(plan.density)
    cells, upward = np.array([1, 6]), np.array([True, False])
    radii, weights = columns.radii, plain(4)[1]
    middle = 1 / (radii[1, 2] + radii[6, 1])
    for limit, known in ((middle * (1 + 1e-9), True), (middle * (1 - 1e-9), False)):
        x = np.array([[1.0, -1.0], [0.0, 0.0], [0.0, 0.0]])
        cost = column_cost(
            cells, upward, radii, weights, limit, x, np.empty((4, 3, 2)), columns._workspace
        )
        assert np.isfinite(cost) == known


@pytest.mark.parametrize("best", [False, True])
def test_the_columns_of_a_plan(best: bool) -> None:
    """One for each piece of the folded cumulant, in whose middle every electron is in its cell."""
    plan = plan_of("exponential", 3)
    if best:
        plan = best_pattern(plan.density, plan).plan
        assert plan.kind == "pattern"
    columns = _with(plan, 8)
    assert Counter(np.concatenate(columns.cells).tolist()) == Counter(range(24))
    which = np.arange(8)
    assert columns.marginal_error(which, np.full(8, 1 / 8)) == 0
    cells, upward, positions = columns.chosen(which)
    np.testing.assert_array_equal(upward, np.broadcast_to(plan.upward, (8, 3)))
    for k in range(8):
        charge = np.where(plan.upward, (k + 0.5) / 8, 1 - (k + 0.5) / 8) + np.arange(3)
        np.testing.assert_array_equal(cells[k], np.floor(8 * charge))
        held = plan.density.cumulant(np.linalg.norm(positions[k], axis=0))
        np.testing.assert_array_equal(np.floor(8 * held), cells[k])
    # The mean of their costs is that of the plan.
    assert np.mean(columns.costs) == pytest.approx(plan.cost, rel=1e-3)
    assert columns.scale == pytest.approx(float(np.mean(columns.costs)), rel=1e-15)
    assert columns.programme.solve().value == pytest.approx(np.mean(columns.costs), rel=1e-9)


def test_the_same_column_is_known() -> None:
    """With its electrons renamed, and with all directions turned: that is the same plan."""
    plan = plan_of("exponential", 3)
    columns = _with(plan)
    cells, upward, x = columns.cells[0], columns.upward[0], columns.positions[0]
    swapped = [2, 0, 1]
    for c, u, new in (
        (cells, upward, False), (cells, ~upward, False), (cells[swapped], upward[swapped], False),
        (cells[swapped], ~upward[swapped], False), (cells, np.ones(3, dtype=bool), True),
        (cells + 1, upward, True),
    ):  # fmt: skip
        assert columns._add(c, u, x, 1.0) == new
    assert len(columns.costs) == len(columns.cells) == 6


def test_charge_that_a_mixture_lacks() -> None:
    columns = _with(plan_of("exponential", 3))
    weights = np.full(4, 0.25)
    weights[1] += 1e-3
    assert columns.marginal_error(np.arange(4), weights) == pytest.approx(1e-3)
    weights[1] = 0
    assert columns.marginal_error(np.array([0, 2, 3]), weights) == pytest.approx(0.25)
    # Two electrons in one cell count twice.
    columns._add(np.array([0, 0, 5]), np.ones(3, dtype=bool), columns.positions[0], 1.0)
    alone = np.array([0, 0, 0, 0, 1.0])
    assert columns.marginal_error(np.array([4]), alone) == pytest.approx(2 - 0.25)


def _prices(columns: Columns) -> Array:
    return columns.programme.solve().prices


def test_neighbours_that_save() -> None:
    """All that are added cost less than the prices of their cells, and are one move away."""
    plan = plan_of("exponential", 3)
    columns = _with(plan, 10)
    before, prices = len(columns.costs), _prices(columns)
    value = columns.programme.solve().value
    added = columns.add_neighbours(np.arange(before), prices, np.random.default_rng(3))
    assert added == len(columns.costs) - before > 20
    rng = np.random.default_rng(0)
    for k in range(before, len(columns.costs)):
        cells, upward = columns.cells[k], columns.upward[k]
        assert columns.costs[k] < prices[cells].sum() - 1e-9 * columns.scale
        changed = min(
            int(np.sum((cells != columns.cells[j]) | (upward != columns.upward[j])))
            for j in range(before)
        )
        # All electrons along their directions, or three at most.
        assert changed <= 3
        assert 0 <= np.min(cells) <= np.max(cells) < 30
        charge = plan.density.cumulant(np.linalg.norm(columns.positions[k], axis=0))
        np.testing.assert_array_equal(np.floor(10 * charge), cells)
        if k % 10 == 0:
            again = columns.cost(cells, upward, rng.normal(size=(3, 3)))
            assert columns.costs[k] == pytest.approx(again, rel=1e-9)
    assert columns.programme.solve().value < value
    # Where cells cost nothing, there is nothing to save.
    assert columns.add_neighbours(np.arange(before), 0 * prices, rng) == 0


@pytest.mark.parametrize("start", [(4, 14, 24), (0, 14, 29)])
def test_every_kind_of_neighbour_is_looked_at(start: tuple[int, ...]) -> None:
    """Each electron a cell out or in, each turned, all along and back; none beyond the last."""
    n, count = 3, 30
    columns = _columns(MODELS["exponential"](n), 10)
    cells, upward = np.array(start), np.array([True, False, True])
    found = np.empty((100, n), np.int64), np.empty((100, n), np.bool_)
    x = plan_of("exponential", n).positions[40]
    costs, reduced = np.empty(100), np.empty(100)
    made = price(
        cells[None], upward[None], x[None], columns.radii, plain(4)[1], np.full(count, 1e3), 0.1,
        1e-9, np.random.default_rng(1), *found, np.empty((100, n, n)), costs, reduced,
        columns._workspace,
    )  # fmt: skip
    pairs = zip(found[0][:made], found[1][:made], strict=True)
    seen = [(tuple(c.tolist()), tuple(u.tolist())) for c, u in pairs]
    along = np.where(upward, 1, -1)
    steps = [*np.eye(n, dtype=int), *-np.eye(n, dtype=int)]
    moves = [(cells + step, upward) for step in steps]
    moves += [(cells, upward ^ (np.arange(n) == i)) for i in range(n)]
    moves += [(cells + along, upward), (cells - along, upward)]
    expected = [
        (tuple(c.tolist()), tuple(u.tolist()))
        for c, u in moves
        if np.min(c) >= 0 and np.max(c) < count
    ]
    assert seen[: len(expected)] == expected
    assert len(expected) < made <= 4 * n + 2
    np.testing.assert_allclose(reduced[:made], costs[:made] - 3e3)
    # The others are random, of at most three electrons by at most three cells each time.
    for others, _ in seen[len(expected) :]:
        assert np.max(np.abs(np.array(others) - cells)) <= 9
        assert 0 <= min(others) <= max(others) < count


def test_what_is_found_ends_with_the_room_for_it() -> None:
    plan = plan_of("exponential", 3)
    columns = _with(plan, 10)
    cells, upward, positions = columns.chosen(np.arange(10))
    room = np.empty((5, 3), np.int64), np.empty((5, 3), np.bool_), np.empty((5, 3, 3))
    made = price(
        cells, upward, positions, columns.radii, plain(4)[1], np.full(30, 1e3), 0.1, 1e-9,
        np.random.default_rng(1), *room, np.empty(5), np.empty(5), columns._workspace,
    )  # fmt: skip
    assert made == 5


def test_columns_around_configurations() -> None:
    """Each electron in the cell that holds it; of some directions the cheapest."""
    plan = plan_of("exponential", 3)
    columns = _with(plan, 10)
    x = plan.positions[[31, 70]][:, :, [2, 0, 1]]
    columns.add_configurations(x, np.random.default_rng(0))
    assert len(columns.costs) == 12
    for k, one in zip((10, 11), x, strict=True):
        charge = plan.density.cumulant(np.linalg.norm(one, axis=0))
        np.testing.assert_array_equal(columns.cells[k], np.floor(10 * charge))
        by_rank = columns.cost(
            columns.cells[k], np.array([True, True, False]), one.copy()
        )  # shells 3, 1, 2 of the co-motion maps: up, up, down
        assert columns.costs[k] <= by_rank * (1 + 1e-12)
    assert len(columns.programme.solve().weights) == 12


def test_an_electron_beyond_all_charge_is_in_the_last_cell() -> None:
    plan = plan_of("exponential", 3)
    columns = _with(plan)
    far = plan.positions[40] * 1e6
    columns.add_configurations(far[None], np.random.default_rng(0))
    np.testing.assert_array_equal(columns.cells[-1], [11, 11, 11])


def test_stale_columns_go_with_all_that_is_theirs() -> None:
    plan = plan_of("exponential", 3)
    columns = _with(plan, 10)
    columns.add_neighbours(np.arange(10), _prices(columns), np.random.default_rng(3))
    found = columns.programme.solve()
    active = np.flatnonzero(found.weights > 1e-12)
    before = len(columns.costs)
    everything = zip(columns.cells, columns.upward, columns.costs, strict=True)
    cost_of = {columns._key(cells, upward): cost for cells, upward, cost in everything}
    dear = max(range(before), key=lambda k: columns.costs[k] - found.prices[columns.cells[k]].sum())
    key = columns.cells[dear].copy(), columns.upward[dear].copy(), columns.positions[dear].copy()
    columns.drop_stale(found.prices, active)
    left = len(columns.costs)
    assert left == before // 2
    assert len(columns.cells) == len(columns.upward) == len(columns.positions) == left
    again = columns.programme.solve()
    assert len(again.weights) == left
    assert again.value == pytest.approx(found.value, rel=1e-9)
    for cells, upward, cost in zip(columns.cells, columns.upward, columns.costs, strict=True):
        assert cost_of[columns._key(cells, upward)] == cost
    # What went may come back.
    assert columns._add(*key, 1.0)
