"""Model densities against their defining formulas."""

import numpy as np
import pytest
from scipy.special import genlaguerre

from comotion import MODELS
from comotion.errors import DensityError


def _hydrogenic(n: int, angular: int, r: np.ndarray) -> np.ndarray:
    """|R_nl|^2 of hydrogen, normalised numerically."""
    x = 2 * r / n
    wave = np.exp(-x / 2) * x**angular * genlaguerre(n - angular - 1, 2 * angular + 1)(x)
    grid = np.linspace(0, 400, 400_001)
    y = 2 * grid / n
    on_grid = np.exp(-y / 2) * y**angular * genlaguerre(n - angular - 1, 2 * angular + 1)(y)
    return np.asarray(wave**2 / np.trapezoid(on_grid**2 * grid**2, grid))


def test_bohr_28_is_three_filled_shells() -> None:
    r = np.array([0.1, 1.0, 3.0, 8.0, 20.0])
    expected = np.zeros_like(r)
    for n in (1, 2, 3):
        for angular in range(n):
            expected += 2 * (2 * angular + 1) * _hydrogenic(n, angular, r)
    np.testing.assert_allclose(4 * np.pi * MODELS["bohr"](28).density(r), expected, rtol=1e-8)


@pytest.mark.parametrize(
    ("kind", "at_one"),
    [
        ("exponential", 3 * np.exp(-1) / (8 * np.pi)),
        ("sqrt_r", 3 * 2 * np.exp(-1) / (15 * np.pi**1.5)),
        ("gaussian", 3 * (2 * np.pi) ** -1.5 * np.exp(-0.5)),
        ("ball", 3 * 3 / (4 * np.pi)),
    ],
)
def test_formula_of_each_model(kind: str, at_one: float) -> None:
    assert MODELS[kind](3).density(1.0) == pytest.approx(at_one, rel=1e-13)


@pytest.mark.parametrize("n_electrons", [1, 3, 11])
def test_bohr_atoms_have_closed_subshells(n_electrons: int) -> None:
    with pytest.raises(DensityError, match="subshell"):
        MODELS["bohr"](n_electrons)
