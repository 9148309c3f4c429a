"""Both compiled forms of the Coulomb sum against plain formulas and finite differences."""

import numpy as np
import pytest

from comotion.transport.angular.coulomb import ROW, energy_forces, pair_sums, place
from comotion.transport.angular.minimiser import workspace


def _plain_energy(x: np.ndarray) -> float:
    """sum_{i<j} 1/|x_i - x_j|, as one would write it on paper."""
    n = x.shape[1]
    return float(sum(1 / np.linalg.norm(x[:, i] - x[:, j]) for i in range(n) for j in range(i)))


@pytest.mark.parametrize("n", [1, 2, 5, 13])
def test_energy_and_forces(n: int) -> None:
    x = np.random.default_rng(n).normal(size=(3, n))
    forces = np.empty_like(x)
    assert energy_forces(x, forces) == pytest.approx(_plain_energy(x), rel=1e-14)
    for axis in range(3):
        for i in range(n):
            step = np.zeros_like(x)
            step[axis, i] = 1e-6
            slope = (_plain_energy(x + step) - _plain_energy(x - step)) / 2e-6
            assert forces[axis, i] == pytest.approx(slope, abs=1e-7)


def _in_groups(x: np.ndarray) -> tuple[float, np.ndarray]:
    """Energy and gradient by `pair_sums`."""
    w, n = workspace(), x.shape[1]
    groups = place(w, 0, x)
    energy = pair_sums(w, groups, 0, 3 * ROW, None)
    rows = w[3 * ROW : 6 * ROW].reshape(3, ROW)
    return energy, rows[:, :n]


@pytest.mark.parametrize("n", [*range(1, 18), 119, 120])
def test_groups_of_four_give_the_same_sum(n: int) -> None:
    """Any filling of the last group; shells from 1e-3 to 1e3 bohr."""
    rng = np.random.default_rng(n)
    x = rng.normal(size=(3, n)) * 10 ** rng.uniform(-3, 3, size=n)
    forces = np.empty_like(x)
    expected = energy_forces(x, forces)
    energy, gradient = _in_groups(x)
    assert energy == pytest.approx(expected, rel=1e-14, abs=1e-28)
    # The parts of a force, not their sum, say how far rounding goes.
    sizes = np.array([sum(np.sum((x[:, i] - x[:, j]) ** 2) ** -1 for j in range(n) if j != i)
                      for i in range(n)])  # fmt: skip
    assert np.all(np.abs(gradient - forces) <= 1e-14 * sizes + 1e-28)


def test_scale_leaves_the_filling_without_weight() -> None:
    """V(s x) = V(x) / s, to the last digit for a power of two, from 1e-6 to 1e6."""
    x = np.random.default_rng(2).normal(size=(3, 6))
    energy, _ = _in_groups(x)
    for power in (-20, 20):
        assert _in_groups(2.0**power * x)[0] == 2.0**-power * energy


def test_workspace_crosses_no_cache_line() -> None:
    """Or every other group would need two of them."""
    assert workspace().ctypes.data % 64 == 0
    assert ROW * workspace().itemsize % 64 == 0
