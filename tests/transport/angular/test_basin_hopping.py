"""The compiled moves one by one: what they change, what they keep, and what they count."""

from collections import Counter

import numpy as np
import pytest

from comotion import PairCost
from comotion.density.radial import Array
from comotion.transport.angular.basin_hopping import (
    _exchange,
    _reinsert,
    carried_energies,
    hop,
    polish,
    random_starts,
    sweep,
)
from comotion.transport.angular.energy import energy_forces_of, pair_energy
from comotion.transport.angular.minimiser import workspace
from comotion.transport.pair_cost import COULOMB

_N = 8
_RADII = np.linspace(0.5, 3, _N) * np.linspace(1, 1.2, 5)[:, None]


def _energies(positions: Array, cost: PairCost = COULOMB) -> Array:
    return cost.energies(positions)


def _started(seed: int = 3) -> tuple[Array, Array]:
    """Quenched random arrangements at five nodes."""
    positions, energies = np.empty((5, 3, _N)), np.empty(5)
    random_starts(positions, energies, _RADII, np.random.default_rng(seed), workspace())
    return positions, energies


def _torque(positions: Array, cost: PairCost = COULOMB) -> float:
    """Largest force along the spheres, relative to the largest force."""
    largest = 0.0
    for x in positions:
        forces = cost.gradient(x)
        unit = x / np.linalg.norm(x, axis=0)
        along = forces - unit * np.sum(forces * unit, axis=0)
        largest = max(largest, float(np.max(np.abs(along)) / np.max(np.abs(forces))))
    return largest


def test_exchanged_electrons_take_each_others_directions_on_near_shells() -> None:
    """All pairs up to three shells apart occur, each of them about as often; no others."""
    rng = np.random.default_rng(1)
    radii = np.arange(1.0, _N + 1)
    unit = rng.normal(size=(3, _N))
    unit /= np.linalg.norm(unit, axis=0)
    seen: Counter[tuple[int, int]] = Counter()
    for _ in range(3000):
        x = unit * radii
        _exchange(x, radii, rng)
        moved = np.flatnonzero(np.abs(x - unit * radii).max(axis=0) > 1e-12)
        assert len(moved) == 2
        i, j = moved
        np.testing.assert_allclose(x[:, i] / radii[i], unit[:, j], rtol=1e-13)
        np.testing.assert_allclose(x[:, j] / radii[j], unit[:, i], rtol=1e-13)
        seen[int(i), int(j)] += 1
    near = {(i, j) for i in range(_N) for j in range(i + 1, min(i + 4, _N))}
    assert set(seen) == near
    # In the middle every distance of 1, 2 and 3 is as likely: 2 of 8 electrons, a third, a half.
    for pair in ((2, 3), (2, 4), (2, 5), (3, 4), (3, 5)):
        assert seen[pair] == pytest.approx(3000 * 2 / 8 / 6, abs=60)


@pytest.mark.parametrize("n", [2, 3])
def test_few_electrons_have_few_to_exchange_with(n: int) -> None:
    rng, radii = np.random.default_rng(2), np.arange(1.0, n + 1)
    for _ in range(50):
        x = np.eye(3)[:, :n] * radii
        _exchange(x, radii, rng)
        np.testing.assert_allclose(np.linalg.norm(x, axis=0), radii, rtol=1e-14)
        assert np.sum(np.abs(x - np.eye(3)[:, :n] * radii).max(axis=0) > 0.1) == 2


@pytest.mark.parametrize("cost", [COULOMB, PairCost.yukawa(1.0)], ids=repr)
def test_an_electron_put_elsewhere_takes_the_best_of_many_directions(cost: PairCost) -> None:
    """On its sphere, alone; on average nearly as good as the best direction of all."""
    rng, radii = np.random.default_rng(5), np.linspace(1, 2, 5)
    w = workspace(cost)
    moved_at_all = set()
    for _ in range(60):
        x = rng.normal(size=(3, 5))
        x *= radii / np.linalg.norm(x, axis=0)
        before = x.copy()
        _reinsert(x, radii, rng, w)
        (i,) = np.flatnonzero(np.abs(x - before).max(axis=0) > 0)
        moved_at_all.add(int(i))
        np.testing.assert_allclose(np.linalg.norm(x, axis=0), radii, rtol=1e-14)
        directions = rng.normal(size=(300, 3))
        directions *= radii[i] / np.linalg.norm(directions, axis=1)[:, None]
        others = np.delete(x, i, axis=1).T
        energies = cost.value(np.linalg.norm(directions[:, None] - others, axis=2)).sum(axis=1)
        here = cost.value(np.linalg.norm(x[:, i] - others, axis=1)).sum()
        # None of 20 directions is among the best 45 % of all in 6 of 10^6 tries.
        assert np.mean(energies < here) < 0.45
    assert moved_at_all == set(range(5))


def test_random_starts_are_minima_of_their_own() -> None:
    positions, energies = _started()
    np.testing.assert_allclose(np.linalg.norm(positions, axis=1), _RADII, rtol=1e-14)
    np.testing.assert_allclose(energies, _energies(positions), rtol=1e-12)
    assert _torque(positions) < 1e-3
    other, _ = _started(4)
    assert np.max(np.abs(other - positions)) > 0.1
    # Directions of many starts have no preferred axis.
    rng, many = np.random.default_rng(0), np.empty((400, 3, 1))
    random_starts(many, np.empty(400), np.ones((400, 1)), rng, workspace())
    np.testing.assert_allclose(many[:, :, 0].mean(axis=0), 0, atol=0.1)
    np.testing.assert_allclose(np.mean(many[:, :, 0] ** 2, axis=0), 1 / 3, atol=0.06)


@pytest.mark.parametrize("cost", [COULOMB, PairCost.soft_coulomb(0.5)], ids=repr)
def test_polished_arrangements_are_converged(cost: PairCost) -> None:
    positions, energies, w = np.empty((5, 3, _N)), np.empty(5), workspace(cost)
    random_starts(positions, energies, _RADII, np.random.default_rng(3), w)
    rough = energies.copy()
    polish(positions, energies, _RADII, w)
    assert np.all(energies <= rough * (1 + 1e-12))
    assert _torque(positions, cost) < 3e-7
    np.testing.assert_allclose(energies, _energies(positions, cost), rtol=1e-12)


def test_hops_lower_energies_of_active_nodes_and_count_their_gains() -> None:
    positions, energies = _started()
    before, held = energies.copy(), positions.copy()
    active = np.array([True, False, True, True, False])
    rng = np.random.default_rng(9)
    gains = hop(positions, energies, _RADII, active, 60, 0, rng, workspace())
    fell = energies < before
    assert gains >= np.sum(fell) > 0
    assert not np.any(fell & ~active)
    np.testing.assert_array_equal(positions[~active], held[~active])
    np.testing.assert_array_equal(energies[~active], before[~active])
    np.testing.assert_allclose(energies, _energies(positions), rtol=1e-11)
    np.testing.assert_allclose(np.linalg.norm(positions, axis=1), _RADII, rtol=1e-13)
    # From the best arrangement there is nothing to gain.
    for _ in range(3):
        hop(positions, energies, _RADII, active, 200, 1, rng, workspace())
    best = energies.copy()
    assert hop(positions, energies, _RADII, active, 60, 2, rng, workspace()) == 0
    np.testing.assert_array_equal(energies, best)


def test_sweeps_hand_the_best_to_both_sides() -> None:
    """One good arrangement in the middle of worse ones reaches both ends; each gain counts."""
    rng, w = np.random.default_rng(9), workspace()
    good, least = np.empty((1, 3, _N)), np.array([np.inf])
    random_starts(good, least, _RADII[[2]], rng, w)
    for turn in range(6):
        hop(good, least, _RADII[[2]], np.array([True]), 100, turn, rng, w)
    positions, energies = _started()
    for seed in range(4, 40):
        if np.all(energies[[0, 1, 3, 4]] > 1.0005 * _of_radii(least[0])[[0, 1, 3, 4]]):
            break
        positions, energies = _started(seed)
    positions[2], energies[2] = good[0], least[0]
    before = energies.copy()
    gains = sweep(positions, energies, _RADII, w)
    assert gains >= 4
    assert np.all(energies[[0, 1, 3, 4]] < before[[0, 1, 3, 4]])
    np.testing.assert_allclose(energies, _energies(positions), rtol=1e-11)
    assert sweep(positions, energies, _RADII, w) == 0


def _of_radii(energy: float) -> Array:
    """About what the arrangement of the middle node costs at the others: all radii scale alike."""
    return np.asarray(energy * _RADII[2, 0] / _RADII[:, 0])


def test_carried_energies_are_by_the_node_they_come_from() -> None:
    """All radii grow alike: carried from node to node an arrangement costs the ratio."""
    positions, energies = _started()
    w = workspace()
    polish(positions, energies, _RADII, w)
    ahead = carried_energies(positions, _RADII, 1, w)
    behind = carried_energies(positions, _RADII, -1, w)
    ratio = _RADII[:, 0]
    np.testing.assert_allclose(ahead, energies[:-1] * ratio[:-1] / ratio[1:], rtol=1e-10)
    np.testing.assert_allclose(behind, energies[1:] * ratio[1:] / ratio[:-1], rtol=1e-10)
    # Each node has an arrangement of its own: none of the energies is another's.
    assert np.ptp(energies * ratio) > 1e-3


@pytest.mark.parametrize("cost", [COULOMB, PairCost.yukawa(0.7)], ids=repr)
def test_energy_of_pairs_and_of_all(cost: PairCost) -> None:
    w, x = workspace(cost), np.random.default_rng(1).normal(size=(3, 6))
    gradient = np.empty_like(x)
    energy = energy_forces_of(x, gradient, w)
    assert energy == pytest.approx(_energies(x[None], cost)[0], rel=1e-12)
    np.testing.assert_allclose(gradient, cost.gradient(x), rtol=1e-8, atol=1e-9)
    for square in (0.25, 1.0, 7.0):
        expected = float(cost.value(np.array(np.sqrt(square))))
        assert pair_energy(w, square) == pytest.approx(expected, rel=1e-12)
