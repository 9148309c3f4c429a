"""The table of a pair cost, and the compiled kernel that takes it, against the cost itself."""

import numpy as np
import pytest

from comotion import PairCost
from comotion.density.radial import Array
from comotion.transport.angular.cost_table import HIGHEST, LOWEST, look_up_one
from comotion.transport.angular.coulomb import ROW, pair_sums, place
from comotion.transport.angular.energy import TABLE, energy_scale, pair_energy
from comotion.transport.angular.minimiser import metric, prepare, workspace
from comotion.transport.pair_cost import COULOMB

_COSTS = {
    "yukawa": PairCost.yukawa(0.7),
    "inverse_power": PairCost.inverse_power(6.0),
    "logarithm": PairCost.logarithm(),
    "soft_coulomb": PairCost.soft_coulomb(0.5),
    "repulsive_harmonic": PairCost.repulsive_harmonic(),
    "custom": PairCost.of(lambda d: np.exp(-(d**2) / 2)),
}
_AS_ANY = PairCost.inverse_power(1.0)


@pytest.mark.parametrize("name", _COSTS)
def test_table(name: str) -> None:
    """Value and slope from 1e-6 to 1e6 bohr, in units of l and d l'.

    Where l dies away within the octave, its value at half the distance is the unit.
    """
    cost = _COSTS[name]
    w = workspace(cost)
    for d in np.geomspace(1e-6, 1e6, 997):
        value, push = look_up_one(w, TABLE, d**2)
        size = abs(cost.value(np.array(d))) + d * abs(cost.slope(np.array(d)))
        size += 1e-2 * abs(cost.value(np.array(d / 2)))
        assert abs(value - cost.value(np.array(d))) < 2e-13 * size + 1e-300
        assert abs(-push * d - cost.slope(np.array(d))) < 1e-9 * size / d + 1e-300


def test_beyond_the_table() -> None:
    """Short distances have the value at its end; points that fill up a group have none."""
    w = workspace(PairCost.logarithm())
    end, _ = look_up_one(w, TABLE, LOWEST)
    assert end == pytest.approx(-0.5 * np.log(LOWEST), rel=1e-12)
    assert look_up_one(w, TABLE, 0.0)[0] == look_up_one(w, TABLE, np.nan)[0] == end
    assert look_up_one(w, TABLE, HIGHEST) == look_up_one(w, TABLE, np.inf) == (0, 0)


def _in_groups(cost: PairCost, x: Array) -> tuple[float, Array]:
    """Energy and gradient by `pair_sums`."""
    w, n = workspace(cost), x.shape[1]
    groups = place(w, 0, x)
    energy = pair_sums(w, groups, 0, 3 * ROW, None if cost.is_coulomb else TABLE)
    return energy, w[3 * ROW : 6 * ROW].reshape(3, ROW)[:, :n]


@pytest.mark.parametrize("name", _COSTS)
@pytest.mark.parametrize("n", [*range(1, 10), 36])
def test_sums(name: str, n: int) -> None:
    """Any filling of the last group, for costs that grow without bound as well."""
    cost, x = _COSTS[name], np.random.default_rng(n).normal(size=(3, n))
    energy, gradient = _in_groups(cost, x)
    scale = float(np.sum(np.abs(cost.gradient(x)))) + abs(energy)
    assert energy == pytest.approx(cost.energies(x[None])[0], rel=1e-12, abs=1e-13 * scale)
    np.testing.assert_allclose(gradient, cost.gradient(x), rtol=1e-9, atol=1e-11 * scale)


@pytest.mark.parametrize("n", [2, 10, 36, 120])
def test_coulomb_by_both_kernels(n: int) -> None:
    rng = np.random.default_rng(n)
    x = rng.normal(size=(3, n)) * 10 ** rng.uniform(-2, 2, size=n)
    (fast, forces), (general, gradient) = _in_groups(COULOMB, x), _in_groups(_AS_ANY, x)
    assert general == pytest.approx(fast, rel=1e-14)
    assert np.max(np.abs(gradient - forces)) < 1e-11 * np.max(np.abs(forces))


def test_stiffness_and_scale() -> None:
    """Of 1/d from its table and by its own formulas; only another cost has a scale of its own."""
    radii = np.array([0.3, 0.8, 1.0, 2.0, 7.0])
    fast, general = np.empty(5), np.empty(5)
    w = workspace(_AS_ANY)
    prepare(radii, general, w)
    metric(radii, fast)
    np.testing.assert_allclose(general, fast, rtol=1e-11)
    i, j = np.triu_indices(5, 1)
    scale = np.sum(1 / np.sqrt(radii[i] ** 2 + radii[j] ** 2))
    assert energy_scale(w, 3.0) == pytest.approx(scale, rel=1e-11)
    assert energy_scale(workspace(), 3.0) == 3
    assert pair_energy(w, 2.0) == pytest.approx(pair_energy(workspace(), 2.0), rel=1e-14)


def test_no_number_reads_no_other_memory() -> None:
    x = np.full((3, 5), np.nan)
    x[:, 1:] = np.random.default_rng(1).normal(size=(3, 4))
    assert np.isfinite(_in_groups(PairCost.logarithm(), x)[0])
