"""The angular minimum against Thomson's problem and an independent minimiser."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from comotion import angular_minimum
from comotion.errors import TransportError
from comotion.transport.angular import search as angular
from comotion.transport.angular.search import Effort, Search, disagreement, search_until_agreed
from told import Told

_THOMSON = pd.read_csv(Path(__file__).parents[2] / "data/thomson.csv", comment="#")


@pytest.mark.parametrize(("n", "energy"), list(_THOMSON.itertuples(index=False)))
def test_thomson(n: int, energy: float) -> None:
    """All 59 published minima are found; the table has nine decimals."""
    result = angular_minimum(np.ones((2, n)), seed=1, effort=Effort(first=100, hops=24))
    assert np.min(result.energies) == pytest.approx(energy, abs=1e-9)


def test_against_scipy_from_many_starts() -> None:
    radii = np.array([0.5, 0.9, 1.3, 2.0, 3.1])

    def energy(angles: np.ndarray) -> float:
        theta, phi = angles.reshape(2, -1)
        x = radii * np.array(
            [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)]
        )
        distance = np.linalg.norm(x[:, :, None] - x[:, None, :], axis=0)
        return float(np.sum(1 / distance[np.triu_indices(5, 1)]))

    rng = np.random.default_rng(0)
    best = min(minimize(energy, rng.uniform(0, 6, size=10)).fun for _ in range(30))
    assert angular_minimum(radii[None], seed=3).energies[0] == pytest.approx(best, abs=1e-8)


def test_two_electrons_are_opposite() -> None:
    result = angular_minimum(np.array([[0.4, 3.0], [1.0, 1.0]]), seed=1)
    np.testing.assert_allclose(result.energies, [1 / 3.4, 0.5], rtol=1e-14)


def test_one_electron_repels_nothing() -> None:
    """Exactly: the points far away that fill the kernel's groups of four do not count."""
    found = angular_minimum(np.array([[0.5], [1.0], [2.0]]), seed=1)
    np.testing.assert_array_equal(found.energies, 0.0)
    np.testing.assert_allclose(np.linalg.norm(found.positions, axis=1), found.radii, rtol=1e-14)


def test_rounds_in_parts_give_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    radii = np.sort(np.random.default_rng(2).uniform(0.5, 3, size=(7, 9)), axis=1)
    whole = angular_minimum(radii, seed=7)
    told = Told()
    # Two of the seven nodes at once in the first annealing, of 450 moves.
    monkeypatch.setattr(angular, "_REPORTED", 2.5 * 450 * 9**2)
    search = Search(radii, 7, report=told)
    search.start(450)
    assert told.lines == ["seed 7, round 1, 7 nodes"] * 4
    assert told.shares == [0, 2 / 7, 4 / 7, 6 / 7]
    search.improve(np.ones(7, dtype=bool), 12 * 9, 2)
    np.testing.assert_array_equal(search.result().positions, whole.positions)


def test_same_seed_same_numbers() -> None:
    radii = np.sort(np.random.default_rng(1).uniform(0.5, 3, size=(4, 9)), axis=1)
    first, second = angular_minimum(radii, seed=7), angular_minimum(radii, seed=7)
    np.testing.assert_array_equal(first.positions, second.positions)


def test_refined_curve_keeps_and_relaxes_arrangements() -> None:
    q = np.linspace(0.1, 0.9, 9)
    radii = np.stack([0.5 + q, 1.5 + 0.1 * q, 3.0 - q, 2.0 + q], axis=1)
    search = Search(radii[1::2], seed=1)
    search.start(hops=50)
    search.refine(radii)
    np.testing.assert_allclose(
        search.result().energies, angular_minimum(radii, seed=2).energies, rtol=1e-10
    )


def test_carried_energies_are_never_lower() -> None:
    radii = np.sort(np.random.default_rng(2).uniform(0.5, 3, size=(1, 7)), axis=1)
    curve = radii * np.linspace(1, 1.3, 6)[:, None] ** np.linspace(0, 1, 7)
    search = Search(curve, seed=1)
    search.start(hops=200)
    search.polish()
    assert np.all(search.carried(1) >= search.energies[1:] * (1 - 1e-9))
    assert np.all(search.carried(-1) >= search.energies[:-1] * (1 - 1e-9))


def test_two_seeds_agree_at_twelve_electrons() -> None:
    radii = np.linspace(0.4, 3, 12) * np.linspace(1, 1.2, 5)[:, None]
    weights = np.full(5, 0.2)
    searches = [Search(radii, seed) for seed in (1, 2)]
    for search in searches:
        search.start(hops=1200)
    search_until_agreed(searches, weights, 1e-10, Effort(), stages=8)
    energies = np.array([search.energies for search in searches])
    assert disagreement(energies, weights) <= 1e-9
    spread = abs(weights @ (energies[0] - energies[1]))
    assert spread <= disagreement(energies, weights) + 1e-15


@pytest.mark.parametrize(
    "radii",
    [
        np.ones((2, 0)),
        np.ones(3),
        np.array([[1.0, -1.0]]),
        np.array([[1.0, np.nan]]),
        np.zeros((1, 2)),
    ],
)
def test_wrong_radii_are_refused(radii: np.ndarray) -> None:
    with pytest.raises(TransportError, match=r"radi(i|us)"):
        angular_minimum(radii, seed=1)


@pytest.mark.parametrize(
    "change",
    [{"first": 2.5}, {"hops": -1}, {"patience": True}, {"stages": ()}, {"stages": (1, "a")}],
)
def test_effort_is_counted(change: dict[str, Any]) -> None:
    with pytest.raises(TransportError, match="integers from 0 on"):
        Effort(**change)
