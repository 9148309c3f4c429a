"""The compiled minimiser on a few spheres."""

import subprocess
import sys

import numpy as np

from comotion.transport.angular.coulomb import energy_forces
from comotion.transport.angular.minimiser import metric, quench, to_spheres, workspace


def _metric(radii: np.ndarray) -> np.ndarray:
    inverse = np.empty_like(radii)
    metric(radii, inverse)
    return inverse


def _plain_energy(x: np.ndarray) -> float:
    """sum_{i<j} 1/|x_i - x_j|, as one would write it on paper."""
    n = x.shape[1]
    return float(sum(1 / np.linalg.norm(x[:, i] - x[:, j]) for i in range(n) for j in range(i)))


def test_quench_ends_at_a_minimum_on_the_spheres() -> None:
    radii = np.array([0.3, 0.8, 1.0, 2.0, 2.5, 7.0])
    x = np.random.default_rng(5).normal(size=(3, 6))
    to_spheres(x, radii)
    before = _plain_energy(x)
    energy, evaluations = quench(x, radii, _metric(radii), 1e-18, np.inf, 1000, workspace())
    assert energy < before
    assert evaluations < 300
    np.testing.assert_allclose(np.linalg.norm(x, axis=0), radii, rtol=1e-14)
    # Forces along the spheres vanish, and small moves along them raise the energy.
    forces = np.empty_like(x)
    energy_forces(x, forces)
    unit = x / radii
    tangential = forces - unit * np.sum(forces * unit, axis=0)
    assert np.max(np.abs(tangential)) < 1e-7
    for seed in range(20):
        moved = x + 1e-3 * radii * np.random.default_rng(seed).normal(size=x.shape)
        to_spheres(moved, radii)
        assert _plain_energy(moved) >= energy - 1e-12


def test_hopeless_quench_stops_early_and_says_a_high_energy() -> None:
    radii = np.linspace(0.5, 3, 12)
    start = np.random.default_rng(3).normal(size=(3, 12))
    to_spheres(start, radii)
    full, cut = start.copy(), start.copy()
    energy, evaluations = quench(full, radii, _metric(radii), 1e-12, np.inf, 1000, workspace())
    target = 0.9 * energy
    high, fewer = quench(cut, radii, _metric(radii), 1e-12, target, 1000, workspace())
    assert high > target
    assert fewer < evaluations


def test_a_second_process_compiles_nothing() -> None:
    report = (
        "from comotion.transport.comotion import compile_engine;"
        "from comotion.transport.angular.basin_hopping import hop, sweep;"
        "compile_engine();"
        "print([sum(f.stats.cache_misses.values()) for f in (hop, sweep)])"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", report], check=True, capture_output=True, text=True
        )
    assert done.stdout.strip() == "[0, 0]"
