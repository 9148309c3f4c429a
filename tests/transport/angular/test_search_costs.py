"""Angular minima of other costs than Coulomb's, against proven ones and other minimisers."""

import numpy as np
import pytest
from scipy.optimize import minimize

from comotion import PairCost, angular_minimum
from comotion.density.radial import Array

_GOLDEN = (1 + np.sqrt(5)) / 2
_CYCLES = [np.roll(np.arange(3), k) for k in range(3)]
#: Vertices on the unit sphere, shape (3, N). These minimise the sum of f(d^2) over all pairs for
#: every completely monotonic f, among all arrangements of so many points: Cohn, Kumar, J. Amer.
#: Math. Soc. 20, 99 (2007), table 1.
_SHARP = {
    "tetrahedron": np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]) / np.sqrt(3),
    "octahedron": np.hstack([np.eye(3), -np.eye(3)]),
    "icosahedron": np.array(
        [
            np.array([0, one, two * _GOLDEN])[cycle]
            for cycle in _CYCLES for one in (1, -1) for two in (1, -1)
        ]
    ).T / np.sqrt(1 + _GOLDEN**2),
}  # fmt: skip
#: Completely monotonic in d^2.
_MONOTONIC = (
    PairCost.logarithm(), PairCost.inverse_power(0.5), PairCost.inverse_power(3.0),
    PairCost.yukawa(1.5), PairCost.soft_coulomb(0.4), PairCost.of(lambda d: np.exp(-(d**2))),
)  # fmt: skip


@pytest.mark.parametrize("cost", _MONOTONIC, ids=repr)
@pytest.mark.parametrize("name", _SHARP)
def test_universally_optimal_arrangements(name: str, cost: PairCost) -> None:
    vertices = _SHARP[name]
    found = angular_minimum(np.ones((2, vertices.shape[1])), seed=1, pair_cost=cost)
    expected = cost.energies(vertices[None])[0]
    np.testing.assert_allclose(found.energies, expected, rtol=1e-12, atol=1e-12)
    # They are those of the cost itself, not of its table.
    np.testing.assert_array_equal(found.energies, cost.energies(found.positions))


def test_centre_at_the_nucleus() -> None:
    """Of -d^2 any arrangement with its centre at the nucleus is best, where the radii allow one."""
    radii = np.array([[1.0, 1.5, 2.0, 2.2], [0.3, 0.4, 0.5, 3.0]])
    found = angular_minimum(radii, seed=1, pair_cost=PairCost.repulsive_harmonic())
    least = -4 * np.sum(radii**2, axis=1)
    # In the second row the three short radii do not reach the long one.
    least[1] += (3.0 - 1.2) ** 2
    np.testing.assert_allclose(found.energies, least, rtol=1e-13)


def test_against_scipy_from_many_starts() -> None:
    radii, cost = np.array([0.5, 0.9, 1.3, 2.0, 3.1]), PairCost.yukawa(1.0)

    def energy(angles: Array) -> float:
        theta, phi = angles.reshape(2, -1)
        x = radii * np.array(
            [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)]
        )
        return float(cost.energies(x[None])[0])

    rng = np.random.default_rng(0)
    best = min(minimize(energy, rng.uniform(0, 6, size=10)).fun for _ in range(30))
    found = angular_minimum(radii[None], seed=3, pair_cost=cost)
    assert found.energies[0] == pytest.approx(best, abs=1e-9)


def test_the_table_finds_the_minima_of_the_fast_kernel() -> None:
    radii = np.sort(np.random.default_rng(1).uniform(0.5, 3, size=(4, 9)), axis=1)
    fast = angular_minimum(radii, seed=7)
    general = angular_minimum(radii, seed=7, pair_cost=PairCost.inverse_power(1.0))
    np.testing.assert_allclose(general.energies, fast.energies, rtol=1e-12)


def test_two_electrons_at_the_bottom_of_a_well() -> None:
    """A cost that is no repulsion: least at 2 bohr, or as near to it as the radii allow."""
    cost = PairCost.of(lambda d: (d - 2) ** 2, name="well", vanishes=False)
    found = angular_minimum(np.array([[1.5, 1.6], [0.4, 1.0], [5.0, 1.0]]), seed=1, pair_cost=cost)
    np.testing.assert_allclose(found.energies, [0, 0.36, 4], atol=1e-12)


def _two_valleys(d: Array) -> Array:
    """Least near 1.3 and, a little lower, near 2.6 bohr."""
    return np.asarray(-np.exp(-8 * (d - 1.3) ** 2) - 1.2 * np.exp(-8 * (d - 2.6) ** 2))


@pytest.mark.parametrize("seed", range(6))
def test_two_electrons_find_the_lower_of_two_valleys(seed: int) -> None:
    found = angular_minimum(np.array([[1.0, 2.0]]), seed, pair_cost=PairCost.of(_two_valleys))
    least = np.min(_two_valleys(np.linspace(1, 3, 20001)))
    assert found.energies[0] == pytest.approx(least, abs=1e-7)


_RADII = np.sort(np.random.default_rng(5).uniform(0.5, 3, size=(3, 7)), axis=1)
_PAIRS = 21


@pytest.mark.parametrize("length", [1e-4, 1e4])
def test_lengths_have_no_scale(length: float) -> None:
    """d^-s has s as its dimension and -log d is shifted: the same arrangements at any length."""
    cost, logarithm = PairCost.inverse_power(2.0), PairCost.logarithm()
    (of_one, log_one), (of_other, log_other) = (
        [angular_minimum(radii, seed=1, pair_cost=c).energies for c in (cost, logarithm)]
        for radii in (_RADII, length * _RADII)
    )
    np.testing.assert_allclose(of_other, of_one / length**2, rtol=1e-11)
    np.testing.assert_allclose(log_other, log_one - _PAIRS * np.log(length), rtol=1e-11)


@pytest.mark.parametrize("constant", [-15.0, 1e3])
def test_a_constant_changes_no_arrangement(constant: float) -> None:
    """Energies below 0, or far from it, are no measure of how well they are known."""
    cost = PairCost.inverse_power(1.0)
    one = angular_minimum(_RADII, seed=1, pair_cost=cost)
    moved = PairCost.of(lambda d: 1 / d + constant, cost.slope, name="moved", vanishes=False)
    other = angular_minimum(_RADII, seed=1, pair_cost=moved)
    np.testing.assert_allclose(cost.energies(other.positions), one.energies, rtol=1e-9)
