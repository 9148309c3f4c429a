"""Which nodes a search works on, how long, and what it takes over: with moves that only count."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from comotion import PairCost
from comotion.density.radial import Array
from comotion.errors import TransportError
from comotion.transport.angular.minimiser import MAX_ELECTRONS
from comotion.transport.angular.search import (
    AngularMinimum,
    Effort,
    Search,
    checked_radii,
    search_until_agreed,
    with_neighbours,
)

Nodes = NDArray[np.bool_]


class _Counting(Search):
    """A search of seven nodes whose hops only note where they were."""

    def __init__(
        self, energies: list[float], gains: dict[int, tuple[int, float]] | None = None
    ) -> None:
        """Start with energies; ``gains`` says which node falls by what in which round."""
        super().__init__(np.ones((7, 3)) + np.arange(3), seed=1)
        self.energies[:] = energies
        self.positions[:] = 1.0
        self.gains = gains or {}
        self.worked: list[list[int]] = []
        self.hops: list[int] = []
        self.asked: list[tuple[list[int], int, int]] = []

    def _hop(self, active: Nodes, hops: int) -> int:
        self.worked.append(np.flatnonzero(active).tolist())
        self.hops.append(hops)
        node, gain = self.gains.get(len(self.worked), (0, 0.0))
        self.energies[node] -= gain
        return 1

    def sweep(self) -> int:
        return 0

    def polish(self) -> None:
        pass


def _all() -> Nodes:
    return np.ones(7, dtype=bool)


def test_a_node_rests_after_rounds_without_gain_beside_it() -> None:
    """Node 3 gains in the second round: it and its neighbours begin to count again."""
    search = _Counting([1.0] * 7, {2: (3, 0.5)})
    search.improve(_all(), 5, 2)
    everywhere = list(range(7))
    assert search.worked == [everywhere, everywhere, [2, 3, 4], [2, 3, 4]]
    assert set(search.hops) == {5}


def test_nodes_that_are_not_active_stay_as_they_are() -> None:
    """Also beside one that gains."""
    search = _Counting([1.0] * 7, {1: (2, 0.5)})
    active = np.array([0, 0, 1, 1, 0, 0, 1], dtype=bool)
    search.improve(active, 4, 1)
    assert search.worked == [[2, 3, 6], [2, 3]]
    search = _Counting([1.0] * 7)
    search.improve(active, 4, 0)
    assert search.worked == []


class _Answering(_Counting):
    """A search whose improvement is told beforehand."""

    def __init__(self, energies: list[list[float]]) -> None:
        """Energies after each stage."""
        super().__init__(energies[0])
        self.later = energies[1:]

    def improve(self, active: Nodes, hops: int, patience: int) -> None:
        self.asked.append((np.flatnonzero(active).tolist(), hops, patience))
        if self.later:
            self.energies[:] = self.later.pop(0)


_WEIGHTS = np.full(7, 1 / 7)
_EFFORT = Effort(first=3, hops=4, patience=6, stages=(9,))


def test_only_nodes_that_differ_go_on_with_twice_the_moves() -> None:
    """And those beside them, until their cost agrees: all nodes first, of all seeds."""
    level = [10.0] * 7
    other = [10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.1]
    third = [10.0, 10.2, 10.0, 10.0, 10.0, 10.0, 10.0]
    searches: Any = [
        _Answering([level, level, level, level]), _Answering([level, other, other, level]),
        _Answering([level, third, level, level]),
    ]  # fmt: skip
    search_until_agreed(searches, _WEIGHTS, 1e-5, _EFFORT, 8)
    for search in searches:
        assert search.asked == [
            (list(range(7)), 12, 6), ([0, 1, 2, 5, 6], 24, 6), ([5, 6], 48, 6),
        ]  # fmt: skip


@pytest.mark.parametrize(("share", "stages"), [(1.01, 1), (0.99, 3)])
def test_they_stop_where_the_disagreement_is_within_the_tolerance(
    share: float, stages: int
) -> None:
    """One node of seven differs by 0.07 of 10: 0.01 of a cost of 10, relative 1e-3."""
    low, high = [10.0] * 7, [10.0] * 6 + [10.07]
    searches: Any = [_Answering([low]), _Answering([high])]
    search_until_agreed(searches, _WEIGHTS, share * 1e-3, _EFFORT, 3)
    assert [len(search.asked) for search in searches] == [stages, stages]


@pytest.mark.parametrize(("difference", "nodes"), [(0.9e-7, [3, 4, 5]), (1.2e-7, [0, 1, 3, 4, 5])])
def test_energies_of_one_minimum_differ_by_rounding(difference: float, nodes: list[int]) -> None:
    """Of 10 hartree 1e-7 and less is rounding; node 4 differs by more."""
    one = [10.0] * 7
    other = [10.0 + difference, 10.0, 10.0, 10.0, 11.0, 10.0, 10.0]
    searches: Any = [_Answering([one]), _Answering([other])]
    search_until_agreed(searches, _WEIGHTS, 0.0, _EFFORT, 2)
    assert searches[0].asked[1][0] == nodes


def test_no_stages_no_moves() -> None:
    searches: Any = [_Answering([[1.0] * 7]), _Answering([[2.0] * 7])]
    search_until_agreed(searches, _WEIGHTS, 1e-5, _EFFORT, 0)
    assert searches[0].asked == []


def test_neighbours_at_both_ends_and_in_the_middle() -> None:
    nodes = np.array([1, 0, 0, 0, 1, 0, 0, 0, 0, 1], dtype=bool)
    np.testing.assert_array_equal(np.flatnonzero(with_neighbours(nodes)), [0, 1, 3, 4, 5, 8, 9])
    np.testing.assert_array_equal(np.flatnonzero(nodes), [0, 4, 9])


def test_moves_and_rounds_are_counted() -> None:
    search = Search(np.ones((4, 3)) + np.arange(3), seed=1)
    search.start(7)
    assert (search.moves, search.rounds) == (28, 1)
    search.improve(np.array([True, False, False, True]), 5, 1)
    assert (search.moves - 28) % 5 == 0
    assert search.moves >= 28 + 10
    # Two electrons have one arrangement, one electron has none to look for.
    for n in (1, 2):
        few = Search(np.ones((4, n)), seed=1)
        few.start(7)
        few.improve(np.ones(4, dtype=bool), 5, 1)
        assert (few.moves, few.rounds) == (0, 0)
    two = Search(np.ones((4, 2)), seed=1, pair_cost=PairCost.yukawa(1.0))
    two.start(7)
    assert two.moves == 28


def test_adopted_is_what_is_lower() -> None:
    """Energies and positions of the same nodes; nothing is taken that is higher."""
    radii = np.linspace(0.4, 3, 9) * np.linspace(1, 1.5, 6)[:, None]
    one, other = Search(radii, 1), Search(radii, 2)
    for search in (one, other):
        search.start(0)
        search.polish()
    # Far apart, so that no sweep along the curve finds anything: one node is made bad by hand.
    bad = np.random.default_rng(1).normal(size=(3, 9))
    one.positions[2] = bad / np.linalg.norm(bad, axis=0) * radii[2]
    one.energies[2] = 100.0
    before, theirs = one.energies.copy(), other.energies.copy()
    one.adopt(other)
    assert np.all(one.energies <= np.minimum(before, theirs) * (1 + 1e-12))
    np.testing.assert_array_equal(other.energies, theirs)
    i, j = np.triu_indices(9, 1)
    for x, energy in zip(one.positions, one.energies, strict=True):
        distance = np.linalg.norm(x[:, i] - x[:, j], axis=0)
        assert energy == pytest.approx(np.sum(1 / distance), rel=1e-12)


def test_a_finer_curve_begins_with_what_the_nodes_before_have() -> None:
    """Three nodes of two electrons along different axes: seven nodes, old ones at odd places."""
    search = Search(np.array([[1.0, 2.0], [1.1, 2.1], [1.2, 2.2]]), seed=1)
    for node in range(3):
        axis = np.eye(3)[node]
        search.positions[node] = np.outer(axis, [1, -1]) * search.radii[node]
        search.energies[node] = 1 / np.sum(search.radii[node])
    fine = np.linspace(0.9, 1.5, 7)[:, None] + np.array([0.0, 1.0])
    search.refine(fine)
    held = np.argmax(np.abs(search.positions[:, :, 0]), axis=1)
    np.testing.assert_array_equal(held, [0, 0, 0, 1, 1, 2, 2])
    np.testing.assert_allclose(np.linalg.norm(search.positions, axis=1), fine, rtol=1e-14)
    np.testing.assert_allclose(search.energies, 1 / fine.sum(axis=1), rtol=1e-13)


def test_energies_carried_along_the_curve_by_hand() -> None:
    """Two electrons at an angle, on spheres held: carried they relax to the opposite one."""
    radii = np.array([[1.0, 2.0], [1.5, 2.5], [3.0, 0.5]])
    search = Search(radii, seed=1)
    search.start(0)
    np.testing.assert_allclose(search.carried(1), [1 / 4.0, 1 / 3.5], rtol=1e-12)
    np.testing.assert_allclose(search.carried(-1), [1 / 3.0, 1 / 4.0], rtol=1e-12)


def test_scales_are_energies_or_what_a_shift_leaves() -> None:
    """Of Coulomb's cost the energies; of another the sum of d |l'(d)| at right angles."""
    radii, cost = np.array([[1.0, 2.0, 2.5], [0.5, 1.0, 4.0]]), PairCost.logarithm()
    energies = np.array([3.0, -4.0])
    np.testing.assert_array_equal(Search(radii, 1).scales(energies), energies)
    # d |l'| of -log d is 1 for each of three pairs.
    scales = Search(radii, 1, pair_cost=cost).scales(energies)
    np.testing.assert_allclose(scales, 3.0, rtol=1e-9)
    np.testing.assert_array_equal(energies, [3.0, -4.0])


@pytest.mark.parametrize(("n", "right"), [(MAX_ELECTRONS, True), (MAX_ELECTRONS + 1, False)])
def test_most_electrons(n: int, right: bool) -> None:
    if right:
        assert checked_radii(np.ones((1, n))).shape == (1, 120)
    else:
        with pytest.raises(TransportError, match="at most 120 electrons, got 121"):
            checked_radii(np.ones((1, n)))


@pytest.mark.parametrize(("share", "right"), [(0.999, True), (1.001, False)])
def test_radii_of_tabulated_costs_end_with_the_table(share: float, right: bool) -> None:
    """Two opposite electrons at half of the longest distance, 2^40 bohr."""
    radii: Array = np.array([[1.0, share * 2.0**39]])
    assert checked_radii(radii)[0, 1] == radii[0, 1]
    if right:
        checked_radii(radii, PairCost.logarithm())
    else:
        with pytest.raises(TransportError, match=r"'logarithm' is tabulated up to .* 1\.1e\+12"):
            checked_radii(radii, PairCost.logarithm())


def test_what_a_minimum_says_of_itself() -> None:
    minimum = AngularMinimum(np.ones((3, 2)), np.array([0.5, 0.25, 1.0]), np.zeros((3, 3, 2)))
    assert repr(minimum) == (
        "<AngularMinimum: 2 electrons, 3 nodes, energies from 0.25000000 to 1.00000000 hartree>"
    )
