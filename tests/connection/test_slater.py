"""Slater integrals of hydrogenic orbitals, 3j and 6j symbols, sums over m."""

from itertools import product

import numpy as np
import pytest

from comotion.connection.partial_waves import partial_wave
from comotion.connection.slater import (
    direct,
    exchange,
    orders,
    products,
    six_j,
    three_j,
)
from comotion.electronic.gaunt import gaunt_coefficients
from comotion.kohn_sham.channels import radial_grid


def test_integrals_of_hydrogenic_orbitals() -> None:
    """Of 1s and 2p of Z = 1: F_0, G_1 in closed form (E. U. Condon, G. H. Shortley)."""
    grid = radial_grid(1)
    r = grid.radii
    u_1s, u_2p = 2 * r * np.exp(-r), r**2 * np.exp(-r / 2) / np.sqrt(24)
    pairs = products(u_1s, np.stack((u_1s, u_2p)), grid)
    vectors = pairs.of_order(0)
    assert vectors[0] @ vectors[0] == pytest.approx(5 / 8, abs=1e-10)
    vectors = pairs.of_order(1)
    assert vectors[1] @ vectors[1] == pytest.approx(112 / 2187, abs=1e-10)
    same = products(u_2p, u_2p[None], grid)
    across = pairs.of_order(0)[0] @ same.of_order(0)[0]
    assert across == pytest.approx(59 / 243, abs=1e-10)
    assert same.of_order(2)[0] @ same.of_order(2)[0] == pytest.approx(45 / 512, abs=1e-10)
    assert repr(same).startswith("<Products: 1, ")


def test_symbols() -> None:
    """Values in tables (A. R. Edmonds, Angular Momentum in Quantum Mechanics)."""
    assert three_j(1, 0, 1) == pytest.approx(-1 / np.sqrt(3))
    assert three_j(1, 2, 1) == pytest.approx(np.sqrt(2 / 15))
    assert three_j(2, 2, 2) == pytest.approx(-np.sqrt(2 / 35))
    assert three_j(1, 1, 1) == three_j(0, 1, 3) == 0
    assert six_j(1, 1, 1, 1, 1, 1) == pytest.approx(1 / 6)
    assert six_j(1, 1, 2, 1, 1, 2) == pytest.approx(1 / 30)
    assert six_j(1, 1, 0, 1, 1, 1) == pytest.approx(-1 / 3)
    assert six_j(1, 1, 3, 1, 1, 1) == 0


def test_symbols_are_orthogonal() -> None:
    for f, other in product(range(4), repeat=2):
        total = sum(
            (2 * c + 1) * (2 * f + 1) * six_j(2, 1, c, 2, 3, f) * six_j(2, 1, c, 2, 3, other)
            for c in range(4)
        )
        inside = 1 <= f <= 3
        assert total == pytest.approx(1.0 if f == other and inside else 0.0, abs=1e-12)


def test_sums_over_m() -> None:
    """Of real harmonics, one integral after the other."""
    gaunt = gaunt_coefficients(range(4), 6)

    def integrals(i: int, a: int, j: int, b: int, k: int) -> np.ndarray:
        angular = np.einsum("mia,mjb->iajb", gaunt[k, i, a], gaunt[k, j, b])
        return np.asarray(angular * 4 * np.pi / (2 * k + 1))

    crossed = 0
    for i, a, j, b in product(range(2), range(4), range(2), range(4)):
        for k in set(orders(i, a)) & set(orders(j, b)):
            straight = integrals(i, a, j, b, k)
            assert np.sum(straight**2) == pytest.approx(direct(i, a, j, b, k), abs=1e-10)
            for other in set(orders(j, a)) & set(orders(i, b)):
                turned = integrals(j, a, i, b, other)
                total = np.einsum("iajb,jaib->", straight, turned)
                assert total == pytest.approx(exchange(i, a, j, b, k, other), abs=1e-10)
                crossed += 1
    assert crossed == 33


def test_orbitals_of_hydrogen() -> None:
    grid = radial_grid(1)
    exponents = np.geomspace(1e-3, 1e4, 40)
    for angular in (0, 1, 2):
        wave = partial_wave(angular, exponents, -1 / grid.radii, grid, (1, 0))
        n = angular + 1
        assert wave.energies[:2] == pytest.approx([-0.5 / n**2, -0.5 / (n + 1) ** 2], abs=2e-6)
        overlaps = (wave.functions[:5] * grid.weights) @ wave.functions[:5].T
        assert overlaps == pytest.approx(np.eye(5), abs=1e-8)
        assert repr(wave).startswith(f"<PartialWave: l = {angular}, [-")
