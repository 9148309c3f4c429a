"""Orbitals of each angular momentum in a potential on a grid: hydrogen-like atoms."""

import numpy as np
import pytest
from pyscf import gto

from comotion.electronic.basis import load_basis
from comotion.kohn_sham.channels import Channel, RadialGrid, channels, orbitals, radial_grid


def _channels(charge: int, symbol: str, electrons: dict[int, int]) -> tuple[
    list[Channel], RadialGrid
]:  # fmt: skip
    basis = {symbol: load_basis("unc-UGBS+1d", "B")}
    grid = radial_grid(charge)
    return channels(gto.M(atom=symbol, basis=basis, spin=None, verbose=0), electrons, grid), grid


@pytest.mark.parametrize("charge", [1, 5])
def test_grid(charge: int) -> None:
    """The trapezoidal rule in log r, from far inside to far outside."""
    grid = radial_grid(charge)
    assert grid.radii[0] == pytest.approx(1e-6 / charge)
    assert 145 < grid.radii[-1] <= 150
    np.testing.assert_allclose(np.diff(np.log(grid.radii)), 0.01, rtol=1e-9)
    exact = float(grid.weights @ (grid.radii**2 * np.exp(-2 * charge * grid.radii)))
    assert exact == pytest.approx(1 / (4 * charge**3), rel=1e-10)
    assert repr(grid) == f"<RadialGrid: {len(grid.radii)} radii>"


def test_channels_are_the_occupied_ones_with_an_orthonormal_basis() -> None:
    found, grid = _channels(5, "B", {0: 4, 1: 1})
    assert [(one.block.angular, one.electrons) for one in found] == [(0, 4), (1, 1)]
    assert repr(found[1]) == "<Channel: l = 1, 1 electrons>"
    assert len(_channels(5, "B", {1: 3})[0]) == 1
    for one in found:
        count = one.kinetic.shape[0]
        assert one.functions.shape == (count, len(grid.radii))
        weights = grid.weights * grid.radii**2
        np.testing.assert_allclose(
            (one.functions * weights) @ one.functions.T, np.eye(count), atol=1e-6
        )
        expected = one.contractions.T @ one.block.values(grid.radii)
        np.testing.assert_allclose(one.functions, expected, atol=1e-10)
        # The kinetic energy is half of that of the slopes, and of l (l + 1) / r^2.
        r, angular = grid.radii, one.block.angular
        slopes = np.gradient(one.functions, np.log(r), axis=1) / r
        by_slopes = (slopes * weights) @ slopes.T
        by_slopes += angular * (angular + 1) * (one.functions * grid.weights) @ one.functions.T
        np.testing.assert_allclose(np.diag(one.kinetic), np.diag(by_slopes) / 2, rtol=2e-3)


def test_functions_that_are_dependent_are_left_out() -> None:
    twice = [[0, [1.0, 1.0]], [0, [1.0 + 1e-9, 1.0]], [0, [3.0, 1.0]]]
    mol = gto.M(atom="He", basis={"He": twice}, verbose=0)
    (channel,) = channels(mol, {0: 2}, radial_grid(2))
    assert channel.contractions.shape == (3, 2)


@pytest.mark.parametrize(("angular", "electrons", "filled"), [
    (0, 2, [2, 0]), (0, 3, [2, 1]), (0, 4, [2, 2]), (1, 1, [1, 0]), (1, 8, [6, 2]),
])  # fmt: skip
def test_hydrogen_like_atoms(angular: int, electrons: int, filled: list[int]) -> None:
    """Levels -Z^2 / 2 n^2, kinetic energies as large, and the orbitals 1s and 2p."""
    charge = 3
    (channel,), grid = _channels(charge, "B", {angular: electrons})
    found = orbitals(channel, -charge / grid.radii, grid)
    levels = np.array([-(charge**2) / (2 * (angular + k) ** 2) for k in (1, 2)])
    np.testing.assert_allclose(found.energies[:2], levels, atol=2e-5)
    assert found.occupations[:2].tolist() == filled
    assert found.occupations.sum() == electrons
    assert found.kinetic == pytest.approx(-float(levels @ filled), rel=1e-5)
    weights = grid.weights * grid.radii**2
    np.testing.assert_allclose((found.values[:3] ** 2) @ weights, 1, rtol=1e-6)
    np.testing.assert_allclose(
        found.coefficients.T @ found.coefficients, np.eye(len(found.energies)), atol=1e-12
    )
    np.testing.assert_allclose(found.values, found.coefficients.T @ channel.functions, atol=1e-10)
    r = grid.radii
    if angular == 0:
        expected = 2 * charge**1.5 * np.exp(-charge * r)
    else:
        expected = charge**2.5 / np.sqrt(24) * r * np.exp(-charge * r / 2)
    largest = np.max(expected)
    np.testing.assert_allclose(np.abs(found.values[0]), expected, atol=2e-3 * largest)
    assert repr(found) == f"<Orbitals: {found.energies[found.occupations > 0]} hartree>"
