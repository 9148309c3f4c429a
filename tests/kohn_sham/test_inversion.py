"""Wu and Yang's functional: its derivatives, its maximum, and the splines it is varied by."""

import numpy as np
import pytest
from pyscf import gto

from comotion.density.radial import Array
from comotion.electronic.basis import load_basis
from comotion.errors import ElectronicStructureError
from comotion.kohn_sham import inversion
from comotion.kohn_sham.channels import channels, orbitals, radial_grid
from comotion.kohn_sham.inversion import Target, maximum, splines

_CHARGE = 5


@pytest.fixture(scope="module")
def potential() -> Array:
    """What is to be found again: a screened nucleus."""
    r = radial_grid(_CHARGE).radii
    return np.asarray(-_CHARGE / r + 3 / (r + 0.6))


@pytest.fixture(scope="module")
def target(potential: Array) -> Target:
    """Five electrons in that potential, and a guide that is none."""
    grid = radial_grid(_CHARGE)
    basis = {"B": load_basis("unc-UGBS+1d", "B")}
    found = channels(gto.M(atom="B", basis=basis, spin=1, verbose=0), {0: 4, 1: 1}, grid)
    of_each = [orbitals(channel, potential, grid) for channel in found]
    charge = sum(one.occupations @ one.values**2 for one in of_each) * grid.radii**2
    return Target(grid, found, charge, -_CHARGE / grid.radii + 4 / (grid.radii + 1))


@pytest.fixture(scope="module")
def corrections(target: Target) -> tuple[Array, Array]:
    return splines(target.grid, 0.02 / _CHARGE, 9.0, 19)


def test_first_derivatives(target: Target, corrections: tuple[Array, Array]) -> None:
    """J changes with a correction like int correction (rho_v - rho)."""
    values, _ = corrections
    at = inversion._evaluated(target, target.guide)
    gradient = values @ (target.grid.weights * (at.charge - target.charge))
    for k in (0, 7, 14, 19):
        ends = [
            inversion._evaluated(target, target.guide + step * values[k]).value
            for step in (-1e-3, 1e-3)
        ]
        assert (ends[1] - ends[0]) / 2e-3 == pytest.approx(gradient[k], rel=1e-5, abs=1e-8)


def test_second_derivatives(target: Target, corrections: tuple[Array, Array]) -> None:
    """By first-order perturbation theory, as by the charges at two potentials."""
    values, _ = corrections
    at = inversion._evaluated(target, target.guide)
    found = inversion._response(target, at, values)
    np.testing.assert_allclose(found, found.T, atol=1e-12)
    # J is concave.
    assert np.linalg.eigvalsh(found)[-1] < 1e-9
    for k in (0, 7, 14, 19):
        low, high = (
            inversion._evaluated(target, target.guide + step * values[k]).charge
            for step in (-1e-3, 1e-3)
        )
        expected = values @ (target.grid.weights * (high - low)) / 2e-3
        np.testing.assert_allclose(found[k], expected, rtol=1e-4, atol=1e-6)


def test_value_is_the_kinetic_energy_where_the_charge_is_right(
    target: Target, potential: Array
) -> None:
    """And less everywhere else."""
    at = inversion._evaluated(target, potential)
    of_each = [orbitals(channel, potential, target.grid) for channel in target.channels]
    kinetic = sum(one.kinetic for one in of_each)
    assert at.value == pytest.approx(kinetic, rel=1e-12)
    np.testing.assert_allclose(at.charge, target.charge, atol=1e-12)
    assert inversion._evaluated(target, target.guide).value < kinetic - 1e-3
    assert repr(at) == f"<Maximum: J = {kinetic:.8f} hartree>"
    assert repr(target) == "<Target: 5 electrons>"


def test_maximum_is_the_potential_of_the_charge(
    target: Target, potential: Array, corrections: tuple[Array, Array]
) -> None:
    """Up to a constant; charge, kinetic energy and levels are those of the potential."""
    found = maximum(target, *splines(target.grid, 0.02 / _CHARGE, 9.0, 29))
    of_each = [orbitals(channel, potential, target.grid) for channel in target.channels]
    kinetic = sum(one.kinetic for one in of_each)
    assert found.value == pytest.approx(kinetic, abs=2e-6)
    assert found.value < kinetic + 1e-9
    off = float(target.grid.weights @ np.abs(found.charge - target.charge))
    assert off < 2e-4
    gaps = [one.energies[0] - of_each[0].energies[0] for one in (found.orbitals[1], of_each[1])]
    assert gaps[0] - found.orbitals[0].energies[0] == pytest.approx(
        gaps[1] - of_each[0].energies[0], abs=5e-3
    )
    inside = target.charge > 0.1
    shift = found.potential - potential
    assert np.ptp(shift[inside]) < 0.05
    # Fewer functions reach less.
    rough = maximum(target, *corrections)
    assert rough.value < found.value + 1e-9


def test_smoothness_is_taken_off(
    target: Target, corrections: tuple[Array, Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The larger its weight, the nearer is the guide."""
    values, slopes = corrections
    weights = target.grid.weights * target.grid.radii**2

    def roughness(weight: float) -> float:
        monkeypatch.setattr(inversion, "_SMOOTHNESS", weight)
        found = maximum(target, values, slopes)
        inner = np.gradient(found.potential - target.guide, target.grid.radii)
        return float(weights @ inner**2)

    small, large, huge = roughness(1e-6), roughness(1e-2), roughness(1e4)
    assert small > large > huge
    assert huge < 1e-6


def test_newtons_method_that_does_not_end(
    target: Target, corrections: tuple[Array, Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    values, slopes = corrections
    monkeypatch.setattr(inversion, "_STEPS", 1)
    with pytest.raises(ElectronicStructureError) as error:
        maximum(target, values, slopes)
    at = inversion._evaluated(target, target.guide)
    gradient = values @ (target.grid.weights * (at.charge - target.charge))
    rough = 1e-6 * (slopes * target.grid.weights * target.grid.radii**2) @ slopes.T
    hessian = inversion._response(target, at, values) - 2 * rough
    promised = float(gradient @ np.linalg.solve(-hessian, gradient))
    assert str(error.value) == (
        f"no Kohn-Sham potential was found in 1 steps: the last one still promised {promised:.1e} "
        "hartree; is the density that of an atom in its ground configuration?"
    )


def test_splines() -> None:
    """Cubic in log r, constant inside, zero outside, and together 1 where the end is far."""
    grid = radial_grid(2)
    first, last, intervals = 0.01, 8.0, 12
    values, slopes = splines(grid, first, last, intervals)
    assert values.shape == slopes.shape == (intervals + 1, len(grid.radii))
    r = grid.radii
    inner, outer = r < first, r > last
    assert np.ptp(values[:, inner], axis=1) == pytest.approx(np.zeros(intervals + 1), abs=1e-14)
    assert values[0, 0] == pytest.approx(1)
    assert not np.any(values[:, outer])
    assert not np.any(slopes[:, inner | outer])
    step = np.log(last / first) / intervals
    far = r < last * np.exp(-2 * step)
    np.testing.assert_allclose(values[:, far].sum(axis=0), 1, rtol=1e-12)
    # Zero with their slope at the last radius: squares and multiples of the distance from it.
    near = (~outer) & (r > last * np.exp(-step))
    distance = np.log(last / r[near]) / step
    assert np.all(np.abs(values[:, near]) <= 3 * distance**2 + 1e-12)
    assert np.all(np.abs(slopes[:, near] * r[near] * step) <= 6 * distance + 1e-12)
    x = np.log(r)
    held = (r > 1.02 * first) & (r < last / 1.02)
    differences = np.gradient(values, x, axis=1) / r
    np.testing.assert_allclose(slopes[:, held] * r[held], (differences * r)[:, held], atol=2e-3)
    # Away from the ends each is the cardinal cubic about a place of its own.
    for k in range(3, intervals - 3):
        t = np.abs((x - np.log(first)) / step - k + 1)
        cubic = np.where(t < 1, 2 / 3 - t**2 + t**3 / 2, np.maximum(2 - t, 0) ** 3 / 6)
        np.testing.assert_allclose(values[k], cubic, atol=1e-12)
